"""What somebody has filled in so far (上报草稿), kept in the session so that going back loses nothing."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Final, Self

from django.http import HttpRequest

from linli.kernel.errors import Invalid
from linli.kernel.geo import Point

KEY: Final = "report_draft"
PHOTOS_AT_MOST: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One report in the making; `ref` makes sending it twice harmless, `component` is a code."""

    ref: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    text: str = ""
    category: str = ""
    photos: tuple[str, ...] = ()
    component: str = ""
    lon: float | None = None
    lat: float | None = None
    place: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """Return the session's draft, a new one if there is none."""
        kept: Mapping[str, Any] = request.session.get(KEY) or {}
        known = {f.name for f in fields(cls)} & kept.keys()
        return cls(**{**{name: kept[name] for name in known}, "photos": tuple(kept.get("photos", ()))})

    @property
    def where(self) -> Point | None:
        """Return the place, None as long as none was chosen."""
        return None if self.lon is None or self.lat is None else Point(self.lon, self.lat)

    @property
    def says_what(self) -> bool:
        """Return whether the first question is answered: a category, and a photo or some words."""
        return bool(self.category and (self.photos or self.text))

    def at(self, where: Point, place: str) -> Self:
        """Return the draft with another place."""
        return replace(self, lon=where.lon, lat=where.lat, place=place)

    def keep(self, request: HttpRequest) -> None:
        """Put it into the session."""
        request.session[KEY] = asdict(self)


def drop(request: HttpRequest) -> None:
    """Take the draft out of the session: it was sent, or is to begin anew."""
    request.session.pop(KEY, None)


def parse_point(lon: str, lat: str) -> Point:
    """Return the place that a form or an address names.

    Raises: Invalid if it names none on earth.
    """
    try:
        return Point(float(lon), float(lat))
    except ValueError:
        raise Invalid("cases.place_missing", "Please choose where it is.", field="where") from None
