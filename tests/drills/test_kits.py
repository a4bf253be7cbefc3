"""A drill for each kit: what really happens is found, nothing else is, and each matter is handled and checked."""

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from tests.make.areas import middle_of
from tests.make.assets import new_component
from tests.make.cases import case_now, make_photo, metres_east, moves_to_close
from tests.make.organisations import make_unit

from linli.alerts import actions as alerts
from linli.alerts.models import Alert
from linli.assets import actions as assets
from linli.audit import actions as audit
from linli.cases import actions as cases
from linli.kernel import presets
from linli.kernel.actor import Actor
from linli.sensing import actions as sensing
from linli_city.delivery import Troubles, delivered
from linli_city.fleet import Fleet
from linli_city.kinds import KINDS, base_lines
from linli_city.life import Habits, What
from linli_city.simulate import Message, Street

SYSTEM = Actor.system("test")
LASTS_S, DAY_S = 3 * 3600, 86_400
QUIET = Habits(opens=0, tilts=0, shakes=0, rains=0, stuck=0, drifts=0, losses=0)


@dataclass(frozen=True)
class Expected:
    """An alert that the truth asks for: of what, how far it goes, and how soon after it began."""

    device: int
    metric: str
    peak: str
    within_s: float
    category: str = ""  # of its case; empty = it asks for none


@dataclass(frozen=True)
class Drill:
    kit: str
    class_code: str
    happens: tuple[tuple[int, What, float, float, float], ...]  # device, what, after, for so long, how strong
    expected: tuple[Expected, ...]
    lasts_s: int = LASTS_S


DRILLS = (
    Drill("manhole", "0103", ((1, What.OPEN, 600, 1800, 0),), (
        Expected(1, "open", "orange", 1, "manhole_missing"), Expected(1, "tilt_deg", "orange", 41, "manhole_missing"))),
    Drill("sewer_level", "0102", (
        (1, What.SURGE, 900, 7200, 0.75), (2, What.SPIKES, 0, LASTS_S, 99_999), (2, What.SURGE, 900, 5400, 0.42),
        (3, What.PONDING, 900, 5400, 30)), (
        Expected(1, "fill_pct", "orange", 1800, "sewer_blocked"),
        Expected(3, "ponding_cm", "orange", 600, "road_ponding"))),
    Drill("electrical_fire", "0116", (
        (1, What.LEAK, 600, 1200, 350), (2, What.LEAK, 600, 1200, 150), (2, What.NOISE, 0, LASTS_S, 0.3),
        (3, What.ARC, 1200, 120, 20), (4, What.HEAT, 600, 5400, 78), (2, What.SPIKES, 0, LASTS_S, 99_999)), (
        Expected(1, "residual_1_ma", "orange", 25, "electrical_hazard"),
        Expected(3, "arc_per_s", "orange", 1, "electrical_hazard"), Expected(4, "cable_1_c", "yellow", 900))),
    Drill("fire_lane", "2190", (
        (1, What.PARKED, 600, 1500, 0), (2, What.PARKED, 600, 150, 0), (2, What.PARKED, 3000, 170, 0),
        (3, What.PARKED, 600, 240, 0)), (
        Expected(1, "occupied", "orange", 245, "fire_lane_blocked"), Expected(3, "occupied", "blue", 245))),
    Drill("machine_room", "2190", (
        (1, What.HEAT, 3600, 28_800, 20), (2, What.HEAT, 3600, 28_800, 6), (3, What.SPIKES, 0, 20 * 3600, 99_999)), (
        Expected(1, "temperature_f", "orange", 14_400, "equipment_abnormal"),), 20 * 3600),
    Drill("river_stage", "2127", (
        (1, What.SURGE, 3600, 14_400, 55), (2, What.SURGE, 3600, 14_400, 15), (3, What.SPIKES, 0, 8 * 3600, 99_999)), (
        Expected(1, "stage_cm", "orange", 7200, "river_high"),), 8 * 3600),
    Drill("water_tank", "2190", (
        (1, What.SURGE, 14_400, 43_200, 3), (2, What.SPIKES, 0, 24 * 3600, 99_999)), (
        Expected(1, "level_m", "orange", 21_600, "water_supply_abnormal"),), 24 * 3600),
)  # fmt: skip


@dataclass(frozen=True)
class Played:
    """A drill that has been played: from when on, by which devices, kept by which unit."""

    begun: float
    devices: dict[int, str]
    unit: int
    started: dict[str, float]
    ended: dict[str, float]


def play(road, drill: Drill, number: int) -> Played:
    """Let happen what the drill says, some hours ago, and send what the devices said of it."""
    begun = float(int(time.time()) - drill.lasts_s - 60)
    devices = {at: f"{drill.kit.replace('_', '-')}-drill-{at}" for at in (1, 2, 3, 4)}
    with audit.acting(SYSTEM):
        unit = make_unit(f"养护单位 {drill.kit}")
        assets.load_preset_classes(actor=SYSTEM)
        codes = {at: f"990101{drill.class_code}{900_000 + 10 * number + at:06d}" for at in devices}
        assets.load_components([new_component(codes[at], metres_east(middle_of(number % 4), 40 * (at - 2)),
                                              maintaining=unit) for at in devices], actor=SYSTEM)
        sensing.adopt_many([sensing.NewThing(code=device, name=device, kit=drill.kit, component=codes[at],
                                             base_lines=base_lines(drill.kit, device))
                            for at, device in devices.items()], actor=SYSTEM)
    started: dict[str, float] = {}
    ended: dict[str, float] = {}
    for at, what, after_s, lasts_s, _ in drill.happens:
        if any(wanted.device == at for wanted in drill.expected) and what is not What.SPIKES:
            started[devices[at]], ended[devices[at]] = begun + after_s, begun + after_s + lasts_s
    there = delivered(spoken(drill, devices, begun), 5, Troubles(twice=0.1, late_s=5))
    for device in devices.values():
        road.say(device, *(arrival.body for arrival in there if arrival.device == device))
    road.settle()
    return Played(begun, devices, unit, started, ended)


def spoken(drill: Drill, devices: dict[int, str], begun: float) -> list[Message]:
    """Return what the devices say while it happens; cars pass over every cover."""
    if drill.kit == "manhole":
        street = Street(devices.values(), 7, replace(QUIET, shakes=40))
        for at, _, after_s, lasts_s, _ in drill.happens:
            street.open_cover(devices[at], begun + after_s, lasts_s)
        return street.messages(begun, begun + drill.lasts_s)
    fleet = Fleet(drill.kit, devices.values(), 7, quiet=True)
    for at, what, after_s, lasts_s, size in drill.happens:
        fleet.order(devices[at], what, begun + after_s, lasts_s, size)
    return fleet.messages(begun, begun + drill.lasts_s)


def raised_by(played: Played) -> dict[tuple[str, str], Alert]:
    """Turn exceedances into alerts and return those of the drill's devices: one of each metric at most."""
    with audit.acting(SYSTEM):
        while alerts.take_exceedances().count:
            pass
        found = list(Alert.objects.filter(thing_code__in=played.devices.values()))
        assert len({(alert.thing_code, alert.metric) for alert in found}) == len(found)
        return {(alert.thing_code, alert.metric): alert for alert in found}


def walk_to_the_close(alert: Alert, category: str, unit: int) -> None:
    """Take the alert's case as people do, each by his post, and see it closed at the unit that maintains the place."""
    case = case_now(alert.case_id)
    assert (case.category.code, case.unit_id, case.component_id) == (category, unit, alert.component_id)
    condition = next(row["code"] for row in presets.read("conditions") if row["category"] == category)
    for name, reached, actor, given in moves_to_close(unit):
        more = {"evidence": [make_photo(actor)]} if name in ("report_done", "check") else {}
        more |= {"condition": condition} if name == "file" else {}
        with audit.acting(actor):
            case = cases.move(case.pk, name, actor=actor, **{**given, **more})
        assert case.state == reached


@pytest.mark.parametrize(("number", "drill"), list(enumerate(DRILLS)), ids=[drill.kit for drill in DRILLS])
def test_what_happens_is_found_and_handled_and_nothing_else_is(road, number, drill):
    played = play(road, drill, number)
    found = raised_by(played)
    assert set(found) == {(played.devices[wanted.device], wanted.metric) for wanted in drill.expected}
    handled: dict[int, str] = {}
    for wanted in drill.expected:
        device = played.devices[wanted.device]
        alert = found[device, wanted.metric]
        delay_s = alert.raised_at.timestamp() - played.started[device]
        print(f"{drill.kit} {wanted.metric}: found {delay_s:.1f} s after it began, allowed {wanted.within_s:.0f} s")
        assert 0 <= delay_s <= wanted.within_s, (wanted, delay_s)
        assert alert.peak_level == wanted.peak
        assert alert.cleared_at is not None
        assert alert.cleared_at.timestamp() > played.ended[device] - 0.25 * (played.ended[device] - played.begun)
        assert bool(alert.case_id) == bool(wanted.category)
        if alert.case_id:
            handled[alert.case_id] = wanted.category
            assert not alert.case_refused
    for case_id, category in handled.items():
        alert = next(alert for alert in found.values() if alert.case_id == case_id)
        walk_to_the_close(alert, category, played.unit)
    assert datetime.fromtimestamp(played.begun, UTC) < min(alert.raised_at for alert in found.values())


@pytest.mark.parametrize("kit", sorted({"manhole", *KINDS}))
def test_a_day_without_a_cause_raises_nothing(road, kit):
    """Two devices, a day, cars on the covers, some messages twice and late: no level, no alert, no case."""
    begun = float(int(time.time()) - DAY_S - 60)
    devices = [f"{kit.replace('_', '-')}-calm-{at}" for at in (1, 2)]
    with audit.acting(SYSTEM):
        sensing.adopt_many([sensing.NewThing(code=device, name=device, kit=kit, where=middle_of(0),
                                             base_lines=base_lines(kit, device)) for device in devices], actor=SYSTEM)
    calm = Street(devices, 7, replace(QUIET, shakes=40)) if kit == "manhole" else Fleet(kit, devices, 7, quiet=True)
    said = calm.messages(begun, begun + DAY_S)
    there = delivered(said, 5, Troubles(twice=0.1, late=0.1, late_s=5))
    for device in devices:
        road.say(device, *(arrival.body for arrival in there if arrival.device == device))
    road.settle()
    print(f"{kit}: {len(said)} messages of a calm day")
    with audit.acting(SYSTEM):
        while alerts.take_exceedances().count:
            pass
        assert not Alert.objects.filter(thing_code__in=devices).exists()
    for device in devices:
        assert road.exceedances(device) == []
        assert road.held(device) == []
        assert len({at for metric in said[0].values for at, _ in road.readings(device, metric)}) == sum(
            message.device == device for message in said)
