"""Sending, off every request (发送): one thread for each channel, so that a slow one holds up no other."""

import logging
import secrets
import threading
from collections.abc import Collection
from typing import Final

import psycopg
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from linli.metrics import actions as metrics
from linli.notices import actions
from linli.notices.actions import sending
from linli.notices.actions.sending import Claimed
from linli.notices.domain.channels import Channel, Outcome, State, refused
from linli.notices.queries.outgoing import addresses
from linli.notices.tasks.channel import BATCH, Sender, sender_for
from linli.notices.tasks.letters import letter

POLL_S: Final = 0.5
RETRY_S: Final = 1.0
SWEEP_S: Final = 60.0
LAG_LIMIT_S: Final = 3600.0
log = logging.getLogger(__name__)


def keep(stop: threading.Event) -> None:
    """Send what is due on every channel until `stop` is set (持续发送), and say that this part lives."""
    threads = [threading.Thread(target=_keep_channel, args=(channel, stop), name=f"notices-{channel.value}")
               for channel in Channel]
    for thread in threads:
        thread.start()
    try:
        _keep_house(stop)
    finally:
        for thread in threads:
            thread.join()


def round_of(channel: Channel, sender: Sender, *, number: int, rate: int) -> int:
    """Send one batch of a channel, after what dead senders held was taken back; return how many were taken up.

    Where a repeat would not be recognised a batch is one: if its sender dies, no more than that one is in doubt.
    """
    sending.give_back(channel, sender=number, repeatable=sender.repeatable)
    batch = sending.claim(channel, sender=number, most=BATCH if sender.repeatable else 1, rate=rate)
    if batch:
        _send(channel, sender, batch, number)
    return len(batch)


def _send(channel: Channel, sender: Sender, batch: Collection[Claimed], number: int) -> None:
    """Send a claimed batch and write down what became of it."""
    reached = addresses([claimed.recipient for claimed in batch], channel)
    outcomes: list[tuple[Claimed, Outcome]] = []
    letters = {}
    for claimed in batch:
        address = reached.get(claimed.recipient)
        words = letter(claimed, address) if address else None
        if words is None:
            outcomes.append((claimed, refused("template_gone") if address else Outcome(State.WITHDRAWN,
                                                                                       reason="nowhere_to_send")))
        else:
            letters[words.id] = (words, claimed)
    for words, outcome in sender.send([words for words, _claimed in letters.values()]):
        outcomes.append((letters[words.id][1], outcome))
    sending.settle(outcomes, sender=number)


def _keep_channel(channel: Channel, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            _while_alive(channel, stop)
        except (psycopg.Error, DatabaseError) as error:
            log.warning("notices by %s wait for the database: %s", channel.value, error)
            stop.wait(RETRY_S)
        except Exception:
            log.exception("notices by %s could not be sent", channel.value)
            stop.wait(RETRY_S)
        finally:
            connection.close()


def _while_alive(channel: Channel, stop: threading.Event) -> None:
    """Send in rounds for as long as the session lasts that shows to others that this sender lives."""
    number = secrets.randbelow(2**31 - 1) + 1
    parameters = {**connection.get_connection_params(), "autocommit": True, "cursor_factory": psycopg.Cursor}
    with psycopg.connect(**parameters) as life:
        life.execute("SELECT pg_advisory_lock(%s, %s)", [sending.LOCK_CLASS, number])
        while not stop.is_set():
            life.execute("SELECT 1")
            close_old_connections()
            if not round_of(channel, sender_for(channel), number=number, rate=settings.LINLI_NOTICES_PER_MINUTE):
                stop.wait(POLL_S)


def _keep_house(stop: threading.Event) -> None:
    """Beat once a second, and delete the contacts whose time has come once a minute."""
    rounds = 0
    while not stop.is_set():
        try:
            if rounds % int(SWEEP_S) == 0:
                actions.forget_due()
            metrics.beat("notices", lag_s=sending.behind_s(), limit_s=LAG_LIMIT_S)
            rounds += 1
        except DatabaseError:
            connection.close()
        stop.wait(1.0)
