from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class CasesConfig(AppConfig):
    name = "linli.cases"
    label = "cases"

    def ready(self) -> None:
        """Refuse to start with a table of rules that cannot be read (规则表校验)."""
        from linli.cases.queries import tables

        tables.stage_limits()
        tables.escalations()
        post_migrate.connect(_load_catalogue, sender=self)


def _load_catalogue(*, using: str, **kwargs: object) -> None:
    """Enter new categories and filing conditions after every migration that left their tables in place."""
    from linli.cases import actions

    if "cases_condition" in connections[using].introspection.table_names():
        actions.load_catalogue()
