"""Who watches the board, and which live events reach them (看板可见范围)."""

from dataclasses import asdict, dataclass
from typing import Any, Final

from linli.alerts.domain import sight as alerts
from linli.cases.domain import sight as cases
from linli.kernel.actor import Actor
from linli.kernel.role import Role
from linli.sensing.domain import sight as devices

WATCHES: Final = cases.SEES_AREA | alerts.SEES_AREA | {Role.UNIT}


@dataclass(frozen=True, slots=True)
class LiveScope:
    """What a live stream may carry (推送范围): events of one of `topics`, in one of `areas` or for one of `units`.

    `areas` are code prefixes, an empty one is everywhere; no areas and no units let nothing through.
    """

    areas: tuple[str, ...]
    units: tuple[int, ...]
    topics: tuple[str, ...]

    def as_payload(self) -> dict[str, Any]:
        """Return it as the plain values that a signed token holds."""
        return {name: list(values) for name, values in asdict(self).items()}


def may_watch(actor: Actor) -> bool:
    """Return whether one of the posts is there to watch what happens; a resident's is not."""
    return any(post.role in WATCHES for post in actor.posts)


def sees(actor: Actor) -> frozenset[str]:
    """Return of what the board may tell this actor anything: `alerts`, `cases`, `devices`.

    What one may not see is not shown as none.
    """
    roles = {post.role for post in actor.posts}
    return frozenset(name for name, allowed in (
        ("alerts", alerts.SEES_AREA), ("cases", cases.SEES_AREA | {Role.UNIT}), ("devices", devices.SEES_AREA),
    ) if roles & allowed)


def live_scope(actor: Actor) -> LiveScope:
    """Return what may be pushed to this actor.

    One scope holds one list of areas for all its topics. Whoever may see cases gets only the
    areas of those posts, for both topics: what a further post shows of alerts alone comes by polling.
    """
    units = tuple(sorted(actor.units))
    with_cases = _areas(actor, cases.SEES_AREA)
    if with_cases or units:
        return LiveScope(with_cases, units, ("alerts", "cases"))
    return LiveScope(_areas(actor, alerts.SEES_AREA), (), ("alerts",))


def _areas(actor: Actor, roles: frozenset[Role]) -> tuple[str, ...]:
    return tuple(sorted({post.area for post in actor.posts if post.role in roles}))
