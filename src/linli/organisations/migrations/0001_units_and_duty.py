import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("audit", "0001_roles_scope_and_entries")]

    operations = [
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("kind", models.CharField(max_length=20)),
                ("uscc", models.CharField(max_length=18, null=True, unique=True)),
                ("code_kind", models.CharField(default="none", max_length=10)),
                ("area_code", models.CharField(max_length=15)),
                ("phone", models.CharField(blank=True, default="", max_length=30)),
                ("is_fallback", models.BooleanField(default=False)),
                ("active", models.BooleanField(default=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "street_office",
                                    "community",
                                    "command",
                                    "drainage",
                                    "lighting",
                                    "water",
                                    "power",
                                    "gas",
                                    "telecom",
                                    "sanitation",
                                    "parks",
                                    "roads",
                                    "property",
                                    "other",
                                ],
                            )
                        ),
                        name="organisations_unit_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("code_kind", "uscc"),
                                ("uscc__isnull", False),
                                ("uscc__regex", "^[0-9A-HJ-NPQRTUWXY]{18}$"),
                            ),
                            models.Q(("code_kind__in", ["none", "local"]), ("uscc", None)),
                            _connector="OR",
                        ),
                        name="organisations_unit_uscc_iff_coded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("area_code__regex", "^[0-9]{6}([0-9]{3}){0,3}$")),
                        name="organisations_unit_area_code",
                    ),
                    models.UniqueConstraint(fields=("area_code", "name"), name="organisations_unit_once"),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Substr("area_code", 1, 6),
                        condition=models.Q(("active", True), ("is_fallback", True)),
                        name="organisations_unit_one_fallback_per_district",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DutyUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area_code", models.CharField(max_length=15, unique=True)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("area_code__regex", "^[0-9]{6}([0-9]{3}){0,3}$")),
                        name="organisations_dutyunit_area_code",
                    )
                ],
            },
        ),
    ]
