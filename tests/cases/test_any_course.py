"""Whatever anybody tries with a case, at whatever hour: its history only grows, nothing of its clock comes twice."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.make import clock
from tests.make.cases import (
    ACCEPTOR,
    CHECKER,
    DISPATCHER,
    GRID_WORKER,
    HAZARD,
    case_now,
    handler,
    make_case,
    make_district,
    make_photo,
)

from linli.cases import actions as cases
from linli.cases import policy
from linli.cases.domain.facts import EXTENSIONS_AT_MOST
from linli.cases.domain.stages import KINDS
from linli.cases.domain.workflow import MOVES, State
from linli.cases.models import Case, CaseReport, CaseStep, CaseTimer
from linli.kernel.actor import Actor
from linli.kernel.errors import DomainError

MONDAY = datetime(2026, 11, 23, 1, tzinfo=UTC)
OF_STAGES = {kind.value for kind in KINDS.values()}
courses = st.lists(st.tuples(st.booleans(), st.integers(0, 10_000), st.sampled_from([0, 0, 1, 3, 30, 200])),
                   min_size=15, max_size=40)


@pytest.fixture
def units(system) -> dict[str, int]:
    return make_district()


def everybody(case: Case, unit: int) -> list[Actor]:
    report = CaseReport.objects.get(case=case)
    return [ACCEPTOR, DISPATCHER, CHECKER, GRID_WORKER, handler(unit), handler(unit, 2), Actor(f"report:{report.pk}")]


def attempt(case: Case, sensible: bool, number: int, people: list[Actor], unit: int, now: datetime) -> None:
    """Try a move: one that somebody may take now, or any by anybody."""
    pairs = [(name, who) for who in people for name in (policy.moves_allowed(who, case) if sensible else MOVES)]
    if not pairs:
        return
    name, who = pairs[number % len(pairs)]
    hand_in = {"reason": "原因", "condition": HAZARD, "unit": unit, "condition_met": True,
               "until": (now + timedelta(days=3)).date()}
    given_now = {need: hand_in[need] for need in MOVES[name].needs - {"evidence"}} | {"reason": "原因"}
    if "evidence" in MOVES[name].needs:
        given_now["evidence"] = [make_photo(who)]
    try:
        with transaction.atomic():
            cases.move(case.pk, name, actor=who, **given_now)
    except DomainError:
        return


def holds(case: Case, before: list[dict[str, object]]) -> list[dict[str, object]]:
    """Judge what must always hold of a case, and return its history."""
    steps = list(CaseStep.objects.filter(case=case).order_by("pk").values())
    assert steps[:len(before)] == before
    taken = Counter(step["move"] for step in steps)
    assert taken["agree_extension"] == case.extensions <= EXTENSIONS_AT_MOST
    assert taken["agree_suspension"] <= 1
    timers = list(CaseTimer.objects.filter(case=case))
    waiting = {timer.kind for timer in timers if timer.fired_at is None}
    assert len(waiting) == sum(timer.fired_at is None for timer in timers)
    assert waiting & OF_STAGES <= {KINDS[State(case.state)].value} if State(case.state) in KINDS else not (
        waiting & OF_STAGES)
    assert case.state in ("filed", "dispatched") or waiting <= OF_STAGES
    told = Counter(step["once"] for step in steps if str(step["once"]).startswith("timer:"))
    assert told == Counter(f"timer:{timer.pk}" for timer in timers if timer.fired_at is not None)
    return steps


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(course=courses)
def test_whatever_is_tried_a_cases_history_only_grows_and_its_clock_is_one(units, course):
    with transaction.atomic():
        now, unit = MONDAY, units["drains"]
        with clock.at(now):
            case = make_case()
            people, history = everybody(case, unit), holds(case, [])
        for sensible, number, hours in course:
            now += timedelta(hours=hours, minutes=1)
            with clock.at(now):
                while cases.fire_timers(now):
                    pass
                attempt(case_now(case.pk), sensible, number, people, unit, now)
                case = case_now(case.pk)
                history = holds(case, history)
        transaction.set_rollback(True)
