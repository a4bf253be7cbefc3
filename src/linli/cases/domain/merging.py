"""Whether two reports are one matter (并案)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from linli.cases.domain.intake import Report
from linli.cases.domain.workflow import State
from linli.kernel.geo import Point, metres_between

NOT_YET_FILED: Final = frozenset({State.REPORTED, State.ACCEPTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """What merging must know of a case that is still open; `guessed` = its component was found nearby, not named."""

    case_id: int
    category: str
    where: Point
    component_id: int | None
    guessed: bool
    last_seen_at: datetime
    state: State


def same_matter(report: Report, cases: Sequence[OpenCase]) -> int | None:
    """Return the open case that `report` joins (并入的案件), None if it opens its own.

    The same component joins first, then the same category near enough in place and time; of several
    the nearest, then the oldest. A different problem of the same component joins only until the case
    is filed: afterwards its limit is set, and a missing cover must not wait as long as a noisy one.
    Two named components are two matters, however near.
    """
    candidates = [case for case in cases if _is_same_component(report, case)] or [
        case for case in cases if _is_near(report, case)]
    ranked = sorted(candidates, key=lambda case: (metres_between(report.where, case.where), case.case_id))
    return ranked[0].case_id if ranked else None


def _is_same_component(report: Report, case: OpenCase) -> bool:
    return (report.component_id is not None
            and report.component_id == case.component_id
            and (report.category == case.category or case.state in NOT_YET_FILED))


def _is_near(report: Report, case: OpenCase) -> bool:
    return (report.category == case.category
            and not _names_another_component(report, case)
            and abs(report.seen_at - case.last_seen_at) <= report.rule.merge_window
            and metres_between(report.where, case.where) <= report.rule.merge_radius_m)


def _names_another_component(report: Report, case: OpenCase) -> bool:
    return None not in (report.component_id, case.component_id) and not case.guessed \
        and report.component_id != case.component_id
