import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("alerts", "0004_alerts_by_clearing")]
    operations = [
        migrations.AddField("alert", "members", django.contrib.postgres.fields.ArrayField(
            base_field=models.CharField(max_length=100), blank=True, default=list, size=None)),
        migrations.RemoveConstraint("alert", "alerts_alert_one_group"),
        migrations.AddConstraint("alert", models.UniqueConstraint(
            condition=models.Q(("cleared_at", None), models.Q(("gathers", ""), _negated=True)),
            fields=("gathers", "rule"), name="alerts_alert_one_group")),
    ]
