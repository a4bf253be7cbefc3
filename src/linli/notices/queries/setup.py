from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from linli.notices.domain import inside
from linli.notices.domain.addresses import Kind
from linli.notices.domain.channels import Channel

TLS: Final = ("starttls", "tls", "none")


@dataclass(frozen=True, slots=True)
class Mail:
    """The mail server of this deployment (邮件服务器)."""

    host: str
    port: int
    user: str
    password: str
    tls: str
    sender: str


def mail() -> Mail | None:
    """Return the mail server, None where none is set up.

    Raises: ValueError if LINLI_SMTP_TLS is none of its values.
    """
    if not settings.LINLI_SMTP_HOST:
        return None
    if settings.LINLI_SMTP_TLS not in TLS:
        raise ValueError(f"LINLI_SMTP_TLS is one of {', '.join(TLS)}")
    sender = settings.LINLI_SMTP_FROM or f"linli@{urlsplit(settings.LINLI_WEB_URL).hostname}"
    return Mail(settings.LINLI_SMTP_HOST, settings.LINLI_SMTP_PORT, settings.LINLI_SMTP_USER,
                settings.LINLI_SMTP_PASSWORD, settings.LINLI_SMTP_TLS, sender)


def webhook_networks() -> tuple[inside.Network, ...]:
    """Return the networks that are not public and that webhooks may reach; raise ValueError if one is none."""
    return inside.networks(settings.LINLI_WEBHOOK_NETWORKS)


def webhook_ports() -> frozenset[int]:
    """Return the ports that webhooks may reach; raise ValueError if one is no number."""
    return frozenset(int(port) for port in settings.LINLI_WEBHOOK_PORTS.split(","))


def is_set_up(channel: Channel) -> bool:
    """Return whether notices may go out on this channel (渠道是否启用)."""
    return {Channel.EMAIL: bool(settings.LINLI_SMTP_HOST), Channel.SMS: bool(settings.LINLI_SMS_ADAPTER),
            Channel.WEBHOOK: True}[channel]


def reached_by() -> tuple[Kind, ...]:
    """Return the kinds of address that a reporter may leave: those on which something would arrive."""
    return tuple(kind for kind in (Kind.PHONE, Kind.EMAIL) if is_set_up(kind.channel))
