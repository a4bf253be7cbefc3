"""Several senders, and senders that die: nobody is written to twice, nothing is left lying."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from tests.make.notices import FACTS, MAIL, SYSTEM, Remembering, give_way, make_person
from tests.make.run import SOURCE, wait_for

from linli.audit import actions as audit
from linli.kernel.actor import Actor
from linli.metrics import queries as metrics
from linli.notices import actions as notices
from linli.notices import tasks
from linli.notices.actions import sending
from linli.notices.domain.channels import Channel, sent
from linli.notices.domain.recipients import Message, ToUser
from linli.notices.models import Delivery
from linli.notices.tasks.sending import round_of

SMS = Channel.SMS


def tell(person, n: int = 1) -> None:
    notices.tell_all([Message(template="cases.received", to=(ToUser(person.ref),), facts=FACTS, once=f"step:{k}",
                              link="/desk/cases/Q1") for k in range(n)])


def turn(sender, number: int = 1, channel: Channel = SMS) -> int:
    return round_of(channel, sender, number=number, rate=1000)


def states() -> list[str]:
    with audit.acting(SYSTEM):
        return sorted(Delivery.objects.values_list("state", flat=True))


@pytest.fixture
def mine(fresh_db) -> Actor:
    """Somebody with a text-message way, and real commits."""
    with audit.acting(SYSTEM):
        person = make_person()
        give_way(person)
        give_way(person, Channel.EMAIL, MAIL)
    return person


def test_two_senders_at_once_share_the_work_and_send_nothing_twice(mine):
    with audit.acting(SYSTEM):
        tell(mine, 300)
    senders = [Remembering() for _ in range(3)]

    def work(number: int) -> None:
        with _living(number):
            while turn(senders[number - 1], number):
                pass
        connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    gone = [letter.id for sender in senders for letter in sender.letters]
    assert (len(gone), len(set(gone))) == (300, 300)


class _living:  # reads as a sentence
    """The session that shows that a sender lives."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __enter__(self) -> psycopg.Connection:
        parameters = {**connection.get_connection_params(), "autocommit": True, "cursor_factory": psycopg.Cursor}
        self.life = psycopg.connect(**parameters)
        self.life.execute("SELECT pg_advisory_lock(%s, %s)", [sending.LOCK_CLASS, self.number])
        return self.life

    def __exit__(self, *_: object) -> None:
        self.life.close()


def test_what_a_living_sender_holds_is_left_to_it_and_what_a_dead_one_held_is_not(mine):
    with audit.acting(SYSTEM):
        tell(mine)
    with _living(7):
        assert len(sending.claim(SMS, sender=7, most=9, rate=9)) == 1
        assert sending.give_back(SMS, sender=8, repeatable=True) == 0
    wait_for(lambda: sending.give_back(SMS, sender=8, repeatable=True), 10)
    assert len(sending.claim(Channel.EMAIL, sender=7, most=9, rate=9)) == 1
    assert sending.give_back(Channel.EMAIL, sender=8, repeatable=False) == 1
    with audit.acting(SYSTEM):
        assert dict(Delivery.objects.values_list("channel", "state")) == {"sms": "queued", "email": "unsure"}


def test_a_sender_that_was_thought_dead_still_says_how_it_went(mine):
    with audit.acting(SYSTEM):
        tell(mine)
    claimed = sending.claim(Channel.EMAIL, sender=7, most=9, rate=9)
    sending.give_back(Channel.EMAIL, sender=8, repeatable=False)
    sending.settle([(claimed[0], sent("250"))], sender=8)
    with audit.acting(SYSTEM):
        assert Delivery.objects.get(channel="email").state == "unsure"  # another sender's word does not count
    sending.settle([(claimed[0], sent("250"))], sender=7)
    with audit.acting(SYSTEM):
        assert Delivery.objects.get(channel="email").state == "sent"


KILLED = """
import os, sys, signal, threading
import django
django.setup()
from linli.notices.tasks import sending, channel
from linli.notices.domain.channels import sent

class Slow:
    repeatable = sys.argv[1] == "sms"
    def send(self, letters):
        for letter in letters:
            with open(sys.argv[2], "a") as gone:
                gone.write(f"{letter.id}\\n")
            if os.path.getsize(sys.argv[2]) > 37 * 4:
                os.kill(os.getpid(), signal.SIGKILL)
            yield letter, sent("taken")

sending.sender_for = lambda name: Slow()
sending._keep_channel(sending.Channel(sys.argv[1]), threading.Event())
"""


@pytest.mark.parametrize(("channel", "after"), [
    ("email", {"sent": 4, "unsure": 1, "queued": 5}),
    ("sms", {"queued": 10}),
])
def test_a_sender_killed_in_the_middle_sends_no_mail_twice_and_no_message_never(
    mine, fresh_db, tmp_path, channel, after
):  # fmt: skip
    with audit.acting(SYSTEM):
        tell(mine, 10)
    gone = tmp_path / "gone"
    env = {**os.environ, "DATABASE_URL": fresh_db, "PYTHONPATH": str(SOURCE), "LINLI_SMS_ADAPTER": "file",
           "LINLI_SMTP_HOST": "127.0.0.1", "DJANGO_SETTINGS_MODULE": "linli.config.settings"}
    died = subprocess.run([sys.executable, "-c", KILLED, channel, str(gone)], env=env, check=False, timeout=60,
                          capture_output=True, text=True)
    assert died.returncode == -signal.SIGKILL, died.stderr
    handed_over = gone.read_text().split()
    assert len(handed_over) == 5
    number, repeatable = 99, channel == "sms"
    wait_for(lambda: sending.give_back(Channel(channel), sender=number, repeatable=repeatable), 15)
    with audit.acting(SYSTEM):
        found = list(Delivery.objects.filter(channel=channel).values_list("state", flat=True))
    assert {state: found.count(state) for state in set(found)} == after
    kept = Remembering(repeatable=repeatable)
    while turn(kept, number, channel=Channel(channel)):
        pass
    again = [str(letter.id) for letter in kept.letters]
    assert len(again) == len(set(again)) == (10 if repeatable else 5)
    assert set(handed_over).isdisjoint(again) is not repeatable


def test_the_whole_part_sends_beats_and_stops(mine, monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "LINLI_HOME", tmp_path)
    with audit.acting(SYSTEM):
        tell(mine, 5)
        Delivery.objects.filter(channel="email").update(state="withdrawn")
    stop = threading.Event()
    thread = threading.Thread(target=tasks.keep, args=(stop,))
    thread.start()
    try:
        wait_for(lambda: states().count("sent") == 5, 20)
        wait_for(lambda: [part for part in metrics.parts() if part.part == "notices" and part.ready], 10)
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()
    assert len(list(Path(tmp_path / "sms").glob("*.json"))) == 5
