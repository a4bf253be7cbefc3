from django.db import transaction

from linli.audit import actions as audit
from linli.cases import policy, queries
from linli.cases.actions import flow
from linli.cases.domain import given as hand_in
from linli.cases.models import Case
from linli.cases.queries.public import report_of_link
from linli.kernel.actor import Actor

MOVE = "refuse_closure"


@transaction.atomic
def refuse_closure(token: str, *, reason: str) -> Case:
    """Open a closed case again, since whoever holds this link says that it is not solved (不满意重办).

    Raises: NotFound if it is no link of ours; NotAllowedNow if the case is not closed or the days for
        it are over; Invalid without a reason.
    """
    with audit.acting(Actor.system("cases")):
        report = report_of_link(token)
        case = Case.objects.select_for_update().get(pk=queries.root_of(report.case_id))
    holder = Actor(f"{policy.LINK_HOLDER}{report.pk}")
    return flow.take(case, "refuse_closure", hand_in.parse({"reason": reason}), actor=holder)
