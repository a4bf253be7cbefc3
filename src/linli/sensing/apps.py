from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

from linli.kernel.actor import Actor


class SensingConfig(AppConfig):
    name = "linli.sensing"
    label = "sensing"

    def ready(self) -> None:
        post_migrate.connect(_load_kits, sender=self)


def _load_kits(*, using: str, **kwargs: object) -> None:
    """Enter new kits and rules after every migration that left their tables in place."""
    from linli.sensing import actions

    if "sensing_kitmetric" in connections[using].introspection.table_names():
        actions.load_kits(actor=Actor.system("sensing"))
