"""One's own account (我的账号): where one is signed in, and another password."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client, override_settings
from tests.make.desk import PASSWORD
from tests.pages.test_sign_in import enter

from linli.accounts import actions as accounts
from linli.accounts.domain.session import ABSOLUTE
from linli.accounts.models import Session, User
from linli.audit import queries as audit
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import NotPermitted

NEW = "a cat sees the moon 7"
PHONE = "Mozilla/5.0 (iPhone) Mobile"


def signed_in(username="acceptor", **meta) -> Client:
    client = Client(**meta)
    assert enter(client, username).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def change(client, old=PASSWORD, new=NEW, again=None):
    return client.post("/account/password", {"old": old, "new": new, "again": new if again is None else again})


def test_the_page_lists_where_one_is_signed_in_and_nobody_elses_places():
    here, there = signed_in(HTTP_USER_AGENT=PHONE), signed_in(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0)")
    signed_in("checker", HTTP_USER_AGENT="Mozilla/5.0 (iPad)")
    page = here.get("/account/", headers={"accept-language": "en"}).content.decode()
    assert page.count("<tr><td") == 2
    assert "Phone" in page
    assert "Computer" in page
    assert "Tablet" not in page
    for client in (here, there):
        assert client.session.session_key not in page


def test_ending_one_session_ends_that_one():
    here, there, third = signed_in(), signed_in(), signed_in()
    from linli.accounts.queries import mark_of

    here.post("/account/sessions", {"session": mark_of(there.session.session_key)})
    assert [is_in(client) for client in (here, there, third)] == [True, False, True]


def test_signing_out_everywhere_else_leaves_only_this_browser():
    here, there, other = signed_in(), signed_in(), signed_in("checker")
    here.post("/account/sessions")
    assert [is_in(client) for client in (here, there, other)] == [True, False, True]


def test_nobody_ends_another_persons_session():
    from linli.accounts.queries import mark_of

    here, other = signed_in(), signed_in("checker")
    here.post("/account/sessions", {"session": mark_of(other.session.session_key)})
    assert is_in(other)
    user = User.objects.get(username="checker")
    with pytest.raises(NotPermitted):
        accounts.end_others(user.pk, None, actor=Actor(f"user:{user.pk + 1}"))


def test_another_password_ends_every_other_session_and_gives_this_one_a_new_key():
    here, there = signed_in(), signed_in()
    before = here.session.session_key
    assert change(here).status_code == 200
    assert [is_in(here), is_in(there)] == [True, False]
    assert here.session.session_key != before
    assert enter(Client(), "acceptor").status_code == 422
    assert enter(Client(), "acceptor", NEW).status_code == 302


@pytest.mark.parametrize("wrong", [
    {"old": "wrong"}, {"again": "another phrase here"}, {"new": "short"}, {"new": "password123456"},
    {"new": "qwertyuiop1234"}, {"new": "acceptor-Moon-77"}, {"new": ""}, {"new": "x\x00" * 20}])
def test_what_will_not_do_changes_nothing(wrong):
    here = signed_in()
    before = User.objects.get(username="acceptor").password
    assert change(here, **wrong).status_code == 422
    assert User.objects.get(username="acceptor").password == before


def test_whoever_sits_at_an_open_desk_has_five_guesses_at_the_password():
    here = signed_in()
    assert [change(here, old="wrong").status_code for _ in range(6)] == [422] * 5 + [429]
    assert change(here).status_code == 429


def test_the_trail_tells_of_passwords_and_sessions_without_them():
    user = User.objects.get(username="acceptor")
    here, _there = signed_in(), signed_in()
    change(here)
    entries = [entry for entry in audit.entries_of(f"user:{user.pk}") if entry.deed.startswith("accounts.")]
    assert [entry.deed for entry in entries][-2:] == ["accounts.password_changed", "accounts.sessions_ended"]
    assert not any(secret in str(entry.facts) for entry in entries for secret in (PASSWORD, NEW))


def test_half_an_hour_without_use_ends_a_session_and_use_keeps_it():
    here = signed_in()
    long_ago = clock.now() - timedelta(minutes=29)
    soon = clock.now() + timedelta(minutes=1)
    Session.objects.filter(user__username="acceptor").update(seen_at=long_ago, expire_date=soon)
    assert is_in(here)
    row = Session.objects.get(user__username="acceptor")
    assert row.expire_date > clock.now() + timedelta(minutes=29)
    Session.objects.filter(pk=row.pk).update(expire_date=clock.now() - timedelta(seconds=1))
    assert not is_in(here)


def test_no_use_carries_a_session_beyond_twelve_hours():
    here = signed_in()
    made = clock.now() - ABSOLUTE + timedelta(minutes=5)
    Session.objects.filter(user__username="acceptor").update(made_at=made, seen_at=made)
    assert is_in(here)
    assert Session.objects.get(user__username="acceptor").expire_date == made + ABSOLUTE


def test_what_a_page_asks_by_itself_keeps_no_session_but_a_watched_wall_does():
    here = signed_in("street")
    long_ago = clock.now() - timedelta(minutes=20)

    def seen_after(path, **headers):
        Session.objects.filter(user__username="street").update(seen_at=long_ago)
        here.get(path, headers=headers)
        return Session.objects.get(user__username="street").seen_at

    assert seen_after("/live") == long_ago
    assert seen_after("/account/", **{"x-linli-unattended": "1"}) == long_ago
    assert seen_after("/command/figures", **{"x-linli-unattended": "1"}) > long_ago
    assert seen_after("/account/") > long_ago


@override_settings(LINLI_IDLE_MINUTES=1)
def test_the_time_without_use_is_the_deployments_choice():
    here = signed_in()
    assert Session.objects.get(pk=here.session.session_key).expire_date <= clock.now() + timedelta(minutes=1)


def test_signing_in_clears_away_sessions_that_have_ended():
    old = signed_in()
    Session.objects.filter(pk=old.session.session_key).update(expire_date=clock.now() - timedelta(days=1))
    signed_in("checker")
    assert not Session.objects.filter(user__username="acceptor").exists()


def test_cookies_are_out_of_scripts_reach_and_stay_on_this_site(client):
    client.get("/sign-in")
    enter(client, "acceptor")
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LINLI_KNOWN_COOKIE):
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
        assert not cookie["domain"]
