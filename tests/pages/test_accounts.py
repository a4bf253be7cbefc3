"""The administrator's pages of accounts, and the way in with a one-time password."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.make.areas import DISTRICT, WEST
from tests.make.board import at_post
from tests.make.desk import PASSWORD
from tests.pages.test_sign_in import enter

from linli.accounts.models import Failure, Post, User
from linli.kernel import clock
from linli.kernel.role import Role

OWN = "a cat sees the moon 7"
SECRET = re.compile(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){3}")


@pytest.fixture
def desk() -> Client:
    return at_post(Role.OPERATOR, "")[0]


def number(username: str = "acceptor") -> int:
    return User.objects.get(username=username).pk


def handed(answer) -> str:
    """Return the one-time password that the page shows."""
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    return SECRET.findall(answer.content.decode())[0]


def choose(client: Client, new: str = OWN, again: str = OWN):
    return client.post("/sign-in/new-password", {"new": new, "again": again})


def test_a_new_account_is_made_handed_over_and_used(desk):
    answer = desk.post("/desk/accounts/new", {"username": "wang", "name": "王小二", "role": "checker", "area": WEST})
    secret = handed(answer)
    assert "王小二" not in answer.content.decode()
    assert secret not in desk.get(f"/desk/accounts/{number('wang')}").content.decode()
    newcomer = Client()
    assert enter(newcomer, "wang", secret, next="/desk/?queue=open").headers["Location"] == "/sign-in/new-password"
    assert newcomer.get("/desk/").status_code == 302
    assert newcomer.get("/sign-in/new-password").status_code == 200
    assert choose(newcomer).headers["Location"] == "/desk/?queue=open"
    assert newcomer.get("/desk/").status_code == 200
    assert enter(Client(), "wang", secret).status_code == 422
    assert enter(Client(), "wang", OWN).headers["Location"] == "/desk/"


@pytest.mark.parametrize(("new", "again"), [("short", "short"), (OWN, "another"), ("wang-is-here-2026", "")])
def test_the_first_password_of_ones_own_keeps_the_rules(desk, new, again):
    secret = handed(desk.post("/desk/accounts/new", {"username": "wang", "role": "checker", "area": WEST}))
    newcomer = Client()
    enter(newcomer, "wang", secret)
    assert choose(newcomer, new, again or new).status_code == 422
    assert choose(newcomer, secret, secret).status_code == 422
    assert newcomer.get("/account/").status_code == 302


def test_a_one_time_password_ends_by_itself_and_says_so(desk):
    secret = handed(desk.post(f"/desk/accounts/{number()}/reset"))
    late, soon = Client(), Client()
    enter(soon, "acceptor", secret)
    User.objects.filter(username="acceptor").update(one_time_until=clock.now() - timedelta(seconds=1))
    answer = enter(late, "acceptor", secret)
    assert answer.status_code == 422
    assert "一次性密码已过期" in answer.content.decode()
    assert choose(soon).headers["Location"] == "/sign-in"


def test_whoever_is_halfway_has_a_quarter_of_an_hour_and_one_of_two_gets_in(desk, monkeypatch):
    secret = handed(desk.post(f"/desk/accounts/{number()}/reset"))
    first, second, slow = Client(), Client(), Client()
    for one in (first, second, slow):
        enter(one, "acceptor", secret)
    assert choose(first).headers["Location"] == "/desk/"
    assert choose(second, "another fine phrase 8", "another fine phrase 8").headers["Location"] == "/sign-in"
    assert Client().get("/sign-in/new-password").headers["Location"] == "/sign-in"
    again = handed(desk.post(f"/desk/accounts/{number()}/reset"))
    enter(slow, "acceptor", again)
    now = clock.now()
    monkeypatch.setattr("linli.kernel.clock.now", lambda: now + timedelta(minutes=16))
    assert choose(slow).headers["Location"] == "/sign-in"


@pytest.mark.parametrize("deed", ["reset", "close"])
def test_reset_and_close_end_every_session_at_once(desk, deed):
    here = Client()
    enter(here, "acceptor")
    desk.post(f"/desk/accounts/{number()}/{deed}")
    assert here.get("/account/").status_code == 302
    assert enter(Client(), "acceptor").status_code == 422


def test_a_closed_account_opens_with_another_password(desk):
    assert desk.post(f"/desk/accounts/{number()}/close").status_code == 302
    assert desk.post(f"/desk/accounts/{number()}/close").status_code == 409
    secret = handed(desk.post(f"/desk/accounts/{number()}/reopen"))
    assert enter(Client(), "acceptor").status_code == 422
    assert enter(Client(), "acceptor", secret).status_code == 302


def test_unlocking_lets_the_owner_try_at_once(desk):
    for _ in range(6):
        enter(Client(), "acceptor", "wrong")
    assert enter(Client(), "acceptor").status_code == 429
    assert "登录失败锁定中" in desk.get("/desk/accounts?q=acceptor").content.decode()
    assert desk.post(f"/desk/accounts/{number()}/unlock").status_code == 302
    assert not Failure.objects.filter(key=Failure.key_of_name("acceptor")).exists()
    assert enter(Client(), "acceptor").status_code == 302


def test_posts_are_given_and_taken_and_refusals_stand_beside_their_field(desk):
    page = f"/desk/accounts/{number()}"
    assert desk.post(f"{page}/grant", {"role": "checker", "area": DISTRICT}).status_code == 302
    assert desk.post(f"{page}/grant", {"role": "checker", "area": DISTRICT}).status_code == 409
    refused = desk.post(f"{page}/grant", {"role": "checker", "area": "123456"})
    assert refused.status_code == 422
    assert "没有这个代码的区域" in refused.content.decode().split('id="id_area_error"')[1]
    post = Post.objects.get(user=number(), role="checker")
    assert post.name == "核查岗"
    assert desk.post(f"{page}/posts/{post.pk}/withdraw").status_code == 302
    assert desk.post(f"{page}/posts/{post.pk}/withdraw").status_code == 404


def test_an_operator_of_one_area_loses_sight_of_nothing_he_gave(units):
    western, _ = at_post(Role.OPERATOR, WEST)
    page = f"/desk/accounts/{number('grid')}"
    post = Post.objects.get(user=number("grid"))
    assert western.post(f"{page}/posts/{post.pk}/withdraw").status_code == 302
    assert western.get(page).status_code == 200
    assert western.get(f"/desk/accounts/{number()}").status_code == 404


def test_a_district_s_account_is_read_but_not_reset_by_an_operator_of_one_community(desk):
    desk.post(f"/desk/accounts/{number()}/grant", {"role": "checker", "area": WEST})
    western, _ = at_post(Role.OPERATOR, WEST)
    page = f"/desk/accounts/{number()}"
    assert "/reset" not in western.get(page).content.decode()
    assert western.post(f"{page}/reset").status_code == 403
    assert enter(Client(), "acceptor", PASSWORD).status_code == 302


@pytest.mark.parametrize("text", ["x\x00y", "受理", "' OR 1=1"])
def test_whatever_is_searched_for_the_list_answers(desk, text):
    assert desk.get("/desk/accounts", {"q": text}).status_code == 200


def test_the_list_asks_no_more_of_the_database_for_more_accounts(desk):
    desk.get("/desk/accounts")
    asked = []
    for username in ("wang", "zhang"):
        desk.post("/desk/accounts/new", {"username": username, "role": "checker", "area": WEST})
        with CaptureQueriesContext(connection) as seen:
            assert username in desk.get("/desk/accounts").content.decode()
        asked.append(len(seen))
    assert asked[0] == asked[1] <= 17
