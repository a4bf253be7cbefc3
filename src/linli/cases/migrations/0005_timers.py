import django.db.models.deletion
from django.db import migrations, models

ROW_SECURITY = """
ALTER TABLE cases_casetimer ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON cases_casetimer
  USING (EXISTS (SELECT FROM cases_case c WHERE c.id = case_id)) WITH CHECK (true);
"""
NO_ROW_SECURITY = "DROP POLICY scope ON cases_casetimer; ALTER TABLE cases_casetimer DISABLE ROW LEVEL SECURITY;"

# Whoever takes a unit out of use sees perhaps not all its cases: the function looks as the tables' owner.
UNIT_WITH_OPEN_CASES_STAYS = """
CREATE FUNCTION cases_unit_with_open_cases_stays() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
  IF OLD.active AND NOT NEW.active AND EXISTS (
      SELECT FROM cases_case c WHERE c.unit_id = OLD.id AND c.state NOT IN ('closed', 'void')) THEN
    RAISE EXCEPTION 'this unit still has open cases' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'cases_unit_with_open_cases_stays';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER cases_unit_with_open_cases_stays BEFORE UPDATE OF active ON organisations_unit
  FOR EACH ROW EXECUTE FUNCTION cases_unit_with_open_cases_stays();
"""
UNIT_MAY_GO = """
DROP TRIGGER cases_unit_with_open_cases_stays ON organisations_unit;
DROP FUNCTION cases_unit_with_open_cases_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_same_matter"), ("organisations", "0001_units_and_duty")]
    operations = [
        migrations.CreateModel(
            name="CaseTimer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=12)),
                ("due_at", models.DateTimeField()),
                ("fired_at", models.DateTimeField(null=True)),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="timers",
                                           to="cases.case")),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("fired_at", None)), fields=["due_at"],
                                         name="cases_timer_waiting")],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "kind", "due_at"), name="cases_timer_once"),
                    models.UniqueConstraint(condition=models.Q(("fired_at", None)), fields=("case", "kind"),
                                            name="cases_timer_one_waits"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["near", "due", "supervise", "leader", "resume",
                                                         "verify_due"])),
                        name="cases_timer_kind"),
                ],
            },
        ),
        migrations.RunSQL(ROW_SECURITY, NO_ROW_SECURITY),
        migrations.RunSQL(UNIT_WITH_OPEN_CASES_STAYS, UNIT_MAY_GO),
    ]
