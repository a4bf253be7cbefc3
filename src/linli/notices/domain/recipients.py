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
    """Everybody who holds a post (岗位): a role over `area`, or of `unit` where the role is the unit's.

    Where nobody holds it, the first of `instead` that somebody holds is told (代收岗位), and hears what this one is
    called: `name`.
    """

    role: str
    area: str = ""
    unit: int | None = None
    name: Fact = ""
    instead: tuple["ToPost", ...] = ()


@dataclass(frozen=True, slots=True)
class ToReporter:
    """Whoever left a contact for news of `subject`, such as `report:12`, and confirmed it (来报人).

    `to_confirm`: the contact that is still to be confirmed instead.
    """

    subject: str
    to_confirm: bool = False


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
        unreached: the template for those told instead, where nobody holds a post; its fact `post` is the post's name.
    """

    template: str
    to: tuple[Recipient, ...]
    facts: Mapping[str, Fact] = field(default_factory=dict)
    once: str
    urgent: bool = False
    link: str = ""
    but: str = ""
    unreached: str = ""
