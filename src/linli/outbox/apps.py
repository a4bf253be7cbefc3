from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "linli.outbox"
    label = "outbox"
