from django.db import migrations

ROW_SECURITY = """
ALTER TABLE cases_case ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON cases_case USING (linli_sees_area(area_code) OR linli_sees_unit(unit_id)) WITH CHECK (true);
ALTER TABLE cases_casereport ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON cases_casereport
  USING (EXISTS (SELECT FROM cases_case c WHERE c.id = case_id)) WITH CHECK (true);
ALTER TABLE cases_casestep ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON cases_casestep
  USING (EXISTS (SELECT FROM cases_case c WHERE c.id = case_id)) WITH CHECK (true);
ALTER TABLE cases_followlink ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON cases_followlink
  USING (EXISTS (SELECT FROM cases_casereport r WHERE r.id = report_id)) WITH CHECK (true);
ALTER TABLE cases_reportphoto ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON cases_reportphoto
  USING (EXISTS (SELECT FROM cases_casereport r WHERE r.id = report_id)) WITH CHECK (true);
ALTER TABLE cases_stepphoto ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON cases_stepphoto
  USING (EXISTS (SELECT FROM cases_casestep s WHERE s.id = step_id)) WITH CHECK (true);
"""

NO_ROW_SECURITY = "".join(
    f"DROP POLICY scope ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
    for table in ("cases_stepphoto", "cases_reportphoto", "cases_followlink", "cases_casestep", "cases_casereport",
                  "cases_case")
)

# Who handled may not judge, at any later time: the row's own constraint knows only the last handler.
HANDLER_IS_NOT_CHECKER = """
CREATE FUNCTION cases_handler_is_not_checker() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.move IN ('check', 'send_back', 'close') AND EXISTS (
      SELECT FROM cases_casestep s WHERE s.case_id = NEW.case_id AND s.move = 'report_done' AND s.actor = NEW.actor) THEN
    RAISE EXCEPTION 'who handled a case may not judge it' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'cases_handler_is_not_checker';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER cases_step_handler_is_not_checker BEFORE INSERT ON cases_casestep
  FOR EACH ROW EXECUTE FUNCTION cases_handler_is_not_checker();
"""

APPEND_ONLY = """
CREATE TRIGGER cases_step_append_only BEFORE UPDATE OR DELETE ON cases_casestep
  FOR EACH ROW EXECUTE FUNCTION linli_refuse();
CREATE TRIGGER cases_step_no_truncate BEFORE TRUNCATE ON cases_casestep EXECUTE FUNCTION linli_refuse();
REVOKE UPDATE, DELETE, TRUNCATE ON cases_casestep FROM linli_app;
CREATE TRIGGER cases_stepphoto_append_only BEFORE UPDATE OR DELETE ON cases_stepphoto
  FOR EACH ROW EXECUTE FUNCTION linli_refuse();
CREATE TRIGGER cases_stepphoto_no_truncate BEFORE TRUNCATE ON cases_stepphoto EXECUTE FUNCTION linli_refuse();
REVOKE UPDATE, DELETE, TRUNCATE ON cases_stepphoto FROM linli_app;
REVOKE DELETE, TRUNCATE ON cases_case, cases_casereport FROM linli_app;
"""

NOT_APPEND_ONLY = """
DROP TRIGGER cases_step_append_only ON cases_casestep;
DROP TRIGGER cases_step_no_truncate ON cases_casestep;
DROP TRIGGER cases_stepphoto_append_only ON cases_stepphoto;
DROP TRIGGER cases_stepphoto_no_truncate ON cases_stepphoto;
GRANT UPDATE, DELETE ON cases_casestep, cases_stepphoto TO linli_app;
GRANT DELETE ON cases_case, cases_casereport TO linli_app;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_cases_reports_steps"), ("audit", "0001_roles_scope_and_entries")]
    operations = [
        migrations.RunSQL(ROW_SECURITY, NO_ROW_SECURITY),
        migrations.RunSQL(
            HANDLER_IS_NOT_CHECKER,
            "DROP TRIGGER cases_step_handler_is_not_checker ON cases_casestep;"
            " DROP FUNCTION cases_handler_is_not_checker();",
        ),
        migrations.RunSQL(APPEND_ONLY, NOT_APPEND_ONLY),
    ]
