from django.db import transaction

from linli.areas import queries as areas
from linli.audit import actions as audit
from linli.cases import policy
from linli.cases.actions import levels, opening, steps
from linli.cases.domain.intake import Report, Source
from linli.cases.domain.merging import Verdict
from linli.cases.domain.remarks import Remark
from linli.cases.domain.texts import clean
from linli.cases.domain.workflow import State
from linli.cases.events import CaseMoved, CaseOpened
from linli.cases.models import Case, CaseReport, Likeness
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import Invalid, NotAllowedNow, NotFound
from linli.kernel.geo import Point
from linli.kernel.level import Level
from linli.kernel.role import Role
from linli.outbox import actions as outbox

REASON_LENGTH = 500


@transaction.atomic
def unmerge(report_id: int, *, actor: Actor, reason: str) -> Case:
    """Split a report that joined by itself off to a case of its own (来报拆分), and return that case.

    Both cases' steps say so; the reporter's link follows the report.

    Raises: NotFound, NotPermitted, Invalid without a reason, NotAllowedNow for the report that opened the case.
    """
    said = clean(reason, field="reason", longest=REASON_LENGTH)
    if not said:
        raise Invalid("cases.reason_missing", "Please give a reason.", field="reason")
    seen = CaseReport.objects.filter(pk=report_id, case__in=policy.visible_cases(actor)).first()
    if seen is None:
        raise NotFound("cases.no_such_report", "There is no such report.")
    with audit.acting(Actor.system("cases")):
        old = Case.objects.select_for_update().get(pk=seen.case_id)
        row = CaseReport.objects.select_for_update(of=("self",)).select_related("category").get(pk=report_id)
        policy.require_over(actor, Role.ACCEPTOR, old)
        if not row.merged or row.case_id != old.pk:
            raise NotAllowedNow("cases.report_opened_it", "This report stands alone, or opened this case: it cannot be"
                                " split off.")
        new = _on_its_own(row, old, actor, said)
        old.report_count = max(1, old.report_count - 1)
        levels.settle(old)
        old.save(update_fields=["report_count", "level"])
        steps.append(old, Remark.SPLIT_OFF.value, before=State(old.state), actor=actor, at=clock.now(),
                     post=Role.ACCEPTOR.value,
                     given={"case": new.number, "report": row.pk, "reason": said, "level": old.level})
        audit.record("cases.split", actor=actor, target=f"case:{old.pk}", report=row.pk, new=new.pk)
        outbox.publish(CaseMoved(case_id=old.pk))
        outbox.publish(CaseOpened(case_id=new.pk))
    return new


def _on_its_own(row: CaseReport, old: Case, actor: Actor, reason: str) -> Case:
    report = Report(source=Source(row.source), source_ref=row.source_ref, category=row.category.code,
                    where=Point(row.lon, row.lat), seen_at=row.seen_at, text=row.text,
                    component_id=row.component_id, level=Level.from_word(row.level))
    new = opening.open_case(report, row.category, areas.place_of(report.where), actor=actor,
                            given={"case": old.number, "reason": reason})
    row.case, row.merged = new, False
    row.save(update_fields=["case", "merged"])
    now = clock.now()
    Likeness.objects.create(case=new, other=old, score=float((row.likeness or {}).get("total", 0.0)),
                            parts=row.likeness or {}, asked_at=now, state=Verdict.DIFFERENT.value,
                            decided_by=actor.ref, decided_at=now)
    return new
