"""What this room announces (案件事件)."""

from dataclasses import dataclass

from linli.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(Event):
    """A report opened a case (生成案件)."""

    case_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMoved(Event):
    """A case took a step, or its level or unit changed (案件流转)."""

    case_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMerged(Event):
    """A report joined a case that was already open (并案): its reporters are to hear of it."""

    case_id: int
    report_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseVoided(Event):
    """A case was not accepted or not filed (不予立案)."""

    case_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(Event):
    """A case was closed after somebody else had checked it (结案)."""

    case_id: int
