"""One-time passwords (一次性密码): easily read out, hardly guessed."""

import secrets
from typing import Final

LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # no i, l, o, 0, 1: they are read out over the phone
GROUPS: Final = 4
OF_EACH: Final = 4


def one_time_password() -> str:
    """Return a new one-time password, such as `k7wd-2mfp-xq9a-h4tz`: 79 bits by chance."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(OF_EACH)) for _ in range(GROUPS))
