"""Whoever is not signed in finds a limit of its own on every route that takes their writes."""

from django.urls import get_resolver
from tests.access.answers import ROWS, at_the_door, takes
from tests.access.test_matrix import ROUTES

from linli.config.limits import RATES


def named() -> dict[str, str]:
    found = {}
    for entry in get_resolver().url_patterns:
        for pattern in getattr(entry, "url_patterns", [entry]):
            prefix = str(entry.pattern) if pattern is not entry else ""
            for inner in getattr(pattern, "url_patterns", [pattern]):
                middle = str(pattern.pattern) if inner is not pattern else ""
                found[f"/{prefix}{middle}{inner.pattern}"] = getattr(inner, "name", None) or ""
    return found


def test_every_route_that_a_visitor_may_write_to_has_a_row():
    names = named()
    open_to_all = {row for row in ROWS if takes(row, "POST") and at_the_door(row, "anonymous") is None}
    assert {row for row in open_to_all if names[row] not in RATES} == set()
    assert len(open_to_all) >= 8
    assert set(RATES) <= set(names.values()), "a row for a route that is gone"
    assert len(ROUTES) == len(names)
