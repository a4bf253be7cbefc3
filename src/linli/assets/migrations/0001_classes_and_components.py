import django.db.models.deletion
from django.db import migrations, models

BOXES = """
CREATE INDEX assets_component_box ON assets_component
  USING gist (box(point(min_lon, min_lat), point(max_lon, max_lat))) WHERE geometry IS NOT NULL;
"""

SCOPE = """
ALTER TABLE assets_component ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON assets_component
  USING (linli_sees_area(area_code) OR linli_sees_unit(supervising_id) OR linli_sees_unit(owning_id)
         OR linli_sees_unit(maintaining_id))
  WITH CHECK (true);
"""

# What everybody may know of a component. The view runs with its owner's rights, so row security does not
# narrow it; gated classes, units and dates are not in it, so nothing of them can leak through it.
PUBLIC = """
CREATE VIEW assets_public_component AS
  SELECT c.id, c.code, c.klass_id, k.code AS class_code, k.shown_from, c.name, c.lon, c.lat, c.morton, c.geometry,
         c.min_lon, c.min_lat, c.max_lon, c.max_lat, c.area_code, c.state
  FROM assets_component c JOIN assets_componentclass k ON k.id = c.klass_id
  WHERE NOT k.gated AND c.state <> 'removed';
REVOKE INSERT, UPDATE, DELETE ON assets_public_component FROM linli_app;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [("audit", "0001_roles_scope_and_entries"), ("organisations", "0001_units_and_duty")]

    operations = [
        migrations.CreateModel(
            name="ComponentClass",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=4, unique=True)),
                ("name_zh", models.CharField(max_length=40)),
                ("name_en", models.CharField(max_length=60)),
                ("scheme", models.CharField(max_length=40)),
                ("version", models.CharField(max_length=20)),
                ("source", models.CharField(max_length=120)),
                ("verified", models.BooleanField(default=False)),
                ("gated", models.BooleanField(default=False)),
                ("shown_from", models.PositiveSmallIntegerField(default=14)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[0-9]{4}$")), name="assets_componentclass_code"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("shown_from__gte", 14), ("shown_from__lte", 22)),
                        name="assets_componentclass_shown_from",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Component",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=16, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("lon", models.FloatField()),
                ("lat", models.FloatField()),
                ("morton", models.BigIntegerField()),
                ("geometry", models.BinaryField(null=True)),
                ("min_lon", models.FloatField(null=True)),
                ("min_lat", models.FloatField(null=True)),
                ("max_lon", models.FloatField(null=True)),
                ("max_lat", models.FloatField(null=True)),
                ("area_code", models.CharField(blank=True, default="", max_length=15)),
                ("state", models.CharField(default="intact", max_length=10)),
                ("installed_on", models.DateField()),
                ("changed_on", models.DateField()),
                (
                    "maintaining",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.unit",
                    ),
                ),
                (
                    "owning",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.unit",
                    ),
                ),
                (
                    "supervising",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.unit",
                    ),
                ),
                (
                    "klass",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assets.componentclass",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["morton"], name="assets_component_morton"),
                    models.Index(fields=["klass", "morton"], name="assets_component_klass_morton"),
                    models.Index(fields=["area_code"], name="assets_component_area"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[0-9]{16}$")), name="assets_component_code"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lat__gte", -90), ("lat__lte", 90), ("lon__gte", -180), ("lon__lte", 180)),
                        name="assets_component_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["intact", "damaged", "lost", "abandoned", "removed", "occupied"])
                        ),
                        name="assets_component_known_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("area_code__regex", "^([0-9]{6}([0-9]{3}){0,3})?$")),
                        name="assets_component_area_code",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("geometry", None),
                                ("max_lat", None),
                                ("max_lon", None),
                                ("min_lat", None),
                                ("min_lon", None),
                            ),
                            models.Q(
                                ("geometry__isnull", False),
                                ("max_lat__isnull", False),
                                ("max_lon__isnull", False),
                                ("min_lat__isnull", False),
                                ("min_lat__lte", models.F("max_lat")),
                                ("min_lon__isnull", False),
                                ("min_lon__lte", models.F("max_lon")),
                            ),
                            _connector="OR",
                        ),
                        name="assets_component_box_iff_shape",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("changed_on__gte", models.F("installed_on"))),
                        name="assets_component_changed_after_installed",
                    ),
                ],
            },
        ),
        migrations.RunSQL(BOXES, "DROP INDEX assets_component_box;"),
        migrations.RunSQL(
            SCOPE, "DROP POLICY scope ON assets_component; ALTER TABLE assets_component DISABLE ROW LEVEL SECURITY;"
        ),
        migrations.RunSQL(PUBLIC, "DROP VIEW assets_public_component;"),
    ]
