"""E-mail (电子邮件): one message for each recipient, over one connection while it holds."""

import smtplib
import ssl
from collections.abc import Iterable, Iterator
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.timezone import localtime

from linli.notices.domain.channels import Outcome, later, refused, sent, unsure
from linli.notices.queries.setup import Mail
from linli.notices.tasks.letters import Letter

TIMEOUT_S: Final = 15.0


class MailChannel:
    """Hands letters to a mail server (邮件渠道).

    A server does not recognise a repeat, so what broke off after its text was sent is in doubt: it may have been taken.
    """

    repeatable = False

    def __init__(self, mail: Mail, *, timeout_s: float = TIMEOUT_S, context: ssl.SSLContext | None = None) -> None:
        self.mail = mail
        self.timeout_s = timeout_s
        self.context = context

    def send(self, letters: Iterable[Letter]) -> Iterator[tuple[Letter, Outcome]]:
        """Send each letter; a connection that broke is opened anew for the next."""
        server: smtplib.SMTP | None = None
        try:
            for letter in letters:
                try:
                    server = server or self._connected()
                except (OSError, smtplib.SMTPException) as error:
                    yield letter, _not_connected(error)
                    continue
                outcome, holds = _hand_over(server, self.mail.sender, letter)
                if not holds:
                    server.close()
                    server = None
                yield letter, outcome
        finally:
            if server is not None:
                with suppress(OSError, smtplib.SMTPException):
                    server.quit()

    def _connected(self) -> smtplib.SMTP:
        context = self.context or ssl.create_default_context()
        host, port = self.mail.host, self.mail.port
        if self.mail.tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=self.timeout_s, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=self.timeout_s)
        try:
            if self.mail.tls == "starttls":
                server.starttls(context=context)
            if self.mail.user:
                server.login(self.mail.user, self.mail.password)
        except BaseException:
            server.close()
            raise
        return server


def message_of(letter: Letter, sender: str) -> EmailMessage:
    """Return a letter as a mail; its Message-ID is the delivery's own, in every attempt."""
    host = urlsplit(settings.LINLI_WEB_URL).hostname or "linli.invalid"
    message = EmailMessage(policy=SMTP)
    message["Subject"] = letter.subject
    message["From"] = Address("邻里 Linli", addr_spec=sender)
    message["To"] = Address(addr_spec=letter.to)
    message["Date"] = localtime(letter.made_at)
    message["Message-ID"] = f"<{letter.id}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    if letter.stop_link:
        message["List-Unsubscribe"] = f"<{letter.stop_link}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text, cte="base64")
    return message


def _hand_over(server: smtplib.SMTP, sender: str, letter: Letter) -> tuple[Outcome, bool]:
    """Hand one mail over; return its outcome and whether the connection still holds."""
    data = message_of(letter, sender).as_bytes()
    text_is_out = False
    try:
        server.ehlo_or_helo_if_needed()
        code, said = server.mail(sender)
        if code == 250:
            code, said = server.rcpt(letter.to)
        if code not in (250, 251):
            server.rset()
            return _by_code(code, said), True
        text_is_out = True
        code, said = server.data(data)
    except smtplib.SMTPDataError as error:  # the server would not even hear the text
        return _by_code(error.smtp_code, error.smtp_error), True
    except (OSError, smtplib.SMTPException) as error:
        return (unsure if text_is_out else later)(type(error).__name__), False
    return (sent(_word(said)) if code == 250 else _by_code(code, said)), True


def _by_code(code: int, said: bytes | str) -> Outcome:
    reason = f"smtp_{code}"
    return later(reason) if 400 <= code < 500 else refused(reason, _word(said))


def _not_connected(error: Exception) -> Outcome:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return later("smtp_sign_in")
    return later(type(error).__name__)


def _word(said: bytes | str) -> str:
    """Return the server's answer without what could be an address in it."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(word for word in text.split() if "@" not in word)[:200]
