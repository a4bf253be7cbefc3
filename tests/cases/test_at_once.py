"""Many at once: real commits, real threads."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from tests.make.areas import SIDE, middle_of
from tests.make.cases import ACCEPTOR, SYSTEM, case_now, make_case, make_district, make_report, metres_east, post

from linli.audit import actions as audit
from linli.cases import actions as cases
from linli.cases.domain.merging import Verdict
from linli.cases.models import Case, CaseReport, Likeness
from linli.cases.queries.matters import roots_of
from linli.kernel.actor import ANONYMOUS
from linli.kernel.errors import NotAllowedNow
from linli.kernel.geo import Point
from linli.kernel.role import Role

BORDER = 120 + SIDE  # between grids A and B


@pytest.fixture
def units(fresh_db) -> dict[str, int]:
    with audit.acting(SYSTEM):
        return make_district()


def all_at_once(deeds: list[Callable[[], object]], threads: int) -> list[object]:
    """Run the deeds in `threads` threads that start together; return what each gave or raised."""
    gate = threading.Barrier(threads)
    waiting = threading.local()

    def run(deed: Callable[[], object]) -> object:
        if not getattr(waiting, "passed", False):
            waiting.passed = True
            gate.wait(10)
        try:
            return deed()
        except Exception as error:
            return error

    with ThreadPoolExecutor(threads) as pool:
        given = list(pool.map(run, deeds))
        list(pool.map(lambda _: connection.close(), range(threads * 4)))
    return given


def hand_in(place: Point) -> Callable[[], object]:
    def deed() -> object:
        with audit.acting(ANONYMOUS):
            return cases.submit(make_report(where=place), actor=ANONYMOUS)

    return deed


@pytest.mark.parametrize("spread_m", [0.0, 4.0])
def test_twenty_four_reports_from_eight_threads_astride_a_grid_border_are_one_case(units, spread_m):
    places = [Point(BORDER + (-1) ** i * (1e-6 + spread_m / 96_300), 30.001) for i in range(24)]
    done = all_at_once([hand_in(place) for place in places], 8)
    assert not [error for error in done if isinstance(error, Exception)]
    with audit.acting(SYSTEM):
        case = Case.objects.get()
        assert CaseReport.objects.filter(case=case).count() == case.report_count == 24
        assert CaseReport.objects.filter(merged=False).count() == 1
    assert {answer.case_id for answer in done} == {case.pk}


def test_the_same_report_sent_eight_times_at_once_is_kept_once(units):
    report = make_report()

    def deed() -> object:
        with audit.acting(ANONYMOUS):
            return cases.submit(report, actor=ANONYMOUS)

    done = all_at_once([deed] * 8, 8)
    assert len({answer.report_id for answer in done}) == 1
    with audit.acting(SYSTEM):
        assert CaseReport.objects.count() == 1


def test_of_two_people_who_move_one_case_at_once_one_wins_and_the_other_is_told(units):
    with audit.acting(SYSTEM):
        case = make_case()

    def accept(actor) -> Callable[[], object]:
        def deed() -> object:
            with audit.acting(actor):
                return cases.move(case.pk, "accept", actor=actor)

        return deed

    done = all_at_once([accept(ACCEPTOR), accept(post(Role.ACCEPTOR, name=2))], 2)
    assert sorted(type(answer).__name__ for answer in done) == ["Case", "NotAllowedNow"]
    assert [a.code for a in done if isinstance(a, NotAllowedNow)] == ["cases.not_now"]
    with audit.acting(SYSTEM):
        assert case_now(case.pk).state == "accepted"
        assert case_now(case.pk).steps.filter(move="accept").count() == 1


def merging(into: int, merged: int, actor) -> Callable[[], object]:
    def deed() -> object:
        with audit.acting(actor):
            return cases.merge_cases(into, merged, actor=actor)

    return deed


def test_two_acceptors_who_merge_two_cases_at_once_leave_one_that_goes_on(units):
    with audit.acting(SYSTEM):
        one, two, three = (make_case(where=middle_of(n)) for n in range(3))
        Case.objects.update(opened_at=one.opened_at)
    other = post(Role.ACCEPTOR, name=2)
    deeds = [merging(one.pk, two.pk, ACCEPTOR), merging(one.pk, two.pk, other), merging(two.pk, three.pk, ACCEPTOR),
             merging(one.pk, three.pk, other)] * 2
    done = all_at_once(deeds, 4)
    assert not [error for error in done if isinstance(error, Exception) and not isinstance(error, NotAllowedNow)], done
    with audit.acting(SYSTEM):
        roots = set(roots_of([one.pk, two.pk, three.pk]).values())
        assert len(roots) == 1
        main = case_now(roots.pop())
        assert main.report_count == 3
        assert Case.objects.filter(merged_into=None).count() == 1


def test_of_two_acceptors_who_answer_one_question_differently_at_once_one_is_told(units):
    with audit.acting(SYSTEM):
        make_case()
        make_case(where=metres_east(middle_of(0), 60))
        row = Likeness.objects.get()

    def answer(verdict: Verdict, actor) -> Callable[[], object]:
        def deed() -> object:
            with audit.acting(actor):
                return cases.decide(row.pk, verdict, actor=actor)

        return deed

    done = all_at_once([answer(Verdict.SAME, ACCEPTOR), answer(Verdict.DIFFERENT, post(Role.ACCEPTOR, name=2))], 2)
    assert sorted(type(one).__name__ for one in done) == ["Likeness", "NotAllowedNow"]
    with audit.acting(SYSTEM):
        said = Likeness.objects.get().state
        assert Case.objects.filter(merged_into=None).count() == (1 if said == "same" else 2)
