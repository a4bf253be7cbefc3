"""Exceedances become alerts, alerts become cases: once, together or not at all."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from tests.make.alerts import Told, make_stream, stream_of
from tests.make.areas import middle_of
from tests.make.assets import make_component
from tests.make.cases import ACCEPTOR, case_now, make_case, make_district, make_report

from linli.alerts import actions as alerts
from linli.alerts import queries
from linli.alerts.domain.cursor import HOLE_WAIT
from linli.alerts.models import Alert, Cursor, Trace
from linli.audit import queries as audit
from linli.cases import actions as cases
from linli.cases import queries as case_facts
from linli.cases.domain.intake import Source
from linli.cases.models import Case
from linli.kernel import clock
from linli.kernel.actor import ANONYMOUS
from linli.kernel.geo import Point
from linli.kernel.level import Level
from linli.sensing import queries as sensing

NONE, BLUE, YELLOW, ORANGE, RED = Level


@pytest.fixture
def told(system, monkeypatch) -> Told:
    make_district()
    told = Told()
    monkeypatch.setattr(sensing, "exceedances_after", told.after)
    return told


def take_all() -> int:
    """Take until nothing is left; return how many were taken."""
    total = 0
    while count := alerts.take_exceedances().count:
        total += count
    return total


def moves(case_id: int) -> list[str]:
    return [step.move for step in case_facts.timeline(case_id)]


def test_a_case_has_the_gravest_level_of_its_alert_though_a_milder_one_came_later_in_one_batch(told):
    told.say(make_stream(), RED, BLUE, ORANGE)
    take_all()
    assert Case.objects.get().level == "red"


def test_an_exceedance_raises_an_alert_and_the_alert_a_case_at_the_maintaining_unit(told):
    manhole = make_component()
    stream = make_stream(component=manhole.code)
    row, = told.say(stream, ORANGE)
    take_all()
    alert = Alert.objects.get()
    assert (alert.level, alert.peak_level, alert.cause) == ("orange", "orange", "manhole_missing")
    assert (alert.raised_at, alert.value, alert.cleared_at) == (row.ts, row.value, None)
    case = case_now(alert.case_id)
    assert (case.component_id, case.level, case.state) == (manhole.id, "orange", "reported")
    assert case.last_seen_at == row.ts


def test_a_closed_episode_is_walked_back_to_its_readings(told):
    rows = told.say(make_stream(), BLUE, ORANGE, NONE)
    take_all()
    alert = Alert.objects.get()
    assert [line.exceedance for line in queries.readings_of(alert.pk)] == [row.id for row in rows]
    facts = case_facts.chain(alert.case_id)[0].facts
    assert (facts["exceedance"], facts["alert"], facts["thing"]) == (rows[1].id, alert.pk, "mc-1")


@pytest.mark.parametrize("batch", [1, 2, 500])
def test_one_episode_is_one_alert_however_it_is_cut_into_batches(told, batch):
    told.say(make_stream(), BLUE, ORANGE, BLUE, RED, NONE, YELLOW)
    while alerts.take_exceedances(batch).count:
        pass
    first, second = Alert.objects.order_by("pk")
    assert (first.level, first.peak_level, bool(first.cleared_at)) == ("none", "red", True)
    assert (second.level, second.peak_level, second.cleared_at) == ("yellow", "yellow", None)
    assert Trace.objects.count() == 6
    assert Case.objects.get().level == "red"


def test_what_ends_and_begins_anew_in_one_batch_is_two_alerts_and_taken_in_one_go(told, caplog):
    stream = make_stream()
    told.say(stream, ORANGE)
    take_all()
    told.say(stream, NONE, ORANGE)
    take_all()
    assert [alert.level for alert in Alert.objects.order_by("pk")] == ["none", "orange"]
    assert caplog.records == []


def test_taking_twice_changes_nothing(told):
    told.say(make_stream(), ORANGE)
    assert take_all() == 1
    Cursor.objects.update(taken_to=0)  # as if the position had been lost
    assert alerts.take_exceedances().count == 0
    assert (Alert.objects.count(), Trace.objects.count(), Case.objects.count()) == (1, 1, 1)


def test_a_death_in_the_middle_leaves_nothing_and_the_next_run_everything(told, monkeypatch):
    told.say(make_stream(), ORANGE, RED, NONE)

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr("linli.alerts.actions.batch.say_recovered", die)
        with pytest.raises(KeyboardInterrupt):
            alerts.take_exceedances()
    assert not Alert.objects.exists()
    assert not Case.objects.exists()
    assert not Trace.objects.exists()
    assert take_all() == 3
    assert (Alert.objects.get().peak_level, Case.objects.count(), Trace.objects.count()) == ("red", 1, 3)


@pytest.mark.parametrize(("levels", "cases_made"), [
    ((BLUE,), 0), ((YELLOW, BLUE, YELLOW), 0), ((ORANGE,), 1), ((YELLOW, ORANGE), 1), ((ORANGE, BLUE, ORANGE, RED), 1),
])
def test_a_case_is_asked_for_from_the_rules_level_on_and_once(told, levels, cases_made):
    told.say(make_stream(), *levels)
    take_all()
    assert Case.objects.count() == cases_made
    assert bool(Alert.objects.get().case_id) == bool(cases_made)


def test_an_escalation_raises_the_case_and_an_easing_leaves_it(told):
    stream = make_stream()
    for level, alert_level, case_level in ((ORANGE, "orange", "orange"), (RED, "red", "red"), (BLUE, "blue", "red")):
        told.say(stream, level)
        take_all()
        assert (Alert.objects.get().level, Case.objects.get().level) == (alert_level, case_level)


def test_recovery_is_written_beside_the_case_and_closes_nothing(told):
    told.say(make_stream(), ORANGE, NONE)
    take_all()
    case = Case.objects.get()
    assert case.state == "reported"
    assert moves(case.pk) == ["opened", "sensor_recovered"]
    assert Alert.objects.get().cleared_at


def test_a_sensor_joins_the_case_that_a_resident_opened(told):
    stream = make_stream()
    case = make_case()
    told.say(stream, ORANGE)
    take_all()
    assert Alert.objects.get().case_id == case.pk
    done = cases.submit(make_report(), actor=ANONYMOUS)
    assert (done.case_id, done.merged) == (case.pk, True)
    assert Case.objects.get().report_count == 3


def test_a_sensor_that_still_exceeds_when_its_case_is_closed_is_noted_once(told):
    told.say(make_stream(), ORANGE)
    take_all()
    case = Case.objects.get()
    cases.move(case.pk, "reject", actor=ACCEPTOR, reason="误报")
    assert [alerts.note_still_over(case.pk) for _ in range(2)] == [1, 1]
    assert moves(case.pk) == ["opened", "reject", "sensor_still_over"]
    assert Alert.objects.get().cleared_at is None


def test_what_rises_further_after_its_case_is_over_is_a_new_matter(told):
    stream = make_stream()
    told.say(stream, ORANGE)
    take_all()
    first = Case.objects.get()
    cases.move(first.pk, "reject", actor=ACCEPTOR, reason="误报")
    told.say(stream, RED)
    take_all()
    second = Case.objects.exclude(pk=first.pk).get()
    assert (second.level, Alert.objects.get().case_id) == ("red", second.pk)


def test_a_sensor_outside_the_district_keeps_its_alert_and_says_why_it_has_no_case(told):
    told.say(make_stream(where=Point(121.0, 31.0)), ORANGE)
    told.say(make_stream("mc-2"), ORANGE)
    take_all()
    lost, good = Alert.objects.order_by("pk")
    assert (lost.case_id, lost.case_refused) == (None, "cases.outside")
    assert good.case_id
    assert good.case_refused == ""


def test_one_that_cannot_be_taken_does_not_hold_up_the_others(told):
    good, bad = make_stream(), make_stream("mc-2")
    told.say(good, ORANGE)
    told.say(bad, ORANGE, datastream_id=999_999)
    told.say(good, RED)
    take_all()
    connection.check_constraints()
    assert Trace.objects.count() == 3
    problem = Trace.objects.exclude(problem="").get()
    assert problem.exceedance == 2
    assert Alert.objects.get().level == "red"


def test_what_was_late_to_be_committed_is_taken_all_the_same(told):
    stream, other = make_stream(), make_stream("mc-2", where=middle_of(1))
    told.say(stream, ORANGE)
    late, = told.say(other, ORANGE)
    told.rows.remove(late)
    told.say(stream, RED, id=3)
    take_all()
    assert Cursor.objects.get().taken_to == 1
    told.rows.append(late)
    assert take_all() == 1
    assert Cursor.objects.get().taken_to == 3
    assert Alert.objects.count() == 2


def test_a_number_that_never_comes_is_waited_for_only_so_long(told, monkeypatch):
    told.say(make_stream(), ORANGE, id=7)
    assert take_all() == 1
    assert Cursor.objects.get().taken_to == 0
    later = clock.now() + HOLE_WAIT + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    take_all()
    assert Cursor.objects.get().taken_to == 7


def test_a_change_to_no_level_without_an_alert_leaves_a_trace_and_nothing_else(told):
    told.say(make_stream(), NONE)
    take_all()
    assert Trace.objects.get().alert_id is None
    assert not Alert.objects.exists()


def test_two_causes_of_one_device_are_two_alerts_and_one_case(told):
    told.say(make_stream(), ORANGE)
    told.say(stream_of("mc-1", "tilt_deg"), ORANGE)
    take_all()
    assert Alert.objects.count() == 2
    assert Case.objects.count() == 1


def test_there_is_never_a_second_open_alert_of_one_cause(told):
    told.say(make_stream(), ORANGE)
    take_all()
    alert = Alert.objects.get()
    alert.pk = None
    with pytest.raises(IntegrityError, match="alerts_alert_one_open"), transaction.atomic():
        alert.save(force_insert=True)


def test_every_change_leaves_its_trail(told):
    stream = make_stream()
    for level in (BLUE, ORANGE, NONE):
        told.say(stream, level)
        take_all()
    deeds = [entry.deed for entry in audit.entries_of(f"alert:{Alert.objects.get().pk}")]
    assert deeds == ["alerts.raise", "alerts.change", "alerts.clear"]


def test_a_report_of_a_sensor_names_the_source(told):
    told.say(make_stream(), ORANGE, value=1.0)
    take_all()
    report, = case_facts.reports_of(Case.objects.get().pk)
    assert report.source == Source.SENSOR
    assert report.text == "井盖计 mc-1 (mc-1): open 1"
