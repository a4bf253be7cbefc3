"""What makes a password too weak (密码强度)."""

import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from linli.accounts.domain.rules import Rules

LONGEST: Final = 256  # so that nobody lets us hash a book


class Weakness(StrEnum):
    """Why a password is not taken."""

    SHORT = "short"
    LONG = "long"
    PLAIN = "plain"  # neither three kinds of characters nor a long phrase
    MONOTONOUS = "monotonous"
    NAMED = "named"
    COMMON = "common"
    SAME = "same"


def weakness(password: str, names: Iterable[str], rules: Rules) -> Weakness | None:
    """Return the first reason why `password` is too weak, None if it will do (密码规则).

    Args:
        names: what belongs to its owner and may not be in it, such as the user name.
    """
    if len(password) < rules.shortest:
        return Weakness.SHORT
    if len(password) > LONGEST:
        return Weakness.LONG
    if len(set(password.casefold())) < rules.different:
        return Weakness.MONOTONOUS
    if any(len(name) > 2 and name.casefold() in password.casefold() for name in names):
        return Weakness.NAMED
    if len(password) < rules.phrase and len({_kind(letter) for letter in password}) < rules.kinds:
        return Weakness.PLAIN
    return None


def _kind(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in {"Ll", "Lu", "Nd"}:
        return category
    return "other script" if category.startswith("L") else "sign"
