import secrets
from datetime import time

from django.db import transaction

from linli.audit import actions as audit
from linli.kernel import clock, seal
from linli.kernel.actor import Actor
from linli.kernel.errors import Invalid
from linli.notices import policy
from linli.notices.domain import addresses, inside, signing
from linli.notices.domain.channels import Channel
from linli.notices.models import Way
from linli.notices.queries import sealing, setup


@transaction.atomic
def change_way(channel: Channel, typed: str, *, quiet_from: time, quiet_to: time, language: str,
               actor: Actor) -> str | None:
    """Let a channel reach somebody from now on (设置通知渠道); return a webhook's new secret, told this once.

    An empty `typed` keeps the address that is known and changes the rest.

    Raises: Invalid if nothing is known yet, or it is no address of this channel; NotPermitted without an account.
    """
    user_id = policy.require_person(actor)
    if not setup.is_set_up(channel):
        raise Invalid("notices.channel_off", "This channel is not set up here.", field=channel.value)
    way = Way.objects.select_for_update().filter(user_id=user_id, channel=channel.value).first()
    if way is None and not typed:
        raise Invalid("notices.address_missing", "Please say where.", field=channel.value)
    way = way or Way(user_id=user_id, channel=channel.value)
    fresh = _address(channel, typed) if typed else None
    if fresh:
        way.sealed = seal.seal(fresh, about=sealing.about_way(user_id, channel.value), secret=sealing.secret())
    secret = secrets.token_urlsafe(signing.SECRET_BYTES) if fresh and channel is Channel.WEBHOOK else None
    if secret:
        way.secret_sealed = seal.seal(secret, about=sealing.about_signing(user_id), secret=sealing.secret())
    way.is_on, way.language, way.changed_at = True, language, clock.now()
    way.quiet_from, way.quiet_to = quiet_from, quiet_to
    way.save()
    audit.record("notices.change_way", actor=actor, target=f"user:{user_id}", channel=channel.value,
                 address_changed=bool(fresh))
    return secret


@transaction.atomic
def remove_way(channel: Channel, *, actor: Actor) -> None:
    """Reach somebody on this channel no more, and forget where (停用通知渠道)."""
    user_id = policy.require_person(actor)
    if Way.objects.filter(user_id=user_id, channel=channel.value).delete()[0]:
        audit.record("notices.remove_way", actor=actor, target=f"user:{user_id}", channel=channel.value)


def _address(channel: Channel, typed: str) -> str:
    if channel is Channel.WEBHOOK:
        host = inside.split(typed.strip(), setup.webhook_ports())[1]
        if inside.is_numeric(host) and not inside.is_public(host, setup.webhook_networks()):
            raise Invalid("notices.webhook_inside", "This address is not on the public internet. Linli does not go"
                          " there.", field=channel.value)
        return typed.strip()
    kind, address = addresses.parse(typed)
    if kind.channel is not channel:
        raise Invalid("notices.wrong_kind", "This belongs into another field.", field=channel.value)
    return address
