"""Who asks (访问者): every role over its own and over something else of the kind, and who is not signed in."""

from django.test import Client
from tests.make.areas import DISTRICT, EAST, GRID_A, GRID_B, STREET, WEST
from tests.make.board import at_post

from linli.kernel.actor import ANONYMOUS as ANYBODY
from linli.kernel.actor import Actor, Post
from linli.kernel.role import Role

OTHER_DISTRICT = "990102"
ANONYMOUS = "anonymous"
PLACES: dict[str, tuple[Role, str, str | None]] = {
    "grid": (Role.GRID, GRID_A, None), "grid of another grid": (Role.GRID, GRID_B, None),
    "grid elsewhere": (Role.GRID, EAST, None),
    "acceptor": (Role.ACCEPTOR, WEST, None), "acceptor elsewhere": (Role.ACCEPTOR, EAST, None),
    "dispatcher": (Role.DISPATCHER, WEST, None), "dispatcher elsewhere": (Role.DISPATCHER, EAST, None),
    "unit": (Role.UNIT, DISTRICT, "drains"), "unit elsewhere": (Role.UNIT, DISTRICT, "duty"),
    "checker": (Role.CHECKER, WEST, None), "checker elsewhere": (Role.CHECKER, EAST, None),
    "community": (Role.COMMUNITY, WEST, None), "community elsewhere": (Role.COMMUNITY, EAST, None),
    "street": (Role.STREET, STREET, None), "street elsewhere": (Role.STREET, OTHER_DISTRICT, None),
    "district": (Role.DISTRICT, DISTRICT, None), "district elsewhere": (Role.DISTRICT, OTHER_DISTRICT, None),
    "auditor": (Role.AUDITOR, "", None), "auditor elsewhere": (Role.AUDITOR, OTHER_DISTRICT, None),
    "operator": (Role.OPERATOR, "", None), "operator elsewhere": (Role.OPERATOR, OTHER_DISTRICT, None),
    "education": (Role.EDUCATION, DISTRICT, None), "education elsewhere": (Role.EDUCATION, OTHER_DISTRICT, None),
    "mediator": (Role.MEDIATOR, WEST, None), "mediator elsewhere": (Role.MEDIATOR, EAST, None),
    "resident": (Role.RESIDENT, WEST, None), "resident elsewhere": (Role.RESIDENT, EAST, None),
}
WHO = [ANONYMOUS, *PLACES]


def browser_of(who: str, units: dict[str, int]) -> Client:
    """Return a browser in which this reader is signed in."""
    if who == ANONYMOUS:
        return Client()
    role, area, unit = PLACES[who]
    return at_post(role, area, unit=units[unit] if unit else None)[0]


def number_of(browser: Client) -> int:
    """Return the number of the account that is signed in there."""
    return int(browser.session["_auth_user_id"])


def actor_of(who: str, units: dict[str, int]) -> Actor:
    """Return this reader as the rules see it."""
    if who == ANONYMOUS:
        return ANYBODY
    role, area, unit = PLACES[who]
    return Actor(f"user:{who}", (Post(role.value, area, units[unit] if unit else None),))
