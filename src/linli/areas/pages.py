from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import conditional_page, require_safe

from linli.areas import queries
from linli.areas.domain.tile import Tile

TILES: Final[dict[str, Callable[[Tile], bytes]]] = {"base": queries.base_tile, "grids": queries.grids_tile}


@require_safe
@conditional_page
def tile(request: HttpRequest, layer: str, z: int, x: int, y: int) -> HttpResponse:
    """Return one tile of a layer that everybody may see (瓦片); 304 if the reader has it already."""
    return tile_response(TILES[layer](Tile(z, x, y)), "public, max-age=60")


def tile_response(body: bytes, keep: str) -> HttpResponse:
    """Return a tile's bytes as an answer that may be kept as `keep` says."""
    return HttpResponse(body, content_type="application/vnd.mapbox-vector-tile", headers={"Cache-Control": keep})
