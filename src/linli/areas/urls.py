from django.urls import path

from linli.areas import pages

urlpatterns = [
    path("tiles/base/<int:z>/<int:x>/<int:y>.mvt", pages.tile, {"layer": "base"}, name="tile-base"),
    path("tiles/grids/<int:z>/<int:x>/<int:y>.mvt", pages.tile, {"layer": "grids"}, name="tile-grids"),
]
