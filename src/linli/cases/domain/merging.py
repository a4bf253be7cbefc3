"""Whether two reports are one matter (并案): each sign has a weight, the sum is a score, the score decides or asks."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from linli.cases.domain.intake import Report
from linli.cases.domain.weights import Weights
from linli.cases.domain.wording import Grams, grams, likeness, plain
from linli.cases.domain.workflow import OPEN, WITH_UNIT, State
from linli.kernel.geo import Point, metres_between

JOINS_FROM: Final = 0.8
ASKS_FROM: Final = 0.5
ASKED_AT_MOST: Final = 3
REACH: Final = 2.0  # in merge radii; up to here two reports share a locked cell
NOT_YET_FILED: Final = OPEN - WITH_UNIT - {State.FILED}
CATCH_ALL: Final = "other"


class Verdict(StrEnum):
    """What was said of two cases that may be one matter (判定)."""

    PENDING = "pending"  # 待判
    SAME = "same"  # 同一案件
    DIFFERENT = "different"  # 不是同一案件


@dataclass(frozen=True, slots=True)
class Kind:
    """A category as merging compares it: its code, its group, the component classes it is found at."""

    code: str
    group: str
    classes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """What merging must know of a case that is still open; `guessed` = its component was found nearby, not named.

    `texts` are words of its reports, the latest first.
    """

    case_id: int
    kind: Kind
    where: Point
    component_id: int | None
    guessed: bool
    last_seen_at: datetime
    state: State
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """How surely a report and a case are one matter, and why (相似度): what was found, and what it weighed.

    `total` in 0..1. `category` is same, group, unknown or other; `words` is None where one of them says nothing.
    """

    total: float
    category: str
    metres: float
    hours: float
    component: bool
    words: float | None
    weights: dict[str, float]

    @property
    def kept(self) -> dict[str, Any]:
        """Return it as it is stored beside the report or the question."""
        return {name: round(value, 3) if isinstance(value, float) else value for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Join:
    """The report joins this case by itself (自动并案)."""

    case_id: int
    score: Score


@dataclass(frozen=True, slots=True)
class Ask:
    """The report opens its own case, and the acceptor is asked about these, the likeliest first (提请判定)."""

    cases: tuple[tuple[int, Score], ...]


@dataclass(frozen=True, slots=True)
class Open:
    """The report opens its own case (新案)."""


def judge(report: Report, kind: Kind, cases: Sequence[OpenCase], weights: Weights) -> Join | Ask | Open:
    """Return what becomes of a report among the open cases round it (并案判定).

    The likeliest case is joined from `JOINS_FROM`, asked about from `ASKS_FROM`; of equally likely
    ones the nearest, then the oldest.
    """
    found = [(case.case_id, scored) for case in cases if (scored := score(report, kind, case, weights))]
    ranked = sorted(found, key=lambda one: (-one[1].total, one[1].metres, one[0]))
    if ranked and ranked[0][1].total >= JOINS_FROM:
        return Join(*ranked[0])
    asked = tuple(one for one in ranked if one[1].total >= ASKS_FROM)[:ASKED_AT_MOST]
    return Ask(asked) if asked else Open()


def score(report: Report, kind: Kind, case: OpenCase, weights: Weights) -> Score | None:
    """Return how surely the report is this case's matter (相似度), None where it never is.

    Two named components are two matters, however near. A different problem of the same component
    is its matter only until the case is filed: afterwards its limit is set, and a missing cover
    must not wait as long as a noisy one.

    Source: additive log-odds of agreeing and differing signs (Fellegi and Sunter 1969).
    """
    same_component = report.component_id is not None and report.component_id == case.component_id
    if _names_another_component(report, case):
        return None
    if same_component and kind.code != case.kind.code and case.state not in NOT_YET_FILED:
        return None
    metres = metres_between(report.where, case.where)
    gap = abs(report.seen_at - case.last_seen_at)
    category = _category(kind, case.kind)
    weighed = {"base": weights.at("base"), "category": weights.at(f"category.{category}")}
    if same_component:
        weighed["component"] = weights.at("component.same")
    else:
        weighed["distance"] = _bounded("distance", metres / report.rule.merge_radius_m, weights)
        weighed["time"] = _bounded("time", gap / report.rule.merge_window, weights)
    words = None
    if sum(weighed.values()) + weights.most("text") >= _log_odds(ASKS_FROM):  # else no word could change it
        words, weighed["text"] = _words(report.text, case.texts, weights)
    return Score(_chance(sum(weighed.values())), category, metres, gap / timedelta(hours=1), same_component, words,
                 {name: round(weight, 3) for name, weight in weighed.items()})


def _category(one: Kind, two: Kind) -> str:
    if CATCH_ALL in (one.code, two.code):
        return "unknown"
    if one.code == two.code:
        return "same"
    return "group" if one.group == two.group or one.classes & two.classes else "other"


def _bounded(sign: str, share: float, weights: Weights) -> float:
    """Return what a sign weighs that has a bound; `share` = measure divided by that bound."""
    return weights.at(f"{sign}.{'within' if share <= 1.0 else 'beyond'}", share)


def _words(text: str, others: Iterable[str], weights: Weights) -> tuple[float | None, float]:
    """Return the likeness to the likest of the other texts, and its weight; None and 0 where one says nothing."""
    mine = plain(text)
    theirs = [words for words in map(plain, others) if words]
    if not mine or not theirs:
        return None, 0.0
    runs: Grams = grams(mine)
    likest, amount = max((likeness(runs, grams(words)), min(len(mine), len(words))) for words in theirs)
    return likest, weights.at("text", likest) * weights.at("text.amount", amount)


def _names_another_component(report: Report, case: OpenCase) -> bool:
    return None not in (report.component_id, case.component_id) and not case.guessed \
        and report.component_id != case.component_id


def _log_odds(chance: float) -> float:
    return math.log(chance / (1 - chance))


def _chance(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))
