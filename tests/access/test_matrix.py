"""Every address × every post: who gets what is data (`matrix.json`); an address without a row fails.

The thing, the alert and the case all lie in the west community and belong to unit `drains`.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.make.areas import DISTRICT, EAST, WEST
from tests.make.board import at_post, make_alert
from tests.make.cases import SYSTEM, make_case
from tests.make.desk import COVER, make_desk

from linli.audit import actions as audit
from linli.kernel.role import Role
from linli.metrics import actions as metrics

PLACES = {
    "grid": (Role.GRID, WEST), "acceptor": (Role.ACCEPTOR, WEST), "dispatcher": (Role.DISPATCHER, WEST),
    "checker": (Role.CHECKER, WEST), "community": (Role.COMMUNITY, WEST), "street": (Role.STREET, DISTRICT),
    "district": (Role.DISTRICT, DISTRICT), "education": (Role.EDUCATION, DISTRICT),
    "mediator": (Role.MEDIATOR, WEST), "auditor": (Role.AUDITOR, DISTRICT), "operator": (Role.OPERATOR, ""),
    "resident": (Role.RESIDENT, WEST), "other community": (Role.ACCEPTOR, EAST),
}
WHO = ["anonymous", *PLACES, "unit", "other unit"]
GROUPED: dict[str, dict[str, list[str]]] = json.loads((Path(__file__).parent / "matrix.json").read_text())
MATRIX = {
    row: {who: int(status) for status, group in groups.items() for who in (WHO if group == ["everybody"] else group)}
    for row, groups in GROUPED.items()
}


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        path = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from patterns(entry, path)
        else:
            yield path, entry


ROUTES = sorted({path for path, _ in patterns(get_resolver())})


@pytest.fixture
def world(system, monkeypatch):
    monkeypatch.setattr("linli.metrics.queries.SILENT_AFTER_S", 3600.0)
    units = make_desk()
    case = make_case(component_id=_component())
    alert = make_alert()
    for part in settings.LINLI_PARTS:
        metrics.beat(part, lag_s=0, limit_s=1)
    return units, {
        "<slug:number>": case.number, "<case_id>": case.pk, "<int:number>": alert.pk, "<alert_id>": alert.pk,
        "<str:code>": alert.thing_code, "<code>": COVER, "<unit_id>": units["drains"], "<slug:name>": "accept",
        "<name>": "accept", "<uuid:photo_id>": "00000000-0000-4000-8000-000000000000",
        "<photo_id>": "00000000-0000-4000-8000-000000000000", "<str:token>": "A" * 22, "<str:sealed>": "none",
        "<int:z>": 14, "<int:x>": 13653, "<int:y>": 6744,
    }


def _component() -> int:
    from linli.assets import queries as assets

    return assets.by_code(COVER).id


def somebody(who: str, units: dict[str, int]) -> Client:
    if who == "anonymous":
        return Client()
    if who.endswith("unit"):
        return at_post(Role.UNIT, DISTRICT, unit=units["drains" if who == "unit" else "duty"])[0]
    role, area = PLACES[who]
    return at_post(role, area)[0]


def address(route: str, names: dict[str, object]) -> str:
    if route.startswith("api/v1/areas/<code>"):
        return f"/api/v1/areas/{WEST}"
    if route.startswith("api/v1/things"):
        names = {**names, "<code>": names["<str:code>"]}
    if route == "command/chain/case/<int:number>":
        names = {**names, "<int:number>": names["<case_id>"]}
    path = "/" + route
    for name, value in names.items():
        path = path.replace(name, str(value))
    if path.endswith("/series"):
        return f"{path}?metric=tilt&start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z"
    return path + ("?lon=120&lat=30" if path.endswith(("/at", "/near", "nearby")) else "")


def asked_by_all(method: str) -> list[str]:
    """Return the routes that are not refused to everybody as never taking this method: for those one asks for all."""
    return [route for route in ROUTES if GROUPED.get(f"{method} /{route}") != {"405": ["everybody"]}]


def answers(method: str, world: tuple[dict[str, int], dict[str, object]]) -> dict[str, dict[str, int]]:
    units, names = world
    found: dict[str, dict[str, int]] = {f"{method} /{route}": {} for route in ROUTES}
    for who in WHO:
        browser = somebody(who, units)
        for route in ROUTES if who == "anonymous" else asked_by_all(method):
            body = {"data": "{}", "content_type": "application/json"} if method == "POST" and "api/" in route else {}
            with audit.acting(SYSTEM):
                answer = getattr(browser, method.lower())(address(route, names), **body)
                found[f"{method} /{route}"][who] = answer.status_code
                transaction.set_rollback(True)
    return found


def differing(found: dict[str, dict[str, int]]) -> dict[str, dict[str, tuple[int, int]]]:
    return {row: wrong for row, answer in found.items()
            if (wrong := {who: (MATRIX.get(row, {}).get(who, -1), status) for who, status in answer.items()
                          if MATRIX.get(row, {}).get(who) != status})}


def test_reading_gives_each_post_what_the_matrix_says(world):
    assert differing(answers("GET", world)) == {}


def test_writing_with_nothing_in_hand_is_refused_as_the_matrix_says(world):
    assert differing(answers("POST", world)) == {}


def test_no_answer_is_a_servers_error_and_no_row_is_for_an_address_that_is_gone():
    assert {row for row, answer in MATRIX.items() if any(status >= 500 for status in answer.values())} == set()
    assert {row.split(" /", 1)[1] for row in MATRIX} == set(ROUTES)
