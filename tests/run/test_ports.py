import socket
from collections.abc import Iterator

import pytest

from linli_run import ports
from linli_run.trouble import Trouble


@pytest.fixture
def busy() -> Iterator[int]:
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        yield somebody.getsockname()[1]


def choose(wanted, say=lambda line: None) -> dict[str, int]:
    with ports.Reserved() as reserved:
        return ports.choose(wanted, reserved=reserved, say=say)


def test_a_busy_port_is_named_and_another_one_taken(busy):
    said = []
    chosen = choose({"web": busy}, said.append)
    assert chosen["web"] > busy
    assert said == [f"port {busy} for web is busy, taking {chosen['web']}"]


def test_a_free_port_is_kept_without_a_word(busy):
    said = []
    with ports.Reserved() as before:
        free = ports.choose({"web": busy}, reserved=before, say=said.append)["web"]
    said.clear()
    assert choose({"web": free}, said.append) == {"web": free}
    assert said == []


def test_two_names_never_share_a_port(busy):
    chosen = choose({"web": busy, "live": busy + 1, "nats": busy, "mqtt": busy})
    assert len(set(chosen.values())) == 4


def test_two_homes_started_at_once_never_take_the_same_port(busy):
    with ports.Reserved() as one, ports.Reserved() as two:
        taken = [ports.choose({"web": busy}, reserved=r, say=lambda line: None) for r in (one, two)]
    assert taken[0] != taken[1]


def test_no_free_port_is_a_trouble_with_a_remedy(monkeypatch):
    monkeypatch.setattr(ports, "is_free", lambda host, port: False)
    with pytest.raises(Trouble, match=r"No free port for web from 65000") as caught:
        choose({"web": 65000})
    assert "--web" not in caught.value.remedy


def test_chosen_ports_are_remembered(tmp_path):
    book = tmp_path / "ports.json"
    ports.remember(book, {**ports.DEFAULTS, "web": 8123})
    assert ports.remembered(book) == {**ports.DEFAULTS, "web": 8123}


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"web": "x", "live": true, "nats": 99999, "other": 1}'])
def test_a_spoilt_book_of_ports_falls_back_to_the_defaults(tmp_path, text):
    book = tmp_path / "ports.json"
    book.write_text(text)
    assert ports.remembered(book) == ports.DEFAULTS


def test_without_a_book_the_defaults_hold(tmp_path):
    assert ports.remembered(tmp_path / "none.json") == ports.DEFAULTS
