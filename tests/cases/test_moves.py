"""Who may move a case, and what a move leaves behind."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.make.areas import DISTRICT, EAST, GRID_A, WEST
from tests.make.cases import (
    ACCEPTOR,
    CHECKER,
    DISPATCHER,
    HAZARD,
    case_now,
    handler,
    make_case,
    make_case_in,
    make_district,
    make_photo,
    post,
)

from linli.audit import queries as audit
from linli.audit.actions import acting
from linli.cases import actions as cases
from linli.cases import policy, queries
from linli.cases.domain import workflow
from linli.cases.domain.limits import Standing
from linli.cases.domain.workflow import MOVES, State
from linli.cases.models import Case, CaseReport, CaseStep, FollowLink
from linli.kernel.actor import ANONYMOUS, Actor, Post
from linli.kernel.errors import Conflict, Invalid, NotAllowedNow, NotFound, NotPermitted
from linli.kernel.role import Role

MAY = {
    Role.ACCEPTOR: {"accept", "reject", "ask_to_verify", "file", "close", "reopen"},
    Role.GRID: {"verify", "not_found"},
    Role.DISPATCHER: {"dispatch", "agree_extension", "refuse_extension", "agree_suspension", "refuse_suspension"},
    Role.UNIT: {"return_to_dispatcher", "ask_extension", "ask_suspension", "resume", "report_done"},
    Role.CHECKER: {"check", "send_back"},
    Role.RESIDENT: {"refuse_closure"},
}


@pytest.fixture
def units(system) -> dict[str, int]:
    return make_district()


def take(case: Case, name: str, actor: Actor, units: dict[str, int], **changes: object) -> Case:
    """Take a move with everything it could need."""
    given: dict[str, object] = {}
    needs = MOVES[name].needs
    for need, value in (("reason", "不属本单位"), ("condition", HAZARD), ("unit", units["duty"]),
                        ("condition_met", True)):
        if need in needs:
            given[need] = value
    if "evidence" in needs:
        given["evidence"] = [make_photo(actor)]
    return cases.move(case.pk, name, actor=actor, **{**given, **changes})


def test_every_move_has_its_post_and_every_post_its_moves():
    assert {role: {name for name, move in MOVES.items() if move.role is role} for role in MAY} == MAY
    assert {move.role for move in MOVES.values()} == set(MAY)


def test_each_move_is_for_one_post_over_the_case_whatever_its_state(units):
    """Every role, move and state, and everything that may hold of a case: asked of the policy, without a step."""
    case = make_case_in("dispatched", units["drains"])
    actors = {role: post(role, name="somebody", unit=units["drains"] if role is Role.UNIT else None) for role in Role}
    CaseReport.objects.filter(case=case).update(reporter=actors[Role.RESIDENT].ref)
    asked = 0
    for role, actor in actors.items():
        for name in MOVES:
            asked += 1
            if name in MAY.get(role, ()):
                policy.require(actor, name, case)
            else:
                with pytest.raises(NotPermitted):
                    policy.require(actor, name, case)
        for state in State:
            case.state = state.value
            possible = set(workflow.moves_from(state, policy.facts_of(case)))
            assert set(policy.moves_allowed(actor, case)) == possible & MAY.get(role, set()), (role, state)
    assert asked == len(Role) * len(MOVES)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.RESIDENT}))
def test_the_action_asks_the_policy(units, role):
    case = make_case_in("accepted", units["drains"])
    actor = post(role, name="somebody", unit=units["drains"] if role is Role.UNIT else None)
    if role is Role.ACCEPTOR:
        assert take(case, "file", actor, units, reason="急").state == "filed"
        return
    with pytest.raises((NotPermitted, NotFound)):
        take(case, "file", actor, units)
    assert case_now(case.pk).state == "accepted"


@pytest.mark.parametrize("actor", [ANONYMOUS, Actor.system("linli"), Actor("user:9")])
def test_nobody_moves_a_case_without_a_post_not_even_linli_itself(units, actor):
    case = make_case()
    with pytest.raises((NotPermitted, NotFound)):
        cases.move(case.pk, "accept", actor=actor)


@pytest.mark.parametrize("state", ["reported", "filed", "dispatched", "handled", "checked"])
def test_another_areas_case_does_not_exist_for_reading_or_moving(units, state):
    case = make_case_in(state, units["drains"])
    assert case.area_code == GRID_A
    for actor in (post(Role.ACCEPTOR, EAST), post(Role.CHECKER, EAST), handler(units["duty"])):
        assert not policy.visible_cases(actor).filter(pk=case.pk).exists()
        for name in ("accept", "file", "dispatch", "report_done", "check", "reopen"):
            with pytest.raises(NotFound):
                take(case, name, actor, units)
        with pytest.raises(NotFound):
            queries.photo_for(actor, case.pk, make_photo(actor))


def test_the_database_itself_hides_another_areas_case(units):
    case = make_case()
    for actor, rows in ((post(Role.ACCEPTOR, EAST), 0), (post(Role.ACCEPTOR, WEST), 1), (ANONYMOUS, 0)):
        with acting(actor):
            assert Case.objects.filter(pk=case.pk).count() == rows
            assert CaseStep.objects.filter(case_id=case.pk).count() == rows
            assert CaseReport.objects.filter(case_id=case.pk).count() == rows
            assert FollowLink.objects.filter(report__case=case.pk).count() == rows


def test_a_unit_sees_a_case_from_dispatch_on_and_no_longer_after_giving_it_back(units):
    mine = handler(units["drains"])
    case = make_case_in("filed", units["drains"])
    assert not policy.visible_cases(mine).exists()
    cases.move(case.pk, "dispatch", actor=DISPATCHER, unit=units["drains"])
    assert policy.visible_cases(mine).get() == case
    cases.move(case.pk, "return_to_dispatcher", actor=mine, reason="不属本单位")
    assert not policy.visible_cases(mine).exists()
    assert case_now(case.pk).unit_id is None
    assert queries.timeline(case.pk)[-1].unit_name == "城北排水"


def test_a_unit_that_sees_anothers_case_by_a_second_post_may_not_work_it(units):
    case = make_case_in("dispatched", units["drains"])
    curious = Actor("user:curious", (Post("unit", DISTRICT, units["duty"]), Post("grid", DISTRICT)))
    assert policy.moves_allowed(curious, case) == []
    with pytest.raises(NotPermitted):
        take(case, "report_done", curious, units)


@pytest.mark.parametrize("judging", ["check", "send_back"])
def test_who_handled_may_not_judge_whatever_posts_they_hold(units, judging):
    both = Actor("user:both", (Post("unit", DISTRICT, units["drains"]), Post("checker", DISTRICT),
                               Post("acceptor", DISTRICT)))
    case = make_case_in("dispatched", units["drains"])
    cases.move(case.pk, "report_done", actor=both, evidence=[make_photo(both)])
    assert judging not in policy.moves_allowed(both, case_now(case.pk))
    with pytest.raises(NotPermitted) as refusal:
        take(case, judging, both, units)
    assert refusal.value.code == "cases.handler_judges"
    take(case, "check", CHECKER, units)
    with pytest.raises(NotPermitted):
        take(case, "close", both, units)


def test_an_earlier_handler_may_not_check_a_later_ones_work(units):
    both = Actor("user:both", (Post("unit", DISTRICT, units["drains"]), Post("checker", DISTRICT)))
    case = make_case_in("dispatched", units["drains"])
    take(case, "report_done", both, units)
    take(case, "send_back", CHECKER, units)
    take(case, "report_done", handler(units["drains"]), units)
    with pytest.raises(NotPermitted):
        take(case, "check", both, units)


def test_the_database_refuses_a_handler_who_checks_even_without_the_action(units):
    case = make_case_in("handled", units["drains"])
    with pytest.raises(IntegrityError, match="cases_case_checked_by_another"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(state="checked", checked_by=case.handled_by)
    with pytest.raises(IntegrityError, match="may not judge"), transaction.atomic():
        CaseStep.objects.create(case=case, move="check", before="handled", state="checked", at=case.opened_at,
                                actor=case.handled_by)


@pytest.mark.parametrize(("change", "constraint"), [
    ({"state": "closed"}, "checked_before_closed"),
    ({"closed_at": "2026-01-01T00:00:00Z"}, "closed_at_iff_closed"),
    ({"state": "b"}, "cases_case_state"),
    ({"state": "filed"}, "filed_before_dispatch"),
    ({"limit_amount": 2}, "limit_iff_filed"),
    ({"area_code": ""}, "cases_case_area_code"),
    ({"level": "purple"}, "cases_case_level"),
    ({"route_rule": "guess"}, "cases_case_route_rule"),
])
def test_what_must_never_be_false_the_database_refuses(units, change, constraint):
    case = make_case()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**change)


def test_a_closed_case_has_its_moment_and_no_other_has_one(units):
    case = make_case_in("checked", units["drains"])
    with pytest.raises(IntegrityError, match="closed_at_iff_closed"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(state="closed")


def test_a_record_is_only_added_to(units):
    step = make_case().steps.get()
    for write in (lambda: CaseStep.objects.filter(pk=step.pk).update(move="accept"), step.delete):
        with pytest.raises(Exception, match=r"permission denied|append-only"), transaction.atomic():
            write()


def test_filing_sets_the_conditions_limit_and_emergency_hours_run_on(units):
    case = make_case_in("filed", units["drains"])
    assert (case.limit_amount, case.limit_unit) == (2, "emergency_hour")
    assert case.due_at == case.filed_at + timedelta(hours=2)
    assert case.standing is Standing.RUNNING


@pytest.mark.parametrize("condition", ["lamp_out.out", "no-such"])
def test_a_case_is_filed_only_on_a_condition_of_its_category(units, condition):
    case = make_case_in("accepted", units["drains"])
    with pytest.raises(Invalid):
        cases.move(case.pk, "file", actor=ACCEPTOR, condition=condition)


def test_a_case_goes_only_to_a_working_unit_of_its_district(units):
    case = make_case_in("filed", units["drains"])
    with pytest.raises(Invalid):
        cases.move(case.pk, "dispatch", actor=DISPATCHER, unit=999_999)


def test_proof_must_be_ones_own_fresh_photo(units):
    case = make_case_in("dispatched", units["drains"])
    mine = handler(units["drains"])
    with pytest.raises(Invalid):
        cases.move(case.pk, "report_done", actor=mine, evidence=[])
    with pytest.raises(Invalid):
        cases.move(case.pk, "report_done", actor=mine, evidence=[make_photo(CHECKER)])
    photo = make_photo(mine)
    cases.move(case.pk, "report_done", actor=mine, evidence=[photo])
    take(case, "send_back", CHECKER, units)
    with pytest.raises(Conflict):
        cases.move(case.pk, "report_done", actor=mine, evidence=[photo])


def test_a_case_is_not_closed_while_its_closing_condition_is_not_met(units):
    case = make_case_in("checked", units["drains"])
    with pytest.raises(Invalid):
        cases.move(case.pk, "close", actor=ACCEPTOR, condition_met=False)


def test_a_case_walked_to_its_close_leaves_every_step_and_its_trail(units):
    case = make_case_in("closed", units["drains"])
    assert case.closed_at
    assert case.handled_by != case.checked_by
    steps = queries.timeline(case.pk)
    assert [step.move for step in steps] == ["opened", "accept", "file", "dispatch", "report_done", "check", "close"]
    assert [step.post for step in steps][1:] == ["acceptor", "acceptor", "dispatcher", "unit", "checker", "acceptor"]
    deeds = [entry.deed for entry in audit.entries_of(f"case:{case.pk}")]
    assert deeds == ["cases.submit", *(f"cases.{name}" for name in
                                       ("accept", "file", "dispatch", "report_done", "check", "close"))]


def test_what_was_sent_back_runs_on_until_done_again(units):
    case = make_case_in("handled", units["drains"])
    assert case.handled_at
    case = take(case, "send_back", CHECKER, units)
    assert (case.handled_at, case.unit_id) == (None, units["drains"])
    case = take(case, "report_done", handler(units["drains"]), units)
    assert case.handled_at


def test_a_move_that_was_taken_a_moment_ago_is_not_possible_again(units):
    case = make_case()
    cases.move(case.pk, "accept", actor=ACCEPTOR)
    with pytest.raises(NotAllowedNow):
        cases.move(case.pk, "accept", actor=post(Role.ACCEPTOR, WEST, name=2))
    assert State(case_now(case.pk).state) is State.ACCEPTED
