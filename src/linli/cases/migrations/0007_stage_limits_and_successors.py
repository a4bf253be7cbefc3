import django.db.models.deletion
from django.db import migrations, models

KINDS = ["near", "due", "supervise", "leader", "resume", "accept_due", "file_due", "verify_due", "dispatch_due",
         "check_due", "close_due"]
RULES = ["component", "nearby_component", "grid_duty", "fallback"]
# A case's level is the highest of its reports': one that was handed in again, higher, says so from now on.
LEVEL_IS_OF_REPORTS = """
WITH RECURSIVE of_matter (root, id) AS (
  SELECT id, id FROM cases_case WHERE merged_into_id IS NULL AND state NOT IN ('closed', 'void') AND level_rank > 0
  UNION ALL SELECT m.root, c.id FROM of_matter m JOIN cases_case c ON c.merged_into_id = m.id),
known AS (
  SELECT m.root, max(array_position(ARRAY['none', 'blue', 'yellow', 'orange', 'red'], r.level::text) - 1) AS rank
  FROM of_matter m JOIN cases_casereport r ON r.case_id = m.id GROUP BY m.root)
UPDATE cases_casereport r SET level = c.level FROM known JOIN cases_case c ON c.id = known.root
WHERE r.case_id = c.id AND NOT r.merged AND known.rank < c.level_rank
"""


def _kinds(kinds: list[str]) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(("kind__in", kinds)), name="cases_timer_kind")


def _rules(rules: list[str]) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(("route_rule__in", rules)), name="cases_case_route_rule")


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_steps_by_moment"), ("organisations", "0002_retirements")]
    operations = [
        migrations.RemoveConstraint("casetimer", "cases_timer_kind"),
        migrations.AddConstraint("casetimer", _kinds(KINDS)),
        migrations.RemoveConstraint("case", "cases_case_route_rule"),
        migrations.AddConstraint("case", _rules([*RULES, "successor"])),
        migrations.AddField("likeness", "via", models.ForeignKey(
            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case")),
        migrations.RunSQL(LEVEL_IS_OF_REPORTS, migrations.RunSQL.noop),
    ]
