import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

# Since when a unit was accountable is not known of what stands here: it was so on the day of the last change.
BEGIN = """
INSERT INTO assets_componentduty (component_id, kind, unit_id, valid)
  SELECT c.id, d.kind, d.unit_id, daterange(c.changed_on, NULL) FROM assets_component c
  CROSS JOIN LATERAL (VALUES ('supervising', c.supervising_id), ('owning', c.owning_id),
                             ('maintaining', c.maintaining_id)) d (kind, unit_id)
  WHERE d.unit_id IS NOT NULL;
SET CONSTRAINTS ALL IMMEDIATE;
"""
SCOPE = """
ALTER TABLE assets_componentduty ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON assets_componentduty
  USING (EXISTS (SELECT 1 FROM assets_component c WHERE c.id = component_id)) WITH CHECK (true);
SELECT changes_keep_history('assets_componentduty',
  'EXISTS (SELECT 1 FROM assets_component c WHERE c.id = component_id)');
CREATE INDEX assets_componentduty_history_component ON assets_componentduty_history (component_id);
"""
NO_SCOPE = """
SELECT changes_forget_history('assets_componentduty');
DROP POLICY scope ON assets_componentduty; ALTER TABLE assets_componentduty DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("assets", "0002_history"), ("organisations", "0002_retirements")]
    operations = [
        migrations.CreateModel(
            name="ComponentDuty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=11)),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("component", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT,
                                                related_name="duties", to="assets.component")),
                ("unit", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                                           to="organisations.unit")),
            ],
            options={"constraints": [
                models.CheckConstraint(condition=models.Q(("kind__in", ["supervising", "owning", "maintaining"])),
                                       name="assets_duty_known_kind"),
                models.CheckConstraint(condition=models.Q(("valid__isempty", False)), name="assets_duty_holds_a_day"),
                django.contrib.postgres.constraints.ExclusionConstraint(
                    deferrable=models.Deferrable["DEFERRED"],
                    expressions=[("component", "="), ("kind", "="), ("valid", "&&")],
                    name="assets_duty_one_at_a_time"),
            ]},
        ),
        migrations.RunSQL(BEGIN, migrations.RunSQL.noop),
        migrations.RunSQL(SCOPE, NO_SCOPE),
    ]
