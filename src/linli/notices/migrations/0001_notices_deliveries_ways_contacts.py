import datetime
import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="Told",
            fields=[
                ("subject", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("upto", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=60, unique=True)),
                ("kind", models.CharField(max_length=10)),
                ("sealed", models.BinaryField()),
                ("language", models.CharField(max_length=2)),
                ("purpose", models.CharField(max_length=40)),
                ("consent", models.CharField(max_length=20)),
                ("given_at", models.DateTimeField()),
                ("delete_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("delete_at__isnull", False)), fields=["delete_at"], name="notices_contact_delete_at")],
                "constraints": [models.CheckConstraint(condition=models.Q(("kind__in", ["email", "phone"])), name="notices_contact_kind")],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("once", models.CharField(max_length=120)),
                ("recipient", models.CharField(max_length=100)),
                ("template", models.CharField(max_length=60)),
                ("facts", models.JSONField(default=dict)),
                ("urgent", models.BooleanField(default=False)),
                ("link", models.CharField(blank=True, default="", max_length=200)),
                ("made_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["recipient", "-id"], name="notices_notice_inbox"), models.Index(condition=models.Q(("read_at", None)), fields=["recipient"], name="notices_notice_unread")],
                "constraints": [models.UniqueConstraint(fields=("once", "recipient"), name="notices_notice_once"), models.CheckConstraint(condition=models.Q(("recipient__regex", "^(user|contact):")), name="notices_notice_recipient")],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("channel", models.CharField(max_length=10)),
                ("state", models.CharField(max_length=10)),
                ("urgent", models.BooleanField(default=False)),
                ("due_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("claimed_by", models.PositiveIntegerField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("receipt", models.CharField(blank=True, default="", max_length=200)),
                ("reason", models.CharField(blank=True, default="", max_length=60)),
                ("notice", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="notices.notice")),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("state__in", ["held", "queued"])), fields=["channel", "-urgent", "due_at"], name="notices_delivery_waiting"), models.Index(fields=["channel", "claimed_at"], name="notices_delivery_claimed"), models.Index(condition=models.Q(("state", "sending")), fields=["claimed_by"], name="notices_delivery_sending"), models.Index(condition=models.Q(("state__in", ["failed", "unsure"])), fields=["due_at"], name="notices_delivery_undelivered")],
                "constraints": [models.UniqueConstraint(fields=("notice", "channel"), name="notices_delivery_once"), models.CheckConstraint(condition=models.Q(("channel__in", ["email", "sms", "webhook"])), name="notices_delivery_channel"), models.CheckConstraint(condition=models.Q(("state__in", ["queued", "held", "sending", "sent", "failed", "unsure", "withdrawn"])), name="notices_delivery_state"), models.CheckConstraint(condition=models.Q(models.Q(("done_at__isnull", False), ("state", "sent")), models.Q(models.Q(("state", "sent"), _negated=True), ("done_at", None)), _connector="OR"), name="notices_delivery_sent_iff_done"), models.CheckConstraint(condition=models.Q(models.Q(("state", "sending"), _negated=True), models.Q(("claimed_at__isnull", False), ("claimed_by__isnull", False)), _connector="OR"), name="notices_delivery_claimed_while_sending")],
            },
        ),
        migrations.CreateModel(
            name="Way",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("channel", models.CharField(max_length=10)),
                ("is_on", models.BooleanField(default=True)),
                ("sealed", models.BinaryField()),
                ("secret_sealed", models.BinaryField(null=True)),
                ("language", models.CharField(max_length=2)),
                ("quiet_from", models.TimeField(default=datetime.time(22, 0))),
                ("quiet_to", models.TimeField(default=datetime.time(7, 0))),
                ("changed_at", models.DateTimeField()),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "channel"), name="notices_way_once"), models.CheckConstraint(condition=models.Q(("channel__in", ["email", "sms", "webhook"])), name="notices_way_channel"), models.CheckConstraint(condition=models.Q(models.Q(("channel", "webhook"), ("secret_sealed__isnull", False)), models.Q(models.Q(("channel", "webhook"), _negated=True), ("secret_sealed", None)), _connector="OR"), name="notices_way_secret_iff_webhook")],
            },
        ),
    ]
