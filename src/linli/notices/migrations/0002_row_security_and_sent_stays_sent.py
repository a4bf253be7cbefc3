from django.db import migrations

# Linli itself has the pattern "^"; a post over every area has "^()", and sees nobody else's notices.
ROW_SECURITY = """
CREATE FUNCTION linli_is_itself() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT coalesce(current_setting('linli.areas', true) = '^', false) $$;
CREATE FUNCTION linli_is_actor(ref text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT coalesce(current_setting('linli.actor', true) = ref, false) $$;
ALTER TABLE notices_notice ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON notices_notice USING (linli_is_actor(recipient) OR linli_is_itself())
  WITH CHECK (linli_is_actor(recipient) OR linli_is_itself());
ALTER TABLE notices_delivery ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON notices_delivery USING (linli_is_itself()) WITH CHECK (linli_is_itself());
ALTER TABLE notices_way ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON notices_way USING (linli_is_actor('user:' || user_id) OR linli_is_itself())
  WITH CHECK (linli_is_actor('user:' || user_id) OR linli_is_itself());
ALTER TABLE notices_contact ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON notices_contact USING (linli_is_itself()) WITH CHECK (linli_is_itself());
ALTER TABLE notices_told ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON notices_told USING (linli_is_itself()) WITH CHECK (linli_is_itself());
REVOKE DELETE, TRUNCATE ON notices_notice, notices_delivery FROM linli_app;
"""

NO_ROW_SECURITY = "".join(
    f"DROP POLICY scope ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
    for table in ("notices_told", "notices_contact", "notices_way", "notices_delivery", "notices_notice")
) + ("DROP FUNCTION linli_is_itself(); DROP FUNCTION linli_is_actor(text);"
     " GRANT DELETE ON notices_notice, notices_delivery TO linli_app;")

SENT_STAYS_SENT = """
CREATE FUNCTION notices_sent_stays_sent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'sent' AND NEW.state <> 'sent' THEN
    RAISE EXCEPTION 'what was sent is not sent again' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'notices_sent_stays_sent';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER notices_delivery_sent_stays_sent BEFORE UPDATE ON notices_delivery
  FOR EACH ROW EXECUTE FUNCTION notices_sent_stays_sent();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0001_notices_deliveries_ways_contacts"),
        ("audit", "0001_roles_scope_and_entries"),
    ]
    operations = [
        migrations.RunSQL(ROW_SECURITY, NO_ROW_SECURITY),
        migrations.RunSQL(
            SENT_STAYS_SENT,
            "DROP TRIGGER notices_delivery_sent_stays_sent ON notices_delivery;"
            " DROP FUNCTION notices_sent_stays_sent();",
        ),
    ]
