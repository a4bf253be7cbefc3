"""Who was told instead where nobody holds a post (代收说明): beside the units of a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.cases.queries import StepLine
from linli.notices import queries as notices


@dataclass(frozen=True, slots=True)
class ToldInstead:
    """One step of which a post should have heard that nobody holds; `told` "" = nobody heard."""

    at: datetime
    unit_name: str
    role: str
    told: str


def of(steps: Sequence[StepLine]) -> list[ToldInstead]:
    """Return where nobody could be told of these steps, and which post was told instead, the newest first."""
    found = notices.unreached([f"step:{step.id}{end}" for step in steps for end in ("", ":level")])
    return [ToldInstead(one.at, one.unit_name, one.role, one.told) for one in reversed(found)]
