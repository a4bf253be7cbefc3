import asyncio

import msgspec

from linli_live import hub as module
from linli_live.frames import frame
from linli_live.hub import Hub
from linli_live.scope import Event, Scope


def alert(data: bytes = b'{"id":1}') -> Event:
    return Event(topic="alerts", area="990101", data=msgspec.Raw(data))


EVERYTHING = Scope(areas=frozenset({""}), topics=frozenset({"alerts"}))
NOTHING = Scope()


def waiting(listener: module.Listener) -> list[bytes | None]:
    async def drain() -> list[bytes | None]:
        return [await listener.next() for _ in range(listener._waiting.qsize())]

    return asyncio.run(drain())


def test_an_event_goes_to_who_may_hear_it_and_to_nobody_else():
    hub = Hub()
    may, may_not = hub.join(EVERYTHING), hub.join(NOTHING)
    hub.hand_out(alert())
    (heard,) = waiting(may)
    assert heard.partition(b"\n")[2] == b'event: alerts\ndata: {"id":1}\n\n'
    assert waiting(may_not) == []


def test_who_is_too_slow_is_cut_off_and_holds_no_memory():
    hub = Hub()
    slow, quick = hub.join(EVERYTHING), hub.join(EVERYTHING)
    for n in range(module.WAITING_AT_MOST + 1):
        hub.hand_out(alert(b"%d" % n))
        if n % 100 == 0:
            waiting(quick)
    assert waiting(slow) == [None]
    assert None not in waiting(quick)


def test_ending_all_ends_every_stream_even_a_full_one():
    hub = Hub()
    full, idle = hub.join(EVERYTHING), hub.join(EVERYTHING)
    for _ in range(module.WAITING_AT_MOST):
        full.offer(b"x")
    hub.end_all()
    assert waiting(full) == waiting(idle) == [None]


def test_who_has_left_is_given_nothing():
    hub = Hub()
    listener = hub.join(EVERYTHING)
    hub.leave(listener)
    hub.hand_out(alert())
    assert waiting(listener) == []


def test_the_hub_says_when_it_is_full(monkeypatch):
    monkeypatch.setattr(module, "LISTENERS_AT_MOST", 1)
    hub = Hub()
    assert not hub.is_full
    hub.join(NOTHING)
    assert hub.is_full


def test_line_breaks_cannot_forge_a_second_event():
    forged = Event(topic="a\nevent: b", data=msgspec.Raw(b'{"x":\n\n"event: b\r\ndata: 1"}'))
    lines = frame(forged).split(b"\n")
    assert lines[0] == b"event: a event: b"
    assert lines[-2:] == [b"", b""]
    assert all(line.startswith(b"data: ") for line in lines[1:-2])


def test_few_but_large_events_are_bounded_too(monkeypatch):
    monkeypatch.setattr(module, "BYTES_AT_MOST", 3000)
    hub = Hub()
    slow = hub.join(EVERYTHING)
    for _ in range(4):
        hub.hand_out(alert(b'"' + b"x" * 1000 + b'"'))
    assert slow.cut_off.is_set()
    assert waiting(slow) == [None]


def test_only_so_many_past_events_are_kept(monkeypatch):
    hub = Hub()
    for n in range(module.REMEMBERED * 2):
        hub.hand_out(alert(b"%d" % n))
    assert len(hub._last) == module.REMEMBERED
