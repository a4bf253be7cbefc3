"""Every address × every reader: who gets what is data (`read.json`, `write.json`, `moves.json`); no row, no pass.

A row says status by status which readers get it, by the names of `groups.json`; `rest` is everybody else. What a
reader may not see answers exactly as what does not exist.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.access.readers import ANONYMOUS, WHO, actor_of, browser_of
from tests.access.world import SYSTEM, World, make_world

from linli.audit import actions as audit
from linli.cases import policy
from linli.cases.domain.workflow import MOVES
from linli.cases.models import Case
from linli.kernel.actor import Actor
from linli.kernel.errors import NotPermitted
from linli.metrics import actions as metrics

HERE = Path(__file__).parent
GROUPS: dict[str, list[str]] = json.loads((HERE / "groups.json").read_text())
READ: dict[str, dict[str, list[str]]] = json.loads((HERE / "read.json").read_text())
WRITE: dict[str, dict[str, list[str]]] = json.loads((HERE / "write.json").read_text())
MAY: dict[str, list[str]] = json.loads((HERE / "moves.json").read_text())
FEW = [ANONYMOUS, "grid", "unit elsewhere", "operator", "education", "resident"]
INLINE = re.compile(rb"<style|<[^>]*\s(?:style|on[a-z]+)=|<script(?![^>]*\b(?:src=|type=\"application/json\"))", re.I)
OWN_MARKS = re.compile(rb'(?:name="csrfmiddlewaretoken" value|name="csrf-token" content)="[^"]*"')
OTHER_METHODS = ("PUT", "PATCH", "DELETE")


def readers(names: list[str]) -> set[str]:
    """Return the readers that a row names, groups unfolded."""
    return {who for name in names for who in GROUPS.get(name, [name])}


def expected(row: dict[str, list[str]]) -> dict[str, int]:
    """Return each reader's status."""
    named = {who: int(status) for status, names in row.items() for who in readers(names) if names != ["rest"]}
    rest = next((int(status) for status, names in row.items() if names == ["rest"]), -1)
    return {who: named.get(who, rest) for who in WHO}


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        path = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLPattern):
            yield path
        else:
            yield from patterns(entry, path)


ROUTES = sorted(set(patterns(get_resolver())))


@pytest.fixture
def world(system, monkeypatch) -> World:
    monkeypatch.setattr("linli.metrics.queries.SILENT_AFTER_S", 3600.0)
    for part in settings.LINLI_PARTS:
        metrics.beat(part, lag_s=0, limit_s=1)
    return make_world()


def ask(browser: Client, method: str, address: str) -> HttpResponse:
    """Ask as the reader does, and take back what was written."""
    body = {"data": "{}", "content_type": "application/json"} if method != "GET" and "/api/" in address else {}
    with audit.acting(SYSTEM):
        answer = getattr(browser, method.lower())(address, **body)
        transaction.set_rollback(True)
    return answer


def bare(answer: HttpResponse, addresses: list[str]) -> bytes:
    """Return what the answer says, without the reader's own tokens and the names asked for."""
    said = OWN_MARKS.sub(b"", answer.content)
    for part in {part for address in addresses for part in re.split(r"[/?]", address)}:
        said = re.sub(rb"\b" + re.escape(part.encode()) + rb"\b", b"", said) if part else said
    return said


def sees(who: str, route: str) -> bool:
    """Return whether this reader sees the case of the route: what is refused there is then another thing's absence."""
    return "cases/<" in route and who in GROUPS["who sees the case"]


def unsafe(answer: HttpResponse) -> bool:
    """Return whether a page could run or draw what did not come from our own files."""
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return False
    policy = answer.headers.get("Content-Security-Policy", "")
    return "script-src 'self';" not in policy or "style-src 'self';" not in policy or bool(
        INLINE.search(answer.content))


def asks(row: dict[str, list[str]]) -> list[str]:
    """Return who is asked: a few where the answer is the same for all who are signed in, else every reader."""
    signed_in = {status for who, status in expected(row).items() if who != ANONYMOUS}
    return FEW if len(signed_in) == 1 else WHO


def wrongs(method: str, rows: dict[str, dict[str, list[str]]], world: World) -> dict[str, object]:
    found: dict[str, object] = {}
    for who in WHO:
        browser = browser_of(who, world.units)
        for route in ROUTES:
            if who not in asks(rows.get(f"/{route}", {})):
                continue
            address = world.address(route)
            assert "<" not in address, f"the world has nothing for {route}"
            answer = ask(browser, method, address)
            should = expected(rows.get(f"/{route}", {}))[who]
            if answer.status_code != should:
                found[f"{method} /{route} {who}"] = f"{answer.status_code}, not {should}"
            if answer.status_code == 404 and "<" in route and not sees(who, route):
                missing = world.address(route, there=False)
                nothing = ask(browser, method, missing)
                both = [address, missing]
                if (nothing.status_code, bare(nothing, both)) != (404, bare(answer, both)):
                    found[f"{method} /{route} {who} foreign"] = f"{nothing.status_code} tells it from a missing one"
            if unsafe(answer):
                found[f"{method} /{route} {who} page"] = "has something inline, or no policy"
    return found


def test_reading_gives_each_reader_what_the_matrix_says(world):
    assert wrongs("GET", READ, world) == {}


def test_writing_with_nothing_in_hand_is_refused_as_the_matrix_says(world):
    assert wrongs("POST", WRITE, world) == {}


def test_no_route_takes_another_method_unless_it_has_a_row(world):
    found = {}
    for who in (ANONYMOUS, "operator", "acceptor"):
        browser = browser_of(who, world.units)
        for route in ROUTES:
            for method in OTHER_METHODS:
                status = ask(browser, method, world.address(route)).status_code
                if status < 400 and f"/{route}" not in GROUPS["any method"] and status != 302:
                    found[f"{method} /{route} {who}"] = status
    assert found == {}


def test_each_move_is_taken_by_its_post_over_the_case_and_by_nobody_else(world):
    case = Case.objects.with_facts().get(pk=world.there["<case_id>"])
    found = {}
    for who in WHO:
        actor = actor_of(who, world.units)
        for move in MOVES:
            if may(actor, move, case) != (who in readers(MAY[move])):
                found[f"{move} {who}"] = may(actor, move, case)
    assert found == {}


def may(actor: Actor, move: str, case: Case) -> bool:
    try:
        policy.require(actor, move, case)
    except NotPermitted:
        return False
    return True


def test_every_move_and_every_route_has_its_row_and_no_row_is_left_over():
    assert set(MAY) == set(MOVES)
    for rows in (READ, WRITE):
        assert set(rows) == {f"/{route}" for route in ROUTES}
        for row in rows.values():
            named = [who for names in row.values() if names != ["rest"] for who in readers(names)]
            assert len(named) == len(set(named)), row
            assert set(named) <= set(WHO), row
            assert all(int(status) < 500 for status in row), row
