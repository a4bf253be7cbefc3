from collections.abc import Sequence
from typing import Final

from linli.areas import queries as areas
from linli.command.domain.framing import Frame, around
from linli.kernel.actor import Actor

WHOLE_WORLD: Final = Frame(0.0, 20.0, 10.0)


def frame(actor: Actor, places: Sequence[tuple[float, float]]) -> Frame:
    """Return what the map shows at first (取景): what matters now, else the area of the first post."""
    return around(places) or _of_area(min(actor.areas, default="")) or WHOLE_WORLD


def _of_area(area: str) -> Frame | None:
    bounds = areas.extent(area)
    return around([(bounds.min_lon, bounds.min_lat), (bounds.max_lon, bounds.max_lat)]) if bounds else None
