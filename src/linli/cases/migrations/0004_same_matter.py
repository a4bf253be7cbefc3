from django.db import migrations, models
from django.db.models import F, Q

ROW_SECURITY = """
ALTER TABLE cases_likeness ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON cases_likeness USING (
  EXISTS (SELECT FROM cases_case c WHERE c.id = case_id) AND EXISTS (SELECT FROM cases_case c WHERE c.id = other_id)
) WITH CHECK (true);
REVOKE DELETE, TRUNCATE ON cases_likeness FROM linli_app;
"""
NO_ROW_SECURITY = """
GRANT DELETE ON cases_likeness TO linli_app;
DROP POLICY scope ON cases_likeness;
ALTER TABLE cases_likeness DISABLE ROW LEVEL SECURITY;
"""
# A matter has one case that stands for it: whoever follows `merged_into` comes to an end.
NEVER_A_RING = """
CREATE FUNCTION cases_merged_never_in_a_ring() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (
      WITH RECURSIVE up (id) AS (
        SELECT NEW.merged_into_id
        UNION SELECT c.merged_into_id FROM up JOIN cases_case c ON c.id = up.id WHERE c.merged_into_id IS NOT NULL)
      SELECT FROM up WHERE id = NEW.id) THEN
    RAISE EXCEPTION 'a case cannot rest in itself' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'cases_merged_never_in_a_ring';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER cases_case_never_in_a_ring BEFORE INSERT OR UPDATE OF merged_into_id ON cases_case
  FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION cases_merged_never_in_a_ring();
"""
RINGS = """
DROP TRIGGER cases_case_never_in_a_ring ON cases_case;
DROP FUNCTION cases_merged_never_in_a_ring();
"""
CASE = {"on_delete": models.PROTECT, "to": "cases.case"}


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_limits_and_verification")]
    operations = [
        migrations.AddField("case", "merged_into", models.ForeignKey(null=True, related_name="merged_cases", **CASE)),
        migrations.AddField("casereport", "likeness", models.JSONField(null=True)),
        migrations.AddField("casereport", "component", models.ForeignKey(
            null=True, on_delete=models.PROTECT, related_name="+", to="assets.component")),
        migrations.AddIndex("case", models.Index(
            fields=["merged_into"], name="cases_case_merged", condition=Q(merged_into__isnull=False))),
        migrations.AddConstraint("case", models.CheckConstraint(
            name="cases_case_not_into_itself", condition=Q(("merged_into", F("id")), _negated=True))),
        migrations.CreateModel("Likeness", [
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("score", models.FloatField()),
            ("parts", models.JSONField(default=dict)),
            ("asked_at", models.DateTimeField()),
            ("state", models.CharField(default="pending", max_length=10)),
            ("decided_by", models.CharField(blank=True, default="", max_length=100)),
            ("decided_at", models.DateTimeField(null=True)),
            ("case", models.ForeignKey(related_name="likenesses", **CASE)),
            ("other", models.ForeignKey(related_name="+", **CASE)),
        ], options={
            "indexes": [models.Index(fields=["other"], name="cases_likeness_other")],
            "constraints": [
                models.UniqueConstraint(fields=("case", "other"), name="cases_likeness_once"),
                models.CheckConstraint(name="cases_likeness_later_first", condition=Q(("case__gt", F("other")))),
                models.CheckConstraint(name="cases_likeness_score", condition=Q(("score__gte", 0), ("score__lte", 1))),
                models.CheckConstraint(name="cases_likeness_decided", condition=(
                    Q(("decided_at", None), ("decided_by", ""), ("state", "pending"))
                    | Q(("decided_at__isnull", False), ("state__in", ["same", "different"]))
                    & Q(("decided_by", ""), _negated=True))),
            ],
        }),
        migrations.RunSQL(ROW_SECURITY, NO_ROW_SECURITY),
        migrations.RunSQL(NEVER_A_RING, RINGS),
    ]
