"""A case goes over the desks: who is offered what, who is refused, what does not exist for whom (流转)."""

import re

import pytest
from tests.make.browsing import at, move, offered, page_of, text_of
from tests.make.cases import HAZARD, case_now, make_case, make_case_in, make_photo, make_report
from tests.make.desk import photo_file

from linli.cases import actions as cases
from linli.kernel.actor import ANONYMOUS

STATES = ("reported", "accepted", "filed", "dispatched", "handled", "checked", "closed", "void")
MAY = {  # state → post → the moves its page offers
    "reported": {"acceptor": {"accept", "reject"}},
    "accepted": {"acceptor": {"reject", "ask_to_verify", "file"}},
    "filed": {"dispatcher": {"dispatch"}},
    "dispatched": {"dispatcher": {"dispatch"}, "unit": {
        "return_to_dispatcher", "ask_extension", "ask_suspension", "report_done"}},
    "handled": {"checker": {"check", "send_back"}},
    "checked": {"acceptor": {"close"}, "checker": {"send_back"}},
    "closed": {"acceptor": {"reopen"}},
    "void": {},
}
POSTS = ("acceptor", "dispatcher", "unit", "checker", "grid", "street")


def test_a_stranger_is_asked_to_sign_in_and_a_resident_is_refused(client):
    case = make_case()
    for address in ("/desk/", f"/desk/cases/{case.number}", "/desk/report", f"/desk/peek/{case.number}"):
        assert client.get(address).headers["Location"].startswith("/sign-in?next=/desk/")
        assert at("resident").get(address).status_code == 403
    assert client.post(f"/desk/cases/{case.number}/moves/accept").headers["Location"].startswith("/sign-in")
    assert case_now(case.pk).state == "reported"


def test_a_case_walks_over_the_desks_from_report_to_close(client):
    done = cases.submit(make_report(text="井口敞着"), actor=ANONYMOUS)
    case = case_now(done.case_id)
    acceptor, dispatcher, unit, checker = at("acceptor"), at("dispatcher"), at("unit"), at("checker")
    assert case.number in text_of(acceptor.get("/desk/"))
    assert move(acceptor, case, "accept").headers["Location"] == f"/desk/cases/{case.number}?done=accept"
    assert HAZARD in text_of(page_of(acceptor, case, move="file"))
    move(acceptor, case, "file", condition=HAZARD, reason="井口敞着，先行立案", note="核实属实")
    assert case.number in text_of(dispatcher.get("/desk/"))
    chosen = re.search(r'<option value="(\d+)" selected', text_of(page_of(dispatcher, case, move="dispatch")))
    move(dispatcher, case, "dispatch", unit=chosen.group(1))
    assert case.number in text_of(unit.get("/desk/"))
    move(unit, case, "report_done", photos=photo_file(), note="换盖 1 块")
    assert case.number in text_of(checker.get("/desk/"))
    move(checker, case, "check", photos=photo_file())
    assert case.number in text_of(acceptor.get("/desk/?queue=to_close"))
    move(acceptor, case, "close", condition_met="on")
    assert case_now(case.pk).state == "closed"
    page = text_of(page_of(acceptor, case))
    for said in ("已受理", "已立案", "核实属实", "已派遣", "换盖 1 块", "核查通过", "已结案", "城北排水", "井口敞着"):
        assert said in page
    assert page.count("/photos/") == 2
    assert "user:" not in page


@pytest.mark.parametrize("state", STATES)
def test_each_post_is_offered_exactly_its_moves(state, units):
    case = make_case_in(state, units["drains"])
    for post in POSTS:
        page = page_of(at(post), case)
        if post == "unit" and state in ("reported", "accepted", "filed", "void"):
            assert page.status_code == 404
            continue
        assert page.status_code == 200
        found = {a or b for a, b in offered(page)}
        assert found == MAY[state].get(post, set()), post
        assert text_of(page).count("btn primary") == (1 if found else 0)


@pytest.mark.parametrize(("state", "name", "post"), [
    ("reported", "accept", "dispatcher"), ("reported", "accept", "checker"), ("reported", "accept", "grid"),
    ("accepted", "file", "street"), ("filed", "dispatch", "acceptor"), ("dispatched", "report_done", "acceptor"),
    ("handled", "check", "acceptor"), ("handled", "check", "dispatcher"), ("checked", "close", "checker")])
def test_a_move_of_another_post_is_refused(state, name, post, units):
    case = make_case_in(state, units["drains"])
    answer = move(at(post), case, name, condition=HAZARD, reason="x", unit=units["drains"], condition_met="on",
                  photos=photo_file())
    assert answer.status_code == 403
    assert case_now(case.pk).state == state


def test_no_photo_is_opened_for_who_may_not_take_the_move(units, monkeypatch):
    opened = []
    monkeypatch.setattr("linli.files.actions.make_safe", opened.append)
    case = make_case_in("filed", units["drains"])
    assert move(at("checker"), case, "dispatch", photos=photo_file()).status_code == 403
    assert opened == []


@pytest.mark.parametrize("post", ["east", "other_unit"])
def test_a_case_of_another_area_or_unit_does_not_exist(post, units):
    case = make_case_in("dispatched", units["drains"], photos=(photo := make_photo(ANONYMOUS),))
    client = at(post)
    here = f"/desk/cases/{case.number}"
    for address in (here, f"/desk/peek/{case.number}", f"{here}/photos/{photo}"):
        assert client.get(address).status_code == 404
    for name in ("accept", "report_done", "dispatch"):
        assert move(client, case, name, photos=photo_file()).status_code == 404
    for query in ({"queue": "open"}, {"q": case.number}):
        assert here not in client.get("/desk/", query).content.decode()
    assert case_now(case.pk).state == "dispatched"


@pytest.mark.parametrize("number", ["Q0000-0000", "nothing", "1"])
def test_a_number_that_nobody_gave_is_not_found(number):
    assert at("acceptor").get(f"/desk/cases/{number}").status_code == 404


def test_an_unknown_move_is_not_found():
    case = make_case()
    assert move(at("acceptor"), case, "delete").status_code == 404
    assert page_of(at("acceptor"), case, move="delete").status_code == 200
