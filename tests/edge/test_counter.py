"""What devices beside a gateway may hand in, and what they are told."""

import http.client
import json
import threading
from contextlib import contextmanager

import pytest

from linli_edge.counter import LARGEST_BODY, Counter, Refused, messages
from linli_edge.sender import NotStored, Sender

NOWHERE = "mqtt://device:x@127.0.0.1:1"
NOW = 1_790_000_000.1234


@contextmanager
def counter(take):
    with Counter(("127.0.0.1", 0), take, lambda: {"kept": 7}) as found:
        threading.Thread(target=found.serve_forever, daemon=True).start()
        yield found.server_address[1]
        found.shutdown()


def hand_in(port, body, path="/d/mc-1/t", method="POST", **headers):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    line.request(method, path, body, headers)
    answer = line.getresponse()
    told = json.loads(answer.read())
    line.close()
    return answer.status, told


def test_what_was_answered_with_kept_is_on_disk_and_in_order(tmp_path):
    with Sender(NOWHERE, "edge", journal=tmp_path / "kept") as sender, counter(sender.send_all) as port:
        assert hand_in(port, b'{"ts": 1, "tilt_deg": 2}') == (200, {"kept": 1})
        assert hand_in(port, b'[{"ts": 2}, {"ts": 3}]', path="/d/%E4%BA%95-1/t") == (200, {"kept": 2})
        assert hand_in(port, b'[{"ts": 4}, {"ts": 5, "n": 1}]')[0] == 422
    with Sender(NOWHERE, "edge", journal=tmp_path / "kept") as sender:
        assert {device: list(run.kept) for device, run in sender._runs.items()} == {
            "mc-1": ['"ts":1,"tilt_deg":2'], "井-1": ['"ts":2', '"ts":3']}


@pytest.mark.parametrize(("body", "status"), [
    (b"", 400), (b"{", 400), (b"[" * 100_000, 400), (b"7", 400), (b"[]", 400), (b"[1]", 400), (b"\xff", 400),
    (b'{"tilt_deg": NaN}', 422), (b'{"b": "x"}', 422), (b'{"a": "' + b"x" * 70_000 + b'"}', 422),
    (b" " * (LARGEST_BODY + 1), 413), (b" " * (32 * LARGEST_BODY), 413),
])
def test_what_cannot_be_sent_is_refused_with_its_reason_and_nothing_of_it_is_kept(tmp_path, body, status):
    with Sender(NOWHERE, "edge", journal=tmp_path / "kept") as sender, counter(sender.send_all) as port:
        found, told = hand_in(port, body)
        assert (found, told["kept"], bool(told["said"])) == (status, 0, True)
        assert sender.progress().handed_in == 0


@pytest.mark.parametrize(("path", "headers", "status"), [
    ("/d/mc-1/s", {}, 404), ("/", {}, 404), ("/d/a%20b/t", {}, 422), ("/d/%2b/t", {}, 422),
    ("/d/mc-1/t", {"Origin": "http://elsewhere"}, 403),
])
def test_other_places_wild_names_and_pages_of_other_sites_are_refused(tmp_path, path, headers, status):
    with Sender(NOWHERE, "edge") as sender, counter(sender.send_all) as port:
        assert hand_in(port, b"{}", path, **headers)[0] == status
        assert sender.progress().handed_in == 0


def test_without_room_it_says_so_with_507_and_what_the_device_must_do():
    def full(device, bodies):
        raise NotStored("2 messages wait")

    with counter(full) as port:
        status, told = hand_in(port, b"{}")
    assert status == 507
    assert told == {"kept": 0, "said": "not kept, hand it in again later: 2 messages wait"}


def test_it_tells_how_the_gateway_stands():
    with counter(lambda device, bodies: None) as port:
        assert hand_in(port, None, "/status", "GET") == (200, {"kept": 7})


def test_a_message_without_a_time_gets_the_gateways_unless_that_clock_was_never_set():
    assert messages(b'{"a": 1}', NOW) == [{"ts": 1_790_000_000.123, "a": 1}]
    assert messages(b'{"a": 1, "ts": 5}', NOW) == [{"a": 1, "ts": 5}]
    assert messages(b'{"a": 1}', 40.0) == [{"a": 1}]
    with pytest.raises(Refused, match="not JSON"):
        messages(b"{", NOW)
