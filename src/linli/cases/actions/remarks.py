from collections.abc import Mapping

from django.db import transaction

from linli.audit import actions as audit
from linli.cases.actions import steps
from linli.cases.domain.remarks import Remark
from linli.cases.domain.workflow import State
from linli.cases.events import CaseMoved
from linli.cases.models import Case, CaseStep
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import NotPermitted
from linli.outbox import actions as outbox


@transaction.atomic
def remark(case_id: int, kind: Remark, *, once: str, actor: Actor,
           given: Mapping[str, str | int | float | None] | None = None) -> bool:
    """Write beside a case what Linli has noticed of it (案件备注); its state stays. Return whether it was new.

    Args:
        once: names the fact, such as `alert:12:cleared`; the same fact is written once.
    Raises: NotPermitted if `actor` is not a part of Linli.
    """
    if not actor.is_system:
        raise NotPermitted("cases.remark", "Only Linli itself remarks on a case.")
    case = Case.objects.select_for_update().get(pk=case_id)
    if CaseStep.objects.filter(case=case, once=once).exists():
        return False
    steps.append(case, kind.value, before=State(case.state), actor=actor, at=clock.now(), given=given, once=once)
    audit.record(f"cases.{kind.value}", actor=actor, target=f"case:{case.pk}", once=once)
    outbox.publish(CaseMoved(case_id=case.pk))
    return True
