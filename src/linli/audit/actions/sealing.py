"""Number, chain and sign what is committed (封存), and keep a checkpoint of it outside the database."""

from typing import Final

from django.conf import settings
from django.db import connection, transaction

from linli.audit.actions import keeping
from linli.audit.actions.trail import record
from linli.audit.domain.chain import START, Checkpoint, extend
from linli.audit.queries import kept
from linli.kernel.actor import Actor

AT_MOST: Final = 5000
_LOCK: Final = 0x4C696E6C69  # one sealer at a time, whoever else runs
_LAST: Final = "SELECT number, digest FROM audit_seal ORDER BY number DESC LIMIT 1"
_WAITING: Final = """
    COPY (SELECT %s + row_number() OVER (ORDER BY e.id), e.id, (extract(epoch FROM e.at) * 1000000)::bigint,
                 e.actor, e.deed, e.target, e.facts
          FROM (SELECT entry_id FROM audit_unsealed ORDER BY entry_id LIMIT %s) u
          JOIN audit_entry e ON e.id = u.entry_id ORDER BY e.id) TO STDOUT"""


class Torn(Exception):
    """The chain in the database ends before, or beside, the checkpoint that was kept outside (链已断)."""


def seal() -> int:
    """Seal up to 5,000 entries that are committed and wait, and return how many; 0 if another sealer is at it.

    Raises: Torn if links that were sealed are gone; nothing is sealed then, for the chain would hide it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_LAST)
        number, digest = cursor.fetchone() or (0, START)
        last = Checkpoint(number, bytes(digest))
        _refuse_a_cut(last)
        with cursor.copy(_WAITING, [last.number, AT_MOST]) as copy:
            texts = b"".join(copy).splitlines()
        if not texts:
            return 0
        method = settings.LINLI_AUDIT_DIGEST
        links = list(extend(last, texts, method))
        entries = [int(text.split(b"\t", 2)[1]) for text in texts]
        signature = keeping.sign(links[-1])
        with cursor.copy("COPY audit_seal (number, entry_id, method, digest, signature) FROM STDIN") as copy:
            for link, entry in zip(links, entries, strict=True):
                copy.write_row((link.number, entry, method, link.digest, signature if link is links[-1] else None))
        cursor.execute("DELETE FROM audit_unsealed WHERE entry_id = ANY(%s)", [entries])
    keeping.keep(links[-1], signature)
    return len(entries)


def resume(reason: str, *, actor: Actor) -> list[int]:
    """Let sealing go on after a backup was restored (续封), and return the numbers of checkpoints that are gone.

    They are put aside, not thrown away, and the trail says who did it and why.
    """
    gone = []
    for path in sorted(kept.own_folder().glob(kept.DAYS)):
        checkpoint = kept.read(path)
        if not _holds(checkpoint):
            keeping.put_aside(path)
            gone.append(checkpoint.number)
    if gone:
        record("audit.resume", actor=actor, target="audit", reason=reason, gone=gone)
    return gone


def _refuse_a_cut(last: Checkpoint) -> None:
    checkpoint = kept.latest()
    if checkpoint not in (None, last) and not _holds(checkpoint):
        raise Torn(f"the audit trail was sealed up to {checkpoint.number}; the database does not hold that link")


def _holds(checkpoint: Checkpoint) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM audit_seal WHERE number = %s AND digest = %s",
                       [checkpoint.number, checkpoint.digest])
        return cursor.fetchone() is not None
