"""A case's chain and its timeline as a page draws them (来龙去脉), from its reports and steps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from linli.cases.domain.remarks import GIVES_A_UNIT, Remark
from linli.cases.models import Case
from linli.cases.pages import words
from linli.cases.pages.told import Namer
from linli.cases.queries import PublicStep, ReportLine, StepLine

Step = TypeVar("Step", StepLine, PublicStep)


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain: `at` None = still to happen; `gap_s` = seconds until the next, None = not yet known."""

    kind: str
    at: datetime | None
    facts: Mapping[str, Any] = field(default_factory=dict)
    gap_s: float | None = None


def chain(case: Case, reports: Sequence[ReportLine], steps: Sequence[StepLine], named: Namer) -> list[Link]:
    """Return reading → alert → case → unit → check, each with the time that passed until the next.

    A case that no sensor reported begins at the case. What was undone (sent back, handed back) is to come again.
    """
    sensed = next((report for report in reports if report.source == "sensor"), None)
    last = {step.move: step for step in steps}
    sent = next((step for step in reversed(steps) if step.move in GIVES_A_UNIT), None)
    dispatched = sent if case.state in ("dispatched", "handled", "checked", "closed") else None
    done = last.get("report_done") if case.handled_at else None
    checked = last.get("check") if case.checked_by else None
    links = [
        *_sensed(sensed, named),
        Link("case", case.opened_at, {"reports": len(reports)}),
        Link("unit", case.handled_at or (dispatched.at if dispatched else None),
             {"name": case.unit.name if case.unit else "", "done": done is not None,
              "photos": len(done.photos) if done else 0, "proposed": dispatched is None}),
        Link("check", checked.at if checked else None,
             {"photos": len(checked.photos) if checked else 0, "closed_at": case.closed_at}),
    ]
    return _with_gaps(links)


def bundled(steps: Iterable[Step]) -> list[tuple[Step, int]]:
    """Return the steps, newest first; reports that joined one after the other are one line with their number."""
    bundles: list[tuple[Step, int]] = []
    for step in reversed(list(steps)):
        if bundles and step.move == Remark.MERGED.value == bundles[-1][0].move:
            bundles[-1] = (bundles[-1][0], bundles[-1][1] + 1)
        else:
            bundles.append((step, 1))
    return bundles


def lines(steps: Sequence[StepLine]) -> list[dict[str, Any]]:
    """Return the steps, newest first, each with its words, its sign and what was said and shown with it."""
    return [{"step": step, "count": count, "word": words.DONE[step.move], "icon": words.ICONS[step.move],
             "source": words.SOURCES.get(step.given.get("source", "")),
             "reason": step.given.get("reason", ""), "note": step.given.get("note", "")}
            for step, count in bundled(steps)]


def asked_for(case: Case, newest_first: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the line of the request that waits for an answer, None if none does (待审批的申请)."""
    wanted = f"ask_{case.asked}"
    return next((line for line in newest_first if case.asked and line["step"].move == wanted), None)


def _sensed(report: ReportLine | None, named: Namer) -> list[Link]:
    if report is None:
        return []
    value = report.facts.get("value")
    known = named(str(report.facts.get("metric", "")), str(report.facts.get("rule", "")))
    facts = {**report.facts, "said": f"{value:g}" if isinstance(value, int | float) else "–",
             "metric_name": known.metric, "rule_name": known.rule}
    return [Link("reading", report.seen_at, facts), Link("alert", report.received_at, facts)]


def _with_gaps(links: list[Link]) -> list[Link]:
    return [replace(link, gap_s=_seconds(link.at, then.at if then else None))
            for link, then in zip(links, [*links[1:], None], strict=True)]


def _seconds(start: datetime | None, end: datetime | None) -> float | None:
    return max(0.0, (end - start).total_seconds()) if start and end else None
