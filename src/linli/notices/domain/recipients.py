"""Who is to be told (收件人)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Fact = str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ToUser:
    """One person by their account, such as `user:7` (账号)."""

    ref: str


@dataclass(frozen=True, slots=True)
class ToPost:
    """Everybody who holds a post (岗位): a role over `area`, or of `unit` where the role is the unit's."""

    role: str
    area: str = ""
    unit: int | None = None


@dataclass(frozen=True, slots=True)
class ToReporter:
    """Whoever left a contact for news of `subject`, such as `report:12` (来报人)."""

    subject: str


Recipient = ToUser | ToPost | ToReporter


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One thing to tell (一条通知).

    Args:
        facts: the template's variables; a value that differs by language is a mapping `zh`, `en`.
        once: names the fact, such as `step:12`: nobody is told of it twice.
        urgent: passes quiet hours (橙色、红色).
        link: path of the page where one can act; a reporter has a link of their own.
        but: who did it and need not be told.
    """

    template: str
    to: tuple[Recipient, ...]
    facts: Mapping[str, Fact] = field(default_factory=dict)
    once: str
    urgent: bool = False
    link: str = ""
    but: str = ""
