import itertools
import json
import re

from hypothesis import given
from hypothesis import strategies as st

from linli_ingest import numbering
from linli_ingest.columns import Numbered
from linli_ingest.device import Device


def numbers(device, *found, session=""):
    return [Numbered(at, device, session, n) for at, n in enumerate(found)]


def receipts(answers):
    return [(subject, json.loads(body)) for subject, body in
            re.findall(r"PUB (\S+) \d+\r\n(.*)\r\n", numbering.messages(answers).decode())]  # fmt: skip


@given(st.lists(st.integers(1, 12), max_size=60), st.lists(st.integers(0, 60), max_size=4))
def test_a_number_is_acknowledged_only_when_all_below_it_have_come(found, cuts):
    device = Device("a")
    borders = [0, *sorted(cut % (len(found) + 1) for cut in cuts), len(found)]
    for start, end in itertools.pairwise(borders):
        numbering.advance(numbers(device, *found[start:end]))
        acked = device.acked.get("", 0)
        assert set(range(1, acked + 1)) <= set(found[:end])


@given(st.integers(1, 30), st.integers(0, 30))
def test_sending_again_from_the_receipt_up_closes_any_gap(count, lost):
    device = Device("a")
    numbering.advance(numbers(device, *(n for n in range(1, count + 1) if n != lost)))
    numbering.advance(numbers(device, *range(device.acked.get("", 0) + 1, count + 1)))
    assert device.acked[""] == count


def test_every_sender_is_answered_whether_its_run_moved_or_not():
    a, b = Device("a"), Device("b.7", acked={"": 4})
    answers = numbering.advance([*numbers(a, 1, 2), *numbers(b, 9), *numbers(b, 1, session="再")])
    assert answers.moved == {(a, ""): 2, (b, "再"): 1}
    assert receipts(answers) == [("d.a.a", {"n": 2}), ("d.b//7.a", {"n": 4}), ("d.b//7.a", {"n": 1, "b": "再"})]


def test_a_device_that_begins_ever_new_sessions_keeps_only_the_newest():
    device = Device("a")
    for session in range(12):
        answers = numbering.advance(numbers(device, 1, session=str(session)))
    assert list(device.acked) == [str(session) for session in range(4, 12)]
    assert answers.forgotten == [(device, "3")]
