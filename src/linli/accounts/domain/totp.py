"""Codes that a phone and Linli work out alike (动态口令): TOTP, RFC 6238, over HOTP, RFC 4226."""

import base64
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime
from hashlib import sha1
from typing import Any, Final
from urllib.parse import quote, urlencode

STEP_S: Final = 30
DIGITS: Final = 6
SKEW: Final = 1
SECRET_BYTES: Final = 20  # RFC 4226, section 4: as long as the hash


def new_secret() -> bytes:
    """Return a secret by chance, 160 bits."""
    return secrets.token_bytes(SECRET_BYTES)


def code_of(secret: bytes, step: int, *, digits: int = DIGITS, digest: Callable[..., Any] = sha1) -> str:
    """Return the code of one step of time (动态口令计算).

    Source: RFC 4226, section 5.3 (dynamic truncation); RFC 6238, section 4, whose vectors are tests.
    """
    mac = hmac.new(secret, step.to_bytes(8, "big"), digest).digest()
    at = mac[-1] & 0x0F
    number = int.from_bytes(mac[at:at + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_at(now: datetime) -> int:
    """Return in which step of thirty seconds a moment lies, counted from 1970."""
    return int(now.timestamp()) // STEP_S


def matching_step(secret: bytes, code: str, now: datetime, *, after: int) -> int | None:
    """Return the step whose code was given, None if it is none of now, the one before and the one to come.

    Args:
        after: the last step whose code was taken; that one and all before are taken no more, so that a code that was
            seen over a shoulder is worth nothing.
    """
    given, here = code.replace(" ", "").encode(), step_at(now)
    steps = [step for step in range(here - SKEW, here + SKEW + 1) if step > after]
    return next((step for step in steps if hmac.compare_digest(code_of(secret, step).encode(), given)), None)


def key_of(secret: bytes) -> str:
    """Return the secret as one types it into an app (密钥): base 32 in groups of four."""
    text = base64.b32encode(secret).decode()
    return " ".join(text[at:at + 4] for at in range(0, len(text), 4))


def address_of(secret: bytes, username: str, issuer: str) -> str:
    """Return the `otpauth:` address that an app on the same phone opens."""
    given = {"secret": key_of(secret).replace(" ", ""), "issuer": issuer}
    return f"otpauth://totp/{quote(issuer)}:{quote(username)}?{urlencode(given, quote_via=quote)}"
