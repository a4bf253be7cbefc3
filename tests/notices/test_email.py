"""E-mail, against a real mail server: once, by STARTTLS, and in doubt where the answer got lost."""

import datetime as days
import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.make.notices import MAIL

from linli.notices.domain.channels import State
from linli.notices.queries.setup import Mail
from linli.notices.tasks.email import MailChannel, message_of
from linli.notices.tasks.letters import Letter

ID = UUID("7f9c24e8-3b12-5fef-91e1-0d2b2a6b1f42")
STOP = "https://city.test/notices/stop/abc.def"


def letter(to: str = MAIL, pk: UUID = ID, **changes: object) -> Letter:
    given = {"id": pk, "to": to, "template": "cases.closed", "subject": "已结案 Q1", "short": "已办结", "secret": "",
             "long": "您上报的“井盖缺失”已办结。", "link": "https://city.test/f/token", "stop_link": STOP,
             "made_at": datetime(2026, 11, 3, tzinfo=UTC), "urgent": False, "language": "zh", **changes}
    return Letter(**given)


class Post:
    """A mail server's mind: keeps what came, answers as it is told."""

    def __init__(self) -> None:
        self.got: list[tuple[list[str], bytes]] = []
        self.rcpt = self.data = ""

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # aiosmtpd's names
        if self.rcpt and address.startswith("wrong"):
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        self.got.append((envelope.rcpt_tos, envelope.content))
        if self.data == "hang up":
            server.transport.abort()
            return ""
        if self.data == "be silent":
            import asyncio

            await asyncio.sleep(3)
        return self.data if self.data[:1].isdigit() else "250 taken as 42"


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def server(post) -> Iterator[Controller]:
    controller = Controller(post, hostname="127.0.0.1", port=free_port())
    yield from _running(controller)


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _running(controller: Controller) -> Iterator[Controller]:
    controller.start()
    yield controller
    controller.stop()


def mail_to(server: Controller, **changes: object) -> Mail:
    given = {"host": "127.0.0.1", "port": server.port, "user": "", "password": "", "tls": "none",
             "sender": "linli@city.test", **changes}
    return Mail(**given)


def outcomes(channel: MailChannel, *letters: Letter):
    return [outcome for _letter, outcome in channel.send(letters)]


def test_a_mail_arrives_with_its_words_its_links_and_a_name_of_its_own(server, post):
    outcome = outcomes(MailChannel(mail_to(server)), letter())[0]
    assert (outcome.state, outcome.receipt) == (State.SENT, "taken as 42")
    recipients, raw = post.got[0]
    mail = message_from_bytes(raw, policy=policy.default)
    assert recipients == [MAIL]
    assert mail["Subject"] == "已结案 Q1"
    assert mail["Message-ID"].startswith(f"<{ID}@")
    assert mail["Message-ID"] == message_of(letter(), "linli@city.test")["Message-ID"]
    assert mail["List-Unsubscribe"] == f"<{STOP}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = mail.get_content()
    assert "井盖缺失" in text
    assert "https://city.test/f/token" in text
    assert STOP in text


def test_each_recipient_gets_a_mail_of_their_own_over_one_connection(server, post):
    letters = [letter(f"p{n}@mail.test", uuid4()) for n in range(3)]
    assert {outcome.state for outcome in outcomes(MailChannel(mail_to(server)), *letters)} == {State.SENT}
    assert [recipients for recipients, _raw in post.got] == [[f"p{n}@mail.test"] for n in range(3)]


@pytest.mark.parametrize(("answer", "state"), [("550 nobody here", State.FAILED), ("451 not now", State.QUEUED)])
def test_a_recipient_the_server_does_not_take_holds_up_no_other(server, post, answer, state):
    post.rcpt = answer
    found = outcomes(MailChannel(mail_to(server)), letter("wrong@mail.test"), letter())
    assert [outcome.state for outcome in found] == [state, State.SENT]
    assert len(post.got) == 1


@pytest.mark.parametrize(("answer", "state"), [("554 no", State.FAILED), ("452 full", State.QUEUED)])
def test_a_text_the_server_refuses_was_surely_not_taken(server, post, answer, state):
    post.data = answer
    assert outcomes(MailChannel(mail_to(server)), letter())[0].state is state


@pytest.mark.parametrize("how", ["hang up", "be silent"])
def test_an_answer_that_never_came_leaves_a_doubt_and_the_next_mail_goes_on(server, post, how):
    post.data = how
    began = time.monotonic()
    first, second = MailChannel(mail_to(server), timeout_s=1.0).send([letter(), letter(pk=uuid4())])
    assert first[1].state is State.UNSURE
    assert second[1].state is State.UNSURE
    assert len(post.got) == 2
    assert time.monotonic() - began < 6


def test_a_server_that_is_away_is_asked_again_later():
    away = Mail("127.0.0.1", free_port(), "", "", "none", "linli@city.test")
    assert outcomes(MailChannel(away, timeout_s=1.0), letter())[0].state is State.QUEUED


def test_no_receipt_holds_an_address(server, post):
    post.data = "250 taken for li.ming@mail.test"
    assert MAIL not in outcomes(MailChannel(mail_to(server)), letter())[0].receipt


@pytest.fixture
def certificate(tmp_path) -> tuple[str, ssl.SSLContext]:
    """A certificate for 127.0.0.1 and a client that trusts it."""
    from ipaddress import ip_address

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail")])
    now = datetime.now(UTC)  # noqa: TID251  # a certificate's own time
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(1).not_valid_before(now - days.timedelta(days=1))
            .not_valid_after(now + days.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256()))
    path = tmp_path / "mail.pem"
    path.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                       serialization.NoEncryption()) + made.public_bytes(serialization.Encoding.PEM))
    trusting = ssl.create_default_context(cafile=str(path))
    return str(path), trusting


@pytest.fixture
def tls_server(post, certificate) -> Iterator[Controller]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate[0])

    def known(server, session, envelope, mechanism, given) -> AuthResult:
        return AuthResult(success=(given.login, given.password) == (b"linli", b"word"), handled=False)

    yield from _running(Controller(post, hostname="127.0.0.1", port=free_port(), tls_context=context,
                                   require_starttls=True, authenticator=known, auth_required=True))


def test_starttls_and_an_account(tls_server, post, certificate):
    mail = mail_to(tls_server, tls="starttls", user="linli", password="word")
    assert outcomes(MailChannel(mail, context=certificate[1]), letter())[0].state is State.SENT
    assert len(post.got) == 1


def test_a_wrong_account_and_a_server_nobody_vouches_for_get_nothing(tls_server, post, certificate):
    wrong = mail_to(tls_server, tls="starttls", user="linli", password="other")
    assert outcomes(MailChannel(wrong, context=certificate[1]), letter())[0].reason == "smtp_sign_in"
    mail = mail_to(tls_server, tls="starttls", user="linli", password="word")
    assert outcomes(MailChannel(mail), letter())[0].reason == "SSLCertVerificationError"
    assert post.got == []


def test_a_server_without_starttls_is_not_spoken_to_in_the_clear(server, post):
    outcome = outcomes(MailChannel(mail_to(server, tls="starttls")), letter())[0]
    assert outcome.state is State.QUEUED
    assert post.got == []
