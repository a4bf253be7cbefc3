"""What waits for who commands an area (等你决定): what is late, and what is severe and not yet with a unit."""

from typing import Final

from linli.cases.domain.workflow import OPEN, WITH_UNIT
from linli.kernel.actor import Actor
from linli.kernel.level import Level
from linli.kernel.role import Role

COMMANDS: Final = frozenset({Role.COMMUNITY, Role.STREET, Role.DISTRICT})
SEVERE_FROM: Final = Level.ORANGE
URGENT: Final = OPEN - WITH_UNIT


def commanded(actor: Actor) -> frozenset[str]:
    """Return the areas (code prefixes) that this actor commands."""
    return frozenset(post.area for post in actor.posts if post.role in COMMANDS)
