"""A report comes in: it is known, it joins, or it opens a case at the right unit."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from tests.make.areas import DISTRICT, GRID_A, GRID_C, middle_of
from tests.make.assets import make_component
from tests.make.cases import (
    ACCEPTOR,
    GRID_WORKER,
    SYSTEM,
    case_now,
    handler,
    make_case,
    make_case_in,
    make_district,
    make_photo,
    make_report,
    metres_east,
)

from linli.cases import actions as cases
from linli.cases import queries
from linli.cases.actions.matching import find_matter
from linli.cases.domain.intake import Source
from linli.cases.models import Case, CaseReport, CaseStep
from linli.kernel.actor import ANONYMOUS
from linli.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from linli.kernel.geo import Point
from linli.kernel.level import Level


@pytest.fixture
def units(system) -> dict[str, int]:
    return make_district()


def test_a_report_opens_a_case_with_number_title_grid_and_unit(units):
    done = cases.submit(make_report(text="井盖没了"), actor=ANONYMOUS)
    case = case_now(done.case_id)
    assert (done.merged, done.number) == (False, case.number)
    assert case.number.startswith("Q")
    assert case.title == "井盖缺失、移位 · 柳塘社区 网格 001"
    assert (case.area_code, case.state, case.unit_id) == (GRID_A, "reported", units["duty"])
    assert "井盖没了" not in case.title
    assert [step.move for step in queries.timeline(case.pk)] == ["opened"]


def test_a_report_sent_twice_gets_the_same_answer_and_writes_nothing(units):
    report = make_report()
    first, second = (cases.submit(report, actor=ANONYMOUS) for _ in range(2))
    assert replace(second, follow_token=None) == replace(first, follow_token=None)
    assert second.follow_token is None  # its reference is short enough to be guessed
    assert (Case.objects.count(), CaseReport.objects.count(), CaseStep.objects.count()) == (1, 1, 1)


def test_a_resend_under_a_secret_reference_gets_a_working_link_again(units):
    report = make_report(source_ref=str(uuid4()))
    tokens = [cases.submit(report, actor=ANONYMOUS).follow_token for _ in range(6)]
    assert len(set(tokens[:5])) == 5
    assert None not in tokens[:5]
    assert tokens[5] is None
    assert {queries.public_progress(token).number for token in tokens[:5] if token} == {Case.objects.get().number}


def test_only_the_hash_of_a_follow_token_is_kept(units):
    done = cases.submit(make_report(), actor=ANONYMOUS)
    kept = bytes(CaseReport.objects.get().follow_links.get().token_sha256)
    assert done.follow_token
    assert done.follow_token.encode() not in kept
    assert len(kept) == 32
    with pytest.raises(NotFound):
        queries.public_progress(done.follow_token[:-1])


def test_a_second_report_of_the_same_matter_joins_and_its_reporter_gets_an_own_link(units):
    first = cases.submit(make_report(), actor=ANONYMOUS)
    second = cases.submit(make_report(where=metres_east(middle_of(0), 20)), actor=ANONYMOUS)
    assert (second.case_id, second.merged) == (first.case_id, True)
    assert second.follow_token not in (None, first.follow_token)
    assert case_now(first.case_id).report_count == 2
    assert [step.move for step in queries.timeline(first.case_id)] == ["opened", "merged"]


@pytest.mark.parametrize("change", [
    {"category": "lamp_out"},
    {"where": metres_east(middle_of(0), 60)},
])
def test_another_matter_opens_its_own_case(units, change):
    cases.submit(make_report(), actor=ANONYMOUS)
    assert not cases.submit(make_report(**change), actor=ANONYMOUS).merged


def test_a_report_long_after_opens_its_own_case(units):
    cases.submit(make_report(seen_at=make_report().seen_at - timedelta(days=4)), actor=ANONYMOUS)
    assert not cases.submit(make_report(), actor=ANONYMOUS).merged


@pytest.mark.parametrize("state", ["closed", "void"])
def test_nothing_joins_a_case_that_is_over(units, state):
    over = make_case_in(state, units["drains"])
    assert not cases.submit(make_report(), actor=ANONYMOUS).merged
    assert case_now(over.pk).report_count == 1


def test_nothing_joins_a_case_that_ends_while_its_lock_is_waited_for(units, monkeypatch):
    case = make_case()

    def found_then_over(*given):
        found = find_matter(*given)
        Case.objects.filter(pk=case.pk).update(state="void")  # as somebody else's move, committed in between
        return found

    monkeypatch.setattr("linli.cases.actions.intake.find_matter", found_then_over)
    done = cases.submit(make_report(), actor=ANONYMOUS)
    assert (done.merged, done.case_id == case.pk) == (False, False)


def test_a_sensor_a_grid_worker_and_a_resident_meet_in_one_case(units):
    manhole = make_component(maintaining=units["drains"])
    first = cases.submit(make_report(Source.SENSOR, component_id=manhole.id, level=Level.YELLOW), actor=SYSTEM)
    second = cases.submit(make_report(Source.GRID, where=metres_east(middle_of(0), 10)), actor=GRID_WORKER)
    third = cases.submit(make_report(), actor=ANONYMOUS)
    assert {second.case_id, third.case_id} == {first.case_id}
    assert [bool(done.follow_token) for done in (first, second, third)] == [False, False, True]


def test_a_later_higher_level_raises_the_case_and_a_lower_one_does_not(units):
    report = make_report(Source.SENSOR, level=Level.BLUE)
    case = cases.submit(report, actor=SYSTEM)
    for level, expected in ((Level.ORANGE, "orange"), (Level.YELLOW, "orange"), (Level.RED, "red")):
        again = cases.submit(replace(report, level=level), actor=SYSTEM)
        assert again.case_id == case.case_id
        assert case_now(case.case_id).level == expected
    raised = [step.given for step in queries.timeline(case.case_id) if step.move == "level_raised"]
    assert raised == [{"from": "blue", "to": "orange"}, {"from": "orange", "to": "red"}]


def test_a_component_goes_to_the_unit_that_maintains_it(units):
    manhole = make_component(maintaining=units["drains"])
    case = make_case(component_id=manhole.id)
    assert (case.unit_id, case.route_rule, case.component_id) == (units["drains"], "component", manhole.id)


def test_a_component_nobody_maintains_falls_through_to_the_grid(units):
    manhole = make_component(maintaining=None)
    case = make_case(component_id=manhole.id)
    assert (case.unit_id, case.route_rule, case.component_id) == (units["duty"], "grid_duty", manhole.id)


@pytest.mark.parametrize(("metres", "rule"), [(25, "nearby_component"), (35, "grid_duty")])
def test_without_a_component_the_nearest_of_its_classes_within_thirty_metres_names_the_unit(units, metres, rule):
    manhole = make_component(where=metres_east(middle_of(0), metres), maintaining=units["drains"])
    case = make_case()
    assert case.route_rule == rule
    assert case.component_id == (manhole.id if rule == "nearby_component" else None)
    assert case.unit_id == (units["drains"] if rule == "nearby_component" else units["duty"])


def test_a_component_of_another_class_nearby_names_nobody(units):
    make_component(code="9901010118000001", maintaining=units["drains"])
    assert make_case().route_rule == "grid_duty"


def test_a_grid_without_a_duty_unit_goes_to_the_fallback(units):
    case = make_case(where=middle_of(2))
    assert (case.area_code, case.unit_id, case.route_rule) == (GRID_C, units["fallback"], "fallback")


def test_a_place_outside_every_grid_gets_the_districts_code_and_the_fallback(units):
    case = make_case(where=middle_of(4))
    assert (case.area_code, case.unit_id, case.route_rule) == (DISTRICT, units["fallback"], "fallback")


def test_a_place_outside_the_district_is_refused_with_a_remedy(units):
    with pytest.raises(Invalid) as refusal:
        cases.submit(make_report(where=Point(121.0, 31.0)), actor=ANONYMOUS)
    assert (refusal.value.code, refusal.value.field) == ("cases.outside", "where")
    assert "move the mark" in refusal.value.message


def test_a_component_named_later_takes_the_place_of_one_guessed(units):
    make_component(code="9901010102000001", where=metres_east(middle_of(0), 5), maintaining=units["duty"])
    meant = make_component(code="9901010102000002", where=metres_east(middle_of(0), 15), maintaining=units["drains"])
    case = make_case()
    assert case.route_rule == "nearby_component"
    assert cases.submit(make_report(Source.SENSOR, component_id=meant.id), actor=SYSTEM).case_id == case.pk
    case = case_now(case.pk)
    assert (case.component_id, case.unit_id, case.route_rule) == (meant.id, units["drains"], "component")


def test_once_dispatched_a_report_no_longer_changes_the_unit(units):
    meant = make_component(code="9901010102000002", maintaining=units["duty"])
    case = make_case_in("dispatched", units["drains"])
    cases.submit(make_report(Source.SENSOR, component_id=meant.id), actor=SYSTEM)
    assert case_now(case.pk).unit_id == units["drains"]


@pytest.mark.parametrize(("change", "code"), [
    ({"category": "no-such"}, "cases.no_such_category"),
    ({"component_id": 999_999}, "cases.no_such_component"),
    ({"photos": (uuid4(),)}, "files.no_such_photo"),
])
def test_what_a_report_names_must_be_there(units, change, code):
    with pytest.raises(Invalid) as refusal:
        cases.submit(make_report(**change), actor=ANONYMOUS)
    assert refusal.value.code == code


def test_a_photo_serves_one_report_only(units):
    photo = make_photo(ANONYMOUS)
    done = cases.submit(make_report(photos=(photo,)), actor=ANONYMOUS)
    assert queries.reports_of(done.case_id)[0].photos == (photo,)
    with pytest.raises(Conflict):
        cases.submit(make_report(photos=(photo,)), actor=ANONYMOUS)


@pytest.mark.parametrize(("source", "actor"), [
    (Source.SENSOR, ANONYMOUS), (Source.SENSOR, GRID_WORKER), (Source.GRID, ANONYMOUS), (Source.GRID, ACCEPTOR),
    (Source.GRID, handler(1)),
])
def test_nobody_reports_in_anothers_name(units, source, actor):
    with pytest.raises(NotPermitted):
        cases.submit(make_report(source), actor=actor)
