"""A case beside those of the same matter (并案情况): where it rests, what is asked of it, what an acceptor may do."""

from dataclasses import dataclass
from typing import Any

from linli.audit import actions as audit
from linli.cases import policy, queries
from linli.cases.models import Case
from linli.cases.pages import signs
from linli.kernel.actor import Actor
from linli.kernel.role import Role


@dataclass(frozen=True, slots=True)
class Main:
    """The case in which another rests: its number, whether this person sees it, whether they may part the two."""

    number: str
    seen: bool
    may_part: bool


def of(actor: Actor, case: Case) -> dict[str, Any]:
    """Return what the page of a case says about others of its matter."""
    is_acceptor = actor.holds(Role.ACCEPTOR, area=case.area_code)
    asked = queries.likenesses_for(actor, case.pk) if is_acceptor and case.is_open else ()
    return {
        "main": _main(actor, case, is_acceptor) if case.merged_into_id else None,
        "asked": [(row, row.other if row.case_id == case.pk else row.case, signs.percent(row.parts),
                   signs.of(row.parts)) for row in asked],
        "may_merge": is_acceptor and case.is_open,
        "may_split": is_acceptor,
    }


def _main(actor: Actor, case: Case, is_acceptor: bool) -> Main:
    with audit.acting(Actor.system("cases")):
        main = Case.objects.get(pk=case.merged_into_id)
    seen = policy.visible_cases(actor).filter(pk=main.pk).exists()
    return Main(main.number, seen, is_acceptor and actor.holds(Role.ACCEPTOR, area=main.area_code))
