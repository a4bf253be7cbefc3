"""The answer to a report (上报回执)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Submitted:
    """Where a report went.

    `merged` = it joined a case that was open. `follow_token` is told once, to residents only, and
    kept nowhere; None where there is none to tell.
    """

    case_id: int
    number: str
    merged: bool
    report_id: int
    follow_token: str | None
