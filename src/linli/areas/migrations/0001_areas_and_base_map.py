import django.db.models.deletion
from django.db import migrations, models

BOXES = """
CREATE INDEX areas_area_box ON areas_area USING gist (box(point(min_lon, min_lat), point(max_lon, max_lat)));
CREATE INDEX areas_basefeature_box ON areas_basefeature
  USING gist (box(point(min_lon, min_lat), point(max_lon, max_lat)));
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [("audit", "0001_roles_scope_and_entries")]

    operations = [
        migrations.CreateModel(
            name="Registry",
            fields=[
                ("layer", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("edition", models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name="BaseFeature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("name", models.CharField(blank=True, default="", max_length=80)),
                ("rank", models.PositiveSmallIntegerField(default=1)),
                ("geometry", models.BinaryField()),
                ("min_lon", models.FloatField()),
                ("min_lat", models.FloatField()),
                ("max_lon", models.FloatField()),
                ("max_lat", models.FloatField()),
                ("morton", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("max_lat__lte", 90),
                            ("max_lon__lte", 180),
                            ("min_lat__gte", -90),
                            ("min_lat__lte", models.F("max_lat")),
                            ("min_lon__gte", -180),
                            ("min_lon__lte", models.F("max_lon")),
                        ),
                        name="areas_basefeature_box_in_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Area",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=15, unique=True)),
                ("kind", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=80)),
                ("geometry", models.BinaryField()),
                ("min_lon", models.FloatField()),
                ("min_lat", models.FloatField()),
                ("max_lon", models.FloatField()),
                ("max_lat", models.FloatField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                (
                    "parent",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="areas.area"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code__regex", "^[0-9]{6}$"), ("kind", "district")),
                            models.Q(("code__regex", "^[0-9]{9}$"), ("kind", "street")),
                            models.Q(("code__regex", "^[0-9]{12}$"), ("kind", "community")),
                            models.Q(("code__regex", "^[0-9]{15}$"), ("kind", "grid")),
                            _connector="OR",
                        ),
                        name="areas_area_code_fits_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "district"), ("parent", None)),
                            models.Q(models.Q(("kind", "district"), _negated=True), ("parent__isnull", False)),
                            _connector="OR",
                        ),
                        name="areas_area_parent_iff_below_district",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("max_lat__lte", 90),
                            ("max_lon__lte", 180),
                            ("min_lat__gte", -90),
                            ("min_lat__lt", models.F("max_lat")),
                            ("min_lon__gte", -180),
                            ("min_lon__lt", models.F("max_lon")),
                        ),
                        name="areas_area_box_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="areas_area_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.RunSQL(BOXES, "DROP INDEX areas_area_box; DROP INDEX areas_basefeature_box;"),
    ]
