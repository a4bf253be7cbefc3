from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, override

from linli.cases.domain.news import NEWS, NOTHING, News, roles_of
from linli.cases.domain.workflow import State
from linli.cases.models import Case, CaseReport, CaseStep
from linli.cases.models.words import limit_words
from linli.cases.queries.matters import family, root_of
from linli.kernel.level import Level
from linli.kernel.role import Role
from linli.notices.domain.recipients import Fact, Message, Recipient, ToPost, ToReporter, ToUser
from linli.web.templatetags.words import LEVELS


@dataclass(frozen=True, slots=True)
class Reporters:
    """Whom to tell of a matter (来报人): those who left a contact, and accounts by where they act."""

    subjects: tuple[str, ...]
    residents: tuple[str, ...]
    workers: tuple[str, ...]

    def told(self, template: str, step: CaseStep, facts: dict[str, Fact], link: str, urgent: bool) -> list[Message]:
        """Return what reporters are told of one step: a resident follows by their own link, others by the case."""
        shared = {"template": template, "facts": facts, "once": f"step:{step.pk}", "urgent": urgent, "but": step.actor}
        outside = (*map(ToReporter, self.subjects), *map(ToUser, self.residents))
        return [Message(to=outside, **shared), Message(to=tuple(map(ToUser, self.workers)), link=link, **shared)]


def steps_after(case_id: int, step_id: int) -> list[CaseStep]:
    """Return what happened to a case since that step (新进展), oldest first."""
    return list(CaseStep.objects.filter(case_id=case_id, pk__gt=step_id).select_related("unit").order_by("pk"))


def reporters_of(case_id: int) -> Reporters:
    """Return whom to tell of a case's steps: the reporters of the whole matter."""
    rows = CaseReport.objects.filter(case__in=family(case_id)).values_list("pk", "source", "reporter").order_by("pk")
    return _reporters(list(rows))


def reporter_of(report_id: int) -> Reporters:
    """Return whom to tell of one report alone."""
    rows = CaseReport.objects.filter(pk=report_id).values_list("pk", "source", "reporter")
    return _reporters(list(rows))


def messages(case: Case, steps: Sequence[CaseStep], reporters: Reporters) -> list[Message]:
    """Return everything that these steps give cause to tell (应发通知): duties first, so that who reported and must
    act reads of the duty."""
    found: list[Message] = []
    urgent, link = Level.from_word(case.level) >= Level.ORANGE, f"/desk/cases/{case.number}"
    for step in steps:
        news, facts = NEWS.get(step.move, NOTHING), facts_of(case, step)
        if news.posts and case.merged_into_id is None:
            found.append(Message(template=news.posts, to=_posts(case, step, news), facts=facts, link=link,
                                 once=f"step:{step.pk}", urgent=urgent, but=step.actor))
        if news.reporters:
            found += reporters.told(news.reporters, step, facts, link, urgent)
    return found


def joined(case: Case, report_id: int, reporter: Reporters, template: str) -> list[Message]:
    """Return what the reporter of a report that joined a case is told."""
    recipients = (*map(ToReporter, reporter.subjects), *map(ToUser, reporter.residents))
    return [Message(template=template, to=recipients, facts=_what_and_where(case), once=f"joined:{report_id}")]


def acknowledged(report_id: int) -> list[Message]:
    """Return what a reporter is told on a contact they have just left: once for each."""
    report = CaseReport.objects.get(pk=report_id)
    case = Case.objects.with_facts().get(pk=root_of(report.case_id))
    return [Message(template="cases.received", to=(ToReporter(f"report:{report_id}"),), once=f"left:{report_id}",
                    facts=_what_and_where(case))]


def facts_of(case: Case, step: CaseStep) -> dict[str, Fact]:
    """Return what may be told of a step: never a reporter's words, nor anybody's name."""
    given = step.given
    return {
        **_what_and_where(case), "number": str(given.get("case") or case.number),
        "unit": step.unit.name if step.unit else "", "reason": str(given.get("reason") or ""),
        "words": str(given.get("note") or ""), "until": str(given.get("until") or ""),
        "limit": _in_both(lambda: limit_words(case.limit)),
        "level": _in_both(lambda: gettext(LEVELS[Level.from_word(case.level)])),
    }


def _what_and_where(case: Case) -> dict[str, Fact]:
    return {"number": case.number, "place": case.place,
            "what": {"zh": case.category.name_zh, "en": case.category.name_en}}


def _posts(case: Case, step: CaseStep, news: News) -> tuple[Recipient, ...]:
    return tuple(ToPost(role, case.area_code, (step.unit_id or case.unit_id) if role is Role.UNIT else None)
                 for role in roles_of(news, State(step.state)))


def _reporters(rows: Sequence[tuple[int, str, str]]) -> Reporters:
    people = [(source, ref) for _pk, source, ref in rows if ref.startswith("user:")]
    return Reporters(
        tuple(f"report:{pk}" for pk, source, _ref in rows if source == "resident"),
        tuple(dict.fromkeys(ref for source, ref in people if source == "resident")),
        tuple(dict.fromkeys(ref for source, ref in people if source != "resident")),
    )


def _in_both(say: Callable[[], str]) -> dict[str, str]:
    found = {}
    for name, code in (("zh", "zh-hans"), ("en", "en")):
        with override(code):
            found[name] = say()
    return found
