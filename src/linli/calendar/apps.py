from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "linli.calendar"
    label = "calendar"
