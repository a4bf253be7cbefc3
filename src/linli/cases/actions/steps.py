from collections.abc import Mapping
from datetime import datetime

from linli.cases.domain.workflow import State
from linli.cases.models import Case, CaseStep
from linli.kernel.actor import Actor


def append(case: Case, move: str, *, before: State, actor: Actor, at: datetime, post: str = "",
           unit_id: int | None = None, given: Mapping[str, object] | None = None, once: str = "") -> CaseStep:
    """Append one step to a case as it now stands (追加流转记录); `unit_id` where it is no longer the case's own."""
    return CaseStep.objects.create(
        case=case, move=move, before=before.value, state=case.state, at=at, actor=actor.ref, post=post,
        unit_id=unit_id or case.unit_id, given=dict(given or {}), once=once,
    )
