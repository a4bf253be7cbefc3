"""The tables by which cases are judged (规则表): shipped ones, or in their place the deploying city's own."""

import json
from functools import cache
from typing import Any

from django.conf import settings

from linli.cases.domain import escalation, stages
from linli.cases.domain.escalation import Escalation
from linli.cases.domain.limits import Limit
from linli.cases.domain.stages import StageLimit
from linli.cases.domain.workflow import State
from linli.cases.models import Case
from linli.kernel import presets
from linli.kernel.level import Level


@cache
def stage_limits() -> tuple[StageLimit, ...]:
    """Return how long a case may wait in each stage (环节时限)."""
    return stages.read(_rows("stage_limits"))


@cache
def escalations() -> tuple[Escalation, ...]:
    """Return who is told at which level (逐级告知)."""
    return escalation.read(_rows("escalations"))


def stage_limit_of(case: Case) -> Limit | None:
    """Return how long this case may stand as it does, None where its stage has no limit of its own."""
    return stages.limit_of(stage_limits(), State(case.state), Level.from_word(case.level))


def _rows(name: str) -> Any:
    own = settings.LINLI_HOME / f"{name}.json"
    return json.loads(own.read_text("utf-8")) if own.is_file() else presets.read(name)
