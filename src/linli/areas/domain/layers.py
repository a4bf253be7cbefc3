"""What each map layer holds and from which zoom it shows (图层目录).

`base`: one tile layer per kind below; properties `name` (if it has one) and `rank`.
`grids`: polygons `grid`, `community`, `street`, `district` and points `grid_label`,
`community_label`; properties `code`, `name`, `number` (the last three digits of a grid).
"""

from typing import Final

SHOWN_FROM: Final = {
    "block": (12, 15),  # 街区: rank 1 from the first zoom, rank 2 and below from the second
    "green": (11, 14),  # 绿地
    "lane": (14, 15),  # 支路, 小区路
    "river": (9, 11),  # 水面 (polygon)
    "riverline": (11, 13),  # 河流中线, carries the name
    "road": (11, 13),  # 道路: rank 1 main roads
    "house": (14, 15),  # 房屋
    "estate": (13, 14),  # 小区名 (point)
    "place": (14, 15),  # 公共场所名 (point)
}
AREAS_SHOWN_FROM: Final = {"district": 6, "street": 9, "community": 11, "grid": 13}


def shown(zoom: int) -> list[tuple[str, int]]:
    """Return the kinds of base-map shapes shown at `zoom`, each with the least rank that is left out."""
    return [(kind, 2 if zoom < second else 100)
            for kind, (first, second) in SHOWN_FROM.items() if zoom >= first]


def areas_shown(zoom: int) -> list[str]:
    """Return the kinds of areas shown at `zoom`."""
    return [kind for kind, first in AREAS_SHOWN_FROM.items() if zoom >= first]
