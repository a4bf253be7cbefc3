from hypothesis import given
from hypothesis import strategies as st

from linli_edge.outstanding import Outstanding


def sent(count: int) -> Outstanding:
    waiting = Outstanding()
    for n in range(1, count + 1):
        assert waiting.next_n() == n
        waiting.keep(b"%d" % n)
    return waiting


@given(st.integers(0, 20), st.lists(st.integers(-1, 25), max_size=10))
def test_what_is_not_told_stored_is_kept_and_nothing_else(count, receipts):
    waiting = sent(count)
    forgotten = sum(waiting.told(n) for n in receipts)
    highest = max([n for n in receipts if 0 < n <= count], default=0)
    assert waiting.stored_n == highest == forgotten
    assert [n for n, _ in waiting.kept] == list(range(highest + 1, count + 1))


def test_a_receipt_for_more_than_was_sent_is_not_ours():
    waiting = sent(3)
    assert waiting.told(4) == 0
    assert len(waiting.kept) == 3


def test_the_oldest_are_sent_again_first():
    assert sent(5).payloads(2) == [b"1", b"2"]
