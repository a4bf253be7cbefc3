"""The rules of passwords as a table holds them (密码规则表)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Rules:
    """How long, how mixed and how rare a password is (密码规则), and how long a one-time password holds.

    Attributes:
        shortest: characters at least.
        kinds: of small letters, capitals, digits, signs and other scripts so many, unless it is a phrase.
        phrase: characters from which it is a phrase, in which kinds do not count.
        different: different characters at least.
        refuses_common: whether a password on the list of common ones is refused.
        one_time: how long a one-time password is taken.
        second_factor_roles: who holds a post of one of these roles signs in with a second factor.
    """

    shortest: int
    kinds: int
    phrase: int
    different: int
    refuses_common: bool
    one_time: timedelta
    second_factor_roles: frozenset[str] = frozenset()

    @classmethod
    def of(cls, rows: Sequence[dict[str, Any]]) -> Self:
        """Return the rules in the rows of `presets/passwords.json`.

        Raises: KeyError if one is missing.
        """
        given = {row["code"]: row["value"] for row in rows}
        return cls(shortest=given["shortest"], kinds=given["kinds"], phrase=given["phrase"],
                   different=given["different"], refuses_common=given["refuses_common"],
                   one_time=timedelta(hours=given["one_time_hours"]),
                   second_factor_roles=frozenset(given["second_factor_roles"]))
