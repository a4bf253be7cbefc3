import json
from dataclasses import dataclass

from django.conf import settings

from linli.kernel import seal
from linli.notices.models import Contact, Way


@dataclass(frozen=True, slots=True)
class Reached:
    """Where a reporter is reached, and the token of the link by which they follow (联系方式与链接)."""

    address: str
    token: str


def secret() -> bytes:
    """Return what everything of this room is sealed and signed under."""
    return settings.SECRET_KEY.encode()


def of_contact(contact: Contact) -> Reached:
    """Return what a reporter left; raise Invalid if it was sealed under another secret."""
    opened = json.loads(seal.unseal(bytes(contact.sealed), about=about_contact(contact.subject), secret=secret()))
    return Reached(opened["to"], opened["token"])


def of_way(way: Way) -> str:
    """Return the address of a way; raise Invalid if it was sealed under another secret."""
    return seal.unseal(bytes(way.sealed), about=about_way(way.user_id, way.channel), secret=secret())


def webhook_secret(way: Way) -> str:
    """Return what signs the webhooks of a way; raise Invalid if it was sealed under another secret."""
    return seal.unseal(bytes(way.secret_sealed or b""), about=about_signing(way.user_id), secret=secret())


def about_contact(subject: str) -> str:
    """Return what the sealed address of a reporter is bound to."""
    return f"contact:{subject}"


def about_way(user_id: int, channel: str) -> str:
    """Return what the sealed address of a way is bound to."""
    return f"way:{user_id}:{channel}"


def about_signing(user_id: int) -> str:
    """Return what the sealed secret of a person's webhook is bound to."""
    return f"signing:{user_id}"
