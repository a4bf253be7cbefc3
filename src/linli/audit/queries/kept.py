"""What is kept of the chain outside the database (库外留存): checkpoints and public keys, in the home."""

import json
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.db import connection

from linli.audit.domain.chain import Checkpoint

DAYS: Final = "????-??-??.json"
PUBLIC_KEYS: Final = "public-keys"
_IDENTITY: Final = """
    SELECT system_identifier || '-' || d.oid FROM pg_control_system(), pg_database d
    WHERE d.datname = current_database()"""


def folder() -> Path:
    """Return where public keys lie, and a folder of checkpoints for each database."""
    return Path(settings.LINLI_HOME) / "audit"


def own_folder() -> Path:
    """Return where the checkpoints of this database lie: with a copy elsewhere no cut can stay hidden."""
    with connection.cursor() as cursor:
        cursor.execute(_IDENTITY)
        return folder() / str(cursor.fetchone()[0])


def latest() -> Checkpoint | None:
    """Return the checkpoint of the last day on which anything was sealed, None if there is none.

    Raises: ValueError if its file was spoilt.
    """
    days = sorted(own_folder().glob(DAYS))
    return read(days[-1]) if days else None


def checkpoints(where: Path) -> list[Checkpoint]:
    """Return every checkpoint in `where`, one of each day.

    Raises: ValueError if a file was spoilt.
    """
    return [read(path) for path in sorted(where.glob(DAYS))]


def read(path: Path) -> Checkpoint:
    """Return the checkpoint in `path`.

    Raises: ValueError if it was spoilt.
    """
    try:
        kept = json.loads(path.read_bytes())
        return Checkpoint(int(kept["number"]), bytes.fromhex(kept["digest"]))
    except (KeyError, TypeError) as spoilt:
        raise ValueError(f"{path} is no checkpoint") from spoilt


def public_keys(path: Path) -> list[Ed25519PublicKey]:
    """Return the keys in `path`, one in hex on each line; none if nothing was ever sealed here.

    Raises: ValueError if a line is no key.
    """
    published = path.read_text("ascii").split() if path.exists() else []
    return [Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)) for key in published]
