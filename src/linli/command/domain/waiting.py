"""What waits for whom (等你决定)."""

from dataclasses import dataclass
from typing import Final

from linli.cases.domain.queues import QUEUES
from linli.cases.domain.workflow import OPEN, WITH_UNIT, State
from linli.kernel.actor import Actor, Post
from linli.kernel.level import Level
from linli.kernel.role import Role

COMMANDS: Final = frozenset({Role.COMMUNITY, Role.STREET, Role.DISTRICT})
SEVERE_FROM: Final = Level.ORANGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Open cases that wait for one post: those in `states`, of its `area` (code prefix) or of its `unit`.

    Who commands an area decides on what is `late`, and on what is severe and still in one of the
    `urgent` states. What somebody handled does not wait for that same person to judge it.
    """

    area: str = ""
    unit: int | None = None
    states: frozenset[State] = frozenset()
    urgent: frozenset[State] = frozenset()
    late: bool = False


def waits(actor: Actor) -> tuple[Wait, ...]:
    """Return for each post what waits for it: the queues that its role works on."""
    return tuple(wait for post in actor.posts if (wait := _wait(post)))


def _wait(post: Post) -> Wait | None:
    if post.role in COMMANDS:
        return Wait(area=post.area, urgent=OPEN - WITH_UNIT, late=True)
    states = frozenset(state for queue in QUEUES.values()
                       if queue.role == post.role and not queue.is_partial for state in queue.states)
    return Wait(area=post.area, unit=post.unit, states=states) if states else None
