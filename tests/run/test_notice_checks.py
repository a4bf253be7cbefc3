"""The doctor on notices: a channel that is not set up is no illness; one that cannot work is, with its remedy."""

import socket
import threading
from collections.abc import Iterator

import pytest

from linli_run import notice_checks
from linli_run.environment import Installation
from linli_run.finding import Grade
from linli_run.home import Home


@pytest.fixture
def installed(tmp_path):
    home = Home(tmp_path / "home")
    home.prepare()
    return lambda **given: Installation(home, given=given)


@pytest.fixture
def greeter() -> Iterator[int]:
    """A mail server that greets and offers nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        def talk() -> None:
            caller, _ = server.accept()
            with caller, caller.makefile("rwb") as line:
                for said in (b"220 mail\r\n", b"250 mail\r\n", b"221 bye\r\n"):
                    line.write(said)
                    line.flush()
                    line.readline()

        thread = threading.Thread(target=talk, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(5)


def test_nothing_set_up_is_no_illness(installed):
    at_rest = installed()
    assert [check(at_rest).grade for check in (notice_checks.email, notice_checks.text_messages)] == [Grade.ASIDE] * 2
    assert notice_checks.webhooks(at_rest).grade is Grade.GOOD


def test_a_mail_server_that_answers_is_good_and_one_without_starttls_is_not_used_in_the_clear(installed, greeter):
    given = {"LINLI_SMTP_HOST": "127.0.0.1", "LINLI_SMTP_PORT": str(greeter)}
    found = notice_checks.email(installed(**given))
    assert (found.grade, "STARTTLS" in found.said) == (Grade.BAD, True)


def test_a_mail_server_that_answers_is_good(installed, greeter):
    given = {"LINLI_SMTP_HOST": "127.0.0.1", "LINLI_SMTP_PORT": str(greeter), "LINLI_SMTP_TLS": "none"}
    assert notice_checks.email(installed(**given)).grade is Grade.GOOD


@pytest.mark.parametrize(("check", "given"), [
    ("email", {"LINLI_SMTP_HOST": "127.0.0.1", "LINLI_SMTP_PORT": "1"}),
    ("email", {"LINLI_SMTP_HOST": "127.0.0.1", "LINLI_SMTP_TLS": "perhaps"}),
    ("text_messages", {"LINLI_SMS_ADAPTER": "no.such:Adapter"}),
    ("webhooks", {"LINLI_WEBHOOK_PORTS": "https"}),
    ("webhooks", {"LINLI_WEBHOOK_NETWORKS": "10.20.0.0/99"}),
])
def test_what_cannot_work_is_bad_and_has_a_remedy(installed, check, given):
    found = getattr(notice_checks, check)(installed(**given))
    assert (found.grade, bool(found.remedy)) == (Grade.BAD, True)


def test_networks_opened_on_purpose_are_named(installed):
    found = notice_checks.webhooks(installed(LINLI_WEBHOOK_NETWORKS="10.20.0.0/16"))
    assert (found.grade, "10.20.0.0/16" in found.said) == (Grade.ASIDE, True)
