"""The auditor's page (审计查阅)."""

from datetime import timedelta

import pytest
from django.db import connection
from tests.make.browsing import at, text_of
from tests.make.desk import SYSTEM

from linli.audit import actions as audit
from linli.audit.models import Entry
from linli.kernel import clock
from linli.kernel.actor import Actor


@pytest.fixture
def auditor():
    return at("auditor")


def rows(client, query=""):
    page = client.get(f"/desk/audit{query}")
    assert page.status_code == 200
    return page.context["rows"]


def done(deed, target="case:1", actor=SYSTEM, **facts):
    with audit.acting(SYSTEM):
        audit.record(deed, actor=actor, target=target, **facts)
    return Entry.objects.latest("id")


def test_a_deed_is_found_by_who_what_on_what_and_when(auditor):
    mine = done("cases.close", "case:7", Actor("user:900005"), before="checked")
    done("casesless.close", "case:8", Actor("user:6"))
    tomorrow = f"{clock.now() + timedelta(days=2):%Y-%m-%d}"
    for query in ("?actor=user:900005", "?deed=cases.close", "?deed=cases&target=case:7", "?target=case:7",
                  "?actor=user:900005&deed=cases",
                  f"?target=case:7&since={clock.now() - timedelta(days=1):%Y-%m-%d}"):
        assert [row.line.entry for row in rows(auditor, query)] == [mine], query
    for query in ("?actor=user:9000055", "?deed=cases.clos", "?deed=case", f"?target=case:7&since={tomorrow}",
                  "?target=case:7&until=2020-02-29"):
        assert auditor.get(f"/desk/audit{query}").context["rows"] == [], query


def test_a_page_ends_after_a_hundred_and_the_next_goes_on(auditor):
    for number in range(103):
        done("cases.accept", f"case:{number}")
    page = auditor.get("/desk/audit?deed=cases.accept")
    assert [row.line.entry.target for row in page.context["rows"]] == [f"case:{n}" for n in range(102, 2, -1)]
    page = auditor.get("/desk/audit" + page.context["older"])
    assert [row.line.entry.target for row in page.context["rows"]] == ["case:2", "case:1", "case:0"]
    assert page.context["older"] == ""


def test_what_is_sealed_says_its_link_and_what_waits_says_so(auditor):
    first = done("cases.accept")
    while audit.seal():
        pass
    second = done("cases.file")
    found = {row.line.entry: row.line.number for row in rows(auditor, "?target=case:1")}
    assert found[second] is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM audit_seal WHERE entry_id = %s", [first.pk])
        assert found[first] == cursor.fetchone()[0]
    page = text_of(auditor.get("/desk/audit", headers={"accept-language": "en"}))
    assert f"Sealed up to link {found[first]}" in page
    assert "waits" in page


def test_who_reads_the_trail_stands_in_it(auditor):
    rows(auditor, "?target=case:12")
    read = Entry.objects.filter(deed="audit.read").latest("id")
    assert read.facts == {"wanted": {"target": "case:12"}}
    assert read.actor.startswith("user:")


@pytest.mark.parametrize("query", [
    "?since=2026-02-30", "?actor=' OR 1=1", "?before=-1", "?before=99999999999999999999", "?target=" + "x" * 101,
    "?since=2026-03-01&until=2026-02-28", "?deed=<script>", "?actor=%00"])
def test_what_cannot_be_looked_for_is_said_and_not_guessed(auditor, query):
    done("cases.accept")
    page = auditor.get(f"/desk/audit{query}")
    assert page.status_code == 422
    assert page.context["rows"] == []
    assert "<script>" not in text_of(page)


def test_facts_are_shown_as_text(auditor):
    done("cases.accept", "case:9", note="<b>\u202eabc</b>")
    assert "&lt;b&gt;" in auditor.get("/desk/audit?target=case:9").content.decode()


def test_nobody_else_reads_the_trail():
    for name in ("acceptor", "street"):
        assert at(name).get("/desk/audit").status_code == 404
