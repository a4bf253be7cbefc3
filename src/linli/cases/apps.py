from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class CasesConfig(AppConfig):
    name = "linli.cases"
    label = "cases"

    def ready(self) -> None:
        post_migrate.connect(_load_catalogue, sender=self)


def _load_catalogue(*, using: str, **kwargs: object) -> None:
    """Enter new categories and filing conditions after every migration that left their tables in place."""
    from linli.cases import actions

    if "cases_condition" in connections[using].introspection.table_names():
        actions.load_catalogue()
