from django.apps import AppConfig


class SensingConfig(AppConfig):
    name = "linli.sensing"
    label = "sensing"
