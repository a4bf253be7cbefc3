"""One-time passwords and recovery codes (一次性密码与恢复码): easily read out, hardly guessed."""

import secrets
from typing import Final

LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # no i, l, o, 0, 1: they are read out over the phone
GROUPS: Final = 4
OF_EACH: Final = 4
RECOVERY_CODES: Final = 10
GROUPS_TO_RECOVER: Final = 3


def one_time_password() -> str:
    """Return a new one-time password, such as `k7wd-2mfp-xq9a-h4tz`: 79 bits by chance."""
    return _groups(GROUPS)


def recovery_codes() -> list[str]:
    """Return ten codes for the day the phone is lost (恢复码), 59 bits by chance each."""
    return [_groups(GROUPS_TO_RECOVER) for _ in range(RECOVERY_CODES)]


def _groups(count: int) -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(OF_EACH)) for _ in range(count))
