from django.db import migrations, models

ROLES = """
DO $$
DECLARE missing text;
BEGIN
  SELECT string_agg(r, ', ') INTO missing FROM unnest(ARRAY['linli_owner', 'linli_app', 'linli_ingest']) r
    WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = r);
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION 'database roles missing: %. See docs/how-to/own-postgresql.md', missing;
  END IF;
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname IN ('linli_app', 'linli_ingest') AND (rolsuper OR rolbypassrls)) THEN
    RAISE EXCEPTION 'linli_app and linli_ingest must be neither superuser nor BYPASSRLS';
  END IF;
END $$;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO linli_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO linli_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO linli_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO linli_app;
GRANT USAGE ON SCHEMA public TO linli_app, linli_ingest;
"""

SCOPE = """
CREATE FUNCTION linli_sees_area(area text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT coalesce(area ~ nullif(current_setting('linli.areas', true), ''), false) $$;
CREATE FUNCTION linli_sees_unit(unit bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT coalesce(unit::text = ANY (string_to_array(current_setting('linli.units', true), ',')), false) $$;
"""

APPEND_ONLY = """
CREATE FUNCTION linli_refuse() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION linli_refuse();
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry EXECUTE FUNCTION linli_refuse();
REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry FROM linli_app;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(ROLES, migrations.RunSQL.noop),
        migrations.RunSQL(SCOPE, "DROP FUNCTION linli_sees_area(text); DROP FUNCTION linli_sees_unit(bigint);"),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=100)),
                ("deed", models.CharField(max_length=100)),
                ("target", models.CharField(max_length=100)),
                ("facts", models.JSONField(default=dict)),
            ],
            options={"indexes": [models.Index(fields=["target", "id"], name="audit_entry_target")]},
        ),
        migrations.RunSQL(
            APPEND_ONLY,
            "DROP TRIGGER audit_entry_append_only ON audit_entry; DROP TRIGGER audit_entry_no_truncate ON audit_entry;"
            " DROP FUNCTION linli_refuse();",
        ),
    ]
