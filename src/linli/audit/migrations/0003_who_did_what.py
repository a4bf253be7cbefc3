from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_seals")]
    operations = [
        migrations.AddIndex("entry", models.Index(fields=["actor", "id"], name="audit_entry_actor")),
        migrations.AddIndex("entry", models.Index(fields=["deed", "id"], name="audit_entry_deed")),
        migrations.AddIndex("entry", BrinIndex(fields=["at"], name="audit_entry_at")),
    ]
