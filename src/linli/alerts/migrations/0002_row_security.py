from django.db import migrations

ROW_SECURITY = """
ALTER TABLE alerts_alert ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON alerts_alert
  USING (linli_sees_area(area_code) OR EXISTS (SELECT FROM cases_case c WHERE c.id = case_id)) WITH CHECK (true);
ALTER TABLE alerts_trace ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON alerts_trace
  USING (EXISTS (SELECT FROM alerts_alert a WHERE a.id = alert_id)
         OR alert_id IS NULL AND linli_sees_area('')) WITH CHECK (true);
"""

NO_ROW_SECURITY = """
DROP POLICY scope ON alerts_trace;
ALTER TABLE alerts_trace DISABLE ROW LEVEL SECURITY;
DROP POLICY scope ON alerts_alert;
ALTER TABLE alerts_alert DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0001_alerts_and_traces"),
        ("cases", "0002_row_security_and_append_only"),
        ("audit", "0001_roles_scope_and_entries"),
    ]
    operations = [migrations.RunSQL(ROW_SECURITY, NO_ROW_SECURITY)]
