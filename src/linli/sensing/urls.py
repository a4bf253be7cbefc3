from django.urls import path

from linli.sensing import pages

urlpatterns = [
    path("desk/things/", pages.things, name="things"),
    path("desk/things.geojson", pages.pins, name="things-pins"),
    path("desk/things/<str:code>", pages.thing, name="thing"),
    path("desk/things/<str:code>/chart", pages.chart, name="thing-chart"),
    path("desk/things/<str:code>/readings", pages.readings, name="thing-readings"),
    path("desk/things/<str:code>/readings.csv", pages.readings_csv, name="thing-readings-csv"),
    path("desk/quarantine", pages.quarantine, name="quarantine"),
]
