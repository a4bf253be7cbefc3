from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_timers")]
    operations = [migrations.AddIndex("casestep", BrinIndex(fields=["at"], name="cases_step_at"))]
