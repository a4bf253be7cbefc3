"""A delivery as words with its links (成文): what every channel sends a form of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext, override

from linli.kernel import token
from linli.notices.actions.contacts import CONFIRM, TO_CONFIRM
from linli.notices.actions.sending import Claimed
from linli.notices.queries.outgoing import Address
from linli.notices.queries.sealing import secret
from linli.notices.queries.texts import say

STOP_LIFETIME_S: Final = 400 * 24 * 3600
CONFIRM_LIFETIME_S: Final = int(TO_CONFIRM.total_seconds())


@dataclass(frozen=True, slots=True)
class Letter:
    """One delivery, ready to go (待寄件): its text holds no line break but its own."""

    id: UUID
    to: str
    template: str
    subject: str
    short: str
    long: str
    link: str
    stop_link: str
    made_at: datetime
    urgent: bool
    language: str
    secret: str

    @property
    def text(self) -> str:
        """Return the whole text of a mail, with its links."""
        with override("en" if self.language == "en" else "zh-hans"):
            parts = [self.long]
            if self.link:
                asks = self.template == CONFIRM
                parts.append(f"{gettext('Confirm here:') if asks else gettext('See how it stands:')}\n{self.link}")
            if self.stop_link:
                parts.append(f"{gettext('You left this address for news of this one matter. To hear no more of it:')}\n"
                             f"{self.stop_link}")
            return "\n\n".join(parts) + "\n"


def letter(claimed: Claimed, address: Address) -> Letter | None:
    """Return the delivery in words; None if its template cannot say it any more."""
    said = say(claimed.template, claimed.facts, address.language)
    if said is None:
        return None
    web = settings.LINLI_WEB_URL.rstrip("/")
    path = f"/f/{address.follow_token}" if address.follow_token else claimed.link
    if claimed.template == CONFIRM:
        path = f"/f/confirm/{token.sign({'confirm': claimed.recipient}, key=secret(), lifetime_s=CONFIRM_LIFETIME_S)}"
    stop = token.sign({"stop": address.stop_subject}, key=secret(), lifetime_s=STOP_LIFETIME_S) \
        if address.stop_subject else ""
    return Letter(claimed.id, address.to, claimed.template, said.subject, said.short, said.long, web + path if path
                  else "", f"{web}/notices/stop/{stop}" if stop else "", claimed.made_at, claimed.urgent,
                  address.language, address.secret)
