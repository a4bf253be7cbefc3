from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class CalendarConfig(AppConfig):
    name = "linli.calendar"
    label = "calendar"

    def ready(self) -> None:
        post_migrate.connect(_load_presets, sender=self)


def _load_presets(*, using: str, **kwargs: object) -> None:
    """Enter shipped years and periods after every migration that left their tables in place."""
    from linli.calendar import actions

    if "calendar_calendaryear" in connections[using].introspection.table_names():
        actions.load_presets()
