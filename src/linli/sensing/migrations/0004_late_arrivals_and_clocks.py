from django.db import migrations, models

TABLE = """
CREATE TABLE late_arrival (
  datastream integer PRIMARY KEY, arrived_at timestamptz NOT NULL, ts timestamptz NOT NULL
) WITH (fillfactor = 60);
REVOKE ALL ON late_arrival FROM linli_app;
GRANT SELECT ON late_arrival TO linli_app;
ALTER TABLE late_arrival OWNER TO linli_ingest;
"""


class Migration(migrations.Migration):
    dependencies = [("sensing", "0003_profiles_and_base_lines")]
    operations = [
        migrations.RunSQL(TABLE, "DROP TABLE late_arrival;"),
        migrations.CreateModel(
            name="LateArrival",
            fields=[
                ("datastream", models.OneToOneField("sensing.datastream", models.DO_NOTHING, db_column="datastream",
                                                    db_constraint=False, related_name="+", primary_key=True,
                                                    serialize=False)),
                ("arrived_at", models.DateTimeField()),
                ("ts", models.DateTimeField()),
            ],
            options={"db_table": "late_arrival", "managed": False},
        ),
        migrations.CreateModel(
            name="ClockDoubt",
            fields=[
                ("thing", models.OneToOneField(on_delete=models.CASCADE, primary_key=True, serialize=False,
                                               to="sensing.thing")),
                ("since_at", models.DateTimeField()),
                ("since_behind_s", models.FloatField()),
                ("at", models.DateTimeField()),
                ("behind_s", models.FloatField()),
                ("is_wrong", models.BooleanField(default=False)),
            ],
        ),
        migrations.AddField("kitmetric", "wraps_at", models.FloatField(blank=True, null=True)),
    ]
