from django.db import migrations

KEEP = """
SELECT changes_keep_history('assets_component',
  'linli_sees_area(area_code) OR linli_sees_unit(supervising_id) OR linli_sees_unit(owning_id)
   OR linli_sees_unit(maintaining_id)');
CREATE INDEX assets_component_history_code ON assets_component_history (code);
CREATE INDEX assets_component_history_morton ON assets_component_history (morton);
"""


class Migration(migrations.Migration):
    dependencies = [("assets", "0001_classes_and_components"), ("changes", "0001_sets_and_histories")]
    operations = [migrations.RunSQL(KEEP, "SELECT changes_forget_history('assets_component');")]
