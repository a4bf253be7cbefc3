from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "linli.changes"
    label = "changes"
