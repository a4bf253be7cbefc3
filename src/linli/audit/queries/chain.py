"""What stands in the chain (审计链), read as it is for whoever counts it again."""

import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import psycopg
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection, transaction

from linli.audit.domain.chain import Checkpoint, Fault, faults
from linli.audit.queries import kept

_CHAIN: Final = """
    COPY (SELECT s.number, s.entry_id, (extract(epoch FROM e.at) * 1000000)::bigint, e.actor, e.deed, e.target, e.facts,
                 s.method, encode(s.digest, 'hex'), encode(s.signature, 'hex')
          FROM audit_seal s LEFT JOIN audit_entry e ON e.id = s.entry_id ORDER BY s.number) TO STDOUT"""
_OUTSIDE: Final = """
    SELECT e.id FROM audit_entry e WHERE NOT EXISTS (SELECT FROM audit_seal s WHERE s.entry_id = e.id)
      AND NOT EXISTS (SELECT FROM audit_unsealed u WHERE u.entry_id = e.id)
    UNION ALL
    SELECT u.entry_id FROM audit_unsealed u WHERE NOT EXISTS (SELECT FROM audit_entry e WHERE e.id = u.entry_id)
    ORDER BY 1 LIMIT 1000"""
_LAST: Final = """
    SELECT s.number, s.digest, e.at FROM audit_seal s JOIN audit_entry e ON e.id = s.entry_id
    ORDER BY s.number DESC LIMIT 1"""
_TAIL: Final = """
    SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(e.at)), 0)::float8
    FROM audit_unsealed u JOIN audit_entry e ON e.id = u.entry_id"""


@dataclass(frozen=True, slots=True)
class Tail:
    """What is not sealed yet (待封部分).

    Attributes:
        waiting: how many entries.
        oldest_s: how long the oldest has waited, in seconds; 0.0 if none waits.
    """

    waiting: int
    oldest_s: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a verification found (验证结果).

    Attributes:
        last: how far the chain goes.
        checkpoints: with how many checkpoints from outside the database it was compared.
        faults: what is not as it was sealed.
        outside: ids of entries that stand in no chain and wait for no seal, or wait and are gone.
        tail: what was not sealed yet, and so not verified.
    """

    last: Checkpoint
    checkpoints: int
    faults: list[Fault]
    outside: list[int]
    tail: Tail
    seconds: float

    @property
    def is_whole(self) -> bool:
        """Whether everything sealed is as it was."""
        return not (self.faults or self.outside)


def tail() -> Tail:
    """Return how much is not sealed yet."""
    with connection.cursor() as cursor:
        cursor.execute(_TAIL)
        return Tail(*cursor.fetchone())


def sealed_to() -> tuple[Checkpoint, datetime] | None:
    """Return the last link and when its entry was made (封存进度); None before the first."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST)
        row = cursor.fetchone()
    return (Checkpoint(row[0], bytes(row[1])), row[2]) if row else None


def found(public_keys: Path | None = None, checkpoints: Path | None = None) -> Found:
    """Count the whole chain again, in one snapshot (验链).

    Args:
        public_keys: a file of keys whose signatures are believed; by default the home's.
        checkpoints: a folder of checkpoints kept outside; by default the home's own.

    Raises: OSError or ValueError if one of these cannot be read.
    """
    keys = kept.public_keys(public_keys or kept.folder() / kept.PUBLIC_KEYS)
    points = kept.checkpoints(checkpoints or kept.own_folder())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return counted(cursor, keys, {point.number: point.digest for point in points})


def counted(cursor: psycopg.Cursor[Any], keys: Collection[Ed25519PublicKey], points: Mapping[int, bytes]) -> Found:
    """Count the chain that `cursor` sees, believing `keys`, against the digests kept outside by number."""
    began = time.perf_counter()
    with cursor.copy(_CHAIN) as copy:
        last, wrong = faults(_lines(copy), lambda *pair: _is_signed(keys, *pair), points)
        for _ in copy:  # a count that stopped early leaves the rest unread
            pass
    cursor.execute(_OUTSIDE)
    strays = [entry for (entry,) in cursor.fetchall()]
    cursor.execute(_TAIL)
    return Found(last, len(points), wrong, strays, Tail(*cursor.fetchone()), time.perf_counter() - began)


def _lines(blocks: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for block in blocks:
        *whole, rest = (rest + block).split(b"\n")
        yield from whole


def _is_signed(keys: Collection[Ed25519PublicKey], signature: bytes, message: bytes) -> bool:
    for key in keys:
        try:
            key.verify(signature, message)
        except InvalidSignature:
            continue
        return True
    return False
