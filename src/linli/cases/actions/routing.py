from linli.areas.domain.place import Place
from linli.assets import queries as assets
from linli.assets.domain.component import ComponentCard
from linli.cases.domain.intake import Report
from linli.cases.domain.routing import NEARBY_M, Maintained, Route, route
from linli.cases.models import Category
from linli.kernel.errors import Invalid
from linli.organisations import queries as organisations


def find_route(report: Report, place: Place, category: Category) -> Route:
    """Look up what `routing.route` decides on (派单). Looks with the widest scope: a route never depends on who asks.

    Raises: Invalid if the report names a component that is not there.
    """
    named = nearby = None
    if report.component_id is not None:
        named = _maintained(assets.card(report.component_id))
        if named is None:
            raise Invalid("cases.no_such_component", "There is no such component.", field="component_id")
    elif category.component_classes:
        nearby = _maintained(
            assets.nearest(report.where, classes=category.component_classes, within_m=NEARBY_M))
    on_duty = organisations.duty_unit_of(place.grid) if place.grid else None
    fallback = organisations.fallback_unit(place.area_code) if on_duty is None else None
    return route(named=named, nearby=nearby, duty_unit=on_duty, fallback_unit=fallback)


def _maintained(card: ComponentCard | None) -> Maintained | None:
    """Return a component with its maintaining unit; a unit out of use maintains nothing any more."""
    if card is None:
        return None
    in_use = organisations.active([card.maintaining])
    return Maintained(card.id, card.maintaining if card.maintaining in in_use else None)
