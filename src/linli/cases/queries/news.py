from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, override

from linli.cases.domain.escalation import told_at
from linli.cases.domain.news import ESCALATED, INSTEAD, NEWS, NOTHING, UNREACHED, News, roles_of
from linli.cases.domain.remarks import Remark
from linli.cases.domain.workflow import State
from linli.cases.models import Case, CaseReport, CaseStep
from linli.cases.models.words import limit_words
from linli.cases.queries.matters import family
from linli.cases.queries.tables import escalations
from linli.kernel.level import Level
from linli.kernel.role import Role
from linli.notices.domain.recipients import Fact, Message, Recipient, ToPost, ToReporter, ToUser
from linli.web.templatetags.words import LEVELS, role_word


@dataclass(frozen=True, slots=True)
class Reporters:
    """Whom to tell of a matter (来报人): those who left a contact, and accounts by where they act."""

    subjects: tuple[str, ...]
    residents: tuple[str, ...]
    workers: tuple[str, ...]

    @property
    def outside(self) -> tuple[Recipient, ...]:
        """Return those who follow by a link of their own."""
        return (*map(ToReporter, self.subjects), *map(ToUser, self.residents))

    def told(self, template: str, step: CaseStep, facts: dict[str, Fact], link: str, urgent: bool) -> list[Message]:
        """Return what reporters are told of one step: a resident follows by their own link, others by the case."""
        shared = {"template": template, "facts": facts, "once": f"step:{step.pk}", "urgent": urgent, "but": step.actor}
        return [Message(to=self.outside, **shared), Message(to=tuple(map(ToUser, self.workers)), link=link, **shared)]


def steps_after(told: Mapping[int, int]) -> dict[int, list[CaseStep]]:
    """Return what happened to cases since the last step that was told (新进展), oldest first.

    Args:
        told: that step by case; 0 = none.
    Returns: by case; a case to which nothing happened is left out.
    """
    fresh: dict[int, list[CaseStep]] = defaultdict(list)
    found = CaseStep.objects.filter(case__in=told, pk__gt=min(told.values())).select_related("unit").order_by("pk")
    for step in found:
        if step.pk > told[step.case_id]:
            fresh[step.case_id].append(step)
    return dict(fresh)


def worth_telling(fresh: Mapping[int, Sequence[CaseStep]]) -> list[int]:
    """Return the cases of which somebody must hear, or whose reporters' contacts may have to go (应告知案件)."""
    return [case_id for case_id, steps in fresh.items()
            if any(step.state != step.before or NEWS.get(step.move, NOTHING) != NOTHING for step in steps)]


def reporters_of(case_id: int) -> Reporters:
    """Return whom to tell of a case's steps: the reporters of the whole matter."""
    rows = CaseReport.objects.filter(case__in=family(case_id)).values_list("pk", "source", "reporter").order_by("pk")
    return _reporters(list(rows))


def reporters_by_report(report_ids: Collection[int]) -> dict[int, Reporters]:
    """Return whom to tell of each report alone."""
    rows = CaseReport.objects.filter(pk__in=report_ids).values_list("pk", "source", "reporter")
    return {row[0]: _reporters([row]) for row in rows}


def messages(case: Case, steps: Sequence[CaseStep], reporters: Reporters) -> list[Message]:
    """Return everything that these steps give cause to tell (应发通知): duties first, so that who reported and must
    act reads of the duty."""
    found: list[Message] = []
    urgent, link = Level.from_word(case.level) >= Level.ORANGE, f"/desk/cases/{case.number}"
    for step in steps:
        news, facts = NEWS.get(step.move, NOTHING), facts_of(case, step)
        if news.posts and case.merged_into_id is None:
            found.append(Message(template=news.posts, to=_posts(case, step, news), facts=facts, link=link,
                                 once=f"step:{step.pk}", urgent=urgent, but=step.actor, unreached=UNREACHED))
        if told := _escalated(case, step):
            found.append(Message(template=ESCALATED, to=told, facts=facts, link=link, once=f"step:{step.pk}:level",
                                 urgent=urgent, unreached=UNREACHED))
        if news.reporters:
            found += reporters.told(news.reporters, step, facts, link, urgent)
    return found


def joined(case: Case, report_id: int, reporter: Reporters, template: str) -> list[Message]:
    """Return what the reporter of a report that joined a case is told."""
    return [Message(template=template, to=reporter.outside, facts=what_and_where(case), once=f"joined:{report_id}")]


def facts_of(case: Case, step: CaseStep) -> dict[str, Fact]:
    """Return what may be told of a step: never a reporter's words, nor anybody's name."""
    given = step.given
    return {
        **what_and_where(case), "number": str(given.get("case") or case.number),
        "unit": step.unit.name if step.unit else "", "reason": str(given.get("reason") or ""),
        "words": str(given.get("note") or ""), "until": str(given.get("until") or ""),
        "limit": _in_both(lambda: limit_words(case.limit)),
        "level": _in_both(lambda: gettext(LEVELS[Level.from_word(case.level)])),
    }


def what_and_where(case: Case) -> dict[str, Fact]:
    """Return what every notice may tell of a case: number, kind, place."""
    return {"number": case.number, "place": case.place,
            "what": {"zh": case.category.name_zh, "en": case.category.name_en}}


def _posts(case: Case, step: CaseStep, news: News) -> tuple[Recipient, ...]:
    return tuple(_post(case, step, role) for role in roles_of(news, State(step.state)))


def _post(case: Case, step: CaseStep, role: Role) -> ToPost:
    """Return a post with those that are told where nobody holds it."""
    instead = tuple(ToPost(other, case.area_code) for other in INSTEAD.get(role, ()))
    if role is not Role.UNIT:
        return ToPost(role, case.area_code, name=_in_both(lambda: role_word(role)), instead=instead)
    unit = step.unit or case.unit
    return ToPost(role, case.area_code, unit.pk if unit else None, unit.name if unit else "", instead)


def _escalated(case: Case, step: CaseStep) -> tuple[Recipient, ...]:
    """Return who else is told since this step brought the case to a level (逐级告知)."""
    if step.move not in (Remark.OPENED.value, Remark.LEVEL_RAISED.value):
        return ()
    after = Level.from_word(step.given.get("to") or step.given.get("level") or Level.NONE.word)
    before = Level.from_word(step.given.get("from") or Level.NONE.word)
    roles = told_at(escalations(), case.category.code, before=before, after=after)
    return tuple(_post(case, step, role) for role in roles)


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
