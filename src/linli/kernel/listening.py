"""Who listens to the live part (收听者): one name for who signs tokens and who ends streams."""

import hashlib
import hmac
import json
from typing import Final

CHANNEL: Final = "linli_live"
ENDED: Final = "ended"


def listener(ref: str, *, key: bytes) -> str:
    """Return under which name somebody's streams are known to the live part: a keyed hash, and nothing else."""
    return hmac.new(key, f"live:{ref}".encode(), hashlib.sha256).hexdigest()[:16]


def end_of_streams(ref: str, *, key: bytes) -> str:
    """Return the announcement that ends every open stream of somebody (终止推送); who may come back, comes back."""
    return json.dumps({"topic": ENDED, "who": listener(ref, key=key)}, separators=(",", ":"))
