"""The forms of moves: what is missing is said, what was given stays (环节表单)."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from tests.conftest import sign_in
from tests.make.browsing import at, move, page_of, text_of
from tests.make.cases import HAZARD, case_now, make_case, make_case_in, make_photo
from tests.make.desk import photo_file

from linli.kernel import clock
from linli.kernel.actor import ANONYMOUS


@pytest.mark.parametrize(("state", "post", "name", "given", "field"), [
    ("accepted", "acceptor", "file", {"note": "看过了"}, "condition"),
    ("accepted", "acceptor", "file", {"note": "看过了", "condition": "no.such"}, "condition"),
    ("accepted", "acceptor", "reject", {"note": "看过了", "reason": "  "}, "reason"),
    ("accepted", "acceptor", "reject", {"note": "看过了", "reason": "字" * 501}, "reason"),
    ("accepted", "acceptor", "reject", {"note": "看过了", "reason": "a\x00b"}, "reason"),
    ("filed", "dispatcher", "dispatch", {"note": "看过了", "unit": ""}, "unit"),
    ("filed", "dispatcher", "dispatch", {"note": "看过了", "unit": "999999"}, "unit"),
    ("filed", "dispatcher", "dispatch", {"note": "看过了", "unit": "x" * 40}, "unit"),
    ("dispatched", "unit", "report_done", {"note": "看过了"}, "photos"),
    ("checked", "acceptor", "close", {"note": "看过了"}, "condition_met")])
def test_a_form_with_something_missing_comes_back_with_the_rest(state, post, name, given, field, units):
    case = make_case_in(state, units["drains"])
    answer = move(at(post), case, name, **given)
    page = text_of(answer)
    assert answer.status_code == 422
    assert "看过了" in page
    assert 'class="err"' in page
    assert f'id="id_{field}' in page or f'name="{field}"' in page
    assert case_now(case.pk).state == state


def test_a_photo_that_was_good_stays_when_another_is_not(units):
    case, client = make_case_in("dispatched", units["drains"]), at("unit")
    broken = photo_file()
    broken.file.seek(0)
    broken.file.write(b"rubbish!")
    broken.file.seek(0)
    answer = move(client, case, "report_done", photos=[photo_file(), broken], note="换盖")
    assert answer.status_code == 422
    [sealed] = re.findall(r'name="kept" value="([^"]+)"', text_of(answer))
    assert client.get(f"/desk/photos/{sealed}").headers["Content-Type"] == "image/jpeg"
    assert at("checker").get(f"/desk/photos/{sealed}").status_code == 404
    assert client.get(f"/desk/photos/{sealed}x").status_code == 404
    assert move(at("acceptor"), case, "report_done", kept=sealed).status_code == 403
    assert move(client, case, "report_done", kept=sealed, note="换盖").status_code == 302
    assert case_now(case.pk).state == "handled"


def test_a_photo_of_somebody_else_cannot_be_handed_in(units):
    case = make_case_in("dispatched", units["drains"])
    foreign = make_photo(ANONYMOUS)
    answer = move(at("unit"), case, "report_done", kept=str(foreign))
    assert answer.status_code == 422
    assert case_now(case.pk).state == "dispatched"


def test_who_comes_second_is_told_and_loses_nothing(units):
    case = make_case_in("accepted", units["drains"])
    assert move(at("acceptor"), case, "reject", reason="查无此事").status_code == 302
    answer = move(at("acceptor"), case, "reject", reason="我的理由很长")
    assert answer.status_code == 409
    assert "我的理由很长" in text_of(answer)
    assert "btn primary" not in text_of(answer)


def test_after_handing_a_case_back_the_unit_is_at_its_inbox(units):
    case = make_case_in("dispatched", units["drains"])
    answer = move(at("unit"), case, "return_to_dispatcher", reason="非本单位")
    assert answer.headers["Location"] == "/desk/?done=return_to_dispatcher"
    assert "已退回派遣岗" in text_of(at("unit").get("/desk/?done=return_to_dispatcher"))


def test_moves_need_the_forms_own_token():
    case, strict = make_case(), Client(enforce_csrf_checks=True)
    sign_in(strict, "acceptor")
    assert move(strict, case, "accept").status_code == 403
    assert case_now(case.pk).state == "reported"


def test_a_unit_asks_for_more_time_and_for_a_rest_and_the_dispatcher_answers(units):
    case = make_case_in("dispatched", units["drains"])
    unit, dispatcher = at("unit"), at("dispatcher")
    assert "申请延期" in text_of(page_of(unit, case))
    move(unit, case, "ask_extension", reason="等备件")
    assert "延期待审批" in text_of(page_of(dispatcher, case))
    assert case.number in text_of(dispatcher.get("/desk/?queue=to_agree"))
    move(dispatcher, case, "agree_extension")
    assert "已延期" in text_of(page_of(dispatcher, case))
    assert 'type="date"' in text_of(page_of(unit, case, move="ask_suspension"))
    assert move(unit, case, "ask_suspension", reason="汛期", until="gestern").status_code == 422
    assert move(unit, case, "ask_suspension", reason="汛期", until="2020-01-01").status_code == 422
    tomorrow = (clock.now() + timedelta(days=2)).date().isoformat()
    assert move(unit, case, "ask_suspension", reason="汛期", until=tomorrow).status_code == 302
    move(dispatcher, case, "agree_suspension")
    page = text_of(page_of(unit, case))
    assert "挂账至" in page
    assert "解除挂账" in page
    assert "move=report_done" not in page


def test_what_nobody_verified_is_filed_only_for_a_reason_and_the_form_says_so():
    case = make_case()
    acceptor = at("acceptor")
    move(acceptor, case, "accept")
    assert "未经核实先行立案的理由" in text_of(page_of(acceptor, case, move="file"))
    assert move(acceptor, case, "file", condition=HAZARD).status_code == 422
    assert "发核实" in text_of(page_of(acceptor, case))
    move(acceptor, case, "ask_to_verify")
    assert "待现场核实" in text_of(page_of(acceptor, case))
    assert case.number in text_of(at("grid").get("/desk/?queue=to_verify"))
