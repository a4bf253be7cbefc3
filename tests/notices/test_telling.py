"""Somebody is told something: once, in the inbox at once, on their channels when it is not night."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.make.areas import DISTRICT, EAST, WEST
from tests.make.notices import FACTS, MAIL, give_way, leave, make_person
from tests.make.organisations import make_unit

from linli.audit import actions as audit
from linli.kernel import clock
from linli.kernel.actor import Actor, Post
from linli.kernel.errors import Invalid, NotFound
from linli.kernel.role import Role
from linli.notices import actions as notices
from linli.notices import queries
from linli.notices.domain.channels import Channel
from linli.notices.domain.recipients import Message, ToPost, ToReporter, ToUser
from linli.notices.models import Contact, Delivery, Notice, Way

NIGHT = datetime(2026, 11, 3, 15, 30, tzinfo=UTC)  # 23:30 in Shanghai
MORNING = datetime(2026, 11, 3, 23, 0, tzinfo=UTC)  # 07:00


@pytest.fixture
def person(system) -> Actor:
    return make_person()


def tell(*to, once="step:1", template="cases.received", **more) -> int:
    return notices.tell(template, to=to, facts=FACTS, once=once, **more)


def test_a_notice_stands_in_the_inbox_in_the_readers_language_and_counts_until_it_is_read(person):
    tell(ToUser(person.ref), link="/desk/cases/Q1")
    with audit.acting(person):
        line = queries.inbox(person, "en", first=0, most=9)[0]
        assert line.said.subject == "We received your report Q1"
        assert queries.inbox(person, "zh", first=0, most=9)[0].said.short == "已收到：井盖缺失，柳塘社区。编号 Q1。"
        assert queries.unread(person) == 1
        assert notices.read(line.id, actor=person) == "/desk/cases/Q1"
        assert queries.unread(person) == 0
        first_read = Notice.objects.get().read_at
        notices.read(line.id, actor=person)
    assert Notice.objects.get().read_at == first_read


def test_nobody_is_told_twice_of_the_same_whatever_the_words(person):
    give_way(person)
    assert (tell(ToUser(person.ref)), tell(ToUser(person.ref), template="cases.accepted")) == (1, 0)
    assert (Notice.objects.count(), Delivery.objects.count()) == (1, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(once="step:1", recipient=person.ref, template="x", made_at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(notice=Notice.objects.get(), channel="sms", state="queued", due_at=clock.now())


def test_a_delivery_has_the_same_id_wherever_it_is_made_again(person):
    give_way(person)
    with transaction.atomic():
        tell(ToUser(person.ref))
        first = Delivery.objects.get().pk
        transaction.set_rollback(True)
    tell(ToUser(person.ref))
    assert Delivery.objects.get().pk == first


def test_what_was_sent_can_not_be_made_to_go_again(person):
    give_way(person)
    tell(ToUser(person.ref))
    Delivery.objects.update(state="sent", done_at=clock.now())
    with pytest.raises(IntegrityError, match="not sent again"), transaction.atomic():
        Delivery.objects.update(state="queued", done_at=None)


def test_a_post_is_everybody_who_holds_it_over_that_area_or_for_that_unit(system):
    drains, duty = make_unit("城北排水"), make_unit("柳塘物业")
    west, district = make_person("west", area=WEST), make_person("district", area=DISTRICT)
    make_person("east", area=EAST)
    make_person("street", Role.STREET, WEST)
    unit = make_person("unit", Role.UNIT, DISTRICT, drains)
    make_person("other", Role.UNIT, DISTRICT, duty)
    tell(ToPost(Role.ACCEPTOR, f"{WEST}001"), ToPost(Role.UNIT, WEST, drains))
    assert set(Notice.objects.values_list("recipient", flat=True)) == {west.ref, district.ref, unit.ref}


def test_who_did_it_is_not_told_of_it(system):
    one, other = make_person("one", area=WEST), make_person("other", area=WEST)
    notices.tell_all([Message(template="cases.received", to=(ToPost(Role.ACCEPTOR, WEST),), facts=FACTS, once="step:1",
                              but=one.ref)])
    assert Notice.objects.get().recipient == other.ref


def test_an_account_that_is_closed_is_told_nothing(person):
    from linli.accounts.models import User

    User.objects.update(is_active=False)
    assert tell(ToPost(Role.ACCEPTOR, WEST)) == 0


def test_a_reporter_is_told_only_where_they_left_a_contact(system):
    leave("report:1")
    assert tell(ToReporter("report:1"), ToReporter("report:2")) == 1
    notice = Notice.objects.get()
    assert notice.recipient == f"contact:{Contact.objects.get().pk}"
    assert Delivery.objects.get().channel == "sms"


@pytest.mark.parametrize(("urgent", "state", "due"), [(False, "held", MORNING), (True, "queued", NIGHT)])
def test_at_night_what_is_not_urgent_waits_for_the_morning(system, monkeypatch, urgent, state, due):
    leave("report:1")
    monkeypatch.setattr(clock, "now", lambda: NIGHT)
    tell(ToReporter("report:1"), urgent=urgent)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.due_at) == (state, due)


def test_each_channel_keeps_its_own_quiet_hours(person, monkeypatch):
    give_way(person, quiet=(22, 7))
    give_way(person, Channel.EMAIL, MAIL, quiet=(0, 0))
    monkeypatch.setattr(clock, "now", lambda: NIGHT)
    tell(ToUser(person.ref))
    assert dict(Delivery.objects.values_list("channel", "state")) == {"sms": "held", "email": "queued"}


def test_a_channel_that_is_not_set_up_or_was_switched_off_gets_nothing(person, settings_off):
    give_way(person)
    settings_off("LINLI_SMS_ADAPTER")
    tell(ToUser(person.ref))
    assert Delivery.objects.count() == 0


@pytest.fixture
def settings_off(monkeypatch):
    from django.conf import settings

    return lambda name: monkeypatch.setattr(settings, name, "")


@pytest.mark.parametrize(("template", "facts", "code"), [
    ("cases.no_such", FACTS, "notices.no_such_template"),
    ("cases.received", {"number": "Q1"}, "notices.fact_missing"),
])
def test_a_notice_that_could_not_be_said_is_refused(person, template, facts, code):
    with pytest.raises(Invalid) as refusal:
        notices.tell(template, to=ToUser(person.ref), facts=facts, once="step:1")
    assert refusal.value.code == code


def test_only_the_facts_of_the_template_are_kept(person):
    notices.tell("cases.received", to=ToUser(person.ref), facts={**FACTS, "reason": "his own words"}, once="step:1")
    assert set(Notice.objects.get().facts) == {"number", "what", "place"}


def test_a_storm_of_ten_thousand_takes_as_many_queries_as_one(system):
    people = [make_person(f"p{n}", area=WEST) for n in range(10)]
    for person in people[:5]:
        Way.objects.create(user_id=int(person.ref[5:]), channel="sms", sealed=b"x", language="zh",
                           changed_at=clock.now())
    storm = [Message(template="cases.received", to=(ToPost(Role.ACCEPTOR, WEST),), facts=FACTS, once=f"step:{n}")
             for n in range(1000)]
    with CaptureQueriesContext(connection) as asked:
        assert notices.tell_all(storm) == 10_000
    assert (Notice.objects.count(), Delivery.objects.count()) == (10_000, 5_000)
    with CaptureQueriesContext(connection) as for_one:
        notices.tell_all([Message(template="cases.received", to=(ToPost(Role.ACCEPTOR, WEST),), facts=FACTS, once="x")])
    inserts = 2  # the deliveries go in batches of two thousand
    assert len(asked) <= len(for_one) + inserts
    with CaptureQueriesContext(connection) as again:
        assert notices.tell_all(storm) == 0
    assert len(again) <= len(for_one)


def test_others_notices_ways_and_contacts_do_not_exist_for_anybody(person):
    other = make_person("other")
    give_way(person)
    leave("report:1")
    tell(ToUser(person.ref), ToReporter("report:1"))
    notice = Notice.objects.get(recipient=person.ref)
    for stranger in (other, Actor(other.ref, (Post(Role.DISTRICT, ""), Post(Role.OPERATOR, ""))), Actor("resident:x")):
        with audit.acting(stranger):
            assert [model.objects.count() for model in (Notice, Delivery, Way, Contact)] == [0, 0, 0, 0]
    with audit.acting(other), pytest.raises(NotFound):
        notices.read(notice.pk, actor=other)
    with audit.acting(person):
        assert [model.objects.count() for model in (Notice, Delivery, Way, Contact)] == [1, 0, 1, 0]
    with audit.acting(person), pytest.raises(Exception, match="row-level security"), transaction.atomic():
        Notice.objects.create(once="x", recipient=other.ref, template="x", made_at=clock.now())


def test_who_is_told_hears_at_once_that_there_is_something_and_not_what(fresh_db):
    import psycopg

    with audit.acting(Actor.system("test")):
        person = make_person()
    with psycopg.connect(fresh_db, autocommit=True) as ear:
        ear.execute("LISTEN linli_live")
        with audit.acting(Actor.system("test")):
            tell(ToUser(person.ref))
        said = [note.payload for note in ear.notifies(timeout=5, stop_after=1)]
    assert said == [f'{{"topic":"notices","area":"{person.ref};","units":[],"data":{{"kind":"notice"}}}}']
