import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

UNIT = {"on_delete": django.db.models.deletion.PROTECT, "to": "organisations.unit"}


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_units_and_duty"), ("audit", "0001_roles_scope_and_entries")]
    operations = [
        migrations.CreateModel("Retirement", [
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("retires_on", models.DateField()),
            ("accounts_follow", models.BooleanField(default=False)),
            ("asked_by", models.CharField(max_length=100)),
            ("asked_at", models.DateTimeField()),
            ("done_at", models.DateTimeField(null=True)),
            ("undone_at", models.DateTimeField(null=True)),
            ("moved", models.JSONField(default=dict)),
            ("unit", models.ForeignKey(related_name="retirements", **UNIT)),
            ("successor", models.ForeignKey(related_name="+", **UNIT)),
        ], options={"constraints": [
            models.UniqueConstraint(fields=("unit",), condition=Q(("undone_at", None)),
                                    name="organisations_retirement_one_in_force"),
            models.CheckConstraint(condition=Q(("unit", F("successor")), _negated=True),
                                   name="organisations_retirement_to_another"),
        ]}),
        migrations.RunSQL("REVOKE DELETE, TRUNCATE ON organisations_retirement FROM linli_app",
                          "GRANT DELETE ON organisations_retirement TO linli_app"),
    ]
