import django.db.models.deletion
from django.db import migrations, models

QUEUE = """
CREATE FUNCTION audit_await_seal() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN INSERT INTO audit_unsealed (entry_id) SELECT id FROM fresh; RETURN NULL; END $$;
CREATE TRIGGER audit_entry_awaits_seal AFTER INSERT ON audit_entry REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION audit_await_seal();
INSERT INTO audit_unsealed (entry_id) SELECT id FROM audit_entry;
CREATE TRIGGER audit_seal_append_only BEFORE UPDATE OR DELETE ON audit_seal
  FOR EACH ROW EXECUTE FUNCTION linli_refuse();
CREATE TRIGGER audit_seal_no_truncate BEFORE TRUNCATE ON audit_seal EXECUTE FUNCTION linli_refuse();
REVOKE UPDATE, DELETE, TRUNCATE ON audit_seal FROM linli_app;
REVOKE UPDATE, TRUNCATE ON audit_unsealed FROM linli_app;
ALTER TABLE audit_seal ADD CONSTRAINT audit_seal_digest_is_whole CHECK (length(digest) = 32),
  ADD CONSTRAINT audit_seal_signature_is_whole CHECK (signature IS NULL OR length(signature) = 64);
"""
NO_QUEUE = """
DROP TRIGGER audit_entry_awaits_seal ON audit_entry; DROP FUNCTION audit_await_seal();
DROP TRIGGER audit_seal_append_only ON audit_seal; DROP TRIGGER audit_seal_no_truncate ON audit_seal;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_roles_scope_and_entries")]
    operations = [
        migrations.CreateModel(
            name="Unsealed",
            fields=[
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True,
                                               related_name="+", serialize=False, to="audit.entry")),
            ],
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("method", models.CharField(max_length=6)),
                ("digest", models.BinaryField()),
                ("signature", models.BinaryField(null=True)),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+",
                                               to="audit.entry")),
            ],
            options={"constraints": [
                models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="audit_seal_numbers_from_one"),
                models.CheckConstraint(condition=models.Q(("method__in", ["sha256", "sm3"])),
                                       name="audit_seal_method"),
            ]},
        ),
        migrations.RunSQL(QUEUE, NO_QUEUE),
    ]
