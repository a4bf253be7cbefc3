from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("alerts", "0003_gathered_devices")]
    operations = [
        migrations.AddIndex("alert", models.Index(
            condition=models.Q(("cleared_at__isnull", False)), fields=["cleared_at"], name="alerts_alert_cleared")),
    ]
