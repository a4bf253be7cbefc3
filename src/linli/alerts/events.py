"""What this room announces (预警事件)."""

from dataclasses import dataclass

from linli.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRaised(Event):
    """A new episode began (预警发生)."""

    alert_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertChanged(Event):
    """An open alert changed its level, up or down, or got its case (预警变化)."""

    alert_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertCleared(Event):
    """The readings left the last level (预警解除); a case of it stays open."""

    alert_id: int
