"""How a receiver knows that a webhook is ours, fresh and not yet seen (签名)."""

import hashlib
import hmac
from collections.abc import Mapping

SECRET_BYTES = 32


def headers(body: bytes, *, delivery: str, at: int, secret: str) -> dict[str, str]:
    """Return the headers of one delivery.

    Args:
        delivery: its id, the same in every attempt: who knows it already has nothing to do.
        at: seconds since the epoch; an old one is a replay.
    """
    signed = b".".join((delivery.encode(), str(at).encode(), body))
    mac = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return {"Linli-Id": delivery, "Linli-Timestamp": str(at), "Linli-Signature": f"v1={mac}"}


def is_genuine(body: bytes, given: Mapping[str, str], *, secret: str, now: int, tolerance_s: int = 300) -> bool:
    """Return whether body and headers come from who shares the secret, not longer ago than is tolerated (验签)."""
    at = given.get("Linli-Timestamp", "")
    if not (at.isascii() and at.isdigit()) or abs(now - int(at)) > tolerance_s:
        return False
    wanted = headers(body, delivery=given.get("Linli-Id", ""), at=int(at), secret=secret)["Linli-Signature"]
    return hmac.compare_digest(wanted, given.get("Linli-Signature", ""))
