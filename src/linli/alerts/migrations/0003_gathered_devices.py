from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("alerts", "0002_row_security"), ("sensing", "0003_profiles_and_base_lines")]
    operations = [
        migrations.AddField("alert", "gathers", models.CharField(blank=True, default="", max_length=80)),
        migrations.RemoveConstraint("alert", "alerts_alert_one_open"),
        migrations.AddConstraint("alert", models.UniqueConstraint(
            condition=models.Q(("cleared_at", None), ("gathers", "")), fields=("datastream", "rule"),
            name="alerts_alert_one_open")),
        migrations.AddConstraint("alert", models.UniqueConstraint(
            condition=models.Q(("cleared_at", None), models.Q(("gathers", ""), _negated=True)), fields=("gathers",),
            name="alerts_alert_one_group")),
    ]
