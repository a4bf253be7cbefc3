import django.db.models.deletion
from django.db import migrations, models

ROW_SECURITY = """
ALTER TABLE notices_unreached ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON notices_unreached USING (linli_is_itself()) WITH CHECK (linli_is_itself());
REVOKE UPDATE, DELETE, TRUNCATE ON notices_unreached FROM linli_app;
"""
NO_ROW_SECURITY = """
GRANT UPDATE, DELETE ON notices_unreached TO linli_app;
DROP POLICY scope ON notices_unreached;
ALTER TABLE notices_unreached DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0002_row_security_and_sent_stays_sent"),
        ("organisations", "0001_units_and_duty"),
    ]
    operations = [
        migrations.CreateModel("Unreached", [
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("once", models.CharField(max_length=120)),
            ("role", models.CharField(max_length=20)),
            ("area", models.CharField(blank=True, default="", max_length=15)),
            ("told", models.CharField(blank=True, default="", max_length=20)),
            ("at", models.DateTimeField()),
            ("unit", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                                       to="organisations.unit")),
        ], options={
            "constraints": [models.UniqueConstraint(fields=("once", "role", "area", "unit"), nulls_distinct=False,
                                                    name="notices_unreached_once")],
            "indexes": [models.Index(fields=["-at"], name="notices_unreached_newest")],
        }),
        migrations.RunSQL(ROW_SECURITY, NO_ROW_SECURITY),
        migrations.AddField("contact", "confirmed_at", models.DateTimeField(null=True)),
        migrations.RunSQL("UPDATE notices_contact SET confirmed_at = given_at", migrations.RunSQL.noop),
    ]
