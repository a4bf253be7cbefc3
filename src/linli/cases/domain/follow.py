"""The link by which a reporter follows a report (查看进展): whoever holds the token may look, nobody can guess it."""

import hashlib
import secrets
from typing import Final

LINKS_AT_MOST: Final = 5


def new_token() -> str:
    """Return a fresh token of 128 random bits, safe in an address."""
    return secrets.token_urlsafe(16)


def digest(token: str) -> bytes:
    """Return the SHA-256 of a token: all that is kept of it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
