"""A unit goes out of use: what hangs on it is seen, handed over, told, kept in the trail, and comes back if undone."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.make import clock
from tests.make.areas import DISTRICT, WEST, middle_of
from tests.make.board import at_post
from tests.make.cases import case_now, handler, make_case, make_case_in, make_photo
from tests.make.desk import COVER, make_desk

from linli.accounts import queries as accounts
from linli.assets import queries as assets
from linli.audit.models import Entry
from linli.calendar import queries as calendar
from linli.cases import actions as cases
from linli.cases import handlers
from linli.cases.events import CaseMoved, CaseOpened
from linli.cases.models import CaseTimer
from linli.cases.queries.desk import used_shares
from linli.cases.queries.units import units_overseen
from linli.kernel import clock as real
from linli.kernel.actor import Actor
from linli.kernel.errors import Conflict, Invalid, NotPermitted
from linli.kernel.level import Level
from linli.kernel.role import Role
from linli.notices import queries as notices
from linli.notices.models import Notice
from linli.organisations import queries as organisations

SYSTEM = Actor.system("test")


@pytest.fixture
def units(system) -> dict[str, int]:
    return make_desk()


@pytest.fixture
def operator(units) -> Client:
    return at_post(Role.OPERATOR, "")[0]


def today():
    return calendar.calendar_for(DISTRICT).day_of(real.now())


def given(units: dict[str, int], **changes: object) -> dict[str, object]:
    return {"on": today().isoformat(), "successor": units["duty"], "confirmed": "on", **changes}


def test_an_operator_sees_what_hangs_on_it_confirms_and_everything_goes_over(units, operator):
    case = make_case_in("dispatched", units["drains"])
    page = operator.get(f"/desk/units/{units['drains']}").content.decode()
    assert '<dt>未结案件</dt><dd class="fig">1</dd><dt>养护部件</dt><dd class="fig">1</dd>' in page
    assert operator.post(f"/desk/units/{units['drains']}/retire", given(units, confirmed="")).status_code == 422
    assert case_now(case.pk).unit_id == units["drains"]
    assert operator.post(f"/desk/units/{units['drains']}/retire", given(units)).status_code == 302
    now = case_now(case.pk)
    assert (now.unit_id, now.route_rule, now.due_at) == (units["duty"], "successor", case.due_at)
    assert assets.by_code(COVER).maintaining == units["duty"]
    assert accounts.reach_of_units([units["drains"]])[units["drains"]].open == 0
    assert not organisations.active([units["drains"]])
    handed = set(Entry.objects.filter(target=f"unit:{units['drains']}").values_list("deed", flat=True))
    assert handed >= {"organisations.plan_retirement", "organisations.retire", "cases.handed_over", "assets.hand_over",
                      "accounts.end_posts"}
    assert Notice.objects.filter(template="unit.retired").count() >= 4  # both units, dispatcher, operator
    assert "2026" in operator.get(f"/desk/units/{units['drains']}").content.decode()


def test_undone_what_nobody_touched_comes_back_and_the_rest_stays(units):
    kept, touched = (make_case_in("dispatched", units["drains"], where=middle_of(n)) for n in (0, 1))
    new = make_case(where=middle_of(2), category="lamp_out")
    cases.retire_unit(units["drains"], successor=units["duty"], actor=SYSTEM)
    other = handler(units["duty"])
    cases.move(touched.pk, "report_done", actor=other, evidence=[make_photo(other)])
    assert cases.restore_unit(units["drains"], actor=SYSTEM) == 1
    assert (case_now(kept.pk).unit_id, case_now(kept.pk).route_rule) == (units["drains"], kept.route_rule)
    assert case_now(touched.pk).unit_id == units["duty"]
    assert case_now(new.pk).unit_id == new.unit_id
    assert assets.by_code(COVER).maintaining == units["drains"]
    assert accounts.reach_of_units([units["drains"]])[units["drains"]].open == 1
    with pytest.raises(Conflict):
        cases.restore_unit(units["drains"], actor=SYSTEM)


def test_a_day_ahead_is_a_plan_that_the_worker_carries_out_or_somebody_calls_off(units):
    case = make_case_in("dispatched", units["drains"])
    day = today() + timedelta(days=2)
    assert not cases.retire_unit(units["drains"], on=day, successor=units["duty"], actor=SYSTEM)
    with pytest.raises(Conflict):
        cases.retire_unit(units["drains"], actor=SYSTEM)
    assert cases.retire_due(real.now() + timedelta(days=1)) == 0
    assert cases.restore_unit(units["drains"], actor=SYSTEM) == 0
    assert cases.retire_due(real.now() + timedelta(days=3)) == 0
    cases.retire_unit(units["drains"], on=day, successor=units["duty"], accounts_follow=True, actor=SYSTEM)
    cases.retire_unit(units["duty"], actor=SYSTEM)  # the successor goes first: the fall-back takes over
    assert cases.retire_due(real.now() + timedelta(days=3)) == 1
    assert case_now(case.pk).unit_id == units["fallback"]
    assert accounts.reach_of_units([units["fallback"]])[units["fallback"]].open == 1


def test_the_fallback_itself_goes_only_to_another_that_is_the_fallback_then(units):
    with pytest.raises(Conflict):
        cases.retire_unit(units["fallback"], actor=SYSTEM)
    cases.retire_unit(units["fallback"], successor=units["duty"], actor=SYSTEM)
    assert organisations.fallback_unit(WEST) == units["duty"]
    cases.restore_unit(units["fallback"], actor=SYSTEM)
    assert organisations.fallback_unit(WEST) == units["fallback"]


@pytest.mark.parametrize("days", [-1, 366])
def test_not_in_the_past_and_not_in_years(units, days):
    with pytest.raises(Invalid):
        cases.retire_unit(units["drains"], on=today() + timedelta(days=days), actor=SYSTEM)


def test_the_api_does_the_same_and_a_dispatcher_only_looks(units, operator):
    dispatcher = at_post(Role.DISPATCHER, DISTRICT)[0]
    path = f"/api/v1/units/{units['drains']}"
    assert dispatcher.get(f"{path}/attached").json()["components"]["maintaining"] == 1
    assert dispatcher.post(f"{path}/retirement", "{}", "application/json").status_code == 403
    done = operator.post(f"{path}/retirement", {"successor": units["duty"]}, "application/json").json()
    assert done["retired_at"] is not None
    assert operator.post(f"{path}/restoration").json()["retires_on"] is None
    assert at_post(Role.CHECKER)[0].get(f"{path}/attached").status_code == 403
    with pytest.raises(NotPermitted):
        cases.retire_unit(units["drains"], actor=handler(units["drains"]))


def test_a_unit_that_nobody_reaches_is_listed_and_the_dispatcher_is_told_instead(units):
    client = at_post(Role.DISPATCHER, DISTRICT)[0]
    case = make_case_in("dispatched", units["fallback"])
    handlers.tell_of_steps(CaseMoved(case_id=case.pk))
    told = Notice.objects.filter(template="duty.unreached", facts__post="区城管局")
    assert told.count() == 2  # the desk's dispatcher and this one
    page = client.get(f"/desk/cases/{case.number}").content.decode()
    assert "联系不上" in page
    assert "由 派遣岗 代收" in " ".join(page.split())
    assert [line.card.id for line in units_overseen(SYSTEM, unreached=True)] == [units["fallback"]]
    listed = client.get("/desk/units?only=unreached").content.decode()
    assert "区城管局" in listed
    assert "城北排水" not in listed
    assert client.get("/api/v1/overseen/units?unreached=true").json()[0]["open_cases"] == 1


def test_where_nobody_at_all_can_be_told_that_is_kept_too(units):
    from linli.accounts.models import Post

    Post.objects.exclude(role="unit").update(valid_to=real.now())
    case = make_case()
    handlers.tell_of_steps(CaseOpened(case_id=case.pk))
    assert [one.told for one in notices.unreached_lately(5)] == [""]


@pytest.mark.parametrize(("category", "level", "street"), [
    ("fire_lane_blocked", Level.ORANGE, 1), ("fire_lane_blocked", Level.YELLOW, 0),
    ("manhole_missing", Level.ORANGE, 0)])
def test_the_street_hears_of_a_fire_lane_from_orange_on(units, category, level, street):
    case = make_case(category=category, level=level)
    handlers.tell_of_steps(CaseOpened(case_id=case.pk))
    watch = accounts.holders({Role.STREET})[0][0]
    assert Notice.objects.filter(template="duty.escalated", recipient=watch).count() == street


def test_what_ran_before_there_were_timers_gets_its_own(units):
    running, reported = make_case_in("dispatched", units["drains"]), make_case(where=middle_of(1))
    before = set(CaseTimer.objects.values_list("case", "kind", "due_at"))
    CaseTimer.objects.all().delete()
    assert (cases.begin_missing_limits(), cases.begin_missing_stages()) == (1, 1)
    assert set(CaseTimer.objects.values_list("case", "kind", "due_at")) == before
    assert {running.pk, reported.pk} == {case for case, _, _ in before}
    assert (cases.begin_missing_limits(), cases.begin_missing_stages()) == (0, 0)


def test_a_stage_that_waits_too_long_is_told_once_and_a_higher_level_shortens_it(units):
    from tests.make.cases import make_report

    from linli.cases import queries
    from linli.cases.domain.intake import Source

    case = make_case()
    due = CaseTimer.objects.get(case=case).due_at
    cases.submit(make_report(Source.SENSOR, level=Level.RED), actor=SYSTEM)
    sooner = CaseTimer.objects.get(case=case).due_at
    assert sooner < due
    assert cases.fire_timers(sooner) == 1
    assert cases.fire_timers(sooner + timedelta(days=9)) == 0
    assert queries.timeline(case.pk)[-1].move == "accept_overdue"


def test_a_list_draws_the_clock_and_not_the_wall(units):
    from datetime import UTC, datetime

    evening = datetime(2026, 11, 23, 9, tzinfo=UTC)  # 17:00 in Shanghai: an hour of this day is left
    with clock.at(evening):
        case = make_case(category="lamp_out")
        acceptor = Actor("user:a", at_post_of(Role.ACCEPTOR))
        cases.move(case.pk, "accept", actor=acceptor)
        case = cases.move(case.pk, "file", actor=acceptor, condition="lamp_out.out", reason="急")
    with clock.at(evening + timedelta(hours=13)):  # 06:00 next morning
        assert used_shares([case])[case.pk] == pytest.approx(1 / 16)


def at_post_of(role: Role):
    from linli.kernel.actor import Post

    return (Post(role.value, DISTRICT),)


def test_the_command_says_what_hangs_on_it_before_it_does_it(units, capsys):
    import argparse

    from linli_run import units as command

    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    make_case_in("dispatched", units["drains"])
    retire = ["retire", str(units["drains"]), "--successor", str(units["duty"])]
    command.run(parser.parse_args(retire))
    assert "1 open cases" in capsys.readouterr().out
    assert organisations.active([units["drains"]])
    command.run(parser.parse_args([*retire, "--yes"]))
    command.run(parser.parse_args(["list", "--unreached"]))
    assert "区城管局  cannot be reached" in capsys.readouterr().out
    assert not organisations.active([units["drains"]])
    command.run(parser.parse_args(["restore", str(units["drains"])]))
    assert "1 cases came back" in capsys.readouterr().out
