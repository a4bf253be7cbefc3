"""What is told of a case, and to whom."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from tests.make.areas import EAST, middle_of
from tests.make.assets import make_component
from tests.make.cases import (
    ACCEPTOR,
    CHECKER,
    DISPATCHER,
    HAZARD,
    SYSTEM,
    handler,
    make_case,
    make_case_in,
    make_district,
    make_photo,
    make_report,
    metres_east,
    post,
)

from linli.audit.actions import acting
from linli.cases import actions as cases
from linli.cases import queries
from linli.cases.domain.intake import Source
from linli.cases.models import Case
from linli.kernel import clock
from linli.kernel.actor import ANONYMOUS
from linli.kernel.errors import NotFound
from linli.kernel.level import Level
from linli.kernel.role import Role


@pytest.fixture
def units(system) -> dict[str, int]:
    return make_district()


def test_each_post_finds_in_its_queues_what_waits_for_it(units):
    for column, state in enumerate(("reported", "accepted", "filed", "dispatched", "handled", "checked", "closed")):
        make_case_in(state, units["drains"], where=metres_east(middle_of(0), 100 * column))
    mine = {"acceptor": ACCEPTOR, "dispatcher": DISPATCHER, "unit": handler(units["drains"]), "checker": CHECKER}
    waits = {name: {queue: n for queue, n in queries.counts(actor).items() if n} for name, actor in mine.items()}
    assert waits == {
        "acceptor": {"to_accept": 1, "to_file": 1, "to_close": 1, "open": 6, "closed": 1},
        "dispatcher": {"to_dispatch": 1, "open": 6, "closed": 1},
        "unit": {"to_handle": 1, "open": 3, "closed": 1},
        "checker": {"to_check": 1, "open": 6, "closed": 1},
    }
    assert [case.state for case in queries.inbox(CHECKER, "to_check")] == ["handled"]
    assert not queries.inbox(post(Role.CHECKER, EAST), "to_check").exclude(area_code__startswith=EAST)
    with pytest.raises(NotFound):
        queries.inbox(ACCEPTOR, "nonsense")


def test_ones_own_work_does_not_wait_for_ones_own_check(units):
    case = make_case_in("handled", units["drains"])
    Case.objects.filter(pk=case.pk).update(handled_by=CHECKER.ref)
    assert queries.counts(CHECKER)["to_check"] == 0


def test_late_is_only_what_is_known_to_be_late(units):
    late = make_case_in("dispatched", units["drains"])
    moment = clock.now() - timedelta(minutes=1)
    Case.objects.filter(pk=late.pk).update(filed_at=moment, started_at=moment, near_at=moment, due_at=moment)
    unknown = make_case(category="lamp_out")
    cases.move(unknown.pk, "accept", actor=ACCEPTOR)
    cases.move(unknown.pk, "file", actor=ACCEPTOR, condition="lamp_out.out", reason="急")
    Case.objects.filter(pk=unknown.pk).update(near_at=None, due_at=None)
    assert list(queries.inbox(ACCEPTOR, "late")) == [late]
    told = {line["id"]: line["late"] for line in json.loads(queries.cases_json(queries.inbox(ACCEPTOR, "open")))}
    assert told == {late.pk: True, unknown.pk: None}


def test_the_most_urgent_comes_first(units):
    plain = make_case(where=metres_east(middle_of(0), 100))
    red = make_case(source=Source.SENSOR, level=Level.RED, where=metres_east(middle_of(0), 200))
    due = make_case_in("filed", units["drains"])
    assert list(queries.inbox(ACCEPTOR, "open")) == [red, due, plain]


def test_the_pins_are_geojson_of_what_one_sees_and_no_more(units):
    case = make_case_in("dispatched", units["drains"])
    make_case_in("closed", units["drains"], where=middle_of(1))
    pins = json.loads(queries.open_pins(DISPATCHER))
    assert pins["type"] == "FeatureCollection"
    assert [pin["geometry"] for pin in pins["features"]] == [{"type": "Point", "coordinates": [case.lon, case.lat]}]
    assert pins["features"][0]["properties"]["state"] == "dispatched"
    assert json.loads(queries.open_pins(post(Role.DISPATCHER, EAST)))["features"] == []
    assert json.loads(queries.open_pins(ANONYMOUS))["features"] == []


def test_a_closed_case_is_walked_back_to_its_reading(units):
    manhole = make_component(maintaining=units["drains"])
    facts = {"exceedance": 5, "alert": 7, "thing": "mc-1", "metric": "tilt_deg", "value": 31.5}
    case = make_case_in("closed", units["drains"], source=Source.SENSOR, component_id=manhole.id, facts=facts)
    links = {link.kind: link for link in queries.chain(case.pk)}
    assert list(links) == ["reading", "alert", "case", "unit", "check", "close"]
    assert links["reading"].facts == facts
    assert all(link.at for link in links.values())


def test_the_chain_is_open_where_nothing_happened_yet(units):
    case = make_case_in("dispatched", units["drains"])
    assert [(link.kind, link.at is not None) for link in queries.chain(case.pk)] == [
        ("case", True), ("unit", True), ("check", False), ("close", False)]


def test_the_link_tells_its_holder_how_it_stands_and_nothing_of_others(units):
    own_photo = make_photo(ANONYMOUS)
    done = cases.submit(make_report(text="我报的", photos=(own_photo,)), actor=ANONYMOUS)
    other_photo = make_photo(ANONYMOUS)
    other = cases.submit(make_report(text="别人报的", photos=(other_photo,)), actor=ANONYMOUS)
    assert other.case_id == done.case_id
    assert done.follow_token
    told = queries.public_progress(done.follow_token)
    assert (told.number, told.text, told.photos, told.report_count) == (done.number, "我报的", (own_photo,), 2)
    assert told.unit_name == ""  # a proposed unit is not told
    assert "别人报的" not in repr(told)
    assert queries.photo_for_link(done.follow_token, own_photo)
    for hidden in (other_photo, make_photo(ANONYMOUS), uuid4()):
        with pytest.raises(NotFound):
            queries.photo_for_link(done.follow_token, hidden)


def test_the_link_shows_the_proof_of_the_work_and_the_reason_of_a_refusal(units):
    done = cases.submit(make_report(), actor=ANONYMOUS)
    cases.move(done.case_id, "reject", actor=ACCEPTOR, reason="已由他人修复", note="内部备注")
    assert done.follow_token
    told = queries.public_progress(done.follow_token)
    assert [step.reason for step in told.steps] == ["", "已由他人修复"]
    assert "内部备注" not in repr(told)
    assert ACCEPTOR.ref not in repr(told)


def test_the_link_shows_the_photos_of_the_work_and_none_of_the_dispute_about_it(units):
    done = cases.submit(make_report(), actor=ANONYMOUS)
    mine, proof, dispute = handler(units["drains"]), make_photo(handler(units["drains"])), make_photo(CHECKER)
    for name, actor, given in (
        ("accept", ACCEPTOR, {}), ("file", ACCEPTOR, {"condition": HAZARD, "reason": "急"}),
        ("dispatch", DISPATCHER, {"unit": units["drains"]}), ("report_done", mine, {"evidence": [proof]}),
        ("send_back", CHECKER, {"reason": "没盖严", "evidence": [dispute]}),
    ):
        cases.move(done.case_id, name, actor=actor, **given)
    assert done.follow_token
    told = queries.public_progress(done.follow_token)
    assert [step.photos for step in told.steps if step.photos] == [(proof,)]
    assert told.unit_name == "城北排水"
    assert "没盖严" not in repr(told)
    assert queries.photo_for_link(done.follow_token, proof)
    with pytest.raises(NotFound):
        queries.photo_for_link(done.follow_token, dispute)


@pytest.mark.parametrize("token", ["", "x", "a" * 22, "井", "\ud800", "a" * 10_000])
def test_a_link_of_nobody_leads_nowhere(units, token):
    with pytest.raises(NotFound):
        queries.public_progress(token)


def test_the_link_works_without_any_scope_of_its_own(units):
    done = cases.submit(make_report(), actor=ANONYMOUS)
    assert done.follow_token
    with acting(ANONYMOUS):
        assert queries.public_progress(done.follow_token).number == done.number


def test_a_cases_photo_is_for_those_who_see_the_case(units):
    photo = make_photo(SYSTEM)
    case = make_case(source=Source.SENSOR, photos=(photo,))
    assert queries.photo_for(ACCEPTOR, case.pk, photo)
    another = make_case(category="lamp_out")
    for actor, asked in ((ANONYMOUS, case), (post(Role.ACCEPTOR, EAST), case), (ACCEPTOR, another)):
        with pytest.raises(NotFound):
            queries.photo_for(actor, asked.pk, photo)


def test_every_category_can_be_filed_and_says_where_it_comes_from(units):
    for category in queries.categories():
        conditions = list(queries.conditions_of(category.pk))
        assert conditions, category.code
        assert all(row.scheme and row.version and row.source for row in (category, *conditions))
    assert queries.categories(quick=True).count() >= 4
