"""The chain as pure numbers: ten thousand random tamperings, each of which must show."""

import random

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from linli.audit.domain.chain import NULL, START, Checkpoint, extend, faults

KEY, STRANGER = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))
LENGTH, ROUND = 60, 7


def text(number: int, what: str = "cases.close") -> bytes:
    at = 1_700_000_000_000_000 + number
    return f"{number}\t{number + 100}\t{at}\tuser:{number % 5}\t{what}\tcase:{number}\t{{}}".encode()


def is_signed(signature: bytes, message: bytes) -> bool:
    try:
        KEY.public_key().verify(signature, message)
    except InvalidSignature:
        return False
    return True


def sealed(texts, key=KEY, method="sha256") -> list[bytes]:
    """Return the chain over `texts`, signed every seventh link and at its end."""
    lines = []
    for link, told in zip(extend(Checkpoint(0, START), texts, method), texts, strict=True):
        is_end = link.number % ROUND == 0 or link.number == len(texts)
        signature = key.sign(link.message()).hex().encode() if is_end else NULL
        lines.append(b"\t".join((told, method.encode(), link.digest.hex().encode(), signature)))
    return lines


WHOLE = sealed([text(n) for n in range(1, LENGTH + 1)])
END = {LENGTH: bytes.fromhex(WHOLE[-1].split(b"\t")[-2].decode())}


def fields(line: bytes) -> list[bytes]:
    return line.split(b"\t")


def change_a_field(lines, draw):
    at, column = draw.randrange(LENGTH), draw.randrange(10)
    parts = fields(lines[at])
    parts[column] = other(parts[column], column, draw)
    lines[at] = b"\t".join(parts)


def other(value: bytes, column: int, draw) -> bytes:
    if column == 7:
        return b"sm3"
    if column in (8, 9) and value != NULL:
        spot = draw.randrange(len(value))
        return value[:spot] + (b"0" if value[spot : spot + 1] != b"0" else b"1") + value[spot + 1 :]
    if column == 9:
        return STRANGER.sign(b"anything").hex().encode()
    return value + b"1"


def take_one_out(lines, draw):
    del lines[draw.randrange(LENGTH)]


def swap_two(lines, draw):
    one, two = draw.sample(range(LENGTH), 2)
    lines[one], lines[two] = lines[two], lines[one]


def twice_the_same(lines, draw):
    at = draw.randrange(LENGTH)
    lines.insert(at, lines[at])


def cut_the_tail(lines, draw):
    del lines[draw.randrange(LENGTH) :]


def write_history_anew(lines, draw):
    """Count everything again from a changed entry on, as one would who has the database but not the key."""
    at = draw.randrange(LENGTH)
    texts = [b"\t".join(fields(line)[:7]) for line in lines]
    texts[at] = texts[at].replace(b"cases.close", b"cases.open")
    lines[:] = sealed(texts, STRANGER)


def write_history_anew_unsigned(lines, draw):
    write_history_anew(lines, draw)
    lines[:] = [b"\t".join((*fields(line)[:9], NULL)) for line in lines]


def put_an_entry_at_the_end(lines, draw):
    parts = fields(lines[-1])
    last = Checkpoint(LENGTH, bytes.fromhex(parts[8].decode()))
    added = text(LENGTH + 1, "cases.void")
    (link,) = extend(last, [added], "sha256")
    signature = draw.choice([NULL, parts[9], STRANGER.sign(link.message()).hex().encode()])
    lines.append(b"\t".join((added, b"sha256", link.digest.hex().encode(), signature)))


TAMPERINGS = (change_a_field, take_one_out, swap_two, twice_the_same, cut_the_tail, write_history_anew,
              write_history_anew_unsigned, put_an_entry_at_the_end)


@pytest.mark.parametrize("method", ["sha256", "sm3"])
def test_an_untouched_chain_has_no_fault(method):
    lines = sealed([text(n) for n in range(1, LENGTH + 1)], method=method)
    last, found = faults(lines, is_signed, {})
    assert (last.number, found) == (LENGTH, [])


def test_a_chain_may_change_its_method_on_the_way():
    texts = [text(n) for n in range(1, 21)]
    first = list(extend(Checkpoint(0, START), texts[:10], "sha256"))
    links = first + list(extend(first[-1], texts[10:], "sm3"))
    lines = [b"\t".join((told, b"sha256" if link.number <= 10 else b"sm3", link.digest.hex().encode(),
                         KEY.sign(link.message()).hex().encode()))
             for link, told in zip(links, texts, strict=True)]  # fmt: skip
    assert faults(lines, is_signed, {})[1] == []


def test_ten_thousand_random_tamperings_are_all_found():
    draw = random.Random(20_261_124)
    missed = []
    for turn in range(10_000):
        lines, tampering = list(WHOLE), TAMPERINGS[turn % len(TAMPERINGS)]
        tampering(lines, draw)
        if lines == WHOLE or not faults(lines, is_signed, END)[1]:
            missed.append((turn, tampering.__name__))
    assert missed == []


def test_a_changed_entry_is_named_once_and_a_lost_one_as_lost():
    lines = list(WHOLE)
    lines[4] = lines[4].replace(b"user:", b"user:9")
    lines[9] = b"\t".join((b"10\t110", NULL, NULL, NULL, NULL, NULL, *fields(lines[9])[7:]))
    found = faults(lines, is_signed, END)[1]
    assert [(fault.number, fault.kind) for fault in found] == [(5, "changed"), (10, "missing")]


def test_a_cut_tail_is_seen_only_by_who_kept_a_checkpoint():
    cut = WHOLE[: ROUND * 3]
    assert faults(cut, is_signed, {})[1] == []
    assert [(fault.number, fault.kind) for fault in faults(cut, is_signed, END)[1]] == [(LENGTH, "cut")]


def test_the_count_stops_where_more_would_say_nothing_new():
    lines = [line.replace(b"user:", b"user:9") for line in WHOLE]
    assert len(faults(lines, is_signed, {}, at_most=5)[1]) == 5
