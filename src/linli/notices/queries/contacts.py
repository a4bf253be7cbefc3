from dataclasses import dataclass
from datetime import datetime

from linli.audit import actions as audit
from linli.kernel.actor import Actor
from linli.kernel.errors import Invalid
from linli.notices.domain.addresses import masked
from linli.notices.models import Contact
from linli.notices.queries import sealing


@dataclass(frozen=True, slots=True)
class Left:
    """What a reporter sees of the contact they left (已留联系方式): masked, whether it is confirmed, until when
    it is kept."""

    kind: str
    shown: str
    confirmed: bool
    delete_at: datetime | None


def contact_of(subject: str) -> Left | None:
    """Return the contact left for this subject, masked; None if there is none.

    Who asks has shown that the subject is theirs: by its follow link.
    """
    with audit.acting(Actor.system("notices")):
        contact = Contact.objects.filter(subject=subject).first()
        if contact is None:
            return None
        try:
            shown = masked(sealing.of_contact(contact).address)
        except Invalid:
            shown = "****"
        return Left(contact.kind, shown, contact.confirmed_at is not None, contact.delete_at)
