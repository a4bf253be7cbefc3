from collections.abc import Collection
from datetime import datetime

from django.db import connection
from django.utils.translation import get_language

from linli.areas.domain.tile import cells_round
from linli.assets.domain.component import ComponentCard, Duty, PublicComponent
from linli.assets.models import Component, ComponentClass, ComponentQuerySet
from linli.changes import queries as changes
from linli.kernel.errors import Invalid
from linli.kernel.geo import Point, metres_between

_FIELDS = ("id", "code", "klass__code", "klass__name_zh", "klass__name_en", "name", "lon", "lat", "area_code", "state",
           "supervising_id", "owning_id", "maintaining_id")


def nearest(point: Point, *, classes: Collection[str], within_m: float) -> ComponentCard | None:
    """Return the nearest standing component of these classes (最近部件), None if none is within `within_m` metres.

    Sees what the open scope sees: a route that must not depend on who asks opens a wider one.
    """
    near = Component.objects.standing().in_cells(cells_round(point, within_m)).filter(klass__code__in=classes)
    found = min(_cards(near, point), key=lambda card: (card.distance_m, card.code), default=None)
    return found if found and found.distance_m <= within_m else None


def card(component_id: int) -> ComponentCard | None:
    """Return a component that the open scope sees (部件名片)."""
    return next(iter(_cards(Component.objects.filter(pk=component_id))), None)


def by_code(code: str, *, at: datetime | None = None) -> ComponentCard | None:
    """Return the component of this code (部件标识码) that the open scope sees, now or as known at an instant.

    Raises: Invalid if the history of components begins after that instant.
    """
    found = Component.objects.filter(code=code)
    if at is None:
        return next(iter(_cards(found)), None)
    begins = changes.history_begins(Component)
    if begins is not None and at < begins:
        raise Invalid("assets.before_history", "What stood then is not known: the history begins at {begins}.",
                      field="at", begins=begins.isoformat())
    return next(iter(_cards(changes.as_of(found, at))), None)


def by_codes(codes: Collection[str]) -> dict[str, ComponentCard]:
    """Return the components of these codes that the open scope sees, by code."""
    return {card.code: card for card in _cards(Component.objects.filter(code__in=codes))}


def public(code: str) -> PublicComponent | None:
    """Return what everybody may know of a component, None for one of a gated class."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, code, class_code, name, lon, lat, state FROM assets_public_component"
                       " WHERE code = %s", [code])
        row = cursor.fetchone()
    return PublicComponent(*row) if row else None


def public_near(point: Point, *, within_m: float, most: int = 20) -> list[PublicComponent]:
    """Return what everybody may know of the components round a place, nearest first (身边部件)."""
    ranges = cells_round(point, within_m)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT id, code, class_code, name, lon, lat, state FROM assets_public_component c"
            " JOIN unnest(%s::int8[], %s::int8[]) r (first, last) ON c.morton BETWEEN r.first AND r.last",
            [[first for first, _ in ranges], [last for _, last in ranges]],
        )
        found = [PublicComponent(*row) for row in cursor.fetchall()]
    away = {c.id: metres_between(point, Point(c.lon, c.lat)) for c in found}
    return sorted((c for c in found if away[c.id] <= within_m), key=lambda c: (away[c.id], c.code))[:most]


def class_names(language: str | None = None) -> dict[str, str]:
    """Return the names of all component classes by code, in the reader's language (部件小类名称)."""
    english = (language or get_language() or "zh").startswith("en")
    return dict(ComponentClass.objects.order_by("code").values_list("code", "name_en" if english else "name_zh"))


def _cards(components: ComponentQuerySet, seen_from: Point | None = None) -> list[ComponentCard]:
    english = (get_language() or "zh").startswith("en")
    cards = []
    for key, code, klass, name_zh, name_en, name, lon, lat, area, state, *units in components.values_list(*_FIELDS):
        point = Point(lon, lat)
        away = metres_between(seen_from, point) if seen_from else 0.0
        supervising, owning, maintaining = units
        cards.append(ComponentCard(key, code, klass, name_en if english else name_zh, name, point, area, state,
                                   supervising, owning, maintaining, away))
    return cards


def of_unit(unit_id: int) -> dict[str, int]:
    """Return for how many components a unit is accountable, by duty (单位名下部件), as far as the open scope sees."""
    return {duty.value: Component.objects.standing().filter(**{duty.value: unit_id}).count() for duty in Duty}
