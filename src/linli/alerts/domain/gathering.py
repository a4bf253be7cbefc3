"""Devices that fail alike at once have one cause (成片异常): one alert, not one for each."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from linli.sensing.domain.faults import Share


class Member(NamedTuple):
    """A device with a fault and what it may have failed with, the narrowest group first (异常设备)."""

    thing_id: int
    groups: tuple[str, ...]


def gathered(
    fallen: Sequence[Member], sizes: Mapping[str, int], standing: Collection[str], rule: Share
) -> dict[str, list[int]]:  # fmt: skip
    """Return the groups that fell together and which devices each stands for (成片归并).

    The group with the most such devices speaks first, of equals the narrowest; a device is in
    one group only, and what is left of a group without those must fulfil the rule by itself.

    Args:
        sizes: devices in service by group.
        standing: groups that were told to have fallen until now.
    """
    left = {member.thing_id: member.groups for member in fallen}
    found: dict[str, list[int]] = {}
    while left:
        members: dict[str, list[int]] = {}
        rank: dict[str, int] = {}
        for thing, groups in left.items():
            for at, group in enumerate(groups):
                members.setdefault(group, []).append(thing)
                rank[group] = at
        failed = [group for group, things in members.items()
                  if rule.holds(len(things), sizes.get(group, 0), stands=group in standing)]  # fmt: skip
        if not failed:
            break
        first = min(failed, key=lambda group: (-len(members[group]), rank[group], group))
        found[first] = sorted(members[first])
        for thing in members[first]:
            del left[thing]
    return found
