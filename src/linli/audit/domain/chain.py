"""The chain of the audit trail (审计链): each link's digest covers its entry and the link before.

A link's text is the line PostgreSQL's `COPY … TO STDOUT` writes for number, entry's id, microseconds
since 1970, actor, deed, target and facts, without its line end. `digest = H(digest before ‖ method ‖ text)`,
the first link stands on 32 zero bytes. Whoever has the trail and a public key can count it again.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

START: Final = bytes(32)
METHODS: Final = ("sha256", "sm3")
NULL: Final = b"\\N"
Signed = Callable[[bytes, bytes], bool]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far the chain had come (检查点): kept outside the database, so that a cut tail is seen.

    Attributes:
        number: the last link's number, 0 = no link yet.
        digest: its digest, 32 bytes.
    """

    number: int
    digest: bytes

    def message(self) -> bytes:
        """Return what is signed."""
        return b"linli audit %d %s" % (self.number, self.digest.hex().encode())


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was sealed (疑点).

    Attributes:
        number: the link at which it shows; the deed was done there or just before.
        kind: `changed`, `missing`, `gap`, `unsigned`, `forged`, `cut`, `replaced`.
    """

    number: int
    kind: str


def digest_of(method: str) -> Callable[[bytes], bytes]:
    """Return H for `method`.

    Raises: ValueError if this machine's OpenSSL does not have it.
    """
    if method == "sha256":
        sha256 = hashlib.sha256
        return lambda data: sha256(data).digest()
    return lambda data: hashlib.new(method, data).digest()


def extend(last: Checkpoint, texts: Iterable[bytes], method: str) -> Iterator[Checkpoint]:
    """Yield the link of each text, one standing on the other (续链)."""
    digest, prefix, before, number = digest_of(method), method.encode(), last.digest, last.number
    for number, text in enumerate(texts, last.number + 1):
        before = digest(before + prefix + text)
        yield Checkpoint(number, before)


def faults(
    lines: Iterable[bytes], is_signed: Signed, kept: Mapping[int, bytes], *, at_most: int = 1000
) -> tuple[Checkpoint, list[Fault]]:
    """Count the whole chain again (验链) and return how far it goes and what is wrong with it.

    After a fault the count goes on from what the chain itself says, so that each wrong link shows once.

    Args:
        lines: every link's text, then a tab, method, digest in hex and signature in hex or `\\N`, in order.
        is_signed: whether a signature belongs to a message.
        kept: digests of checkpoints kept outside, by number.
        at_most: stop after so many faults.
    """
    found: list[Fault] = []
    before, number, signature = START, 0, NULL
    hashes = {method.encode(): digest_of(method) for method in METHODS if method in hashlib.algorithms_available}
    awaited = dict(kept)
    for line in lines:
        text, method, digest, signature = line.rsplit(b"\t", 3)
        number += 1
        said = int(text[: text.index(b"\t")])
        if said != number:
            found.append(Fault(number, "gap"))
            number = said
        stated = bytes.fromhex(digest.decode())
        if method not in hashes or hashes[method](before + method + text) != stated:
            found.append(Fault(number, "missing" if text.split(b"\t", 2)[2].startswith(NULL) else "changed"))
        before = stated
        if signature != NULL and not is_signed(bytes.fromhex(signature.decode()), Checkpoint(number, before).message()):
            found.append(Fault(number, "forged"))
        if number in awaited and awaited.pop(number) != before:
            found.append(Fault(number, "replaced"))
        if len(found) >= at_most:
            return Checkpoint(number, before), found
    if number and signature == NULL:
        found.append(Fault(number, "unsigned"))
    found += [Fault(cut, "cut") for cut in sorted(awaited)]
    return Checkpoint(number, before), found
