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


def tell_of_steps(*events: CaseOpened | CaseMoved | CaseMerged) -> None:
    """Tell reporters and posts of every step that was not told yet (告知进展)."""
    subjects = {f"case:{event.case_id}": event.case_id for event in events}
    with audit.acting(SYSTEM), notices.news_from(subjects) as told:
        fresh = news.steps_after({case_id: told[subject] for subject, case_id in subjects.items()})
        messages = []
        for case in Case.objects.with_facts().filter(pk__in=news.worth_telling(fresh)).order_by("pk"):
            steps, reporters = fresh[case.pk], news.reporters_of(case.pk)
            messages += news.messages(case, steps, reporters)
            notices.forget_after(reporters.subjects, None if case.is_open else steps[-1].at)
        notices.tell_all(messages)
        told.update({f"case:{case_id}": steps[-1].pk for case_id, steps in fresh.items()})


def settle_limits(*events: CalendarChanged) -> None:
    """Count every running limit again by the calendar as it is now (重算期限)."""
    actions.settle_limits(clock.now())


def tell_who_joined(*events: CaseMerged) -> None:
    """Tell each reporter that others saw the same, and which case goes on for all (告知并案)."""
    with audit.acting(SYSTEM):
        reporters = news.reporters_by_report({event.report_id for event in events})
        case_of = {event.report_id: event.case_id for event in events if reporters[event.report_id].outside}
        cases = Case.objects.with_facts().in_bulk(set(case_of.values()))
        notices.tell_all([message for report_id, case_id in sorted(case_of.items())
                          for message in news.joined(cases[case_id], report_id, reporters[report_id], JOINED)])
