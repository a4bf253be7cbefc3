"""Channels and what becomes of a delivery on them (渠道与送达状态)."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final


class Channel(StrEnum):
    """A way to reach somebody outside Linli's own pages (渠道); the inbox of the pages needs no delivery."""

    EMAIL = "email"  # 电子邮件
    SMS = "sms"  # 短信
    WEBHOOK = "webhook"  # 系统对接


class State(StrEnum):
    """Where a delivery stands (送达状态)."""

    QUEUED = "queued"  # 待发送
    HELD = "held"  # 免打扰时段, 暂缓
    SENDING = "sending"  # 发送中
    SENT = "sent"  # 已送达渠道
    FAILED = "failed"  # 未送达
    UNSURE = "unsure"  # 不确定是否送达
    WITHDRAWN = "withdrawn"  # 已撤回: nobody is to be reached there any more


WAITING: Final = frozenset({State.QUEUED, State.HELD})
UNDELIVERED: Final = frozenset({State.FAILED, State.UNSURE})
RETRY_AFTER: Final = tuple(timedelta(seconds=s) for s in (30, 120, 600, 3600, 6 * 3600))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a channel says of one attempt (发送结果): `reason` is a code, `receipt` the other side's own word.

    `tried` False = its turn did not come, so it was no attempt.
    """

    state: State
    receipt: str = ""
    reason: str = ""
    tried: bool = True


def sent(receipt: str) -> Outcome:
    """The other side took it and said so (已送达渠道)."""
    return Outcome(State.SENT, receipt=receipt)


def later(reason: str) -> Outcome:
    """Surely not taken, but perhaps next time (稍后重试)."""
    return Outcome(State.QUEUED, reason=reason)


def untried(reason: str) -> Outcome:
    """Its turn did not come (未及发送)."""
    return Outcome(State.QUEUED, reason=reason, tried=False)


def refused(reason: str, receipt: str = "") -> Outcome:
    """Surely not taken, and asking again would change nothing (拒绝)."""
    return Outcome(State.FAILED, receipt=receipt, reason=reason)


def unsure(reason: str) -> Outcome:
    """Nobody knows whether it was taken (不确定)."""
    return Outcome(State.UNSURE, reason=reason)


def wait_after(attempts: int) -> timedelta | None:
    """Return how long to wait after so many attempts (重试间隔); None = give up."""
    return RETRY_AFTER[attempts - 1] if attempts <= len(RETRY_AFTER) else None


def when_interrupted(repeatable: bool) -> State:
    """Return what becomes of a delivery whose sender died in the middle of it.

    A channel that recognises a repeat gets it again; on another nobody is told twice: a person decides.
    """
    return State.QUEUED if repeatable else State.UNSURE
