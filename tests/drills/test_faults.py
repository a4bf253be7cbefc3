"""A drill of faults: the simulator's truth about devices that fail, against what is told of them."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.alerts.test_sweeping import SYSTEM, Street
from tests.make.areas import middle_of
from tests.make.assets import new_component
from tests.make.cases import case_now, make_district, metres_east
from tests.make.organisations import make_unit
from tests.make.readings import ingesting

from linli.alerts.models import Alert
from linli.assets import actions as assets
from linli.audit import actions as audit
from linli.sensing.models import KitMetric
from linli_city.fleet import Fleet
from linli_city.life import What

MINUTE_S, MAY_STAY_S, SAID = 60, 1800, ("load_a", "cable_1_c", "mains_on")
ALLOWED_S = {What.LOSS: 180, What.MUTE: 180, What.STUCK: MAY_STAY_S, What.CLOCK: 600}
TOLD_AS = {What.LOSS: "Device offline", What.MUTE: "Metric silent", What.STUCK: "Reading stuck",
           What.CLOCK: "Device clock wrong"}
HAPPENS = {"ef-1": (What.LOSS, 600, 5400, 0), "ef-2": (What.MUTE, 900, 4500, 0), "ef-3": (What.STUCK, 600, 5400, 0),
           "ef-4": (What.CLOCK, 600, 5400, 1800)}
CODES = (*HAPPENS, "ef-5")


@pytest.fixture
def street(fresh_db, server, monkeypatch):
    with audit.acting(SYSTEM), ingesting(server) as line:
        make_district()
        yield Street(line, monkeypatch)


def play(street: Street) -> Fleet:
    """Let two and a half hours pass, minute by minute, the devices speaking and somebody looking at them."""
    begun = street.now.timestamp()
    fleet = Fleet("electrical_fire", CODES, 7, quiet=True)
    for code, (what, after_s, lasts_s, size) in HAPPENS.items():
        fleet.order(code, what, begun + after_s, lasts_s, size)
    for minute in range(130):
        for message in fleet.messages(begun + MINUTE_S * minute, begun + MINUTE_S * (minute + 1)):
            street.now = datetime.fromtimestamp(message.ts, UTC)
            street.say_of(message.device, message.behind_s,
                          **{metric: message.values[metric] for metric in SAID if metric in message.values})
        street.now = datetime.fromtimestamp(begun + MINUTE_S * (minute + 1), UTC)
        street.look()
    return fleet


def test_every_fault_is_told_in_time_as_what_it_is_becomes_a_case_and_ends_by_itself(street):
    firm = make_unit("青禾物业")
    places = {code: f"9901010116{800_000 + number:06d}" for number, code in enumerate(CODES)}
    assets.load_preset_classes(actor=SYSTEM)
    assets.load_components([new_component(place, metres_east(middle_of(0), 40 * number), maintaining=firm)
                            for number, place in enumerate(places.values())], actor=SYSTEM)
    for code, place in places.items():
        street.adopt(code, component=place)
    KitMetric.objects.filter(kit="electrical_fire", may_stay_s__isnull=False).update(may_stay_s=MAY_STAY_S)
    begun = street.now.timestamp()
    fleet = play(street)
    told = {alert.thing_code: alert for alert in Alert.objects.filter(cause="device_fault")}
    truth = {code: fleet.episodes(code, begun, begun + 130 * MINUTE_S) for code in CODES}
    assert set(told) == {code for code, happened in truth.items() if happened} == set(HAPPENS)
    assert Alert.objects.count() == len(HAPPENS)
    for code, alert in told.items():
        what = truth[code][0].what
        assert alert.rule_name_en == TOLD_AS[what]
        delay_s = alert.noticed_at.timestamp() - truth[code][0].start
        print(f"{what}: told {delay_s:.0f} s after it began, time-out {ALLOWED_S[what]} s, looked at once a minute")
        assert ALLOWED_S[what] - MINUTE_S <= delay_s <= ALLOWED_S[what] + 2 * MINUTE_S  # looked at once a minute
        assert alert.cleared_at is not None
        assert alert.cleared_at - datetime.fromtimestamp(truth[code][0].end, UTC) <= timedelta(minutes=2)
    case = case_now(told["ef-1"].case_id)
    assert (case.category.code, case.unit_id, case.state) == ("device_fault", firm, "reported")


def test_a_day_on_which_every_device_is_well_has_no_fault(street):
    street.adopt(*CODES)
    begun = street.now.timestamp()
    fleet = Fleet("electrical_fire", CODES, 7, quiet=True)
    for look in range(24 * 12):
        for message in fleet.roll_call(begun + 300 * look + 299):
            street.now = datetime.fromtimestamp(message.ts, UTC)
            street.say_of(message.device, 0, **{metric: message.values[metric] for metric in SAID})
        street.now = datetime.fromtimestamp(begun + 300 * (look + 1), UTC)
        assert street.look() == []
    assert not Alert.objects.exists()
