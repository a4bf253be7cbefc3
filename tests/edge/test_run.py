import json
from math import nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli_edge import run
from linli_edge.run import LONGEST_PATIENCE_S, NARROWEST, Run, packed


def run_of(count):
    found = Run("mc-1", "s")
    found.kept.extend(packed({"ts": at}) for at in range(1, count + 1))
    return found


def numbers(messages):
    return [json.loads(body)["n"] for _, body in messages]


def test_messages_are_numbered_from_one_without_gap_and_name_their_session():
    topic, body = run_of(2).due(1, 0.0)[0]
    assert (topic, json.loads(body)) == ("d/mc-1/t", {"n": 1, "b": "s", "ts": 1})


def test_nothing_is_sent_twice_while_receipts_may_still_come():
    found = run_of(5)
    assert numbers(found.due(3, 0.0)) == [1, 2, 3]
    assert numbers(found.due(9, 0.0)) == [4, 5]
    assert found.due(9, 0.0) == []


def test_a_receipt_lets_go_of_what_it_covers_and_no_more():
    found = run_of(5)
    found.due(9, 0.0)
    assert found.told(3, "s", 1.0) == 3
    assert (found.acked, len(found.kept)) == (3, 2)
    assert found.told(3, "s", 1.0) == 0
    assert found.told(5, "another", 1.0) == 0
    assert found.told(5, "s", 1.0) == 2


def test_a_receipt_above_all_that_was_handed_in_is_for_somebody_else_and_lets_go_of_nothing():
    found = run_of(5)
    found.due(9, 0.0)
    assert found.told(6, "s", 1.0) == 0
    assert (found.acked, len(found.kept)) == (0, 5)
    assert found.session != "s"


def test_silence_makes_it_send_again_from_the_receipt_a_few_at_a_time_and_ever_more_slowly():
    found = run_of(200)
    found.due(200, 0.0)
    found.told(10, "s", 1.0)
    assert not found.lose_patience(3.9)
    assert found.lose_patience(4.0)
    assert numbers(found.due(500, 4.0)) == list(range(11, 11 + NARROWEST))
    waits = []
    now = 4.0
    for _ in range(8):
        since = now
        while not found.lose_patience(now):
            now += 0.5
        waits.append(now - since)
        found.due(500, now)
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_PATIENCE_S


def test_nothing_out_needs_no_patience():
    assert not run_of(3).lose_patience(1e9)


def test_a_receiver_that_lost_its_memory_gets_what_is_kept_in_a_new_session():
    found = run_of(5)
    found.due(9, 0.0)
    found.told(3, "s", 1.0)
    assert found.told(1, "s", 2.0) == 0
    assert found.session != "s"
    again = [json.loads(body) for _, body in found.due(9, 3.0)]
    assert [(one["n"], one["ts"], one["b"]) for one in again] == [(1, 4, found.session), (2, 5, found.session)]


class Line:
    """A run, a line that loses messages and receipts, and a receiver that stores gapless runs only."""

    def __init__(self):
        self.run, self.handed_in, self.on_the_way, self.stored, self.now = Run("mc-1", "s"), 0, [], 0, 0.0

    def hand_in(self):
        self.handed_in += 1
        self.run.kept.append(packed({"ts": self.handed_in}))

    def send(self):
        self.on_the_way += numbers(self.run.due(3, self.now))

    def lose(self):
        self.on_the_way = self.on_the_way[1:]

    def store(self):
        for n in self.on_the_way:
            self.stored = n if n == self.stored + 1 else self.stored
        self.on_the_way = []

    def tell(self):
        self.run.told(self.stored, "s", self.now)

    def silence(self):
        self.now += 100
        self.run.lose_patience(self.now)

    def reconnect(self):
        self.on_the_way = []
        self.run.again()


EVENTS = st.sampled_from([Line.hand_in, Line.send, Line.lose, Line.store, Line.tell, Line.silence, Line.reconnect])


@given(st.lists(EVENTS, max_size=60))
@settings(max_examples=300)
def test_whatever_is_lost_everything_is_stored_in_the_end(events):
    line = Line()
    for event in events:
        event(line)
        assert line.run.acked <= line.stored <= line.handed_in
    for event in [Line.reconnect, *[Line.send, Line.store, Line.tell] * (line.handed_in + 1)]:
        event(line)
    assert (line.run.acked, len(line.run.kept)) == (line.handed_in, 0)


@pytest.mark.parametrize("body", [{"tilt": nan}, {"n": 1}, {"b": "x"}, {"a": "x" * 66_000}])
def test_what_would_never_be_stored_is_refused_at_once(body):
    with pytest.raises(ValueError):  # noqa: PT011 - the reason is a sentence for people
        packed(body)


@pytest.mark.parametrize("name", ["", "a b", "a/b", "a+", "#", "x" * 101, "a\0"])
def test_a_name_that_would_break_the_topic_is_refused(name):
    with pytest.raises(ValueError, match="topic"):
        run.check_device(name)
