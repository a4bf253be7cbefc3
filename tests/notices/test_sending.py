"""Deliveries go out off the request: claimed by one, settled once, in doubt where nobody can know."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.make.notices import FACTS, MAIL, PHONE, SYSTEM, TOKEN, Remembering, give_way, leave, make_person

from linli.audit import actions as audit
from linli.kernel import clock
from linli.kernel.actor import Actor, Post
from linli.kernel.errors import NotAllowedNow, NotFound
from linli.kernel.role import Role
from linli.notices import actions as notices
from linli.notices import queries
from linli.notices.actions import sending
from linli.notices.domain.channels import RETRY_AFTER, Channel, later, refused, unsure
from linli.notices.domain.recipients import Message, ToReporter, ToUser
from linli.notices.models import Contact, Delivery, Notice
from linli.notices.tasks.channel import Off, sender_for
from linli.notices.tasks.sending import round_of

MANY = 1000
SMS = Channel.SMS


@pytest.fixture
def person(system):
    person = make_person()
    give_way(person)
    return person


def tell(person, n: int = 1) -> None:
    notices.tell_all([Message(template="cases.received", to=(ToUser(person.ref),), facts=FACTS, once=f"step:{k}",
                              link="/desk/cases/Q1") for k in range(n)])


def turn(sender, number: int = 1, rate: int = MANY, channel: Channel = SMS) -> int:
    return round_of(channel, sender, number=number, rate=rate)


def states() -> list[str]:
    with audit.acting(SYSTEM):
        return sorted(Delivery.objects.values_list("state", flat=True))


def test_what_is_due_goes_out_once_with_its_words_and_its_receipt(person):
    tell(person)
    kept = Remembering()
    assert (turn(kept), turn(kept)) == (1, 0)
    sent = Delivery.objects.get()
    assert (sent.state, sent.receipt, sent.attempts) == ("sent", "kept", 1)
    letter = kept.letters[0]
    assert (letter.to, letter.short) == (PHONE, "已收到：井盖缺失，柳塘社区。编号 Q1。")
    assert letter.link.endswith("/desk/cases/Q1")
    assert letter.stop_link == ""


def test_what_is_held_waits_for_its_hour(person, monkeypatch):
    tell(person)
    Delivery.objects.update(state="held", due_at=clock.now() + timedelta(hours=1))
    kept = Remembering()
    assert turn(kept) == 0
    later_on = clock.now() + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later_on)
    assert turn(kept) == 1


def test_the_urgent_goes_first(person):
    tell(person, 3)
    Delivery.objects.filter(notice__once="step:2").update(urgent=True)
    kept = Remembering()
    turn(kept)
    assert str(kept.letters[0].id) == str(Delivery.objects.get(urgent=True).pk)


def test_a_failure_is_tried_again_after_longer_and_longer_waits_and_then_given_up(person, monkeypatch):
    tell(person)
    now = clock.now()
    waits = []
    for _ in range(len(RETRY_AFTER) + 1):
        monkeypatch.setattr(clock, "now", lambda now=now: now)
        assert turn(Remembering(later("disk"))) == 1
        row = Delivery.objects.get()
        waits.append(row.due_at - now)
        now = row.due_at
    assert tuple(waits[:-1]) == RETRY_AFTER
    assert (row.state, row.reason) == ("failed", "disk")


@pytest.mark.parametrize(("outcome", "state"), [(refused("smtp_550"), "failed"), (unsure("TimeoutError"), "unsure")])
def test_a_refusal_and_a_doubt_are_never_tried_again_by_themselves(person, outcome, state):
    tell(person)
    turn(Remembering(outcome))
    assert states() == [state]
    assert turn(Remembering()) == 0


def test_the_operator_sees_it_with_its_reason_and_sends_it_again_by_a_deed_of_the_trail(person):
    tell(person)
    turn(Remembering(unsure("TimeoutError")))
    letter = queries.undelivered(most=9)[0]
    assert (letter.state, letter.reason, letter.attempts) == ("unsure", "TimeoutError", 1)
    operator = make_person("op", Role.OPERATOR, "")
    with audit.acting(person), pytest.raises(NotFound):
        notices.send_again(letter.id, actor=person)
    operator = Actor(operator.ref, (Post(Role.OPERATOR, ""),))
    with audit.acting(operator):
        notices.send_again(letter.id, actor=operator)
        with pytest.raises(NotAllowedNow):
            notices.send_again(letter.id, actor=operator)
    assert turn(Remembering()) == 1
    assert states() == ["sent"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_entry WHERE deed = 'notices.send_again'")
        assert cursor.fetchone()[0] == 1


def test_no_more_than_the_rate_in_any_minute_whoever_sends(person, monkeypatch):
    tell(person, 12)
    assert [turn(Remembering(), number, rate=5) for number in (1, 2, 1)] == [5, 0, 0]
    a_minute_on = clock.now() + timedelta(seconds=61)
    monkeypatch.setattr(clock, "now", lambda: a_minute_on)
    assert turn(Remembering(), rate=5) == 5


def test_a_channel_that_was_switched_off_since_leaves_everything_for_a_person(person, monkeypatch):
    tell(person)
    monkeypatch.setattr(settings, "LINLI_SMS_ADAPTER", "")
    assert isinstance(sender_for(SMS), Off)
    turn(sender_for(SMS))
    assert queries.undelivered(most=1)[0].reason == "channel_off"


def test_a_reporter_who_left_since_is_not_written_to(system):
    leave("report:1")
    notices.tell("cases.received", to=ToReporter("report:1"), facts=FACTS, once="x", urgent=True)
    notices.remove_contact("report:1", actor=SYSTEM)
    kept = Remembering()
    turn(kept)
    assert (kept.letters, states(), Contact.objects.count()) == ([], ["withdrawn"], 0)


def test_a_way_that_was_removed_after_the_claim_withdraws(person):
    tell(person)
    notices.remove_way(SMS, actor=person)
    turn(Remembering())
    assert states() == ["withdrawn"]


def test_a_reporter_gets_their_own_link_and_one_to_stop(system):
    leave("report:1", to=MAIL, language="en")
    notices.tell("cases.received", to=ToReporter("report:1"), facts=FACTS, once="x", urgent=True)
    kept = Remembering()
    turn(kept, channel=Channel.EMAIL)
    letter = kept.letters[0]
    assert letter.to == MAIL
    assert letter.link.endswith(f"/f/{TOKEN}")
    assert letter.subject == "We received your report Q1"
    assert "/notices/stop/" in letter.text
    assert MAIL not in letter.text
    assert notices.stop(letter.stop_link.rsplit("/", 1)[1], actor=SYSTEM)
    assert Contact.objects.count() == 0


def test_a_storm_is_claimed_and_settled_in_sets(person):
    tell(person, 50)
    kept = Remembering()
    with CaptureQueriesContext(connection) as asked:
        assert turn(kept) == 50
    assert len(kept.letters) == 50
    assert states() == ["sent"] * 50
    notices.tell("cases.received", to=ToUser(person.ref), facts=FACTS, once="one more")
    with CaptureQueriesContext(connection) as for_one:
        assert turn(kept) == 1
    assert len(asked) == len(for_one)


def test_files_hold_each_message_once_whole_and_for_nobody_else(person, monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "LINLI_HOME", tmp_path)
    tell(person, 3)
    sender = sender_for(SMS)
    turn(sender)
    files = sorted((tmp_path / "sms").glob("*.json"))
    assert {file.stem for file in files} == {str(pk) for pk in Delivery.objects.values_list("pk", flat=True)}
    assert {json.loads(file.read_text("utf-8"))["to"] for file in files} == {PHONE}
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    written = {file: file.stat().st_mtime_ns for file in files}
    list(sender.send(_letters(person)))
    assert {file: file.stat().st_mtime_ns for file in sorted((tmp_path / "sms").glob("*.json"))} == written


def test_what_a_sender_that_died_left_half_written_goes_when_it_is_sent_again(person, monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "LINLI_HOME", tmp_path)
    tell(person)
    drafts = tmp_path / "sms" / ".drafts"
    drafts.mkdir(parents=True)
    half = drafts / f"{Delivery.objects.get().pk}.4711"
    half.write_text('{"to": "138')
    turn(sender_for(SMS))
    assert states() == ["sent"]
    assert list(drafts.iterdir()) == []
    half.write_text('{"to": "138')
    list(sender_for(SMS).send(_letters(person)))
    assert list(drafts.iterdir()) == []


def _letters(person) -> Iterator[object]:
    """The same letters as a sender that was interrupted would send again."""
    from linli.notices.queries.outgoing import addresses
    from linli.notices.tasks.letters import letter

    reached = addresses([person.ref], SMS)
    for row in Delivery.objects.select_related("notice"):
        claimed = sending.Claimed(row.pk, 1, person.ref, row.notice.template, row.notice.facts, False, "",
                                  row.notice.made_at)
        yield letter(claimed, reached[person.ref])


def test_contacts_whose_time_has_come_are_gone_with_what_waited_for_them(system):
    leave("report:1")
    leave("report:2", to=MAIL)
    notices.tell("cases.received", to=ToReporter("report:1"), facts=FACTS, once="x")
    notices.forget_after(["report:1"], clock.now() - timedelta(days=31))
    assert notices.forget_due() == 1
    assert [contact.subject for contact in Contact.objects.all()] == ["report:2"]
    assert states() == ["withdrawn"]
    assert Notice.objects.count() == 1
