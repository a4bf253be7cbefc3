from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "linli.notices"
    label = "notices"

    def ready(self) -> None:
        """Refuse to start with a template that could not be said."""
        from linli.notices.queries.texts import all_templates

        all_templates()
