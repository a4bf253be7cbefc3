from django.urls import path

from linli.metrics import pages

urlpatterns = [
    path("healthz", pages.healthz, name="healthz"),
    path("readyz", pages.readyz, name="readyz"),
    path("metrics", pages.exposition, name="metrics"),
]
