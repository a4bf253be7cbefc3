"""Short-lived signed tokens (签名令牌) that another process can check without a database."""

import base64
import hashlib
import hmac
import json
from typing import Any

from linli.kernel import clock
from linli.kernel.errors import Invalid


def sign(payload: dict[str, Any], *, key: bytes, lifetime_s: int) -> str:
    """Return `payload` as a token that `verify` takes for `lifetime_s` seconds (HMAC-SHA-256)."""
    body = _encode(json.dumps({**payload, "exp": int(clock.now().timestamp()) + lifetime_s},
                              separators=(",", ":"), sort_keys=True).encode())
    return f"{body}.{_encode(_mac(body, key))}"


def verify(token: str, *, key: bytes) -> dict[str, Any]:
    """Return the payload that was signed.

    Raises: Invalid if the token was changed, is malformed or has expired.
    """
    body, _, mac = token.partition(".")
    try:
        genuine = hmac.compare_digest(_decode(mac), _mac(body, key))
        payload = json.loads(_decode(body)) if genuine else None
    except ValueError:
        payload = None
    if not isinstance(payload, dict):
        raise Invalid("token.not_ours", "This link is not one of ours. Please open the page again.")
    if payload.pop("exp", 0) < clock.now().timestamp():
        raise Invalid("token.expired", "This link has expired. Please open the page again.")
    return payload


def _mac(body: str, key: bytes) -> bytes:
    return hmac.new(key, body.encode(), hashlib.sha256).digest()


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
