"""Whether notices can go out (通知渠道检查): each channel set up or not, and whether its settings can be used."""

import importlib
import smtplib
from typing import Final

from linli.notices.domain import inside
from linli_run.environment import Installation
from linli_run.finding import Finding, aside, bad, good

TIMEOUT_S: Final = 5.0
GUIDE: Final = "See docs/how-to/set-up-notices.md."


def email(installation: Installation) -> Finding:
    """Whether a mail server is named, greets, and offers the protection that is asked for."""
    env = installation.environment()
    host, port, tls = env.get("LINLI_SMTP_HOST"), env.get("LINLI_SMTP_PORT") or "587", env.get("LINLI_SMTP_TLS")
    if not host:
        return aside("notices: e-mail", "not set up", f"Set LINLI_SMTP_HOST. {GUIDE}")
    if (tls or "starttls") not in ("starttls", "tls", "none"):
        return bad("notices: e-mail", f"LINLI_SMTP_TLS is {tls!r}.", "Use starttls, tls or none.")
    try:
        kind = smtplib.SMTP_SSL if tls == "tls" else smtplib.SMTP
        with kind(host, int(port), timeout=TIMEOUT_S) as server:
            server.ehlo()
            offers = server.has_extn("starttls")
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return bad("notices: e-mail", f"{host}:{port} does not answer as a mail server: {type(error).__name__}",
                   "Look at LINLI_SMTP_HOST and LINLI_SMTP_PORT, and whether this machine may reach it.")
    if (tls or "starttls") == "starttls" and not offers:
        return bad("notices: e-mail", f"{host}:{port} does not offer STARTTLS.",
                   "Use its port with TLS and LINLI_SMTP_TLS=tls; `none` only on a network of your own.")
    return good("notices: e-mail", f"{host}:{port} answers")


def text_messages(installation: Installation) -> Finding:
    """Whether an adapter for text messages is named and there."""
    env = installation.environment()
    name = env.get("LINLI_SMS_ADAPTER", "file" if env["LINLI_DEMO"] == "1" else "")
    if not name:
        return aside("notices: SMS", "not set up", f"Set LINLI_SMS_ADAPTER. {GUIDE}")
    if name == "file":
        return good("notices: SMS", f"files in {installation.home.folder / 'sms'}")
    module, _, attribute = name.partition(":")
    try:
        found = getattr(importlib.import_module(module), attribute, None)
    except ImportError as error:
        found = error
    if not callable(found):
        return bad("notices: SMS", f"there is no adapter {name}.",
                   "Install its package beside Linli; the setting reads package.module:name.")
    return good("notices: SMS", f"adapter {name}")


def webhooks(installation: Installation) -> Finding:
    """Whether what webhooks may reach can be read, and what of it is not public."""
    env = installation.environment()
    try:
        ports = sorted({int(port) for port in (env.get("LINLI_WEBHOOK_PORTS") or "80,443").split(",")})
        opened = inside.networks(env.get("LINLI_WEBHOOK_NETWORKS", ""))
    except ValueError as error:
        return bad("notices: webhooks", f"cannot be read: {error}",
                   "LINLI_WEBHOOK_PORTS reads 80,443 and LINLI_WEBHOOK_NETWORKS 10.20.0.0/16.")
    reach = f"public addresses, ports {', '.join(map(str, ports))}"
    if opened:
        return aside("notices: webhooks", f"{reach}; and inside {', '.join(map(str, opened))}")
    return good("notices: webhooks", reach)
