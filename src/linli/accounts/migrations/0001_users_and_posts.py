import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ROLES = ["resident", "grid", "acceptor", "dispatcher", "unit", "checker", "community", "street", "district",
         "education", "mediator", "auditor", "operator"]


class Migration(migrations.Migration):
    initial = True
    dependencies = [("organisations", "__first__"), ("audit", "0001_roles_scope_and_entries")]
    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("username", models.CharField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=60)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=60)),
                ("area_code", models.CharField(blank=True, default="", max_length=15)),
                ("purpose", models.CharField(blank=True, default="", max_length=60)),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(null=True)),
                ("unit", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                                           to="organisations.unit")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="posts",
                                           to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint("post", models.CheckConstraint(
            condition=models.Q(("role__in", ROLES)), name="accounts_post_known_role")),
        migrations.AddConstraint("post", models.CheckConstraint(
            condition=models.Q(models.Q(("role", "unit"), ("unit__isnull", False)),
                               models.Q(models.Q(("role", "unit"), _negated=True), ("unit", None)), _connector="OR"),
            name="accounts_post_unit_iff_units_role")),
        migrations.AddConstraint("post", models.CheckConstraint(
            condition=models.Q(("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"),
            name="accounts_post_ends_after_start")),
    ]
