from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import conditional_page, require_safe

from linli.areas.domain.tile import Tile
from linli.areas.pages import tile_response
from linli.assets import policy, queries


@require_safe
@conditional_page
def tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """Return one tile of the components that this reader may see (部件瓦片); 304 if the reader has it already."""
    keep = "private, no-cache" if request.actor.posts else "public, max-age=60"
    return tile_response(queries.components_tile(Tile(z, x, y), policy.visible_components(request.actor)), keep)
