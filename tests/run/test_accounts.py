"""`linli accounts`: accounts made, changed and ended at the machine, the first operator's too."""

import argparse
import logging

import pytest
from tests.make.areas import GRID_A, WEST
from tests.make.cases import make_district

from linli.accounts.models import Session, User
from linli.audit.models import Entry
from linli_run import accounts
from linli_run.trouble import Trouble


def say(*words: str) -> int:
    parser = argparse.ArgumentParser()
    accounts.add_arguments(parser)
    return accounts.run(parser.parse_args(words))


def told(capsys) -> str:
    """Return the one-time password that was printed."""
    return capsys.readouterr().out.splitlines()[0].split(": ")[1]


def test_on_a_fresh_install_the_first_operator_is_made_and_signs_in(system, client, capsys, caplog):
    with caplog.at_level(logging.DEBUG):
        say("create", "root", "--role", "operator", "--person", "李晓明")
        secret = told(capsys)
        come = client.post("/sign-in", {"username": "root", "password": secret})
    assert come.headers["Location"] == "/sign-in/new-password"
    assert User.objects.get(username="root").one_time_until
    chosen = {"new": "a cat sees the moon 7", "again": "a cat sees the moon 7"}
    assert client.post("/sign-in/new-password", chosen).headers["Location"] == "/command/"
    assert client.get("/desk/accounts").status_code == 200
    kept = caplog.text + "".join(f"{e.actor} {e.deed} {e.target} {e.facts}" for e in Entry.objects.all())
    assert secret not in kept


def test_posts_are_given_and_taken_by_role_and_place(system, capsys):
    units = make_district()
    say("create", "li", "--role", "grid", "--grid", GRID_A, "--post", "网格员 07")
    say("grant", "li", "--role", "unit", "--unit", str(units["drains"]))
    say("grant", "li", "--role", "checker", "--community", WEST)
    say("withdraw", "li", "--role", "grid", "--grid", GRID_A)
    capsys.readouterr()
    say("list", "--find", "li")
    line = capsys.readouterr().out
    assert line.startswith("li ")
    assert "never" in line
    assert f"checker {WEST}" in line
    assert "unit " in line
    assert GRID_A not in line


def test_reset_close_and_reopen_end_sessions_and_print_their_password_once(system, client, capsys):
    say("create", "root", "--role", "operator")
    say("create", "li", "--role", "operator")
    capsys.readouterr()
    client.force_login(User.objects.get(username="li"))
    say("reset", "li")
    assert told(capsys)
    assert client.get("/account/").status_code == 302
    client.force_login(User.objects.get(username="li"))
    say("close", "li")
    say("list", "--find", "li")
    assert capsys.readouterr().out.rstrip().endswith("closed")
    assert client.get("/account/").status_code == 302
    assert not Session.objects.filter(user__username="li").exists()
    say("reopen", "li")
    say("unlock", "li")
    assert "may try again" in capsys.readouterr().out


@pytest.mark.parametrize("words", [
    ("reset", "nobody"), ("create", "li", "--role", "grid", "--grid", "990101001001001"), ("close", "root"),
    ("withdraw", "root", "--role", "operator"), ("withdraw", "root", "--role", "grid"),
    ("create", "ROOT", "--role", "grid"), ("create", "li", "--role", "unit")])
def test_what_cannot_be_is_said_and_changes_nothing(system, words, capsys):
    say("create", "root", "--role", "operator")
    with pytest.raises(Trouble):
        say(*words)
    assert list(User.objects.values_list("username", "is_active")) == [("root", True)]
