from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sensing", "0002_tables_of_ingest")]
    operations = [
        migrations.CreateModel(
            name="Kit",
            fields=[
                ("code", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("name_zh", models.CharField(max_length=120)),
                ("name_en", models.CharField(max_length=120)),
                ("heartbeat_s", models.FloatField()),
                ("missed_heartbeats", models.PositiveSmallIntegerField()),
                ("battery", models.CharField(blank=True, default="", max_length=60)),
                ("fault_category", models.CharField(max_length=30)),
                ("fault_case_after_s", models.FloatField()),
                ("scheme", models.CharField(max_length=60)),
                ("version", models.CharField(max_length=30)),
                ("source", models.TextField()),
                ("verified", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Steady",
            fields=[
                ("datastream", models.OneToOneField(on_delete=models.CASCADE, primary_key=True, serialize=False,
                                                    to="sensing.datastream")),
                ("value", models.FloatField()),
                ("since", models.DateTimeField()),
                ("is_stuck", models.BooleanField(default=False)),
                ("may_stay_s", models.FloatField(null=True)),
                ("silent_after_s", models.FloatField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Listening",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("planned_at", models.DateTimeField(null=True)),
                ("compared_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="sensing_listening_single"),
                ],
            },
        ),
        migrations.AddField("thing", "gateway", models.CharField(blank=True, default="", max_length=60)),
        migrations.AddField("datastream", "base_line", models.FloatField(blank=True, null=True)),
        migrations.AddField("kitmetric", "ucum", models.CharField(blank=True, default="", max_length=30)),
        migrations.AddField("kitmetric", "occasional", models.BooleanField(default=False)),
        *(
            migrations.AddField("kitmetric", name, models.FloatField(blank=True, null=True))
            for name in ("least", "greatest", "sampling_s", "may_stay_s")
        ),
    ]
