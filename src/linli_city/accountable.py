"""Who answers for which class of component (部件责任): supervising, owning, maintaining unit, by key.

`{street}` and `{community}` stand for the unit of the place. In an estate the pipes, lamps and
bins are the owners', kept by the property firm.
"""

from random import Random
from typing import Final

Trio = tuple[str | None, str | None, str | None]

_SHARE_WITHOUT_OWNER: Final = 0.025
_FIRM: Final = "property:{community}"
_STREETS: Final[dict[str, Trio]] = {
    "0101": ("water_bureau", "water", "water"),
    "0102": ("water_bureau", "drainage", "drainage"),
    "0103": ("water_bureau", "drainage", "drainage"),
    "0104": ("water_bureau", "drainage", "drainage"),
    "0105": ("urban", "power", "power"),
    "0106": ("urban", "lighting", "lighting"),
    "0107": ("urban", "telecom", "telecom"),
    "0111": ("urban", "gas", "gas"),
    "0113": ("fire", "water", "water"),
    "0114": (None, None, None),
    "0115": ("urban", "telecom", "telecom"),
    "0118": ("urban", "lighting", "lighting"),
    "0134": ("urban", "power", "power"),
    "0135": ("urban", "gas", "gas"),
    "0136": ("urban", "street:{street}", "street:{street}"),
    "0203": ("urban", "roads", "roads"),
    "0209": ("urban", "roads", "roads"),
    "0210": ("urban", "roads", "roads"),
    "0211": ("urban", "roads", "roads"),
    "0213": ("urban", "roads", "roads"),
    "0304": ("urban", "street:{street}", "sanitation:{street}"),
    "0305": ("urban", "street:{street}", "sanitation:{street}"),
    "0402": ("urban", "parks", "parks"),
    "0405": ("urban", "parks", "parks"),
    "0407": ("urban", "parks", "parks"),
    "0501": ("street:{street}", "community:{community}", "community:{community}"),
    "0604": ("water_bureau", "water_bureau", "roads"),
}
_ESTATES: Final[dict[str, Trio]] = {
    "0101": ("water_bureau", "water", "water"),
    "0102": ("water_bureau", _FIRM, _FIRM),
    "0103": ("water_bureau", _FIRM, _FIRM),
    "0113": ("fire", _FIRM, _FIRM),
    "0116": ("urban", _FIRM, _FIRM),
    "0118": ("urban", _FIRM, _FIRM),
    "0126": ("street:{street}", "community:{community}", _FIRM),
    "0304": ("urban", _FIRM, "sanitation:{street}"),
    "0305": ("urban", _FIRM, _FIRM),
    "2190": ("fire", _FIRM, _FIRM),
}


def units_for(class_code: str, community: str, dice: Random, *, in_estate: bool) -> Trio:
    """Return the three units of a component (责任单位); one in forty has an owner nobody knows (权属不明)."""
    trio = (_ESTATES if in_estate and class_code in _ESTATES else _STREETS)[class_code]
    named = [key.format(street=community[:9], community=community) if key else None for key in trio]
    if dice.random() < _SHARE_WITHOUT_OWNER:
        named[1] = None
        named[2] = named[2] if dice.random() < 0.5 else None
    return named[0], named[1], named[2]
