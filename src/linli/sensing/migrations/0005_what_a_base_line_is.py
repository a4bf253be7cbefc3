from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sensing", "0004_late_arrivals_and_clocks")]
    operations = [
        migrations.AddField("kitmetric", name, models.TextField(blank=True, default=""))
        for name in ("base_line_zh", "base_line_en")
    ]
