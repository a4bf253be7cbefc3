"""Personal data under seal (加密存放): AES-256-GCM, bound to the row it belongs to."""

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from linli.kernel.errors import Invalid

VERSION: Final = b"\x01"
NONCE_BYTES: Final = 12
INFO: Final = b"linli.notices"  # the first room that sealed anything; what it sealed must open


def seal(text: str, *, about: str, secret: bytes) -> bytes:
    """Return `text` so that only who holds `secret`, and says what it is about, can read it."""
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + _cipher(secret).encrypt(nonce, text.encode(), about.encode())


def unseal(sealed: bytes, *, about: str, secret: bytes) -> str:
    """Return what was sealed.

    Raises: Invalid if it was sealed under another secret, for another row, or was changed.
    """
    nonce, body = sealed[1:1 + NONCE_BYTES], sealed[1 + NONCE_BYTES:]
    try:
        if sealed[:1] != VERSION:
            raise InvalidTag
        return _cipher(secret).decrypt(nonce, body, about.encode()).decode()
    except (InvalidTag, ValueError):
        raise Invalid("seal.broken", "This cannot be read any more.") from None


def _cipher(secret: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=INFO).derive(secret))
