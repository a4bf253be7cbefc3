from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("audit", "0001_roles_scope_and_entries")]
    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("part", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("lag_s", models.FloatField()),
                ("limit_s", models.FloatField()),
                ("note", models.CharField(default="", max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Rate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("window", models.BigIntegerField()),
                ("count", models.IntegerField(default=0)),
            ],
            options={"constraints": [
                models.UniqueConstraint(fields=("key", "window"), name="metrics_rate_once_per_window")]},
        ),
        migrations.RunSQL(
            "GRANT SELECT, INSERT, UPDATE ON metrics_heartbeat TO linli_ingest;",
            "REVOKE ALL ON metrics_heartbeat FROM linli_ingest;",
        ),
    ]
