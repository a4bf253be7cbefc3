"""Builders of notices (通知): people with ways to be reached, contacts left, a sender that remembers."""

from collections.abc import Iterable, Iterator
from datetime import time

from django.conf import settings

from linli.accounts import actions as accounts
from linli.accounts.actions import NewPost
from linli.accounts.models import User
from linli.audit import actions as audit
from linli.kernel import token
from linli.kernel.actor import Actor
from linli.kernel.role import Role
from linli.notices import actions as notices
from linli.notices.domain.channels import Channel, Outcome, sent
from linli.notices.models import Contact
from linli.notices.queries import sealing
from linli.notices.tasks.letters import Letter

SYSTEM = Actor.system("test")
FACTS = {"number": "Q1", "what": {"zh": "井盖缺失", "en": "Manhole cover missing"}, "place": "柳塘社区"}
PHONE = "13812345678"
MAIL = "li.ming@mail.test"
TOKEN = "A" * 22


def make_person(username: str = "zhao", role: Role = Role.ACCEPTOR, area: str = "", unit: int | None = None) -> Actor:
    """Enter somebody with one post and return them as they act."""
    held = [NewPost(role=role, name=f"{role.value} {username}", area=area, unit=unit)]
    accounts.make_demo_accounts({username: held}, actor=SYSTEM)
    return Actor(f"user:{User.objects.get(username=username).pk}")


def give_way(person: Actor, channel: Channel = Channel.SMS, to: str = PHONE, *, quiet: tuple[int, int] = (0, 0),
             language: str = "zh") -> str | None:
    """Let a channel reach somebody, without quiet hours unless they are given as hours."""
    return notices.change_way(channel, to, quiet_from=time(quiet[0]), quiet_to=time(quiet[1]), language=language,
                              actor=person)


def leave(subject: str = "report:1", to: str = PHONE, language: str = "zh", *, confirmed: bool = True) -> None:
    """Leave a contact for news of a subject, and confirm it as its owner would."""
    notices.leave_contact(subject, to, follow_token=TOKEN, language=language, actor=SYSTEM)
    if confirmed:
        confirm(subject)


def confirm(subject: str) -> None:
    """Confirm the contact left for a subject, by the token that is sent there."""
    with audit.acting(SYSTEM):
        ref = f"contact:{Contact.objects.get(subject=subject).pk}"
    notices.confirm(token.sign({"confirm": ref}, key=sealing.secret(), lifetime_s=60), actor=SYSTEM)


def set_up(monkeypatch, **changes: object) -> None:
    """Set up every channel: a mail server's name and the file adapter."""
    given = {"LINLI_SMTP_HOST": "127.0.0.1", "LINLI_SMTP_TLS": "none", "LINLI_SMTP_FROM": "linli@city.test",
             "LINLI_SMS_ADAPTER": "file", **changes}
    for name, value in given.items():
        monkeypatch.setattr(settings, name, value)


class Remembering:
    """A channel that keeps what it was given, and answers as it was told."""

    def __init__(self, *answers: Outcome, repeatable: bool = True) -> None:
        self.answers = list(answers)
        self.repeatable = repeatable
        self.letters: list[Letter] = []

    def send(self, letters: Iterable[Letter]) -> Iterator[tuple[Letter, Outcome]]:
        """Keep each letter; `sent` once the answers are used up."""
        for letter in letters:
            self.letters.append(letter)
            yield letter, self.answers.pop(0) if self.answers else sent("kept")
