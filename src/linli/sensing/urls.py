from django.urls import path

from linli.sensing.pages import base_lines, quarantine, readings, thing, things

urlpatterns = [
    path("desk/things/", things.show, name="things"),
    path("desk/things.geojson", things.pins, name="things-pins"),
    path("desk/things/<str:code>", thing.show, name="thing"),
    path("desk/things/<str:code>/chart", thing.chart, name="thing-chart"),
    path("desk/things/<str:code>/readings", readings.show, name="thing-readings"),
    path("desk/things/<str:code>/readings.csv", readings.export, name="thing-readings-csv"),
    path("desk/base-lines", base_lines.show, name="base-lines"),
    path("desk/quarantine", quarantine.show, name="quarantine"),
]
