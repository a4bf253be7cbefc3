"""Open live streams end with the session, the password or the post that opened them (推送随会话终止)."""

import asyncio
from urllib.parse import unquote

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from tests.make.areas import STREET
from tests.make.board import at_post
from tests.make.live import Browser, living, until

from linli.accounts import actions as accounts
from linli.accounts.models import Post, User
from linli.audit import actions as audit
from linli.kernel.actor import Actor
from linli.kernel.role import Role

SYSTEM = Actor.system("test")
OLD, NEW = "the moon sees a cat 7", "a cat sees the moon 7"


async def listens(app, client: Client, address: str = "/live") -> tuple[Browser, asyncio.Task[None]]:
    """Follow the web part's word to the live part, as a browser does."""
    query = client.get(address)["Location"].partition("?")[2]
    browser = Browser()
    task = asyncio.create_task(browser.get(app, "/live", unquote(query)))
    await until(lambda: browser.body)
    return browser, task


def change_password(client: Client, user: User) -> None:
    answer = client.post("/account/password", {"old": OLD, "new": NEW, "again": NEW})
    assert answer.status_code == 200


def sign_out(client: Client, user: User) -> None:
    client.post("/sign-out")


def close(client: Client, user: User) -> None:
    with audit.acting(SYSTEM):
        accounts.close_account(user.pk, actor=SYSTEM)


def withdraw(client: Client, user: User) -> None:
    with audit.acting(SYSTEM):
        accounts.withdraw_post(user.pk, Post.objects.get(user=user).pk, actor=SYSTEM)


@pytest.mark.parametrize(("deed", "may_come_back"), [
    (change_password, False), (sign_out, True), (close, False), (withdraw, False)])
def test_what_ends_a_session_or_a_right_ends_the_streams_at_once(fresh_db, deed, may_come_back):
    with audit.acting(SYSTEM):
        here, user = at_post(Role.STREET, STREET)
        other, _ = at_post(Role.STREET, STREET)
        User.objects.filter(pk=user.pk).update(password=make_password(OLD))
    here.force_login(User.objects.get(pk=user.pk))
    there = Client()
    there.force_login(User.objects.get(pk=user.pk))

    async def story():
        async with living(fresh_db) as app:
            _, board_ends = await listens(app, there)
            _, bell_ends = await listens(app, there, "/desk/notices/live")
            await listens(app, other)
            deed(here, user)
            await asyncio.wait_for(asyncio.gather(board_ends, bell_ends), 5)
            assert len(app.hub.listeners) == 1

    asyncio.run(story())
    assert (there.get("/live").status_code == 307) is may_come_back
