"""Reports that are meant to break something, and a thousand from one phone: nothing breaks, nothing is lost unsaid."""

import json
from collections import Counter
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.conftest import sign_in
from tests.make.areas import middle_of
from tests.make.cases import case_now, make_report, metres_east
from tests.make.desk import make_desk

from linli.cases import actions as cases
from linli.cases import queries
from linli.cases.domain.texts import REPORT_LENGTH
from linli.cases.models import Case, CaseReport, Likeness
from linli.command.queries import announced
from linli.config.limits import RATES
from linli.kernel.actor import ANONYMOUS

SENT = 1000
MANY = "manhole_missing"
BIDI = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
ZALGO = "井" + "".join(chr(0x300 + n % 0x6F) for n in range(400)) + "盖"
BAD = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "template": "{{ 7*7 }}{% load i18n %}${7*7}%(number)s{number}",
    "attribute": "\" onmouseover=\"alert(1)\" x=\"' autofocus onfocus='alert(1)",
    "closing": "</textarea></script></title><!--]]>--><svg onload=alert(1)>",
    "right to left": "\u202eتم إصلاح الغطاء\u202c האם זה תוקן? \u2067abc\u2069",
    "zalgo": ZALGO,
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈🧑🏽‍🚒" * 40,
    "formula": "=cmd|'/C calc'!A0",
    "stream": "坏了\r\n\r\ndata: {\"kind\": \"case\"}\r\nevent: stolen\r\n\r\n",
    "hidden": "井\x00盖\ud800\u200b\ufeff没\x1b[31m了\x7f",
    "long": "井盖坏了，" * (REPORT_LENGTH // 5),
    "no spaces": "W" * REPORT_LENGTH,
    "sql": "'); DROP TABLE cases_case; --",
}


@pytest.fixture(autouse=True)
def units(system):
    return make_desk()


def at(username: str) -> Client:
    client = Client()
    sign_in(client, username)
    return client


def report(text: str, **changes: object):
    where = changes.pop("where", middle_of(0))
    return {"source_ref": str(uuid4()), "category": MANY, "lon": where.lon, "lat": where.lat, "text": text, **changes}


def send(client: Client, body: dict[str, object]):
    return client.post("/api/v1/reports", body, content_type="application/json", REMOTE_ADDR="203.0.113.7")


@pytest.mark.parametrize("name", BAD)
def test_bad_words_are_kept_shown_and_compared_and_do_nothing(name):
    first = cases.submit(make_report(text=BAD[name]), actor=ANONYMOUS)
    joined = cases.submit(make_report(text=BAD[name]), actor=ANONYMOUS)
    asked = cases.submit(make_report(text=BAD[name], where=metres_east(middle_of(0), 90), category="other"),
                         actor=ANONYMOUS)
    assert (joined.case_id, joined.merged) == (first.case_id, True)
    number, desk = case_now(first.case_id).number, at("acceptor")
    pages = [f"/desk/cases/{number}", f"/desk/peek/{number}", "/desk/", "/desk/same", f"/f/{first.follow_token}",
             f"/desk/?q={number}", f"/f/{asked.follow_token}",
             *(f"/desk/same/{row.pk}" for row in Likeness.objects.all())]
    for address in pages:
        answer = desk.get(address)
        shown = answer.content.decode()
        assert answer.status_code == 200, address
        for harm in ("<script>alert", "<img src=x", "<svg onload", "onmouseover=\"", "onfocus='", "\x00", "\x1b",
                     *BIDI):
            assert harm not in shown, (address, harm)
    kept = next(line.text for line in queries.reports_of(first.case_id))
    told = desk.get(f"/api/v1/cases/{first.case_id}").json()
    assert told["reports"][0]["text"] == kept
    assert 'class="quote words" dir="auto"' in desk.get(pages[0]).content.decode()


@pytest.mark.parametrize("name", BAD)
def test_no_reporters_words_are_in_what_is_said_to_watchers(name):
    done = cases.submit(make_report(text=BAD[name]), actor=ANONYMOUS)
    said = announced.of_case(done.case_id)
    line = json.dumps(said.data, ensure_ascii=False)
    assert "\n" not in line
    assert said.data["title"] == "井盖缺失、移位 · 柳塘社区 网格 001"
    assert BAD[name][:6] not in line


@pytest.mark.parametrize("text", ["字" * (REPORT_LENGTH + 1), "字" * 100_000])
def test_too_many_words_are_refused_and_say_so(text):
    answer = send(Client(), report(text))
    assert answer.status_code == 422
    assert CaseReport.objects.count() == 0


def test_two_thousand_characters_are_taken_whole():
    answer = send(Client(), report("字" * REPORT_LENGTH))
    assert answer.status_code == 201
    assert len(CaseReport.objects.get().text) == REPORT_LENGTH


def test_of_a_thousand_reports_from_one_phone_each_is_kept_or_told_when_to_come_again():
    phone = Client()
    answers = [send(phone, report("井盖没有了，很危险", where=metres_east(middle_of(0), n % 10))) for n in range(SENT)]
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses == {201: RATES["api-report"].crowd, 429: SENT - RATES["api-report"].crowd}
    assert CaseReport.objects.count() == statuses[201]
    assert Case.objects.count() == 1
    assert Case.objects.get().report_count == statuses[201]
    for answer in answers:
        if answer.status_code == 429:
            assert answer.json()["code"] == "rate.too_many"
            assert int(answer.json()["params"]["minutes"]) >= 1
            assert int(answer.headers["Retry-After"]) >= 1


def test_one_report_sent_again_and_again_is_one_report_with_few_links():
    phone, body = Client(), report("井盖没有了")
    answers = [send(phone, body) for _ in range(50)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["number"] for answer in answers}) == 1
    assert CaseReport.objects.count() == Case.objects.count() == 1
    assert len([1 for answer in answers if answer.json()["follow_token"]]) == 5


def test_a_thousand_reports_of_one_matter_cost_as_much_each_as_the_first():
    def asked_for() -> int:
        with CaptureQueriesContext(connection) as seen:
            cases.submit(make_report(text="井盖没有了，很危险"), actor=ANONYMOUS)
        return len(seen.captured_queries)

    cases.submit(make_report(text="井盖没有了，很危险"), actor=ANONYMOUS)
    early = asked_for()
    for _ in range(40):
        cases.submit(make_report(text="井盖没有了，很危险"), actor=ANONYMOUS)
    assert asked_for() == early


@pytest.mark.parametrize(("change", "budget"), [
    ({}, 18), ({"where": middle_of(1)}, 22), ({"where": middle_of(2)}, 23)])
def test_taking_a_report_in_keeps_its_budget_of_queries(change, budget):
    cases.submit(make_report(text="井盖没了"), actor=ANONYMOUS)
    with CaptureQueriesContext(connection) as seen:
        cases.submit(make_report(text="井盖没了", **change), actor=ANONYMOUS)
    assert len(seen.captured_queries) <= budget, "\n".join(query["sql"] for query in seen.captured_queries)
