"""Who is told how a case goes on (案件告知). Each delivery tells what is new since the last one, in order, once."""

from linli.audit import actions as audit
from linli.calendar.events import CalendarChanged
from linli.cases import actions
from linli.cases.domain.news import FACTS, JOINED, templates
from linli.cases.events import CaseMerged, CaseMoved, CaseOpened
from linli.cases.models import Case
from linli.cases.queries import news
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.notices import actions as notices
from linli.notices.queries.texts import require_templates

SYSTEM = Actor.system("cases")
require_templates(templates(), FACTS)


def tell_of_steps(event: CaseOpened | CaseMoved | CaseMerged) -> None:
    """Tell reporters and posts of every step that was not told yet (告知进展)."""
    with audit.acting(SYSTEM), notices.news_from(f"case:{event.case_id}") as told:
        steps = news.steps_after(event.case_id, told.upto)
        if not steps:
            return
        case = Case.objects.with_facts().get(pk=event.case_id)
        reporters = news.reporters_of(case.pk)
        notices.tell_all(news.messages(case, steps, reporters))
        notices.forget_after(reporters.subjects, None if case.is_open else steps[-1].at)
        told.upto = steps[-1].pk


def settle_limits(event: CalendarChanged) -> None:
    """Count every running limit again by the calendar as it is now (重算期限)."""
    actions.settle_limits(clock.now())


def tell_who_joined(event: CaseMerged) -> None:
    """Tell a reporter that others saw the same, and which case goes on for all (告知并案)."""
    with audit.acting(SYSTEM):
        case = Case.objects.with_facts().get(pk=event.case_id)
        reporter = news.reporter_of(event.report_id)
        notices.tell_all(news.joined(case, event.report_id, reporter, JOINED))


def tell_who_left_a_contact(report_id: int) -> None:
    """Tell a reporter, on the contact just left, that their matter is known (回执); so they see that it arrives."""
    with audit.acting(SYSTEM):
        notices.tell_all(news.acknowledged(report_id))
