from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from linli.accounts import actions as accounts
from linli.accounts import queries
from linli.accounts.actions import NewPost
from linli.accounts.models import Post, User
from linli.audit import queries as audit
from linli.kernel import clock
from linli.kernel.actor import ANONYMOUS, Actor
from linli.kernel.errors import NotPermitted
from linli.kernel.role import Role

SYSTEM = Actor.system("test")
CHECKER = NewPost(role=Role.CHECKER, name="核查岗 07", area="990101001")


def make_user(*posts: NewPost) -> User:
    accounts.make_demo_accounts({"li": list(posts)}, actor=SYSTEM)
    return User.objects.get(username="li")


def test_an_account_acts_by_its_posts_in_force(system):
    user = make_user(CHECKER)
    assert queries.actor_for(user).holds(Role.CHECKER, area="990101001002")
    assert queries.post_name(user) == "核查岗 07"
    assert queries.names_of_posts([f"user:{user.pk}", "system:city"]) == {f"user:{user.pk}": "核查岗 07"}
    Post.objects.filter(user=user).update(valid_to=clock.now(), valid_from=clock.now() - timedelta(days=1))
    assert queries.actor_for(user).posts == ()
    assert queries.post_name(user) == "核查岗 07"


@pytest.mark.parametrize("actor", [ANONYMOUS, Actor("user:1")])
def test_only_the_operator_makes_the_demos_accounts(system, actor):
    with pytest.raises(NotPermitted):
        accounts.make_demo_accounts({"li": []}, actor=actor)
    assert not User.objects.filter(username="li").exists()


def test_the_password_is_kept_as_argon2_and_never_in_the_trail(system):
    user = make_user(CHECKER)
    assert user.password.startswith("argon2")
    assert user.check_password(accounts.DEMO_PASSWORD)
    entry = audit.entries_of(f"user:{user.pk}")[0]
    assert (entry.deed, entry.facts) == ("accounts.create", {"posts": [["checker", "990101001", None]]})


def test_demo_accounts_made_twice_are_made_once(system):
    for _ in range(2):
        accounts.make_demo_accounts({"checker": [CHECKER], "resident": []}, actor=SYSTEM)
    assert User.objects.filter(username__in=["checker", "resident"]).count() == 2
    assert Post.objects.filter(user__username="checker").count() == 1


@pytest.mark.parametrize("wrong", [
    {"role": "superuser"}, {"role": "unit"}, {"valid_to": "before"}])
def test_the_database_refuses_a_post_that_cannot_be(system, wrong):
    user = make_user()
    now = clock.now()
    if wrong.get("valid_to"):
        wrong = {"role": "grid", "valid_to": now - timedelta(days=1)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(user=user, name="x", valid_from=now, **wrong)


def test_nobody_is_superuser():
    assert not hasattr(User(), "is_superuser")
    assert not hasattr(User(), "is_staff")
