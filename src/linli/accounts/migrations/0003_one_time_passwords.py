from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_sessions_and_failures")]
    operations = [migrations.AddField("user", "one_time_until", models.DateTimeField(null=True))]
