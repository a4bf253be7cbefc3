import json
import socket
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli_ingest.batch import device_of, subject_for, token_of
from linli_ingest.feed import nanoseconds
from linli_ingest.wire import LineLost, Wire, status_of


class Server:
    """A message server of two sentences, whose further words the test chooses."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"nats://user%40x:p%3Aw@127.0.0.1:{self.listener.getsockname()[1]}"
        self.heard = b""
        threading.Thread(target=self._greet, daemon=True).start()

    def _greet(self):
        self.line, _ = self.listener.accept()
        self.line.sendall(b'INFO {"headers":true}\r\n')
        while b"PING\r\n" not in self.heard:
            self.heard += self.line.recv(4096)
        self.line.sendall(b"PONG\r\n")

    def close(self):
        self.line.close()
        self.listener.close()


@pytest.fixture
def server():
    served = Server()
    yield served
    served.close()


@pytest.fixture
def wire(server):
    opened = Wire(server.url)
    yield opened
    opened.close()


def frames_until(wire, count):
    found, deadline = [], time.monotonic() + 10
    while len(found) < count:
        assert time.monotonic() < deadline, found
        found += wire.frames(1.0)
    return found


def headed(head, body, *, reply=b""):
    """A message with headers, as the server writes it."""
    words = b" ".join([b"HMSG d.b.t 2", *([reply] if reply else []), b"%d %d" % (len(head), len(head + body))])
    return words + b"\r\n" + head + body + b"\r\n"


MESSAGE = b"MSG d.a.t 2 $JS.ACK.x 5\r\nhello\r\n"
HEADED = headed(b"NATS/1.0\r\nNmqtt-Pub:1\r\n\r\n", b"hi", reply=b"r")
STATUS = headed(b"NATS/1.0 408 Request Timeout\r\nNats-Pending-Messages: 3\r\n\r\n", b"")


def test_the_login_is_taken_from_the_address(server, wire):
    login = json.loads(server.heard.split(b"\r\n")[0].removeprefix(b"CONNECT "))
    assert (login["user"], login["pass"]) == ("user@x", "p:w")


@pytest.mark.parametrize("piece", [1, 3, 7, 500])
def test_frames_are_whole_however_the_bytes_come(server, wire, piece):
    stream = MESSAGE + b"PING\r\n" + HEADED + MESSAGE
    found = []
    for at in range(0, len(stream), piece):
        server.line.sendall(stream[at : at + piece])
        found += wire.frames(1.0)
    assert [(frame.subject, frame.sid, frame.reply, frame.body) for frame in found] == [
        (b"d.a.t", b"2", b"$JS.ACK.x", b"hello"), (b"d.b.t", b"2", b"r", b"hi"),
        (b"d.a.t", b"2", b"$JS.ACK.x", b"hello")]  # fmt: skip
    assert status_of(found[1]) is None
    assert server.line.recv(100) == b"PONG\r\n"


def test_a_status_is_told_from_a_message(server, wire):
    server.line.sendall(STATUS)
    assert status_of(frames_until(wire, 1)[0]) == (408, {"Nats-Pending-Messages": "3"})


def test_an_error_and_a_closed_line_are_a_lost_line(server, wire):
    server.line.sendall(b"-ERR 'Authorization Violation'\r\n")
    with pytest.raises(LineLost, match="Authorization"):
        frames_until(wire, 1)
    server.line.close()
    with pytest.raises(LineLost):
        frames_until(wire, 1)


def test_a_refused_login_says_so():
    class Refusing(Server):
        def _greet(self):
            self.line, _ = self.listener.accept()
            self.line.sendall(b"INFO {}\r\n-ERR 'Authorization Violation'\r\n")

    server = Refusing()
    with pytest.raises(LineLost, match="Authorization"):
        Wire(server.url)
    server.close()


def test_tokens_are_read_in_both_forms():
    short = token_of(b"$JS.ACK.TELEMETRY.cons.1.17.16.1795457327586387807.3")
    long = token_of(b"$JS.ACK.dom.acchash.TELEMETRY.cons.1.17.16.1795457327586387807.3.random")
    assert short == long == (17, 16, 1_795_457_327_586_387_807, 3)
    assert short.arrived_us == 1_795_457_327_586_387


@given(st.text(st.characters(exclude_characters=" /+#*>\0\t\r\n", exclude_categories=["Cs"]), min_size=1, max_size=20)
       .filter(lambda name: ".." not in name and not name.startswith(".") and not name.endswith(".")))  # fmt: skip
def test_a_device_is_found_again_in_the_subject_its_topic_becomes(name):
    assert device_of(subject_for(name, "t").encode()) == name


def test_names_no_database_takes_are_made_storable():
    assert device_of(b"d.a\xff\0b.t") == "a��b"
    assert device_of(b"d./.t") == ""


def test_server_times_are_read_to_the_nanosecond():
    assert nanoseconds("2026-11-23T18:08:47.00000019Z") == 1_795_457_327_000_000_190
    assert nanoseconds("2026-11-23T18:08:47Z") == 1_795_457_327_000_000_000
