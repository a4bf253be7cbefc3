"""What every answer tells the browser, and what is believed of a proxy."""

import json
import os
import subprocess
import sys

import pytest
from django.http import HttpResponse
from django.test import RequestFactory, override_settings

from linli.config.forwarded import forwarded
from linli.config.headers import content_policy
from linli.kernel.address import client_address, networks

PROXY = networks(["10.0.0.0/24", "fd00::1"])


@pytest.mark.parametrize(("peer", "header", "client"), [
    ("10.0.0.5", "203.0.113.9", "203.0.113.9"),
    ("10.0.0.5", "1.2.3.4, 203.0.113.9", "203.0.113.9"),
    ("10.0.0.5", "1.2.3.4, 203.0.113.9, 10.0.0.7", "203.0.113.9"),
    ("fd00::1", "2001:db8::5", "2001:db8::5"),
    ("203.0.113.1", "1.2.3.4", "203.0.113.1"),
    ("10.0.0.5", "", "10.0.0.5"), ("10.0.0.5", "not an address", "10.0.0.5"), ("10.0.0.5", ",, ,", "10.0.0.5"),
    ("10.0.0.5", "10.0.0.6, 10.0.0.7", "10.0.0.6"), ("", "1.2.3.4", "")])
def test_the_client_is_the_nearest_address_that_is_no_trusted_proxy(peer, header, client):
    assert client_address(peer, header, PROXY) == client


def asked(peer: str, **meta: str):
    request = RequestFactory().get("/", REMOTE_ADDR=peer, **meta)
    forwarded(lambda _: HttpResponse())(request)
    return request


def test_a_trusted_proxy_says_who_asks_and_that_it_came_by_tls():
    with override_settings(LINLI_PROXIES=["10.0.0.5"]):
        request = asked("10.0.0.5", HTTP_X_FORWARDED_FOR="203.0.113.9", HTTP_X_FORWARDED_PROTO="https")
    assert (request.META["REMOTE_ADDR"], request.is_secure()) == ("203.0.113.9", True)


def test_anybody_else_is_not_believed_and_the_claim_goes_no_further():
    with override_settings(LINLI_PROXIES=["10.0.0.5"]):
        request = asked("203.0.113.1", HTTP_X_FORWARDED_FOR="1.2.3.4", HTTP_X_FORWARDED_PROTO="https",
                        HTTP_X_FORWARDED_HOST="evil")
    assert (request.META["REMOTE_ADDR"], request.is_secure()) == ("203.0.113.1", False)
    assert not [name for name in request.META if "FORWARDED" in name]


def test_the_policy_allows_nothing_inline_and_nothing_foreign_but_the_live_part():
    policy = content_policy("http://127.0.0.1:8001/x")
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == rules["object-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["connect-src"] == "'self' http://127.0.0.1:8001"
    assert "unsafe" not in policy


def settings_with(**env: str) -> dict[str, object]:
    names = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "LINLI_KNOWN_COOKIE", "SESSION_COOKIE_SECURE",
             "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "LINLI_PROXIES"]
    code = ("import json; from linli.config import settings as s;"
            f" print(json.dumps({{n: getattr(s, n) for n in {names}}}))")
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, **env, "PYTHONPATH": "src"}, check=True,
                          capture_output=True, text=True)
    return json.loads(done.stdout)


def test_behind_tls_cookies_are_bound_to_host_and_tls_and_browsers_remember_to_use_it():
    found = settings_with(LINLI_WEB_URL="https://linli.example", LINLI_PROXIES="10.0.0.5, 10.1.0.0/16")
    assert {name[:7] for name in (found["SESSION_COOKIE_NAME"], found["CSRF_COOKIE_NAME"],
                                  found["LINLI_KNOWN_COOKIE"])} == {"__Host-"}
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE"):
        assert found[name], name
    assert found["SECURE_HSTS_SECONDS"] >= 31536000
    assert found["LINLI_PROXIES"] == ["10.0.0.5", "10.1.0.0/16"]


def test_without_tls_cookies_work_all_the_same():
    found = settings_with(LINLI_WEB_URL="http://127.0.0.1:8000")
    assert found["SESSION_COOKIE_NAME"] == "linli_session"
    assert not found["SESSION_COOKIE_SECURE"]
    assert found["SECURE_HSTS_SECONDS"] == 0
