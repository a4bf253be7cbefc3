"""Builders of reports and cases (案件), on the small district of `tests.make.areas`."""

import io
from datetime import timedelta
from hashlib import sha256
from itertools import count
from uuid import UUID, uuid4

from PIL import Image
from tests.make.areas import DISTRICT, WEST, make_areas, middle_of
from tests.make.organisations import make_unit, put_on_duty

from linli.audit import actions as audit
from linli.cases import actions as cases
from linli.cases.domain.intake import Report, Source
from linli.cases.models import Case
from linli.files import queries as files
from linli.files.domain import store
from linli.files.models import Photo
from linli.kernel import clock
from linli.kernel.actor import ANONYMOUS, Actor, Post
from linli.kernel.geo import Point
from linli.kernel.role import Role

SYSTEM = Actor.system("test")
MANHOLE = "manhole_missing"
HAZARD = "manhole_missing.hazard"
_refs = count(1)


def post(role: Role, area: str = DISTRICT, *, name: str | int = 1, unit: int | None = None) -> Actor:
    """Return somebody with one post; `name` tells two of a role apart."""
    return Actor(f"user:{role.value}-{name}", (Post(role.value, area, unit),))


ACCEPTOR, DISPATCHER, CHECKER = post(Role.ACCEPTOR), post(Role.DISPATCHER), post(Role.CHECKER)
GRID_WORKER = post(Role.GRID, WEST)


def make_district() -> dict[str, int]:
    """Enter the small district and its units; return their ids: drains, duty (of the west community), fallback."""
    make_areas()
    units = {"drains": make_unit("城北排水"), "duty": make_unit("柳塘物业"),
             "fallback": make_unit("区城管局", is_fallback=True)}
    put_on_duty(WEST, units["duty"])
    return units


def make_report(source: Source = Source.RESIDENT, **changes: object) -> Report:
    """Return a resident's report of a missing manhole cover in the middle of grid A, seen just now."""
    given: dict[str, object] = {
        "source": source, "source_ref": f"report-{next(_refs)}", "category": MANHOLE, "where": middle_of(0),
        "seen_at": clock.now() - timedelta(minutes=1),
    }
    return Report(**{**given, **changes})  # type: ignore[arg-type]


def make_case(**changes: object) -> Case:
    """Submit a report that opens a case, and return the case."""
    report = make_report(**changes)  # type: ignore[arg-type]
    done = cases.submit(report, actor=SYSTEM if report.source is Source.SENSOR else ANONYMOUS)
    assert not done.merged
    return case_now(done.case_id)


def case_now(case_id: int) -> Case:
    """Return a case as it stands, whoever asks."""
    with audit.acting(SYSTEM):
        return Case.objects.with_facts().get(pk=case_id)


def make_photo(actor: Actor) -> UUID:
    """Keep a small photo in this actor's name and return its id, without the decoder's own process."""
    out = io.BytesIO()
    Image.new("RGB", (8, 6), "grey").save(out, "JPEG")
    photo_id, jpeg = uuid4(), out.getvalue()
    store.write(files.folder(), photo_id, jpeg)
    return Photo.objects.create(id=photo_id, sha256=sha256(jpeg).digest(), width=8, height=6, size_bytes=len(jpeg),
                                kept_by=actor.ref, kept_at=clock.now()).pk


def handler(unit_id: int, name: str | int = 1) -> Actor:
    """Return somebody of the handling unit."""
    return post(Role.UNIT, DISTRICT, name=f"{unit_id}-{name}", unit=unit_id)


def make_case_in(state: str, unit: int, **changes: object) -> Case:
    """Return a case moved up to `state` by one person each: acceptor, dispatcher, handler, checker."""
    case = make_case(**changes)
    if state == "void":
        return cases.move(case.pk, "reject", actor=ACCEPTOR, reason="查无此事")
    for name, reached, actor, given in moves_to_close(unit):
        if case.state == state:
            break
        photos = {"evidence": [make_photo(actor)]} if name in ("report_done", "check") else {}
        case = cases.move(case.pk, name, actor=actor, **given, **photos)
        assert case.state == reached
    assert case.state == state
    return case


def moves_to_close(unit: int) -> list[tuple[str, str, Actor, dict[str, object]]]:
    """Return the straight way to a close: move, state reached, actor, what is given beside photos."""
    return [
        ("accept", "accepted", ACCEPTOR, {}),
        ("file", "filed", ACCEPTOR, {"condition": HAZARD, "reason": "现场紧急, 先行立案"}),
        ("dispatch", "dispatched", DISPATCHER, {"unit": unit}),
        ("report_done", "handled", handler(unit), {}),
        ("check", "checked", CHECKER, {}),
        ("close", "closed", ACCEPTOR, {"condition_met": True}),
    ]


def metres_east(where: Point, metres: float) -> Point:
    """Return the place so many metres further east, near 30° north."""
    return Point(where.lon + metres / 96_300, where.lat)
