from django.db import migrations, models

PROTECT = models.PROTECT

WATCH = """
CREATE FUNCTION linli_registry_changed() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN PERFORM pg_notify('linli_registry', ''); RETURN NULL; END $$;
CREATE TRIGGER sensing_thing_changed AFTER INSERT OR UPDATE OR DELETE ON sensing_thing
  EXECUTE FUNCTION linli_registry_changed();
CREATE TRIGGER sensing_datastream_changed AFTER INSERT OR UPDATE OR DELETE ON sensing_datastream
  EXECUTE FUNCTION linli_registry_changed();
CREATE TRIGGER sensing_rule_changed AFTER INSERT OR UPDATE OR DELETE ON sensing_rule
  EXECUTE FUNCTION linli_registry_changed();
"""
UNWATCH = """
DROP TRIGGER sensing_thing_changed ON sensing_thing;
DROP TRIGGER sensing_datastream_changed ON sensing_datastream;
DROP TRIGGER sensing_rule_changed ON sensing_rule;
DROP FUNCTION linli_registry_changed();
"""
SCOPE = """
ALTER TABLE sensing_thing ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON sensing_thing USING (linli_sees_area(area_code)) WITH CHECK (true);
CREATE POLICY ingest ON sensing_thing FOR SELECT TO linli_ingest USING (true);
GRANT SELECT ON sensing_thing, sensing_datastream, sensing_rule TO linli_ingest;
GRANT SELECT, INSERT, UPDATE ON metrics_heartbeat TO linli_ingest;
"""
UNSCOPE = """
REVOKE SELECT, INSERT, UPDATE ON metrics_heartbeat FROM linli_ingest;
REVOKE SELECT ON sensing_thing, sensing_datastream, sensing_rule FROM linli_ingest;
DROP POLICY ingest ON sensing_thing;
DROP POLICY scope ON sensing_thing;
ALTER TABLE sensing_thing DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("assets", "0001_classes_and_components"),
        ("audit", "0001_roles_scope_and_entries"),
        ("metrics", "0001_heartbeats_and_rates"),
    ]
    operations = [
        migrations.CreateModel(
            name="Rule",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60, unique=True)),
                ("name_zh", models.CharField(max_length=120)),
                ("name_en", models.CharField(max_length=120)),
                ("version", models.PositiveIntegerField(default=1)),
                ("definition", models.JSONField()),
                ("category", models.CharField(max_length=30)),
                ("case_from_level", models.CharField(max_length=10)),
                ("scheme", models.CharField(max_length=60)),
                ("source", models.TextField()),
                ("verified", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="KitMetric",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kit", models.CharField(max_length=60)),
                ("metric", models.CharField(max_length=60)),
                ("name_zh", models.CharField(max_length=120)),
                ("name_en", models.CharField(max_length=120)),
                ("unit_of_measurement", models.CharField(blank=True, default="", max_length=30)),
                ("rule", models.ForeignKey(blank=True, null=True, on_delete=PROTECT, to="sensing.rule")),
                ("scheme", models.CharField(max_length=60)),
                ("version", models.CharField(max_length=30)),
                ("source", models.TextField()),
                ("verified", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kit", "metric"), name="sensing_kit_metric_once")],
            },
        ),
        migrations.CreateModel(
            name="Thing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=100, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("kit", models.CharField(max_length=60)),
                ("component", models.ForeignKey(blank=True, null=True, on_delete=PROTECT, to="assets.component")),
                ("lon", models.FloatField()),
                ("lat", models.FloatField()),
                ("area_code", models.CharField(blank=True, db_index=True, default="", max_length=15)),
                ("adopted_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Datastream",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("thing", models.ForeignKey(on_delete=PROTECT, related_name="datastreams", to="sensing.thing")),
                ("metric", models.CharField(max_length=60)),
                ("unit_of_measurement", models.CharField(blank=True, default="", max_length=30)),
                ("rule", models.ForeignKey(blank=True, null=True, on_delete=PROTECT, to="sensing.rule")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("thing", "metric"), name="sensing_datastream_once")],
            },
        ),
        migrations.RunSQL(WATCH, UNWATCH),
        migrations.RunSQL(SCOPE, UNSCOPE),
    ]
