from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

from linli.kernel.actor import Actor


class AssetsConfig(AppConfig):
    name = "linli.assets"
    label = "assets"

    def ready(self) -> None:
        post_migrate.connect(_load_classes, sender=self)


def _load_classes(*, using: str, **kwargs: object) -> None:
    """Enter new component classes after every migration that left their table in place."""
    from linli.assets import actions

    if "assets_componentclass" in connections[using].introspection.table_names():
        actions.load_preset_classes(actor=Actor.system("assets"))
