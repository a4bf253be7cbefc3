"""Verified before it is filed, given back, extended, suspended, reopened: what each leaves behind."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.make import clock
from tests.make.areas import EAST
from tests.make.cases import (
    ACCEPTOR,
    CHECKER,
    DISPATCHER,
    GRID_WORKER,
    HAZARD,
    SYSTEM,
    case_now,
    handler,
    make_case,
    make_case_in,
    make_district,
    make_photo,
    make_report,
    post,
)

from linli.cases import actions as cases
from linli.cases import policy, queries
from linli.cases.domain.facts import Fact
from linli.cases.domain.intake import Source
from linli.cases.domain.limits import Standing
from linli.cases.models import Case, CaseTimer
from linli.kernel import clock as real
from linli.kernel.errors import Invalid, NotAllowedNow, NotFound, NotPermitted
from linli.kernel.level import Level
from linli.kernel.role import Role
from linli.organisations import actions as organisations
from linli.organisations.models import Unit

MONDAY = datetime(2026, 11, 23, 1, tzinfo=UTC)  # 09:00 in Shanghai, a plain working week
LAMP, LAMP_OUT = "lamp_out", "lamp_out.out"  # 2 working days


@pytest.fixture
def units(system) -> dict[str, int]:
    return make_district()


def moved(case: Case, name: str, actor, **given: object) -> Case:
    return cases.move(case.pk, name, actor=actor, **given)


def filed(**changes: object) -> Case:
    case = make_case(**changes)
    moved(case, "accept", ACCEPTOR)
    return moved(case, "file", ACCEPTOR, condition=f"{case.category.code}.out", reason="有照片")


def working(units: dict[str, int], at: datetime = MONDAY) -> Case:
    """Return a lamp with the unit, its two working days begun at `at`."""
    with clock.at(at):
        case = filed(category=LAMP)
        return moved(case, "dispatch", DISPATCHER, unit=units["drains"])


def waiting(case: Case) -> dict[str, datetime]:
    return dict(CaseTimer.objects.filter(case=case, fired_at=None).values_list("kind", "due_at"))


class TestVerifying:
    def accepted(self, **changes: object) -> Case:
        case = make_case(**changes)
        return moved(case, "accept", ACCEPTOR)

    def test_what_a_resident_reported_is_filed_once_somebody_found_it_so(self, units):
        case = self.accepted()
        with pytest.raises(Invalid) as refusal:
            moved(case, "file", ACCEPTOR, condition=HAZARD)
        assert (refusal.value.code, refusal.value.field) == ("cases.verify_first", "reason")
        moved(case, "ask_to_verify", ACCEPTOR)
        case = moved(case, "verify", GRID_WORKER, evidence=[make_photo(GRID_WORKER)])
        assert (case.state, case.finding, case.verified_by) == ("accepted", "true", GRID_WORKER.ref)
        assert moved(case, "file", ACCEPTOR, condition=HAZARD).state == "filed"

    def test_what_was_not_found_is_filed_only_for_a_reason(self, units):
        case = self.accepted()
        moved(case, "ask_to_verify", ACCEPTOR)
        with pytest.raises(Invalid):
            moved(case, "not_found", GRID_WORKER, evidence=[make_photo(GRID_WORKER)])
        moved(case, "not_found", GRID_WORKER, evidence=[make_photo(GRID_WORKER)], reason="到场未见")
        with pytest.raises(Invalid):
            moved(case, "file", ACCEPTOR, condition=HAZARD)
        assert moved(case, "file", ACCEPTOR, condition=HAZARD, reason="第二人也看到").state == "filed"

    def test_asking_again_forgets_the_earlier_finding(self, units):
        case = self.accepted()
        moved(case, "ask_to_verify", ACCEPTOR)
        moved(case, "verify", GRID_WORKER, evidence=[make_photo(GRID_WORKER)])
        assert moved(case, "ask_to_verify", ACCEPTOR).finding == ""

    @pytest.mark.parametrize(("changes", "free"), [
        ({"source": Source.SENSOR}, True), ({"level": Level.ORANGE}, True), ({"level": Level.RED}, True),
        ({"level": Level.YELLOW}, False), ({}, False),
    ])
    def test_who_needs_no_verification(self, units, changes, free):
        case = self.accepted(**changes)
        if free:
            assert moved(case, "file", ACCEPTOR, condition=HAZARD).state == "filed"
        else:
            with pytest.raises(Invalid):
                moved(case, "file", ACCEPTOR, condition=HAZARD)

    def test_one_patrol_among_the_reports_speaks_for_all(self, units):
        case = self.accepted()
        cases.submit(make_report(Source.GRID), actor=GRID_WORKER)
        assert moved(case, "file", ACCEPTOR, condition=HAZARD).state == "filed"

    def test_nobody_verifies_what_they_reported(self, units):
        done = cases.submit(make_report(Source.GRID), actor=GRID_WORKER)
        case = case_now(done.case_id)
        moved(case, "accept", ACCEPTOR)
        moved(case, "ask_to_verify", ACCEPTOR)
        assert policy.moves_allowed(GRID_WORKER, case_now(case.pk)) == []
        with pytest.raises(NotPermitted) as refusal:
            moved(case, "verify", GRID_WORKER, evidence=[make_photo(GRID_WORKER)])
        assert refusal.value.code == "cases.reporter_proves"
        other = post(Role.GRID, name="other")
        assert moved(case, "verify", other, evidence=[make_photo(other)]).finding == "true"

    def test_it_waits_in_the_grids_queue_and_in_no_other_grids(self, units):
        case = moved(self.accepted(), "ask_to_verify", ACCEPTOR)
        assert queries.inbox(GRID_WORKER, "to_verify").get() == case
        assert not queries.inbox(post(Role.GRID, EAST), "to_verify").exists()
        assert waiting(case).keys() == {"verify_due"}
        moved(case, "verify", GRID_WORKER, evidence=[make_photo(GRID_WORKER)])
        assert waiting(case).keys() == {"file_due"}


class TestLimit:
    def test_two_working_days_end_after_sixteen_working_hours(self, units):
        case = working(units)
        assert case.due_at == MONDAY + timedelta(days=2)
        assert case.near_at == datetime(2026, 11, 24, 7, 48, tzinfo=UTC)
        assert waiting(case) == {
            "near": case.near_at, "due": case.due_at, "supervise": MONDAY + timedelta(days=3),
            "leader": MONDAY + timedelta(days=4)}

    def test_an_extension_adds_one_original_limit_twice_at_most(self, units):
        unit = handler(units["drains"])
        case = working(units)
        with clock.at(MONDAY + timedelta(hours=1)):
            for times in (1, 2):
                moved(case, "ask_extension", unit, reason="等备件")
                assert queries.inbox(DISPATCHER, "to_agree").get() == case
                moved(case, "refuse_extension", DISPATCHER, reason="先报进度")
                moved(case, "ask_extension", unit, reason="等备件")
                case = moved(case, "agree_extension", DISPATCHER)
                assert (case.extensions, case.limit_times, case.asked) == (times, times + 1, "")
            assert not queries.inbox(DISPATCHER, "to_agree").exists()
            assert case.due_at == MONDAY + timedelta(days=8)  # six working days, over a weekend
            assert waiting(case)["due"] == case.due_at
            with pytest.raises(NotAllowedNow) as refusal:
                moved(case, "ask_extension", unit, reason="还要")
        assert refusal.value.code == "cases.extended_out"

    def test_only_before_it_is_overdue(self, units):
        case = working(units)
        with clock.at(case.due_at + timedelta(minutes=1)), pytest.raises(NotAllowedNow) as refusal:
            moved(case, "ask_extension", handler(units["drains"]), reason="晚了")
        assert refusal.value.code == "cases.overdue"

    def test_a_suspension_moves_the_end_by_the_working_time_it_took(self, units):
        unit, case = handler(units["drains"]), working(units)
        with clock.at(MONDAY + timedelta(hours=2)):
            for day in ("2026-11-23", "2027-11-25"):
                with pytest.raises(Invalid):
                    moved(case, "ask_suspension", unit, reason="等汛期过", until=day)
            moved(case, "ask_suspension", unit, reason="等汛期过", until="2026-11-30")
            case = moved(case, "agree_suspension", DISPATCHER)
            assert case.standing is Standing.SUSPENDED
            assert "report_done" not in policy.moves_allowed(unit, case)
            # two of sixteen hours are used; the rest runs from Monday the 30th, 08:00
            assert case.due_at == datetime(2026, 12, 1, 8, tzinfo=UTC)
            assert waiting(case)["resume"] == datetime(2026, 11, 29, 16, tzinfo=UTC)
        with clock.at(MONDAY + timedelta(days=1)):
            case = moved(case, "resume", unit)
            assert case.due_at == datetime(2026, 11, 25, 9, tzinfo=UTC)
            with pytest.raises(NotAllowedNow) as refusal:
                moved(case, "ask_suspension", unit, reason="再来", until="2026-12-30")
        assert refusal.value.code == "cases.suspended_before"

    def test_a_limit_that_runs_into_a_year_not_loaded_ends_nobody_knows_when(self, units):
        with clock.at(datetime(2026, 12, 31, 1, tzinfo=UTC)):
            case = filed(category=LAMP)
            assert (case.due_at, case.near_at, case.standing) == (None, None, Standing.UNKNOWN)
            assert waiting(case).keys() == {"dispatch_due"}

    def test_an_emergency_limit_knows_no_holidays(self, units):
        with clock.at(datetime(2026, 12, 31, 15, tzinfo=UTC)):
            case = make_case_in("filed", units["drains"])
            assert case.due_at == datetime(2026, 12, 31, 17, tzinfo=UTC)

    def test_reopened_it_begins_again_and_keeps_its_first_closing(self, units):
        case = make_case_in("closed", units["drains"])
        first = case.closed_at
        with clock.at(first + timedelta(days=3)):
            case = moved(case, "reopen", ACCEPTOR, reason="复查发现又坏了")
        assert (case.state, case.reopenings, case.closed_at, case.first_closed_at) == ("dispatched", 1, None, first)
        assert case.due_at == first + timedelta(days=3, hours=2)
        assert (case.handled_by, case.checked_by, case.filed_at < case.started_at) == ("", "", True)

    def test_counters_say_how_often_it_went_back(self, units):
        case, unit = make_case_in("dispatched", units["drains"]), handler(units["drains"])
        due = case.due_at
        moved(case, "return_to_dispatcher", unit, reason="不属本单位")
        moved(case, "dispatch", DISPATCHER, unit=units["duty"])
        assert not queries.inbox(DISPATCHER, "disputed").exists()
        case = moved(case, "return_to_dispatcher", handler(units["duty"]), reason="也不属我")
        assert (case.returns, case.is_disputed, case.due_at) == (2, True, due)
        assert queries.inbox(DISPATCHER, "disputed").get() == case
        assert queries.timeline(case.pk)[-1].move == "disputed"
        moved(case, "dispatch", DISPATCHER, unit=units["fallback"])
        last = handler(units["fallback"])
        moved(case, "report_done", last, evidence=[make_photo(last)])
        assert moved(case, "send_back", CHECKER, reason="没修好").reworks == 1

    @pytest.mark.parametrize(("change", "constraint"), [
        ({"extensions": 3}, "cases_case_extensions"), ({"limit_times": 2}, "cases_case_extensions"),
        ({"asked": "holiday"}, "cases_case_asked"), ({"asked": "suspension"}, "cases_case_asked"),
        ({"suspended_at": MONDAY}, "cases_case_suspended_once"),
        ({"suspended_at": MONDAY, "suspended_until": MONDAY + timedelta(days=367)}, "cases_case_suspended_once"),
        ({"finding": "true"}, "cases_case_finding_iff_verified"), ({"near_at": None}, "cases_case_near_iff_due"),
    ])
    def test_what_must_never_be_false_the_database_refuses(self, units, change, constraint):
        case = make_case_in("dispatched", units["drains"])
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(**change)


class TestRefusing:
    def closed(self, units) -> tuple[Case, str]:
        done = cases.submit(make_report(), actor=post(Role.RESIDENT, name="wang"))
        case, unit = case_now(done.case_id), handler(units["drains"])
        for name, actor, given in (
            ("accept", ACCEPTOR, {}), ("file", ACCEPTOR, {"condition": HAZARD, "reason": "急"}),
            ("dispatch", DISPATCHER, {"unit": units["drains"]}),
            ("report_done", unit, {"evidence": [make_photo(unit)]}),
            ("check", CHECKER, {"evidence": [make_photo(CHECKER)]}), ("close", ACCEPTOR, {"condition_met": True}),
        ):
            case = moved(case, name, actor, **given)
        return case, done.follow_token

    def test_whoever_holds_the_link_may_say_that_it_is_not_solved(self, units):
        case, token = self.closed(units)
        with pytest.raises(Invalid):
            cases.refuse_closure(token, reason=" ")
        again = cases.refuse_closure(token, reason="还是漏")
        assert (again.pk, again.state, again.reopenings) == (case.pk, "dispatched", 1)
        assert queries.timeline(case.pk)[-1].given == {"reason": "还是漏"}
        with pytest.raises(NotAllowedNow):
            cases.refuse_closure(token, reason="还是漏")
        with pytest.raises(NotFound):
            cases.refuse_closure("nobody's", reason="x")

    def test_signed_in_the_reporter_may_and_nobody_else(self, units):
        case, _ = self.closed(units)
        for stranger in (post(Role.RESIDENT, name="li"), post(Role.ACCEPTOR)):
            with pytest.raises((NotFound, NotPermitted)):
                moved(case, "refuse_closure", stranger, reason="没好")
        assert moved(case, "refuse_closure", post(Role.RESIDENT, name="wang"), reason="没好").state == "dispatched"

    def test_not_for_ever(self, units):
        case, token = self.closed(units)
        with clock.at(case.closed_at + timedelta(days=7, seconds=1)), pytest.raises(NotAllowedNow) as refusal:
            cases.refuse_closure(token, reason="又坏了")
        assert refusal.value.code == "cases.refusal_over"
        assert Fact.MAY_BE_REFUSED in policy.facts_of(case)


class TestUnitOutOfUse:
    def test_its_open_cases_go_to_the_fallback_by_name(self, units):
        done = make_case_in("closed", units["drains"])
        case = make_case_in("dispatched", units["drains"])
        assert cases.retire_unit(units["drains"], actor=SYSTEM)
        now = case_now(case.pk)
        assert (now.unit_id, now.due_at) == (units["fallback"], case.due_at)
        assert case_now(done.pk).unit_id == units["drains"]
        assert queries.timeline(case.pk)[-1].given == {"from": "城北排水", "to": "区城管局"}

    def test_without_another_fallback_nothing_is_retired(self, units):
        make_case_in("dispatched", units["fallback"])
        with pytest.raises(Exception, match="fallback"), transaction.atomic():
            cases.retire_unit(units["fallback"], actor=SYSTEM)
        assert Unit.objects.get(pk=units["fallback"]).active

    def test_the_database_refuses_to_leave_cases_behind(self, units):
        make_case_in("dispatched", units["drains"])
        with pytest.raises(IntegrityError, match="open cases"), transaction.atomic():
            organisations.retire(units["drains"], actor=SYSTEM)

    def test_reopened_a_case_of_a_retired_unit_goes_to_the_fallback(self, units):
        case = make_case_in("closed", units["drains"])
        cases.retire_unit(units["drains"], actor=SYSTEM)
        assert moved(case, "reopen", ACCEPTOR, reason="又坏了").unit_id == units["fallback"]
        with pytest.raises(Invalid):
            moved(case, "dispatch", DISPATCHER, unit=units["drains"])


def test_the_real_clock_still_runs():
    assert abs((real.now() - datetime.now(UTC)).total_seconds()) < 5  # noqa: TID251
