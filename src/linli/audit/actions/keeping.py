"""Keep outside the database what proves the chain: the seal's key, and checkpoints (密钥与检查点)."""

import json
import os
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from linli.audit.domain.chain import Checkpoint
from linli.audit.queries import kept
from linli.kernel import clock

KEY: Final = "audit-seal"
ASIDE: Final = "put-aside"


def sign(link: Checkpoint) -> bytes:
    """Return the signature of `link` by this home's key, which is made and published at first use."""
    return _private_key().sign(link.message())


def keep(link: Checkpoint, signature: bytes) -> None:
    """Write the latest checkpoint into the day's file, whole or not at all."""
    now = clock.now()
    facts = {"number": link.number, "digest": link.digest.hex(), "signature": signature.hex(), "at": now.isoformat()}
    _write(kept.own_folder() / f"{now:%Y-%m-%d}.json", json.dumps(facts).encode() + b"\n")


def put_aside(path: Path) -> None:
    """Move a checkpoint that the database does not hold any more out of the way, and keep it."""
    aside = path.parent / ASIDE
    aside.mkdir(mode=0o700, exist_ok=True)
    path.rename(aside / f"{clock.now():%Y%m%dT%H%M%S}-{path.name}")


def _private_key() -> Ed25519PrivateKey:
    path = Path(settings.LINLI_HOME) / "secrets" / KEY
    if not path.exists():
        fresh = Ed25519PrivateKey.generate()
        known = kept.folder() / kept.PUBLIC_KEYS
        before = known.read_bytes() if known.exists() else b""
        _write(known, before + fresh.public_key().public_bytes_raw().hex().encode() + b"\n")
        _write(path, fresh.private_bytes_raw().hex().encode())
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text("ascii")))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as sink:
        sink.write(content)
        sink.flush()
        os.fsync(sink.fileno())
    fresh.replace(path)
