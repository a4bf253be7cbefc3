from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "linli.assets"
    label = "assets"
