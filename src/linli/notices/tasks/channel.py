"""What every channel is (渠道接口), and the one for each name."""

import importlib
from collections.abc import Iterable, Iterator
from typing import Final, Protocol

from django.conf import settings

from linli.notices.domain.channels import Channel, Outcome, refused
from linli.notices.queries import setup
from linli.notices.tasks.email import MailChannel
from linli.notices.tasks.letters import Letter
from linli.notices.tasks.sms import FileAdapter, SmsAdapter, SmsChannel
from linli.notices.tasks.webhook import WebhookChannel

BATCH: Final = 50


class Sender(Protocol):
    """Sends letters on one channel. `repeatable`: the other side recognises a repeat by the delivery's id."""

    repeatable: bool

    def send(self, letters: Iterable[Letter]) -> Iterator[tuple[Letter, Outcome]]:
        """Send each letter and give its outcome before the next is touched."""
        ...


class Off:
    """A channel that is not set up (未启用): nothing leaves, everything stays for a person to see."""

    repeatable = True

    def send(self, letters: Iterable[Letter]) -> Iterator[tuple[Letter, Outcome]]:
        """Refuse each."""
        for letter in letters:
            yield letter, refused("channel_off")


def sender_for(channel: Channel) -> Sender:
    """Return what sends on this channel in this deployment (渠道实例).

    Raises: ValueError for a setting that cannot be used; ImportError, AttributeError for an adapter that is not there.
    """
    if channel is Channel.EMAIL:
        mail = setup.mail()
        return MailChannel(mail) if mail else Off()
    if channel is Channel.WEBHOOK:
        return WebhookChannel(setup.webhook_networks(), setup.webhook_ports())
    return SmsChannel(_adapter(settings.LINLI_SMS_ADAPTER)) if settings.LINLI_SMS_ADAPTER else Off()


def _adapter(name: str) -> SmsAdapter:
    if name == "file":
        return FileAdapter(settings.LINLI_HOME / "sms")
    module, _, attribute = name.partition(":")
    adapter: SmsAdapter = getattr(importlib.import_module(module), attribute)()
    return adapter
