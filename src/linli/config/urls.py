"""Addresses (地址): every room's pages and the API."""

from django.urls import include, path

from linli.config.api import api

handler500 = "linli.config.failing.server_error"
urlpatterns = [
    path("", include("linli.web.urls")),
    path("", include("linli.metrics.urls")),
    path("", include("linli.accounts.urls")),
    path("", include("linli.notices.urls")),
    path("", include("linli.cases.urls")),
    path("", include("linli.areas.urls")),
    path("", include("linli.assets.urls")),
    path("", include("linli.sensing.urls")),
    path("", include("linli.command.urls")),
    path("api/v1/", api.urls),
]
