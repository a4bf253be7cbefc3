"""What makes a password too weak (密码强度)."""

import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

SHORTEST: Final = 10
LONGEST: Final = 256
CLASSES: Final = 3
LONG_PHRASE: Final = 15
DIFFERENT: Final = 5


class Weakness(StrEnum):
    """Why a password is not taken."""

    SHORT = "short"
    LONG = "long"
    PLAIN = "plain"  # neither three kinds of characters nor a long phrase
    MONOTONOUS = "monotonous"
    NAMED = "named"
    COMMON = "common"


def weakness(password: str, names: Iterable[str]) -> Weakness | None:
    """Return the first reason why `password` is too weak, None if it will do (密码规则).

    At least ten characters of three kinds (small, capital, digit, sign, other script), or a phrase of fifteen.

    Args:
        names: what belongs to its owner and may not be in it, such as the user name.
    Source: `domain.md` §6, MLPS 2.0 identity control; the phrase follows NIST SP 800-63B.
    """
    if len(password) < SHORTEST:
        return Weakness.SHORT
    if len(password) > LONGEST:
        return Weakness.LONG
    if len(set(password.casefold())) < DIFFERENT:
        return Weakness.MONOTONOUS
    if any(len(name) > 2 and name.casefold() in password.casefold() for name in names):
        return Weakness.NAMED
    if len(password) < LONG_PHRASE and len({_kind(letter) for letter in password}) < CLASSES:
        return Weakness.PLAIN
    return None


def _kind(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in {"Ll", "Lu", "Nd"}:
        return category
    return "other script" if category.startswith("L") else "sign"
