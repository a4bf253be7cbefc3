"""What a reporter follows by a link: five steps, what happened, the end and its refusal (查看进展)."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from tests.make.areas import middle_of
from tests.make.browsing import text_of
from tests.make.cases import ACCEPTOR, make_case, make_photo, make_report, metres_east, moves_to_close
from tests.make.resident import report_all

from linli.audit import actions as audit
from linli.cases import actions as cases
from linli.cases.models import Case
from linli.kernel.actor import ANONYMOUS, Actor


def all_cases():
    with audit.acting(Actor.system("test")):
        return list(Case.objects.with_facts())


def test_the_link_is_kept_from_referrers_indexes_and_stores(client):
    page = client.get(report_all(client).headers["Location"])
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "no-store" in page.headers["Cache-Control"]


def test_two_residents_at_one_hole_follow_one_case(client):
    report_all(client)
    other = Client()
    page = text_of(other.get(report_all(other).headers["Location"]))
    assert len(all_cases()) == 1
    assert "并为一件" in page


def test_a_joining_that_was_undone_is_said_to_be_undone(client):
    link = report_all(client).headers["Location"]
    [mine] = all_cases()
    other = make_case(where=metres_east(middle_of(0), 90), category="grate_missing")
    cases.merge_cases(mine.pk, other.pk, actor=ACCEPTOR)
    assert "并非同一件事" not in text_of(client.get(link))
    cases.unmerge_case(other.pk, actor=ACCEPTOR, reason="两处")
    assert "并非同一件事" in text_of(client.get(link))


@pytest.mark.parametrize("token", ["x", "x" * 22, "x" * 5000, "%00", "%EF%BF%BD", "井盖"])
def test_a_wrong_link_is_told_kindly_and_learns_nothing(client, token):
    answer = client.get(f"/f/{token}")
    assert answer.status_code == 404
    assert "这个链接打不开" in text_of(answer)
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert client.get(f"/f/{token}/photos/{uuid4()}").status_code == 404


def followed(**changed):
    done = cases.submit(make_report(**changed), actor=ANONYMOUS)
    return done.case_id, done.follow_token


def test_the_five_steps_go_with_the_case(client, units):
    photo = make_photo(ANONYMOUS)
    case = make_case(photos=(photo,), text="井口敞着", source_ref="s" * 30)
    token = cases.submit(make_report(source_ref="s" * 30), actor=ANONYMOUS).follow_token
    assert "收到了，等人受理" in text_of(client.get(f"/f/{token}"))
    seen = {"dispatched": "已派人，正在处置", "handled": "修好了，等人到场核查", "closed": "修好、核查过，已结案"}
    for name, reached, actor, given in moves_to_close(units["drains"]):
        photos = {"evidence": [make_photo(actor)]} if name in ("report_done", "check") else {}
        cases.move(case.pk, name, actor=actor, **given, **photos)
        if reached in seen:
            assert seen[reached] in text_of(client.get(f"/f/{token}"))
    page = text_of(client.get(f"/f/{token}"))
    shown = set(re.findall(rf"/f/{token}/photos/([\w-]+)", page))
    assert str(photo) in shown
    assert len(shown) == 3
    for one in shown:
        answer = client.get(f"/f/{token}/photos/{one}")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
        assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "user:" not in page
    assert "受理岗" not in page


def test_another_reporters_words_and_photos_are_not_shown(client):
    photo = make_photo(ANONYMOUS)
    make_case(photos=(photo,), text="我家门口，电话 13800000000")
    _case, token = followed()
    page = text_of(client.get(f"/f/{token}"))
    assert "13800000000" not in page
    assert client.get(f"/f/{token}/photos/{photo}").status_code == 404


def test_a_case_that_was_not_taken_on_says_why(client):
    case_id, token = followed()
    cases.move(case_id, "reject", actor=ACCEPTOR, reason="到场没有看到")
    page = text_of(client.get(f"/f/{token}"))
    assert "没有受理" in page
    assert "到场没有看到" in page


def test_an_old_case_is_past_its_limit(client, units):
    _case, token = followed()
    [case] = all_cases()
    for name, _reached, actor, given in moves_to_close(units["drains"])[:3]:
        cases.move(case.pk, name, actor=actor, **given)
    with audit.acting(Actor.system("test")):
        row = Case.objects.get(pk=case.pk)
        moments = {name: getattr(row, name) - timedelta(hours=5)
                   for name in ("filed_at", "started_at", "near_at", "due_at")}
        Case.objects.filter(pk=case.pk).update(**moments)
    assert "已超时限" in text_of(client.get(f"/f/{token}"))


def test_many_who_join_are_one_line_with_their_number(client):
    token = cases.submit(make_report(), actor=ANONYMOUS).follow_token
    for _ in range(12):
        cases.submit(make_report(), actor=ANONYMOUS)
    page = text_of(client.get(f"/f/{token}"))
    assert page.count("并为一件") == 1
    assert "× 12" in page


def test_a_closed_matter_may_be_refused_by_whoever_holds_the_link(client, units):
    _case, token = followed()
    [case] = all_cases()
    assert client.post(f"/f/{token}/refuse", {"reason": "还漏"}).status_code == 409
    assert "还有什么没解决" not in text_of(client.get(f"/f/{token}"))
    for name, _reached, actor, given in moves_to_close(units["drains"]):
        photos = {"evidence": [make_photo(actor)]} if name in ("report_done", "check") else {}
        cases.move(case.pk, name, actor=actor, **given, **photos)
    assert "还有什么没解决" in text_of(client.get(f"/f/{token}"))
    empty = client.post(f"/f/{token}/refuse", {"reason": " "})
    assert (empty.status_code, 'role="alert"' in text_of(empty)) == (422, True)
    assert client.get(f"/f/{token}/refuse").headers["Location"] == f"/f/{token}"
    answer = client.post(f"/f/{token}/refuse", {"reason": "还漏"})
    assert answer.headers["Location"] == f"/f/{token}"
    page = text_of(client.get(f"/f/{token}"))
    assert "上报人表示没有解决，已重办" in page
    assert "还漏" not in page, "what one reporter wrote is not for the others"
    assert client.post("/f/nobody/refuse", {"reason": "x"}).status_code == 404
