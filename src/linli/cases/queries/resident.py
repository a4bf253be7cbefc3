from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from linli.audit import actions as audit
from linli.cases.domain import follow
from linli.cases.domain.limits import Standing
from linli.cases.domain.workflow import State
from linli.cases.models import Case, FollowLink
from linli.cases.queries.desk import used_shares
from linli.cases.queries.matters import roots_of
from linli.kernel.actor import Actor

BEING_HANDLED: Final = (State.DISPATCHED.value, State.HANDLED.value, State.CHECKED.value)


@dataclass(frozen=True, slots=True)
class Followed:
    """One report whose link somebody holds, in one line (我报的事)."""

    token: str
    number: str
    category: str
    place: str
    text: str
    state: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Handled:
    """One matter that is being handled, as everybody may know it (身边正在办): no number, nobody's words."""

    category: str
    place: str
    state: str
    standing: Standing
    started_at: datetime | None
    due_at: datetime | None
    used_share: float | None


def followed(tokens: Sequence[str]) -> list[Followed]:
    """Return the reports of these links, in the links' order; a link that is not ours is left out."""
    by_digest = {follow.digest(token): token for token in tokens}
    with audit.acting(Actor.system("cases")):
        links = FollowLink.objects.filter(token_sha256__in=list(by_digest)).select_related("report__case__category")
        found = {by_digest[bytes(link.token_sha256)]: link.report for link in links}
        cases = {report.case_id: report.case for report in found.values()}
        merged = roots_of([case.pk for case in cases.values() if case.merged_into_id])
        mains = Case.objects.select_related("category").in_bulk(set(merged.values())) if merged else {}
        cases |= {case_id: mains[root] for case_id, root in merged.items()}
    return [Followed(token, case.number, case.category.name, case.place, report.text, case.state, report.seen_at)
            for token in tokens if (report := found.get(token)) for case in (cases[report.case_id],)]


def being_handled(most: int) -> list[Handled]:
    """Return the matters a unit is at, the newest first; what concerns a gated component is nobody's to know."""
    with audit.acting(Actor.system("cases")):
        rows = Case.objects.with_facts().filter(state__in=BEING_HANDLED, merged_into=None)
        rows = rows.exclude(component__klass__gated=True)
        shown = list(rows.order_by("-filed_at", "-pk")[:most])
        used = used_shares(shown)
        return [Handled(row.category.name, row.place, row.state, row.standing, row.started_at, row.due_at,
                        used[row.pk]) for row in shown]
