"""Devices that speak under wrong times: told as that, never as silent; what is merely late is no wrong clock."""

import pytest
from tests.alerts.test_sweeping import SYSTEM, Street, conditions
from tests.make.cases import make_district
from tests.make.readings import ingesting

from linli.alerts.models import Alert
from linli.audit import actions as audit
from linli.sensing.models import ClockDoubt

MINUTE_S, FOR_S = 60, 600
WRONG = ("ef-1", "Device clock wrong", "")


@pytest.fixture
def street(fresh_db, server, monkeypatch):
    with audit.acting(SYSTEM), ingesting(server) as line:
        make_district()
        yield Street(line, monkeypatch)


def minutes(street: Street, behind_s, *, code: str = "ef-1", start: float = 1.0) -> list[list[tuple[str, str, str]]]:
    """Let a device say something new once a minute, each time so far behind, and return what each look tells."""
    told = []
    for minute, seconds in enumerate(behind_s):
        street.look(MINUTE_S - 2)
        street.say_of(code, seconds, load_a=start + minute, cable_1_c=20 + minute)
        told.append(conditions(street.look(2)))
    return told


def test_a_clock_that_went_back_is_told_as_that_and_never_as_silence(street):
    street.adopt("ef-1")
    minutes(street, [0, 0, 0])
    told = minutes(street, [3600] * 14)
    assert told == [[]] * 10 + [[WRONG]] * 4
    assert Alert.objects.filter(rule_name_en__in=("Metric silent", "Device offline")).count() == 0
    assert minutes(street, [0])[-1] == []
    assert not ClockDoubt.objects.exists()


def test_a_device_that_only_sends_again_what_it_sent_speaks_but_its_times_are_wrong(street):
    street.adopt("ef-1")
    minutes(street, [0])
    told = minutes(street, [60 * n for n in range(1, 20)])
    first = next(n for n, found in enumerate(told) if found)
    assert told[first:] == [[WRONG]] * (len(told) - first)
    assert 300 + FOR_S < 60 * (first + 1) <= 300 + FOR_S + 2 * MINUTE_S


def test_a_clock_that_is_always_slow_is_told_though_its_readings_come_in_order(street):
    street.adopt("ef-1")
    assert minutes(street, [1800] * 13)[-1] == [WRONG]


def test_what_a_gateway_catches_up_with_in_order_is_no_wrong_clock(street):
    street.adopt("ef-1")
    minutes(street, [0])
    assert not any(minutes(street, [86400 - 600 * n for n in range(100)]))
    assert not any(minutes(street, [26000 - 120 * n for n in range(60)]))


def test_a_slow_line_that_falls_behind_in_order_is_no_wrong_clock(street):
    street.adopt("ef-1")
    minutes(street, [0])
    assert not any(minutes(street, [40 * n for n in range(60)]))


def test_a_short_sending_again_is_no_wrong_clock(street):
    street.adopt("ef-1")
    minutes(street, [0] * 3)
    assert not any(minutes(street, [7200 - 60 * n for n in range(8)]))
    assert not any(minutes(street, [0] * 3))


def test_readings_refused_for_their_time_mean_a_wrong_clock_and_no_silence(street):
    street.adopt("ef-1")
    minutes(street, [0])
    for minute in range(15):
        street.refuse("ef-1", "in_future")
        assert conditions(street.look(MINUTE_S)) == ([WRONG] if minute >= 10 else [])
    assert minutes(street, [0])[-1] == []


def test_a_gateway_with_a_wrong_clock_is_one_fault_with_its_devices_listed(street):
    codes = [f"ef-{number}" for number in range(8)]
    street.adopt(*codes, gateway="gw-1")
    for _ in range(12):
        for code in codes:
            street.say_of(code, 1800, load_a=street.now.timestamp() % 1000)
        found = street.look(MINUTE_S)
    alert, = found
    assert (alert.rule_name_en, alert.gathers, alert.members) == ("Many device clocks wrong", "gateway:gw-1", codes)
    for code in codes:
        street.say_of(code, 0, load_a=1.0)
    assert street.look(2) == []


def test_a_metric_that_a_whole_gateway_misses_is_one_fault_beside_single_ones(street):
    codes = [f"ef-{number}" for number in range(6)]
    street.adopt(*codes, gateway="gw-1")
    street.adopt("ef-far", *(f"ef-well-{number}" for number in range(12)), gateway="gw-2")
    for code in [*codes, "ef-far"]:
        street.say(code, load_a=3.0, cable_1_c=20.0)
    for _ in range(5):
        for code in [*codes, "ef-far", *(f"ef-well-{number}" for number in range(12))]:
            street.say_of(code, 0, load_a=street.now.timestamp() % 1000)
        found = street.look(MINUTE_S)
    assert {(alert.gathers, alert.rule_name_en, len(alert.members)) for alert in found} == {
        ("gateway:gw-1", "Metrics of many devices silent", 6), ("", "Metric silent", 0)}
