from collections.abc import Collection
from dataclasses import dataclass

from linli.audit import actions as audit
from linli.kernel.actor import Actor
from linli.kernel.errors import Invalid
from linli.notices.domain.channels import Channel
from linli.notices.models import Contact, Way
from linli.notices.queries import sealing


@dataclass(frozen=True, slots=True)
class Address:
    """Where a recipient is reached at this moment (收件地址): kept in memory for as long as it takes to send."""

    to: str
    language: str
    follow_token: str = ""
    stop_subject: str = ""
    secret: str = ""


def addresses(recipients: Collection[str], channel: Channel) -> dict[str, Address]:
    """Return where these are reached on a channel, by two queries; who is not reached there any more is left out."""
    users = [int(ref.removeprefix("user:")) for ref in recipients if ref.startswith("user:")]
    contacts = [int(ref.removeprefix("contact:")) for ref in recipients if ref.startswith("contact:")]
    found: dict[str, Address] = {}
    with audit.acting(Actor.system("notices")):
        for way in Way.objects.filter(user_id__in=users, channel=channel.value, is_on=True) if users else ():
            if address := _of_way(way):
                found[f"user:{way.user_id}"] = address
        for contact in Contact.objects.filter(pk__in=contacts) if contacts else ():
            if address := _of_contact(contact):
                found[f"contact:{contact.pk}"] = address
    return found


def _of_way(way: Way) -> Address | None:
    try:
        secret = sealing.webhook_secret(way) if way.channel == Channel.WEBHOOK.value else ""
        return Address(sealing.of_way(way), way.language, secret=secret)
    except Invalid:
        return None


def _of_contact(contact: Contact) -> Address | None:
    try:
        reached = sealing.of_contact(contact)
    except Invalid:
        return None
    return Address(reached.address, contact.language, follow_token=reached.token, stop_subject=contact.subject)
