"""What fell together is told together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.alerts.domain.gathering import Member, gathered
from linli.kernel.errors import Invalid
from linli.sensing.domain import faults
from linli.sensing.domain.faults import Share

RULE = Share(0.5, 0.25, 5)


def members(count: int, *groups: str, first: int = 1) -> list[Member]:
    return [Member(number, groups) for number in range(first, first + count)]


def test_half_of_an_area_and_at_least_five_are_one_failure():
    assert list(gathered(members(5, "area:1"), {"area:1": 10}, (), RULE)) == ["area:1"]
    assert gathered(members(4, "area:1"), {"area:1": 4}, (), RULE) == {}
    assert gathered(members(5, "area:1"), {"area:1": 11}, (), RULE) == {}


def test_a_failure_that_stands_ends_below_a_quarter():
    assert list(gathered(members(3, "area:1"), {"area:1": 12}, {"area:1"}, RULE)) == ["area:1"]
    assert gathered(members(2, "area:1"), {"area:1": 12}, {"area:1"}, RULE) == {}


def test_of_groups_with_the_same_devices_the_narrowest_is_named():
    fell = members(6, "gateway:g", "area:12", "area:1")
    assert list(gathered(fell, {"gateway:g": 6, "area:12": 8, "area:1": 9}, (), RULE)) == ["gateway:g"]


def test_what_a_wide_failure_leaves_over_must_fall_by_itself():
    fell = members(20, "area:12", "area:1") + members(6, "gateway:g", "area:13", "area:1", first=100)
    found = gathered(fell, {"area:12": 20, "area:13": 40, "area:1": 90, "gateway:g": 6}, (), RULE)
    assert {group: len(things) for group, things in found.items()} == {"area:12": 20, "gateway:g": 6}


@given(st.lists(st.tuples(st.integers(1, 60), st.sampled_from(["a", "b", "c"]), st.sampled_from(["x", "y"])),
                unique_by=lambda row: row[0], max_size=60))
def test_no_device_is_in_two_groups_and_none_is_invented(rows):
    offline = [Member(thing, (f"area:{near}", f"area:{far}")) for thing, near, far in rows]
    found = gathered(offline, dict.fromkeys(["area:a", "area:b", "area:c", "area:x", "area:y"], 12), (), RULE)
    told = [thing for things in found.values() for thing in things]
    assert len(told) == len(set(told))
    assert set(told) <= {member.thing_id for member in offline}
    assert all(len(things) >= 6 for things in found.values())


@pytest.mark.parametrize("broken", [
    {"kind": "device"}, {"kind": "device", "condition": "asleep"}, {"condition": "offline"},
    {"kind": "device", "condition": "offline_many"},
    {"kind": "device", "condition": "offline_many", "share": 0.2, "leave_share": 0.5, "fewest": 5},
    {"kind": "device", "condition": "offline_many", "share": 0.5, "leave_share": 0.25, "fewest": 1},
    {"kind": "device", "condition": "offline_many", "share": True, "leave_share": 0.25, "fewest": 5},
])  # fmt: skip
def test_a_rule_about_devices_that_makes_no_sense_is_refused(broken):
    with pytest.raises(Invalid):
        faults.condition_of(broken)
