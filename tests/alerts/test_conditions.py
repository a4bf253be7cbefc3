"""What is told of devices, whatever they say and whenever ingest writes it down and somebody looks."""

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.alerts.test_sweeping import SYSTEM, Street
from tests.make.cases import make_district
from tests.make.readings import ingesting

from linli.alerts.models import Alert
from linli.audit import actions as audit
from linli.sensing.models import KitMetric, Thing

TIME_OUT_S, MAY_STAY_S, CLOCK_FOR_S, OFF_S = 180, 300, 600, 300
SLOW_S = 1800.0  # how far behind a wrong clock is
numbers = itertools.count()


@pytest.fixture
def street(fresh_db, server, monkeypatch):
    with audit.acting(SYSTEM), ingesting(server) as line:
        make_district()
        found = Street(line, monkeypatch)
        found.adopt("ef-0")  # which brings the kits
        KitMetric.objects.filter(kit="electrical_fire", metric="load_a").update(may_stay_s=MAY_STAY_S)
        yield found


@dataclass
class Truth:
    """What one device really did: when it was heard, of what, and since when its times and its value are wrong."""

    heard_at: datetime
    cable_at: datetime | None = None
    off_since: datetime | None = None
    value: float = 0.0
    value_since: datetime | None = None


@dataclass
class Model:
    """Devices, an ingest that shows what it stored only now and then, and the truth beside it."""

    street: Street
    codes: list[str]
    truths: dict[str, Truth] = field(default_factory=dict)
    stored: list[tuple[str, datetime, float, dict[str, float]]] = field(default_factory=list)
    uncounted: dict[str, datetime] = field(default_factory=dict)
    shown_at: datetime | None = None
    shows: int = 0

    def say(self, code: str, behind_s: float, *, mute: bool, same: bool) -> None:
        truth, now = self.truths[code], self.street.now
        if not same or truth.value_since is None:
            truth.value, truth.value_since = truth.value + 1, now
        truth.heard_at = now
        truth.cable_at = truth.cable_at if mute else now
        truth.off_since = (truth.off_since or now) if behind_s > OFF_S else None
        said = {"load_a": truth.value} | ({} if mute else {"cable_1_c": truth.value})
        self.stored.append((code, now, behind_s, said))
        self.uncounted[code] = now

    def show(self) -> None:
        """Write down what was stored until now; who was heard, only every fifth time."""
        self.shown_at = self.street.now
        for code, arrived_at, behind_s, said in self.stored:
            self.street.store(code, arrived_at, behind_s, said)
        self.stored.clear()
        self.shows += 1
        if self.shows % 5 == 0:
            for code, at in self.uncounted.items():
                self.street.heard(code, at)
            self.uncounted.clear()

    def look(self) -> list[tuple[str, str]]:
        """Look at the devices and see that nothing is told that is not so."""
        behind = self.street.now - (self.shown_at or self.street.now - timedelta(days=1))
        self.street.look(ingest_behind_s=behind.total_seconds())
        told = [(alert.thing_code, alert.rule_name_en)
                for alert in Alert.objects.still_open().filter(thing_code__in=self.codes)]
        known = behind.total_seconds() <= 5
        for code, name in told if known else ():
            truth, now = self.truths[code], self.street.now
            for_s = {"Device offline": now - truth.heard_at, "Device clock wrong": now - (truth.off_since or now),
                     "Metric silent": now - (truth.cable_at or truth.heard_at),
                     "Reading stuck": now - (truth.value_since or now)}[name].total_seconds()
            least = {"Device offline": TIME_OUT_S, "Device clock wrong": CLOCK_FOR_S, "Metric silent": TIME_OUT_S,
                     "Reading stuck": 0}[name]
            assert for_s >= least or self.is_unseen(code), (code, name, for_s)
        return told

    def is_unseen(self, code: str) -> bool:
        """Return whether what a device said last is stored but not shown yet: the look cannot know of it."""
        return any(said[0] == code for said in self.stored)


STEPS = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from([1, 2, 20, 60, 100])),
    st.tuples(st.just("say"), st.integers(0, 2), st.sampled_from([0.0, 0.0, SLOW_S]), st.booleans(), st.booleans()),
    st.tuples(st.just("show")), st.tuples(st.just("look")))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=10, max_size=50))
def test_nothing_untrue_is_told_and_who_is_well_again_has_no_fault_left(street, steps):
    model = Model(street, [f"m{next(numbers)}" for _ in range(3)])
    street.adopt(*model.codes)
    model.truths = {code: Truth(street.now) for code in model.codes}
    for kind, *given_ in steps:
        if kind == "wait":
            street.now += timedelta(seconds=given_[0])
        elif kind == "say":
            device, behind_s, mute, same = given_
            model.say(model.codes[device], behind_s, mute=mute, same=same)
            street.now += timedelta(milliseconds=10)
        elif kind == "show":
            model.show()
        else:
            model.look()
    for _ in range(5):
        street.now += timedelta(seconds=30)
        for code in model.codes:
            model.say(code, 0.0, mute=False, same=False)
        model.show()
        street.now += timedelta(seconds=2)
        model.show()
        told = model.look()
    assert told == []
    Thing.objects.filter(code__in=model.codes).update(adopted_at=None)
    street.look(2)


@pytest.mark.parametrize(("name", "behind_s", "says", "mute", "same", "time_out_s"), [
    ("Device offline", 0.0, False, False, False, TIME_OUT_S), ("Metric silent", 0.0, True, True, False, TIME_OUT_S),
    ("Reading stuck", 0.0, True, False, True, MAY_STAY_S),
    ("Device clock wrong", SLOW_S, True, False, False, CLOCK_FOR_S),
])  # fmt: skip
def test_each_fault_is_told_within_five_seconds_of_its_time_out_and_not_before(
    street, name, behind_s, says, mute, same, time_out_s
):
    """A device speaks every ten seconds, ingest shows every second, somebody looks every two."""
    model = Model(street, ["ef-1"])
    street.adopt("ef-1")
    model.truths = {"ef-1": Truth(street.now)}
    for _ in range(6):
        model.say("ef-1", 0.0, mute=False, same=False)
        model.show()
        street.now += timedelta(seconds=10)
    assert model.look() == []
    last_well = model.truths["ef-1"].heard_at
    began = street.now if behind_s else last_well
    for second in range(time_out_s + 20):
        if second % 10 == 0 and says:
            model.say("ef-1", behind_s, mute=mute, same=same)
        model.show()
        if second % 2 == 0 and (told := model.look()):
            break
        street.now += timedelta(seconds=1)
    assert told == [("ef-1", name)]
    after_s = (street.now - began).total_seconds()
    print(f"{name}: told after {after_s:.0f} s, time-out {time_out_s} s")
    assert time_out_s <= after_s <= time_out_s + 5
