from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("metrics", "0001_heartbeats_and_rates")]
    operations = [
        migrations.CreateModel(
            name="Flow",
            fields=[
                ("family", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("stored", models.BigIntegerField(default=0)),
                ("repeated", models.BigIntegerField(default=0)),
                ("quarantined", models.BigIntegerField(default=0)),
                ("statuses", models.BigIntegerField(default=0)),
                ("empty", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("stream", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("passed", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.RunSQL(
            "GRANT SELECT, INSERT, UPDATE ON metrics_flow, metrics_passage TO linli_ingest;",
            "REVOKE ALL ON metrics_flow, metrics_passage FROM linli_ingest;",
        ),
    ]
