import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# A set's instant is taken under a lock that ends with the transaction: sets become visible in the order of their
# instants, whatever the wall clock does. It is whole milliseconds, so that what an API tells of it reads as itself.
INSTANTS = """
CREATE FUNCTION changes_next_instant() RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(7235431846);
  RETURN (SELECT greatest(date_trunc('milliseconds', clock_timestamp()), max(at) + interval '1 millisecond') FROM changes_changeset);
END $$;
REVOKE ALL ON FUNCTION changes_next_instant() FROM PUBLIC;

CREATE FUNCTION changes_close() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public AS $$
BEGIN
  IF OLD.at IS NOT NULL THEN
    RAISE EXCEPTION 'change set % is closed', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN
    IF OLD.touched <> '{}' THEN
      RAISE EXCEPTION 'change set % changed something', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF NEW.at IS NOT NULL THEN NEW.at := changes_next_instant(); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER changes_set_close BEFORE UPDATE OR DELETE ON changes_changeset
  FOR EACH ROW EXECUTE FUNCTION changes_close();

CREATE FUNCTION changes_refuse_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM changes_changeset WHERE id = NEW.id AND at IS NULL) THEN
    RAISE EXCEPTION 'change set % was left open', NEW.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER changes_set_not_left_open AFTER INSERT ON changes_changeset
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION changes_refuse_open();

CREATE TRIGGER changes_set_no_truncate BEFORE TRUNCATE ON changes_changeset EXECUTE FUNCTION linli_refuse();
REVOKE INSERT, UPDATE, TRUNCATE ON changes_changeset FROM linli_app;
GRANT INSERT (actor, reason, source, undoes_id), UPDATE (at) ON changes_changeset TO linli_app;
ALTER TABLE changes_changeset ALTER COLUMN touched SET DEFAULT '{}';
"""
NO_INSTANTS = """
DROP TRIGGER changes_set_close ON changes_changeset; DROP TRIGGER changes_set_not_left_open ON changes_changeset;
DROP TRIGGER changes_set_no_truncate ON changes_changeset;
DROP FUNCTION changes_close(); DROP FUNCTION changes_refuse_open(); DROP FUNCTION changes_next_instant();
"""

# What every versioned table does: each row names the set that made it what it is; what it was goes to its twin.
TRIGGERS = """
CREATE FUNCTION changes_name_set() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE present bigint := nullif(current_setting('linli.change', true), '')::bigint;
BEGIN
  IF present IS NULL THEN
    RAISE EXCEPTION '% is changed within a change set only', TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF NEW.id <> OLD.id THEN
      RAISE EXCEPTION 'a row of % keeps its id', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    NEW.set_id := OLD.set_id;
    IF NEW *= OLD THEN RETURN NEW; END IF;
  END IF;
  NEW.set_id := present;
  RETURN NEW;
END $$;

CREATE FUNCTION changes_keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public AS $$
DECLARE
  present bigint := nullif(current_setting('linli.change', true), '')::bigint;
  names text;
  changed boolean;
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT EXISTS (SELECT 1 FROM became) INTO changed;
  ELSIF TG_OP = 'UPDATE' THEN
    SELECT EXISTS (SELECT 1 FROM became WHERE set_id = present) INTO changed;
  ELSE
    SELECT EXISTS (SELECT 1 FROM was) INTO changed;
  END IF;
  IF NOT changed THEN RETURN NULL; END IF;
  IF NOT EXISTS (SELECT 1 FROM changes_changeset WHERE id = present AND at IS NULL) THEN
    RAISE EXCEPTION '% is changed within an open change set only', TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO names
    FROM pg_attribute WHERE attrelid = TG_RELID AND attnum > 0 AND NOT attisdropped;
  IF TG_OP = 'UPDATE' THEN
    EXECUTE format('INSERT INTO %I (%s, until_id) SELECT %s, $1 FROM was
                    WHERE set_id <> $1 AND id IN (SELECT id FROM became WHERE set_id = $1)',
                   TG_TABLE_NAME || '_history', names, names) USING present;
  ELSIF TG_OP = 'DELETE' THEN
    EXECUTE format('INSERT INTO %I (%s, until_id) SELECT %s, $1 FROM was WHERE set_id <> $1',
                   TG_TABLE_NAME || '_history', names, names) USING present;
  END IF;
  UPDATE changes_changeset SET touched = touched || TG_TABLE_NAME::varchar
    WHERE id = present AND NOT TG_TABLE_NAME = ANY (touched);
  RETURN NULL;
END $$;
"""
NO_TRIGGERS = "DROP FUNCTION changes_keep(); DROP FUNCTION changes_name_set();"

# changes_keep_history(table, visible): give `table` (with a bigint `id`) its twin `<table>_history` and its reading
# `<table>_as_of(instant)`. `visible` is the condition under which row security shows a row of the twin; Linli itself sees
# all, for an undo is whole or not at all. Called again after columns were added, it adds them to the twin. changes_forget_history(table) takes everything back.
HISTORIES = """
CREATE FUNCTION changes_keep_history(subject regclass, visible text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  name text := (SELECT relname FROM pg_class WHERE oid = subject);
  twin text := name || '_history';
  added record;
  founding bigint;
  filled boolean;
  names text;
BEGIN
  IF to_regclass(quote_ident(twin)) IS NULL THEN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', name) INTO filled;
    IF filled THEN
      INSERT INTO changes_changeset (at, actor, reason, source, touched)
        VALUES (changes_next_instant(), 'system:migrate', 'History begins', 'founding', ARRAY[name])
        RETURNING id INTO founding;
    END IF;
    EXECUTE format('ALTER TABLE %I ADD COLUMN set_id bigint NOT NULL DEFAULT %s', name, coalesce(founding, 0));
    EXECUTE format('ALTER TABLE %I ALTER COLUMN set_id DROP DEFAULT', name);
    EXECUTE format('CREATE INDEX %I ON %I (set_id)', name || '_set', name);
    EXECUTE format('CREATE TABLE %I (LIKE %I, until_id bigint NOT NULL, PRIMARY KEY (id, set_id))', twin, name);
    EXECUTE format('CREATE INDEX %I ON %I (set_id)', twin || '_set', twin);
    EXECUTE format('CREATE INDEX %I ON %I (until_id)', twin || '_until', twin);
    EXECUTE format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON %I FROM linli_app', twin);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', twin);
    EXECUTE format('CREATE POLICY scope ON %I FOR SELECT
                    USING (current_setting(''linli.areas'', true) = ''^'' OR %s)', twin, visible);
    EXECUTE format('CREATE TRIGGER changes_name_set BEFORE INSERT OR UPDATE ON %I
                    FOR EACH ROW EXECUTE FUNCTION changes_name_set()', name);
    EXECUTE format('CREATE TRIGGER changes_inserted AFTER INSERT ON %I REFERENCING NEW TABLE AS became
                    FOR EACH STATEMENT EXECUTE FUNCTION changes_keep()', name);
    EXECUTE format('CREATE TRIGGER changes_updated AFTER UPDATE ON %I REFERENCING OLD TABLE AS was NEW TABLE AS became
                    FOR EACH STATEMENT EXECUTE FUNCTION changes_keep()', name);
    EXECUTE format('CREATE TRIGGER changes_deleted AFTER DELETE ON %I REFERENCING OLD TABLE AS was
                    FOR EACH STATEMENT EXECUTE FUNCTION changes_keep()', name);
    EXECUTE format('CREATE TRIGGER changes_no_truncate BEFORE TRUNCATE ON %I EXECUTE FUNCTION linli_refuse()', name);
  END IF;
  FOR added IN SELECT attname, format_type(atttypid, atttypmod) AS kind FROM pg_attribute
      WHERE attrelid = subject AND attnum > 0 AND NOT attisdropped AND attname NOT IN
        (SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(quote_ident(twin)) AND NOT attisdropped)
      ORDER BY attnum LOOP
    EXECUTE format('ALTER TABLE %I ADD COLUMN %I %s', twin, added.attname, added.kind);
  END LOOP;
  SELECT string_agg('r.' || quote_ident(attname), ', ' ORDER BY attnum) INTO names
    FROM pg_attribute WHERE attrelid = subject AND attnum > 0 AND NOT attisdropped;
  EXECUTE format('CREATE OR REPLACE FUNCTION %I(instant timestamptz) RETURNS SETOF %I
                  LANGUAGE sql STABLE PARALLEL SAFE AS $f$
    SELECT %s FROM %I r JOIN changes_changeset born ON born.id = r.set_id WHERE born.at <= instant
    UNION ALL
    SELECT %s FROM %I r JOIN changes_changeset born ON born.id = r.set_id
      JOIN changes_changeset gone ON gone.id = r.until_id
      WHERE born.at <= instant AND (gone.at > instant OR gone.at IS NULL) $f$',
    name || '_as_of', name, names, name, names, twin);
END $$;

CREATE FUNCTION changes_forget_history(subject regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE name text := (SELECT relname FROM pg_class WHERE oid = subject);
BEGIN
  EXECUTE format('DROP FUNCTION %I(timestamptz)', name || '_as_of');
  EXECUTE format('DROP TABLE %I', name || '_history');
  EXECUTE format('DROP TRIGGER changes_name_set ON %I', name);
  EXECUTE format('DROP TRIGGER changes_inserted ON %I', name);
  EXECUTE format('DROP TRIGGER changes_updated ON %I', name);
  EXECUTE format('DROP TRIGGER changes_deleted ON %I', name);
  EXECUTE format('DROP TRIGGER changes_no_truncate ON %I', name);
  EXECUTE format('ALTER TABLE %I DROP COLUMN set_id', name);
END $$;
REVOKE ALL ON FUNCTION changes_keep_history(regclass, text), changes_forget_history(regclass) FROM PUBLIC;
"""
NO_HISTORIES = "DROP FUNCTION changes_keep_history(regclass, text); DROP FUNCTION changes_forget_history(regclass);"


class Migration(migrations.Migration):
    initial = True
    dependencies = [("audit", "0001_roles_scope_and_entries")]
    operations = [
        migrations.CreateModel(
            name="ChangeSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(null=True, unique=True)),
                ("actor", models.CharField(max_length=100)),
                ("reason", models.CharField(max_length=300)),
                ("source", models.CharField(max_length=10)),
                ("undoes", models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT,
                                                related_name="undone_by", to="changes.changeset")),
                ("touched", django.contrib.postgres.fields.ArrayField(
                    base_field=models.CharField(max_length=63), default=list, size=None)),
            ],
            options={"constraints": [
                models.CheckConstraint(
                    condition=models.Q(("source__in", ["by_hand", "import", "program", "undo", "founding"])),
                    name="changes_set_source"),
                models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="changes_set_says_why"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("source", "undo"), ("undoes__isnull", False)),
                        models.Q(models.Q(("source", "undo"), _negated=True), ("undoes", None)),
                        _connector="OR"),
                    name="changes_set_undo_names_its_set"),
            ]},
        ),
        migrations.RunSQL(INSTANTS, NO_INSTANTS),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.RunSQL(HISTORIES, NO_HISTORIES),
    ]
