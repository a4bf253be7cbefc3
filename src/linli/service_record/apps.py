from django.apps import AppConfig


class ServiceRecordConfig(AppConfig):
    name = "linli.service_record"
    label = "service_record"
