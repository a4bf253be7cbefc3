from django.urls import path

from linli.assets import pages

urlpatterns = [path("tiles/components/<int:z>/<int:x>/<int:y>.mvt", pages.tile, name="tile-components")]
