import logging
from datetime import timedelta

import pytest
from django.test import Client, override_settings
from tests.make.desk import PASSWORD

from linli.accounts import actions as accounts
from linli.accounts.models import Failure, User
from linli.audit import queries as audit
from linli.audit.models import Entry
from linli.config.passwords import Argon2
from linli.kernel import clock


def enter(client, username, password=PASSWORD, **more):
    meta = {name: more.pop(name) for name in list(more) if name.isupper()}
    return client.post("/sign-in", {"username": username, "password": password, **more}, **meta)


@pytest.mark.parametrize(("username", "place"), [("acceptor", "/desk/"), ("unit", "/desk/"), ("street", "/command/"),
                                                 ("grid", "/field/"),
                                                 ("resident", "/")])
def test_after_signing_in_one_is_at_ones_place_of_work(client, username, place):
    assert enter(client, username).headers["Location"] == place


def test_signing_in_leads_to_where_one_wanted_to_go(client):
    assert client.get("/desk/?queue=open").headers["Location"] == "/sign-in?next=/desk/%3Fqueue%3Dopen"
    assert enter(client, "acceptor", next="/desk/?queue=open").headers["Location"] == "/desk/?queue=open"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/desk/", "//evil.example", "javascript:alert(1)",
                                       "http:///evil.example", "/\\evil.example", "\x00"])
def test_signing_in_never_leads_elsewhere(client, elsewhere):
    assert enter(client, "acceptor", next=elsewhere).headers["Location"] == "/desk/"
    assert "evil.example" not in client.get("/sign-in", {"next": elsewhere}).content.decode().split("<main")[1]


@pytest.mark.parametrize(("username", "password"), [
    ("acceptor", "wrong"), ("nobody", PASSWORD), ("", ""), ("acce\x00ptor", PASSWORD), ("a" * 500, PASSWORD),
    ("acceptor", "x" * 5000), ("' OR 1=1 --", "'"), ("受理", "密码")])
def test_a_wrong_name_or_password_gets_one_answer(client, username, password):
    answer = enter(client, username, password)
    assert answer.status_code == 422
    assert "_auth_user_id" not in client.session
    assert 'role="alert"' in answer.content.decode()


def test_somebody_who_left_cannot_sign_in(client):
    User.objects.filter(username="acceptor").update(is_active=False)
    assert enter(client, "acceptor").status_code == 422


def test_the_session_gets_a_new_key(client):
    client.get("/report")
    client.post("/report/what", {"text": "x"})
    before = client.session.session_key
    enter(client, "acceptor")
    assert before
    assert client.session.session_key != before


def test_signing_out_forgets_who_it_was_and_takes_a_post(client):
    enter(client, "acceptor")
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").headers["Location"] == "/"
    assert client.get("/desk/").status_code == 302


def test_the_trail_names_accounts_by_number_and_never_what_was_typed(client, caplog):
    user = User.objects.get(username="acceptor")
    with caplog.at_level(logging.DEBUG):
        enter(client, "acceptor", "secret word")
        enter(client, "my secret word", "x")
        enter(client, "acceptor")
        client.post("/sign-out")
    deeds = [entry.deed for entry in audit.entries_of(f"user:{user.pk}")]
    assert deeds[1:] == ["accounts.sign_in_refused", "accounts.sign_in", "accounts.sign_out"]
    assert [entry.deed for entry in audit.entries_of("user:unknown")] == ["accounts.sign_in_refused"]
    said = caplog.text + "".join(f"{e.deed} {e.target} {e.facts}" for e in Entry.objects.all())
    assert "secret word" not in said


def test_after_five_failures_nobody_gets_in_by_that_name_and_the_answer_says_when(client):
    assert [enter(client, "acceptor", "wrong").status_code for _ in range(6)] == [422] * 5 + [429]
    answer = enter(client, "acceptor")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert enter(Client(), "checker").status_code == 302


def test_a_name_that_does_not_exist_is_locked_like_one_that_does(client):
    answers = {name: [enter(Client(), name, "wrong") for _ in range(6)] for name in ("acceptor", "no-such-name")}
    said = {name: [(one.status_code, one.content.decode().split("<main")[1].replace(name, "").split("csrf")[0])
                   for one in all_of] for name, all_of in answers.items()}
    assert said["acceptor"] == said["no-such-name"]


def test_a_stranger_cannot_shut_the_owner_out_of_a_browser_that_knows_the_account(client):
    enter(client, "acceptor")
    client.post("/sign-out")
    stranger = Client()
    for _ in range(6):
        enter(stranger, "acceptor", "wrong", REMOTE_ADDR="10.9.9.9")
    assert enter(stranger, "acceptor").status_code == 429
    assert enter(client, "acceptor").status_code == 302


def test_a_known_browser_too_has_five_tries(client):
    enter(client, "acceptor")
    client.post("/sign-out")
    assert [enter(client, "acceptor", "wrong").status_code for _ in range(6)] == [422] * 5 + [429]
    assert enter(Client(), "acceptor").status_code == 302


def test_signing_in_forgets_the_failures_before(client):
    for _ in range(3):
        assert [enter(client, "acceptor", "wrong").status_code for _ in range(4)] == [422] * 4
        assert enter(client, "acceptor").status_code == 302


def test_a_lock_ends_by_itself_and_knocking_does_not_prolong_it(client):
    for _ in range(8):
        enter(client, "acceptor", "wrong")
    Failure.objects.update(at=clock.now() - timedelta(minutes=15))
    assert enter(client, "acceptor").status_code == 302


def test_guesses_of_many_names_from_one_address_are_refused_and_others_get_in(client):
    statuses = [enter(client, f"name-{n}", "wrong", REMOTE_ADDR="10.1.1.1").status_code for n in range(61)]
    assert statuses == [422] * 60 + [429]
    assert client.post("/sign-in", {"username": "acceptor", "password": PASSWORD},
                       REMOTE_ADDR="10.1.1.2").status_code == 302


def test_an_unknown_name_costs_a_hash_like_a_known_one(client, monkeypatch):
    hashed = []
    encode = Argon2.encode
    monkeypatch.setattr(Argon2, "encode", lambda self, *a: hashed.append("made") or encode(self, *a))
    verify = Argon2.verify
    monkeypatch.setattr(Argon2, "verify", lambda self, *a: hashed.append("checked") or verify(self, *a))
    enter(client, "no-such-name", "wrong")
    enter(client, "acceptor", "wrong")
    assert hashed == ["made", "checked"]


def test_a_lock_stands_in_the_trail(client):
    user = User.objects.get(username="acceptor")
    for _ in range(6):
        enter(client, "acceptor", "wrong")
    deeds = [entry.deed for entry in audit.entries_of(f"user:{user.pk}")]
    assert deeds[1:] == ["accounts.sign_in_refused"] * 5 + ["accounts.sign_in_locked"]


def test_signing_in_needs_the_forms_own_token():
    assert enter(Client(enforce_csrf_checks=True), "acceptor").status_code == 403


def test_only_the_demo_tells_its_accounts(client):
    assert accounts.DEMO_PASSWORD not in client.get("/sign-in").content.decode()
    with override_settings(LINLI_DEMO=True):
        page = client.get("/sign-in").content.decode()
    assert accounts.DEMO_PASSWORD in page
    for name in ("acceptor", "checker", "unit", "受理岗 03"):
        assert name in page
    assert "east" not in page.split("<main")[1]
