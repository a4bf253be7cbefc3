"""An administrator makes, changes and ends accounts (账号管理)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from tests.make.areas import DISTRICT, EAST, GRID_A, WEST
from tests.make.cases import make_district

from linli.accounts import actions as accounts
from linli.accounts import policy, queries
from linli.accounts.actions import NewPost
from linli.accounts.domain.masking import masked_name
from linli.accounts.models import Failure, Post, User
from linli.audit import actions as trail
from linli.audit import queries as audit
from linli.kernel import clock
from linli.kernel.actor import ANONYMOUS, Actor
from linli.kernel.actor import Post as HeldPost
from linli.kernel.errors import Conflict, DomainError, Invalid, NotAllowedNow, NotFound, NotPermitted
from linli.kernel.role import Role

SYSTEM = Actor.system("test")
WESTERN = Actor("user:1", (HeldPost(Role.OPERATOR, WEST),))
WHOLE = NewPost(role=Role.OPERATOR, name="运维岗")


def checker(area: str = GRID_A) -> NewPost:
    return NewPost(role=Role.CHECKER, name="核查岗 07", area=area)


def make(username: str = "li", *posts: NewPost) -> User:
    handed = accounts.create_account(username, "李晓明", list(posts or [checker()]), actor=SYSTEM)
    return User.objects.get(pk=handed.user_id)


def deeds(user: User) -> list[str]:
    return [entry.deed for entry in audit.entries_of(f"user:{user.pk}")]


@pytest.fixture
def units(system) -> dict[str, int]:
    return make_district()


@pytest.mark.usefixtures("units")
def test_an_account_begins_with_a_one_time_password_that_is_kept_as_a_hash_only():
    handed = accounts.create_account("li", "李晓明", [checker()], actor=SYSTEM)
    user = User.objects.get(username="li")
    assert user.check_password(handed.password)
    assert user.one_time_until == handed.until
    assert timedelta(hours=71) < handed.until - clock.now() <= queries.rules().one_time
    entry = audit.entries_of(f"user:{user.pk}")[0]
    assert (entry.deed, entry.facts) == ("accounts.create", {"posts": [["checker", GRID_A, None]]})
    assert handed.password not in repr(handed)


@pytest.mark.parametrize(("username", "posts", "refusal"), [
    ("a", [checker()], Invalid), ("a b", [checker()], Invalid), ("x" * 61, [checker()], Invalid),
    ("Old", [checker()], Conflict), ("new", [], Invalid), ("new", [checker("990101009")], Invalid),
    ("new", [NewPost(role=Role.UNIT, name="x")], Invalid),
    ("new", [NewPost(role=Role.UNIT, name="x", unit=0)], Invalid),
    ("new", [NewPost(role=Role.GRID, name="x", unit=1)], Invalid)])
@pytest.mark.usefixtures("units")
def test_an_account_that_cannot_be_is_not_made(username, posts, refusal):
    make("old")
    with pytest.raises(refusal):
        accounts.create_account(username, "x", posts, actor=SYSTEM)
    assert not User.objects.filter(username=username).exists()


@pytest.mark.parametrize("actor", [ANONYMOUS, Actor("user:1"), Actor("user:1", (HeldPost(Role.DISTRICT, ""),))])
@pytest.mark.usefixtures("units")
def test_nobody_but_an_operator_does_anything_to_accounts(actor):
    user = make()
    post = Post.objects.get(user=user)
    for deed in (lambda: accounts.create_account("new", "x", [checker()], actor=actor),
                 lambda: accounts.grant_post(user.pk, checker(WEST), actor=actor),
                 lambda: accounts.withdraw_post(user.pk, post.pk, actor=actor),
                 *(lambda deed=deed: deed(user.pk, actor=actor) for deed in (
                     accounts.reset_account, accounts.unlock_account, accounts.close_account,
                     accounts.reopen_account))):
        with pytest.raises(NotPermitted):
            deed()


def test_an_operator_of_an_area_gives_and_takes_only_there(units):
    far, near = make("far", checker(EAST)), make("near", checker(WEST))
    assert set(policy.visible_accounts(WESTERN)) == {near}
    with pytest.raises(NotFound):
        accounts.grant_post(far.pk, checker(WEST), actor=WESTERN)
    for beyond in (checker(DISTRICT), checker(""), checker(EAST), WHOLE,
                   NewPost(role=Role.UNIT, name="x", unit=units["drains"])):
        with pytest.raises(NotPermitted):
            accounts.grant_post(near.pk, beyond, actor=WESTERN)
    accounts.grant_post(near.pk, checker(GRID_A), actor=WESTERN)
    with pytest.raises(Conflict):
        accounts.grant_post(near.pk, checker(GRID_A), actor=WESTERN)
    assert Post.objects.filter(user=near).count() == 2


@pytest.mark.usefixtures("units")
def test_an_account_with_business_elsewhere_is_not_this_operators_to_end():
    both = make("both", checker(WEST), checker(EAST))
    here, elsewhere = Post.objects.filter(user=both).order_by("pk")
    for deed in (accounts.reset_account, accounts.close_account, accounts.unlock_account):
        with pytest.raises(NotPermitted):
            deed(both.pk, actor=WESTERN)
    with pytest.raises(NotPermitted):
        accounts.withdraw_post(both.pk, elsewhere.pk, actor=WESTERN)
    accounts.withdraw_post(both.pk, here.pk, actor=WESTERN)
    assert [post.area for post in queries.actor_for(both).posts] == [EAST]


def test_a_unit_s_post_reaches_where_its_unit_is(units):
    user = make("unit", NewPost(role=Role.UNIT, name="养护二班", unit=units["drains"]))
    assert user not in policy.visible_accounts(WESTERN)
    assert user in policy.visible_accounts(Actor("user:1", (HeldPost(Role.OPERATOR, DISTRICT),)))
    assert queries.described([user])[0].posts[0].place


@pytest.mark.usefixtures("units")
def test_the_last_operator_stays():
    first, second = make("first", WHOLE), make("second", WHOLE)
    post = Post.objects.get(user=first)
    accounts.close_account(second.pk, actor=SYSTEM)
    for deed in (lambda: accounts.close_account(first.pk, actor=SYSTEM),
                 lambda: accounts.withdraw_post(first.pk, post.pk, actor=SYSTEM)):
        with pytest.raises(NotAllowedNow) as refusal:
            deed()
        assert refusal.value.code == "accounts.last_operator"
    accounts.reopen_account(second.pk, actor=SYSTEM)
    accounts.withdraw_post(first.pk, post.pk, actor=SYSTEM)
    assert queries.actor_for(first).posts == ()


@pytest.mark.usefixtures("units")
def test_a_closed_account_keeps_its_posts_and_opens_with_another_password():
    user = make()
    before = User.objects.get(pk=user.pk).password
    accounts.close_account(user.pk, actor=SYSTEM)
    assert not queries.described(User.objects.filter(pk=user.pk))[0].is_open
    for deed in (accounts.close_account, accounts.reset_account):
        with pytest.raises(NotAllowedNow):
            deed(user.pk, actor=SYSTEM)
    handed = accounts.reopen_account(user.pk, actor=SYSTEM)
    again = User.objects.get(pk=user.pk)
    assert (again.is_active, again.password == before, again.check_password(handed.password)) == (True, False, True)
    assert queries.actor_for(again).holds(Role.CHECKER, area=GRID_A)
    with pytest.raises(NotAllowedNow):
        accounts.reopen_account(user.pk, actor=SYSTEM)
    assert deeds(user) == ["accounts.create", "accounts.close", "accounts.reopen"]


@pytest.mark.usefixtures("units")
def test_a_locked_account_is_shown_so_and_can_be_unlocked():
    user = make()
    Failure.objects.bulk_create(Failure(key=Failure.key_of_name("LI"), at=clock.now()) for _ in range(5))
    assert [one.is_locked for one in queries.described([user, make("other")])] == [True, False]
    accounts.unlock_account(user.pk, actor=SYSTEM)
    assert not queries.described([user])[0].is_locked
    assert deeds(user)[-1] == "accounts.unlock"


@pytest.mark.usefixtures("units")
def test_every_deed_stands_in_the_trail_without_its_secret():
    user = make()
    handed = accounts.reset_account(user.pk, actor=SYSTEM)
    post = accounts.grant_post(user.pk, checker(WEST), actor=SYSTEM)
    accounts.withdraw_post(user.pk, post.pk, actor=SYSTEM)
    accounts.close_account(user.pk, actor=SYSTEM)
    assert deeds(user) == ["accounts.create", "accounts.reset", "accounts.grant", "accounts.withdraw",
                           "accounts.close"]
    assert handed.password not in str([entry.facts for entry in audit.entries_of(f"user:{user.pk}")])


@pytest.mark.parametrize(("text", "found"), [("", {"li", "wang"}), ("AN", {"wang"}), ("07", {"li", "wang"}),
                                             ("checker", {"li", "wang"}), ("李晓", set())])
@pytest.mark.usefixtures("units")
def test_accounts_are_found_by_name_and_post_not_by_whose_they_are(text, found):
    make("li")
    make("wang")
    seen = User.objects.filter(username__in=["li", "wang"])
    assert {user.username for user in queries.accounts_overseen(seen, text)} == found


@pytest.mark.parametrize(("name", "masked"), [
    ("李晓明", "李＊＊"), ("李明", "李＊"), ("Li Xiaoming", "L＊＊"), ("", "")])
def test_a_name_shows_its_first_character_only(name, masked):
    assert masked_name(name) == masked


def test_a_post_that_is_not_this_accounts_is_not_there(units):
    user, other = make("one"), make("two")
    with pytest.raises(NotFound):
        accounts.withdraw_post(user.pk, Post.objects.get(user=other).pk, actor=SYSTEM)


def test_two_operators_who_close_each_other_at_once_leave_one(fresh_db):
    with trail.acting(SYSTEM):
        pair = [make("first", WHOLE), make("second", WHOLE)]

    def close(user: User) -> bool:
        try:
            with trail.acting(SYSTEM):
                accounts.close_account(user.pk, actor=SYSTEM)
        except DomainError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as hands:
        assert sorted(hands.map(close, pair)) == [False, True]
