from django.apps import AppConfig


class LinliConfig(AppConfig):
    name = "linli.config"
    label = "linli"

    def ready(self) -> None:
        from linli.config import wiring

        wiring.connect()
