"""A second factor is set up, asked for at the door, ended and reset."""

import logging
import re
from base64 import b32decode
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from tests.make.board import at_post
from tests.make.desk import PASSWORD
from tests.pages.test_sign_in import enter

from linli.accounts import queries
from linli.accounts.domain import totp
from linli.accounts.models import RecoveryCode, SecondFactor, User
from linli.audit import queries as audit
from linli.kernel import clock
from linli.kernel.role import Role

KEY = re.compile(r'<p class="t17 code">([A-Z2-7 ]+)</p>')
CODES = re.compile(r'<li class="code t17">([a-z2-9-]+)</li>')


def begun(client: Client) -> bytes:
    answer = client.post("/account/factor")
    assert answer.status_code == 200
    return b32decode(KEY.findall(answer.content.decode())[0].replace(" ", ""))


def code(secret: bytes, steps: int = 0) -> str:
    return totp.code_of(secret, totp.step_at(clock.now()) + steps)


def confirm(client: Client, given: str):
    return client.post("/account/factor/confirm", {"code": given})


def at_the_door(client: Client, given: str):
    return client.post("/sign-in/second-factor", {"code": given})


def halfway() -> Client:
    client = Client()
    assert enter(client, "acceptor", next="/desk/?queue=open").headers["Location"] == "/sign-in/second-factor"
    return client


@pytest.fixture
def owner() -> Client:
    client = Client()
    enter(client, "acceptor")
    return client


@pytest.fixture
def secret(owner) -> bytes:
    made = begun(owner)
    assert len(CODES.findall(confirm(owner, code(made, -1)).content.decode())) == 10
    return made


def test_signing_in_asks_for_a_code_and_leads_where_one_wanted(secret):
    coming = halfway()
    assert coming.get("/desk/").status_code == 302
    assert coming.get("/sign-in/second-factor").status_code == 200
    assert at_the_door(coming, code(secret)).headers["Location"] == "/desk/?queue=open"
    assert coming.get("/desk/").status_code == 200


def test_a_code_lets_in_once(secret):
    given = code(secret)
    assert at_the_door(halfway(), given).status_code == 302
    assert at_the_door(halfway(), given).status_code == 422


def test_nobody_comes_to_the_second_step_without_the_first(secret):
    assert at_the_door(Client(), code(secret)).headers["Location"] == "/sign-in"
    wrong = Client()
    enter(wrong, "acceptor", "wrong")
    assert at_the_door(wrong, code(secret)).headers["Location"] == "/sign-in"
    assert wrong.post("/account/factor").headers["Location"].startswith("/sign-in")


def test_five_wrong_codes_make_it_wait_also_for_the_right_one(secret):
    coming = halfway()
    assert [at_the_door(coming, "000000").status_code for _ in range(5)] == [422] * 4 + [429]
    answer = at_the_door(halfway(), code(secret))
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900


def test_each_recovery_code_lets_in_once_and_is_kept_as_a_hash(owner):
    codes = CODES.findall(confirm(owner, code(begun(owner))).content.decode())
    assert at_the_door(halfway(), codes[0].upper()).status_code == 302
    assert at_the_door(halfway(), codes[0]).status_code == 422
    kept = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert len(kept) == 9
    assert not kept & set(codes)


def test_a_factor_counts_for_nothing_before_a_code_was_given(owner):
    made = begun(owner)
    assert confirm(owner, "000000").status_code == 422
    assert enter(Client(), "acceptor").headers["Location"] == "/desk/"
    later = begun(owner)
    assert confirm(owner, code(made)).status_code == 422
    assert confirm(owner, code(later)).status_code == 200
    assert owner.post("/account/factor").status_code == 409
    assert confirm(owner, code(later, 1)).status_code == 409


def test_its_owner_ends_it_with_the_password_alone(owner, secret):
    assert owner.post("/account/factor/end", {"password": "wrong"}).status_code == 422
    assert enter(Client(), "acceptor").headers["Location"] == "/sign-in/second-factor"
    assert owner.post("/account/factor/end", {"password": PASSWORD}).status_code == 302
    assert not RecoveryCode.objects.exists()
    assert enter(Client(), "acceptor").headers["Location"] == "/desk/"


def test_an_operator_ends_it_for_who_lost_the_phone(secret):
    desk, _ = at_post(Role.OPERATOR, "")
    page = f"/desk/accounts/{User.objects.get(username='acceptor').pk}"
    assert "/reset-factor" in desk.get(page).content.decode()
    assert desk.post(f"{page}/reset-factor").status_code == 302
    assert "/reset-factor" not in desk.get(page).content.decode()
    assert enter(Client(), "acceptor").headers["Location"] == "/desk/"


def test_a_role_that_must_have_one_sets_it_up_on_the_way_in(monkeypatch):
    needed = replace(queries.rules(), second_factor_roles=frozenset({"acceptor"}))
    monkeypatch.setattr("linli.accounts.queries.factor.rules", lambda: needed)
    assert enter(Client(), "checker").headers["Location"] == "/desk/"
    coming = halfway()
    assert 'action="/account/factor"' in coming.get("/sign-in/second-factor").content.decode()
    made = begun(coming)
    assert coming.get("/desk/").status_code == 302
    shown = confirm(coming, code(made))
    assert 'href="/desk/?queue=open"' in shown.content.decode()
    assert coming.get("/desk/").status_code == 200
    assert coming.post("/account/factor/end", {"password": PASSWORD}).status_code == 409
    assert SecondFactor.objects.filter(proven_at__isnull=False).exists()


def test_who_must_have_one_cannot_replace_a_proven_one_on_the_way_in(secret):
    coming = halfway()
    assert coming.post("/account/factor").headers["Location"] == "/sign-in"
    assert confirm(coming, code(secret)).headers["Location"] == "/sign-in"


def test_neither_trail_nor_log_nor_table_holds_the_secret(owner, caplog):
    with caplog.at_level(logging.DEBUG):
        made = begun(owner)
        codes = CODES.findall(confirm(owner, code(made)).content.decode())
        at_the_door(halfway(), "000000")
        at_the_door(halfway(), codes[0])
    user = User.objects.get(username="acceptor")
    entries = audit.entries_of(f"user:{user.pk}")
    assert [entry.deed for entry in entries if "factor" in entry.deed or "code" in entry.deed] == [
        "accounts.factor_set", "accounts.factor_refused", "accounts.recovery_code_used"]
    said = caplog.text + str([entry.facts for entry in entries])
    factor = SecondFactor.objects.get(user=user)
    for hidden in (totp.key_of(made), totp.key_of(made).replace(" ", ""), made.hex(), *codes):
        assert hidden not in said
    assert made not in bytes(factor.sealed)
    assert made.hex().encode() not in bytes(factor.sealed)


def test_a_session_halfway_ends_after_a_quarter_of_an_hour(secret, monkeypatch):
    coming, now = halfway(), clock.now()
    monkeypatch.setattr("linli.kernel.clock.now", lambda: now + timedelta(minutes=16))
    assert at_the_door(coming, code(secret)).headers["Location"] == "/sign-in"
