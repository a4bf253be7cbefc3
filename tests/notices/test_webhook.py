"""A webhook is signed, goes to the public internet only, and is recognised when it comes again."""

import http.server
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from tests.make.notices import PHONE, give_way, make_person
from tests.make.receiver import Receiver, say

from linli.kernel.errors import Invalid
from linli.notices.domain import inside, signing
from linli.notices.domain.channels import Channel, State
from linli.notices.tasks import guard
from linli.notices.tasks.letters import Letter
from linli.notices.tasks.webhook import WebhookChannel

ID = UUID("7f9c24e8-3b12-5fef-91e1-0d2b2a6b1f42")
LOOPBACK = inside.networks("127.0.0.0/8")
SECRET = "s" * 43


def letter(to: str) -> Letter:
    return Letter(ID, to, "duty.handle", "新任务 Q1", "Q1 井盖缺失", "Q1 井盖缺失，请处置。", "https://city.test/desk/cases/Q1",
                  "", datetime(2026, 11, 3, tzinfo=UTC), False, "zh", SECRET)


@pytest.fixture
def receiver() -> Iterator[http.server.HTTPServer]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.daemon_threads = True
    server.got = []
    server.answer = lambda handler: say(handler, 204)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def sent_to(server, path: str = "/hook", **more):
    port = server.server_address[1]
    channel = WebhookChannel(LOOPBACK, frozenset({port}), **more)
    return next(iter(channel.send([letter(f"http://localhost:{port}{path}")])))[1]


def test_a_webhook_is_posted_signed_with_time_and_id(receiver):
    assert sent_to(receiver, "/hook?a=1") .state is State.SENT
    path, headers, body = receiver.got[0]
    assert path == "/hook?a=1"
    told = json.loads(body)
    assert (told["id"], told["text"]) == (str(ID), "Q1 井盖缺失")
    assert PHONE not in body.decode()
    assert headers["Linli-Id"] == str(ID)
    now = int(time.time())
    assert signing.is_genuine(body, headers, secret=SECRET, now=now)
    assert not signing.is_genuine(body + b" ", headers, secret=SECRET, now=now)
    assert not signing.is_genuine(body, headers, secret="another", now=now)
    assert not signing.is_genuine(body, headers, secret=SECRET, now=now + 3600)
    assert not signing.is_genuine(body, {**headers, "Linli-Id": "other"}, secret=SECRET, now=now)


@pytest.mark.parametrize(("status", "state"), [
    (200, State.SENT), (204, State.SENT), (302, State.FAILED), (400, State.FAILED), (404, State.FAILED),
    (408, State.QUEUED), (429, State.QUEUED), (500, State.QUEUED), (503, State.QUEUED),
])
def test_what_the_receiver_answers_decides_whether_it_is_tried_again(receiver, status, state):
    receiver.answer = lambda handler: say(handler, status)
    outcome = sent_to(receiver)
    assert outcome.state is state
    assert f"http_{status}" in (outcome.receipt, outcome.reason)


def test_nobody_is_led_on_by_a_redirect(receiver):
    port = receiver.server_address[1]
    receiver.answer = lambda handler: say(handler, 307, {"Location": f"http://localhost:{port}/inside"})
    assert sent_to(receiver).state is State.FAILED
    assert [path for path, _headers, _body in receiver.got] == ["/hook"]


def test_an_answer_without_end_is_cut_off(receiver):
    def endless(handler: Receiver) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"x" * 65536)
        except OSError:
            return

    receiver.answer = endless
    began = time.monotonic()
    assert sent_to(receiver).state is State.SENT
    assert time.monotonic() - began < 5


def test_an_answer_that_drips_is_cut_off_as_a_whole(receiver):
    def dripping(handler: Receiver) -> None:
        try:
            for sign in b"HTTP/1.0 200 OK and so on and on and on and on":
                handler.wfile.write(bytes([sign]))
                handler.wfile.flush()
                time.sleep(0.2)
        except OSError:
            return

    receiver.answer = dripping
    began = time.monotonic()
    assert sent_to(receiver, within_s=1.0).state is State.QUEUED
    assert time.monotonic() - began < 4


def test_nobody_there_is_tried_again():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        channel = WebhookChannel(LOOPBACK, frozenset({port}))
        assert next(iter(channel.send([letter(f"http://localhost:{port}/")])))[1].state is State.QUEUED


@pytest.mark.parametrize("address", [
    "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.254", "192.168.1.1",  # private
    "127.0.0.1", "127.8.8.8", "::1", "0.0.0.0", "::",  # this machine
    "169.254.1.1", "169.254.169.254", "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "100.100.100.200",  # link, metadata
    "100.64.0.1", "100.127.255.254",  # shared by carriers
    "224.0.0.1", "239.255.255.250", "ff02::1",  # multicast
    "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.51.100.7", "203.0.113.9", "198.18.0.1", "192.0.0.1",  # reserved
    "fc00::1", "fd12:3456::1", "2001:db8::1", "fec0::1",  # private and documentation
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "::ffff:0:127.0.0.1",  # IPv4 in clothes
    "64:ff9b::7f00:1", "64:ff9b::808:808", "2002:7f00:1::", "2002:c0a8:101::1", "2001::1",  # roads to IPv4
    "not an address", "",
])
def test_an_address_that_is_not_plainly_public_is_refused(address):
    assert not inside.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "114.114.114.114", "2606:4700:4700::1111", "240e::1"])
def test_a_public_address_is_allowed(address):
    assert inside.is_public(address)


def test_networks_are_opened_on_purpose_and_what_gives_out_secrets_stays_shut():
    ours = inside.networks("10.20.0.0/16, 169.254.0.0/16, 100.64.0.0/10")
    assert inside.is_public("10.20.3.4", ours)
    assert not inside.is_public("10.21.0.1", ours)
    assert not inside.is_public("169.254.169.254", ours)
    assert not inside.is_public("100.100.100.200", ours)


@pytest.mark.parametrize("url", [
    "ftp://example.net/", "file:///etc/passwd", "gopher://example.net/", "//example.net/", "example.net", "",
    "http://", "http:///path", "https://user:word@example.net/", "https://user@example.net/",
    "http://example.net:22/", "http://example.net:8080/", "https://example.net:0/", "http://example.net:99999/",
    "http://exam ple.net/", "http://example.net/\r\nHost: inside", "http://example.net\\@127.0.0.1/",
    "http://example.net/" + "a" * 500, "http://[::1", "http://例子.测试/",
])
def test_an_address_that_is_no_plain_web_address_is_refused(url):
    with pytest.raises(Invalid):
        inside.split(url)


@pytest.mark.parametrize("url", [
    "http://127.0.0.1/", "http://localhost/", "http://0/", "http://127.1/", "http://2130706433/", "http://0x7f000001/",
    "http://0177.0.0.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/",
    "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://[fe80::1]/",
])
def test_every_spelling_of_an_inside_address_is_refused_before_a_connection(url, monkeypatch):
    def connect(*_: object, **__: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(guard.socket, "create_connection", connect)
    outcome = next(iter(WebhookChannel((), inside.PORTS).send([letter(url)])))[1]
    assert (outcome.state, outcome.reason) == (State.FAILED, "notices.webhook_inside")


def named(monkeypatch, *answers: list[str]) -> list[str]:
    """Let every name lead to these addresses, one list for each time it is asked; the last one stays."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def resolve(host: str, port: int, *more: object, **named: object) -> list[tuple[object, ...]]:
        if inside.is_numeric(host):
            return real(host, port, *more, **named)
        found = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(guard.socket, "getaddrinfo", resolve)
    return asked


def test_a_name_with_two_faces_leads_nowhere(monkeypatch):
    named(monkeypatch, ["8.8.8.8", "127.0.0.1"])
    with pytest.raises(Invalid):
        guard.resolve("two-faced.test", 443, ())


def test_a_name_that_changes_after_it_was_judged_changes_nothing(receiver, monkeypatch):
    port = receiver.server_address[1]
    asked = named(monkeypatch, ["127.0.0.1"], ["10.9.9.9"])
    tried: list[tuple[str, int]] = []
    real = socket.create_connection

    def connect(address: tuple[str, int], *args: object, **kwargs: object) -> socket.socket:
        tried.append(address)
        return real(address, *args, **kwargs)

    monkeypatch.setattr(guard.socket, "create_connection", connect)
    channel = WebhookChannel(LOOPBACK, frozenset({port}))
    outcome = next(iter(channel.send([letter(f"http://rebinding.test:{port}/")])))[1]
    assert outcome.state is State.SENT
    assert tried == [("127.0.0.1", port)]
    assert asked.count("rebinding.test") == 1
    assert receiver.got[0][1]["Host"] == f"rebinding.test:{port}"


def test_a_proxy_of_the_environment_is_not_asked(receiver, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    assert sent_to(receiver).state is State.SENT


def test_a_secret_is_told_once_and_the_address_is_checked_when_it_is_set(system):
    person = make_person()
    secret = give_way(person, Channel.WEBHOOK, "https://receiver.test/hook")
    assert secret
    assert len(secret) >= 43
    assert give_way(person, Channel.WEBHOOK, "") is None  # only the hours change; the secret stays
    assert give_way(person, Channel.WEBHOOK, "https://receiver.test/other") not in (None, secret)
    for wrong in ("http://127.0.0.1/", "http://10.1.1.1/", "http://receiver.test:22/"):
        with pytest.raises(Invalid):
            give_way(person, Channel.WEBHOOK, wrong)


def test_a_slow_host_delays_no_other_and_what_it_did_not_come_to_was_no_attempt(receiver):
    port = receiver.server_address[1]

    def answer(handler) -> None:
        if handler.path == "/slow":
            time.sleep(0.6)
        say(handler, 204)

    receiver.answer = answer
    slow = [replace(letter(f"http://localhost:{port}/slow"), id=uuid4()) for _ in range(6)]
    quick = replace(letter(f"http://127.0.0.1:{port}/quick"), id=uuid4())
    began = time.monotonic()
    told = list(WebhookChannel(LOOPBACK, frozenset({port}), within_s=1.0).send([*slow, quick]))
    assert time.monotonic() - began < 3.0
    assert (told[0][0].id, told[0][1].state) == (quick.id, State.SENT)
    outcomes = [outcome for one, outcome in told if one.id != quick.id]
    assert [outcome.tried for outcome in outcomes] == [True, True, False, False, False, False]
