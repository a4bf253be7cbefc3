"""The pages: inbox, settings, what did not arrive, and the one field on the page of a report."""

import logging
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from tests.conftest import sign_in
from tests.make.cases import make_report
from tests.make.desk import make_desk, token_of
from tests.make.notices import FACTS, MAIL, PHONE, SYSTEM, Remembering, make_person

from linli.accounts.models import User
from linli.audit import actions as audit
from linli.cases import actions as cases
from linli.cases.models import CaseReport
from linli.kernel import clock
from linli.kernel import token as tokens
from linli.kernel.actor import ANONYMOUS
from linli.kernel.role import Role
from linli.notices import actions as notices
from linli.notices.domain.channels import Channel, unsure
from linli.notices.domain.recipients import ToReporter, ToUser
from linli.notices.models import Contact, Delivery, Notice, Way
from linli.notices.tasks.sending import round_of
from linli_live.scope import Event, Scope


@pytest.fixture
def desk(system) -> dict[str, int]:
    return make_desk()


def at(username: str) -> Client:
    client = Client()
    sign_in(client, username)
    return client


def ref(username: str) -> str:
    return f"user:{User.objects.get(username=username).pk}"


def tell(username: str, once: str = "step:1", link: str = "/desk/cases/Q1") -> None:
    notices.tell("cases.received", to=ToUser(ref(username)), facts=FACTS, once=once, link=link)


def test_the_inbox_shows_ones_own_notices_and_reading_leads_to_the_case(desk):
    tell("acceptor")
    tell("checker", "step:2")
    client = at("acceptor")
    page = client.get("/desk/notices").content.decode()
    assert "Q1" in page
    assert page.count("notices/") >= 1
    assert "1 条未读通知" in page
    own, other = (Notice.objects.get(recipient=ref(name)).pk for name in ("acceptor", "checker"))
    assert client.post(f"/desk/notices/{other}/open").status_code == 404
    assert client.post(f"/desk/notices/{own}/open").headers["Location"] == "/desk/cases/Q1"
    assert "未读" not in client.get("/desk/notices/bell").content.decode()
    assert Notice.objects.get(pk=other).read_at is None


def test_all_can_be_read_at_once(desk):
    for n in range(3):
        tell("acceptor", f"step:{n}")
    client = at("acceptor")
    assert client.post("/desk/notices/read").status_code == 302
    with audit.acting(SYSTEM):
        assert Notice.objects.filter(read_at=None).count() == 0


def test_the_bell_stands_on_the_desks_pages_with_its_count(desk):
    tell("acceptor")
    assert "1 条未读通知" in at("acceptor").get("/desk/").content.decode()


def test_a_resident_who_signs_in_has_an_inbox_too(desk):
    tell("resident", link="")
    page = at("resident").get("/desk/notices")
    assert page.status_code == 200
    assert "我们收到" in page.content.decode() or "收到您的上报" in page.content.decode()


@pytest.mark.parametrize("path", ["", "/bell", "/live", "/settings", "/undelivered"])
def test_who_is_not_signed_in_is_sent_to_the_door(desk, path):
    assert "/sign-in" in Client().get(f"/desk/notices{path}").headers["Location"]


def test_a_live_token_hears_ones_own_notices_and_nothing_else(desk, monkeypatch):
    from django.conf import settings

    from linli.notices.domain import live

    answer = at("acceptor").get("/desk/notices/live")
    assert answer.status_code == 307
    signed = answer.headers["Location"].split("token=")[1]
    scope = Scope.of_token(signed.replace("%3D", "="), key=settings.SECRET_KEY.encode())
    import msgspec

    mine, longer, other = (msgspec.json.decode(live.payload(who), type=Event)
                           for who in (ref("acceptor"), ref("acceptor") + "0", "user:99999"))
    assert [scope.hears(event) for event in (mine, longer, other)] == [True, False, False]
    assert not scope.hears(Event(topic="cases", area="990101"))
    board = Scope(areas=frozenset({""}), topics=frozenset({"alerts", "cases"}))
    assert not board.hears(mine)


def test_settings_keep_the_address_sealed_and_show_it_masked(desk):
    client = at("acceptor")
    given = {"channel": "sms", "sms-to": "138 1234 5678", "sms-quiet_from": "21:00", "sms-quiet_to": "08:00"}
    assert client.post("/desk/notices/settings", given).status_code == 302
    page = client.get("/desk/notices/settings").content.decode()
    assert "138****5678" in page
    assert PHONE not in page
    assert "21:00" in page
    assert PHONE.encode() not in bytes(Way.objects.get().sealed)
    assert client.post("/desk/notices/settings", {"channel": "sms", "remove": "1"}).status_code == 302
    assert Way.objects.count() == 0


@pytest.mark.parametrize("given", [
    {"channel": "sms", "sms-to": "me@mail.test", "sms-quiet_from": "22:00", "sms-quiet_to": "07:00"},
    {"channel": "sms", "sms-to": "12", "sms-quiet_from": "22:00", "sms-quiet_to": "07:00"},
    {"channel": "sms", "sms-to": PHONE, "sms-quiet_from": "25:00", "sms-quiet_to": "07:00"},
    {"channel": "sms", "sms-quiet_from": "22:00", "sms-quiet_to": "07:00"},
    {"channel": "webhook", "webhook-to": "http://169.254.169.254/", "webhook-quiet_from": "00:00",
     "webhook-quiet_to": "00:00"},
    {"channel": "pigeon"},
])
def test_what_cannot_be_used_comes_back_with_its_reason(desk, given):
    answer = at("acceptor").post("/desk/notices/settings", given)
    assert answer.status_code == 422
    assert Way.objects.count() == 0


def test_a_webhooks_secret_is_shown_once(desk):
    client = at("acceptor")
    shown = client.post("/desk/notices/settings", {"channel": "webhook", "webhook-to": "https://receiver.test/hook?key=1",
                                                   "webhook-quiet_from": "00:00", "webhook-quiet_to": "00:00"})
    secret = re.search(r'readonly value="([\w-]{40,})"', shown.content.decode())
    assert secret
    again = client.get("/desk/notices/settings").content.decode()
    assert secret.group(1) not in again
    assert "key=1" not in again


def test_the_operator_sees_what_did_not_arrive_and_nobody_else_knows_the_page(desk):
    make_person("operator", Role.OPERATOR, "")
    acceptor = at("acceptor")
    acceptor.post("/desk/notices/settings", {"channel": "sms", "sms-to": PHONE, "sms-quiet_from": "00:00",
                                             "sms-quiet_to": "00:00"})
    tell("acceptor")
    round_of(Channel.SMS, Remembering(unsure("TimeoutError")), number=1, rate=9)
    delivery = Delivery.objects.get()
    assert acceptor.get("/desk/notices/undelivered").status_code == 404
    assert acceptor.post(f"/desk/notices/undelivered/{delivery.pk}/again").status_code == 404
    operator = at("operator")
    page = operator.get("/desk/notices/undelivered").content.decode()
    assert "TimeoutError" in page
    assert PHONE not in page
    assert operator.post(f"/desk/notices/undelivered/{delivery.pk}/again").status_code == 302
    assert Delivery.objects.get().state == "queued"
    assert operator.post(f"/desk/notices/undelivered/{delivery.pk}/again").status_code == 409


@pytest.fixture
def followed(desk) -> str:
    return cases.submit(make_report(text="井盖没了"), actor=ANONYMOUS).follow_token


def test_a_reporter_leaves_changes_and_removes_where_they_want_to_hear(followed):
    client = Client()
    assert "接收进展通知" in client.get(f"/f/{followed}").content.decode()
    left = client.post(f"/f/{followed}/news", {"to": "138 1234 5678"})
    assert left.status_code == 302
    assert left.headers["Location"] == f"/f/{followed}#news"
    page = client.get(f"/f/{followed}").content.decode()
    assert "138****5678" in page
    assert PHONE not in page
    contact = Contact.objects.get()
    assert contact.subject == f"report:{CaseReport.objects.get().pk}"
    assert (contact.kind, contact.purpose) == ("phone", "progress")
    assert PHONE.encode() not in bytes(contact.sealed)
    assert Delivery.objects.get(channel="sms").notice.template == "contact.confirm"
    client.post(f"/f/{followed}/news", {"to": MAIL})
    assert Contact.objects.get().kind == "email"
    client.post(f"/f/{followed}/news", {"remove": "1"})
    assert Contact.objects.count() == 0


@pytest.mark.parametrize("typed", ["", "12345", "me@", "x" * 4000, "\x00", "<script>alert(1)</script>"])
def test_what_is_no_address_comes_back_beside_its_field_and_nothing_is_kept(followed, typed):
    answer = Client().post(f"/f/{followed}/news", {"to": typed})
    assert answer.status_code == 422
    assert 'id="news-error"' in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()
    assert Contact.objects.count() == 0


def test_nothing_but_the_question_goes_out_until_its_answer_and_opening_the_link_is_none(followed, monkeypatch):
    client = Client()
    client.post(f"/f/{followed}/news", {"to": MAIL})
    subject = f"report:{CaseReport.objects.get().pk}"
    assert notices.tell("cases.accepted", to=ToReporter(subject), facts=FACTS, once="before") == 0
    kept = Remembering()
    round_of(Channel.EMAIL, kept, number=1, rate=9)
    path = "/f/" + kept.letters[0].link.split("/f/", 1)[1]
    assert path.startswith("/f/confirm/")
    assert token_of(f"/f/{followed}") not in kept.letters[0].text
    assert "请在此确认" in kept.letters[0].text
    assert client.get(path).status_code == 200
    assert Contact.objects.get().confirmed_at is None
    assert "今后每一步进展" in client.post(path).content.decode()
    contact = Contact.objects.get()
    assert contact.confirmed_at is not None
    assert contact.delete_at is None
    assert notices.tell("cases.accepted", to=ToReporter(subject), facts=FACTS, once="after") == 1
    assert client.post("/f/confirm/abc.def").status_code == 404


def test_what_nobody_confirms_is_gone_after_a_day(followed, monkeypatch):
    Client().post(f"/f/{followed}/news", {"to": MAIL})
    given = Contact.objects.get().given_at
    notices.forget_after([Contact.objects.get().subject], None)
    monkeypatch.setattr(clock, "now", lambda: given + timedelta(hours=23))
    assert notices.forget_due() == 0
    monkeypatch.setattr(clock, "now", lambda: given + timedelta(hours=24, seconds=1))
    assert notices.forget_due() == 1


def test_nobody_is_asked_at_many_addresses_by_one_link(followed):
    answers = [Client().post(f"/f/{followed}/news", {"to": f"p{n}@mail.test"}).status_code for n in range(4)]
    assert answers == [302, 302, 302, 429]


def test_a_link_that_is_not_ours_can_leave_nothing(desk):
    assert Client().post(f"/f/{'A' * 22}/news", {"to": PHONE}).status_code == 404
    assert Contact.objects.count() == 0


def test_nothing_is_asked_where_nothing_could_be_sent(followed, monkeypatch):
    from django.conf import settings

    monkeypatch.setattr(settings, "LINLI_SMS_ADAPTER", "")
    monkeypatch.setattr(settings, "LINLI_SMTP_HOST", "")
    assert 'id="news"' not in Client().get(f"/f/{followed}").content.decode()


def test_one_button_stops_the_news_and_opening_the_link_does_not(followed):
    Client().post(f"/f/{followed}/news", {"to": MAIL})
    kept = Remembering()
    Delivery.objects.update(due_at=Notice.objects.get().made_at, state="queued")
    round_of(Channel.EMAIL, kept, number=1, rate=9)
    path = "/notices/stop/" + kept.letters[0].stop_link.rsplit("/", 1)[1]
    page = Client().get(path)
    assert page.status_code == 200
    assert "l***@mail.test" in page.content.decode()
    assert Contact.objects.count() == 1
    by_program = Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"})
    assert by_program.status_code == 200
    assert Contact.objects.count() == 0
    assert Client().post(path).status_code == 200
    assert Client().get("/notices/stop/abc.def").status_code == 404
    live = tokens.sign({"areas": [""]}, key=b"only for tests, and long enough for them", lifetime_s=60)
    assert Client().post(f"/notices/stop/{live}").status_code == 404


def test_no_address_gets_into_logs_trail_or_events(followed, caplog):
    with caplog.at_level(logging.DEBUG):
        Client().post(f"/f/{followed}/news", {"to": PHONE})
        Client().post(f"/f/{followed}/news", {"to": MAIL})
        Client().post(f"/f/{followed}/news", {"to": "me@@mail.test"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT facts::text || target FROM audit_entry")
        trail = str(cursor.fetchall())
        cursor.execute("SELECT args::text FROM procrastinate_jobs")
        events = str(cursor.fetchall())
    written = "\n".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    for text in (trail, events, written, str(list(Notice.objects.values())), str(list(Delivery.objects.values()))):
        assert PHONE not in text
        assert "li.ming" not in text
    assert token_of(f"/f/{followed}") not in trail
