"""Quarantined messages read once more, when the app asks (隔离重放)."""

from typing import Any, Final, NamedTuple

import psycopg

from linli_ingest.batch import Batch, subject_for
from linli_ingest.quarantine import KEPT_BYTES

_OPEN: Final = "SELECT id, device FROM replay_request WHERE done_at IS NULL ORDER BY id LIMIT 1"
_HELD: Final = """
    SELECT stream_seq, (extract(epoch FROM arrived_at) * 1000000)::int8, min(kind), min(payload), array_agg(id)
    FROM quarantine WHERE device = %s AND replayed_at IS NULL AND payload_bytes <= %s
    GROUP BY 1, 2 ORDER BY 2, 1
"""
_LET_GO: Final = "UPDATE quarantine SET replayed_at = clock_timestamp() WHERE id = ANY(%s)"
_DONE: Final = "UPDATE replay_request SET done_at = clock_timestamp(), replayed = %s, refused = %s WHERE id = %s"


class Replay(NamedTuple):
    """A request and the messages it asks for, as a batch with the arrivals they had."""

    request: int
    batch: Batch
    rows: list[int]


def next_replay(line: psycopg.Connection[Any]) -> Replay | None:
    """Return the oldest open request with what is still held of its device (取请求)."""
    asked = line.execute(_OPEN).fetchone()
    if asked is None:
        return None
    request, device = asked
    batch, rows = Batch(), []
    for seq, arrived_us, kind, body, ids in line.execute(_HELD, [device, KEPT_BYTES]).fetchall():
        batch.subjects.append(subject_for(device, kind).encode())
        batch.payloads.append(bytes(body))
        batch.replies.append(b"$JS.ACK.replay.replay.1.%d.1.%d.0" % (seq, arrived_us * 1000))
        rows += ids
    return Replay(request, batch, rows)


def let_go(line: psycopg.Connection[Any], replay: Replay) -> None:
    """Note these rows as read once more; what is refused again is held again after this (标记重放)."""
    line.execute(_LET_GO, [replay.rows])


def done(line: psycopg.Connection[Any], replay: Replay, refused: int) -> None:
    """Answer the request: how many messages were read, and of how many some part was refused again (回复请求)."""
    line.execute(_DONE, [len(replay.batch), refused, replay.request])
