"""Every address × every reader: who gets what is data (`policy.json`, `routes.json`); no row, no pass.

Every write is tried with all in hand that it needs, so that a refusal is the reader's and not the form's. What a
reader may not see answers exactly as what does not exist: the same status, the same words, and as much asked of the
database, so that no clock tells them apart either.
"""

import re
from collections.abc import Iterator
from itertools import count

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver
from tests.access.answers import POLICY, ROWS, answer, answers, at_the_door, readers, sees, takes
from tests.access.readers import ANONYMOUS, WHO, actor_of
from tests.access.world import SYSTEM, World, make_world

from linli.audit import actions as audit
from linli.cases import policy
from linli.cases.domain.workflow import MOVES
from linli.cases.models import Case
from linli.kernel.actor import Actor
from linli.kernel.errors import NotPermitted
from linli.metrics import actions as metrics

FEW = [ANONYMOUS, "unit elsewhere", "operator", "education", "resident"]
MIGHTY = [ANONYMOUS, "acceptor", "operator"]
INLINE = re.compile(rb"<style|<[^>]*\s(?:style|on[a-z]+)=|<script(?![^>]*\b(?:src=|type=\"application/json\"))", re.I)
OWN_MARKS = re.compile(rb'(?:name="csrfmiddlewaretoken" value|name="csrf-token" content)="[^"]*"')
NOT_FORMS = {"GET", "POST"}
NOWHERE = "api/v1/"  # answers by any method that there is nothing


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
    monkeypatch.setattr("linli.config.middleware._is_attended", lambda request: False)
    for part in settings.LINLI_PARTS:
        metrics.beat(part, lag_s=0, limit_s=1)
    return make_world()


def asked(world: World, who: str, method: str, route: str, *, there: bool = True) -> tuple[HttpResponse, int]:
    """Ask as the reader does, and take back what was written; return the answer and how much the database was asked."""
    statements = count()
    with audit.acting(SYSTEM), connection.execute_wrapper(lambda run, *given: (run(*given), next(statements))[0]):
        said = world.ask(who, method, route, there=there)
        transaction.set_rollback(True)
    return said, next(statements)


def bare(said: HttpResponse, addresses: list[str]) -> bytes:
    """Return what the answer says, without the reader's own tokens and the names asked for."""
    text = OWN_MARKS.sub(b"", said.content)
    for part in {part for address in addresses for part in re.split(r"[/?]", address)}:
        text = re.sub(rb"\b" + re.escape(part.encode()) + rb"\b", b"", text) if part else text
    return text


def unsafe(said: HttpResponse) -> bool:
    """Return whether a page could run or draw what did not come from our own files."""
    if not said.headers.get("Content-Type", "").startswith("text/html"):
        return False
    allowed = said.headers.get("Content-Security-Policy", "")
    return "script-src 'self';" not in allowed or "style-src 'self';" not in allowed or bool(
        INLINE.search(said.content))


def asking(row: str, method: str) -> list[str]:
    """Return who asks: every reader where there is a thing behind the address.

    Elsewhere a few, where all who are signed in get the same; and where the place makes no difference one of those who
    hold the same post in different places, from row to row another.
    """
    if "thing" in ROWS[row]:
        return WHO
    due = answers(row, method)
    if len({status for who, status in due.items() if who != ANONYMOUS}) == 1:
        return FEW
    of_one_role = [[who for who in WHO if who.split()[0] == role] for role in dict.fromkeys(w.split()[0] for w in WHO)]
    return [who for alike in of_one_role for who in (
        alike if len({due[who] for who in alike}) > 1 else [alike[len(row) % len(alike)]])]


def wrongs(method: str, world: World) -> dict[str, object]:
    found: dict[str, object] = {}
    for route in ROUTES:
        row = f"/{route}"
        if row not in ROWS or not takes(row, method):
            continue
        for who in asking(row, method):
            said, effort = asked(world, who, method, route)
            if said.status_code != answer(row, method, who):
                found[f"{method} {row} {who}"] = f"{said.status_code}, not {answer(row, method, who)}"
            elif "thing" in ROWS[row] and not sees(row, who):
                found |= told_apart(world, who, method, route, said, effort)
            if unsafe(said):
                found[f"{method} {row} {who} page"] = "has something inline, or no policy"
    return found


def told_apart(world: World, who: str, method: str, route: str, foreign: HttpResponse,
               effort: int) -> dict[str, object]:
    """Return how this reader could tell a foreign thing from one that does not exist."""
    missing, as_much = asked(world, who, method, route, there=False)
    both = [world.address(route), world.address(route, there=False)]
    one, two = ((said.status_code, bare(said, both), much) for said, much in ((foreign, effort), (missing, as_much)))
    return {} if one == two else {f"{method} /{route} {who} foreign": f"{one} tells it from a missing one: {two}"}


def test_reading_gives_each_reader_what_the_matrix_says(world):
    assert wrongs("GET", world) == {}


def test_writing_with_all_in_hand_is_taken_from_whom_the_matrix_says(world):
    assert wrongs("POST", world) == {}


def test_a_method_that_has_no_row_writes_nothing_for_anybody(world):
    found = {}
    for route in ROUTES:
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            if method in NOT_FORMS and takes(f"/{route}", method):
                continue
            for who in MIGHTY:
                status = asked(world, who, method, route)[0].status_code
                refused = {405, at_the_door(f"/{route}", who), None if sees(f"/{route}", who) else 404,
                           ROWS[f"/{route}"].get("read") if route == NOWHERE else None}
                if status not in refused:
                    found[f"{method} /{route} {who}"] = status
    assert found == {}


def test_each_move_is_taken_by_its_post_over_the_case_and_by_nobody_else(world):
    case = Case.objects.with_facts().get(pk=world.there["<case_id>"])
    found = {}
    for post, moves in POLICY["moves"].items():
        for move in moves:
            for who in WHO:
                if may(actor_of(who, world.units), move, case) != (who == post):
                    found[f"{move} {who}"] = who != post
    assert found == {}


def may(actor: Actor, move: str, case: Case) -> bool:
    try:
        policy.require(actor, move, case)
    except NotPermitted:
        return False
    return True


def test_every_move_and_every_route_has_its_row_and_no_row_is_left_over():
    moves = [move for of_one in POLICY["moves"].values() for move in of_one]
    assert sorted(moves) == sorted(MOVES)
    assert set(ROWS) == {f"/{route}" for route in ROUTES}
    for row, about in ROWS.items():
        assert set(about) <= {"door", "thing", "read", "write", "by", "but", "why"}, row
        assert {"read", "write"} & set(about), row
        assert readers(about.get("by", [])) <= set(WHO), row
        assert set(about.get("but", {})) <= set(WHO), row
        unusual = about.get("read", 200) != 200 or about.get("write", 302) not in {200, 201, 202, 302} or "but" in about
        assert unusual <= ("why" in about), f"{row} is an exception without a reason"


def test_every_word_of_the_policy_is_used_and_has_a_reason():
    assert {about["door"] for about in ROWS.values()} == set(POLICY["doors"])
    assert {about["thing"] for about in ROWS.values() if "thing" in about} == set(POLICY["things"])
    for part in ("doors", "things"):
        assert all(about["why"] for about in POLICY[part].values())
    assert readers(list(POLICY["groups"])) | {ANONYMOUS} == set(WHO)


def test_an_auditor_changes_no_thing_of_the_city():
    taken = {(row, who) for row, about in ROWS.items() if "write" in about and {"thing", "by"} & set(about)
             for who in readers(["auditor", "auditor elsewhere"]) if answer(row, "POST", who) < 400}
    assert taken == set()
