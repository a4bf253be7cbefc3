"""The unified social credit code (统一社会信用代码): a legal entity's number, proved by its check digits."""

from typing import Final

from linli.kernel.errors import Invalid

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))
_INNER_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)


def check_character(first_17: str) -> str:
    """Return the last character of the code that begins with these 17.

    Source: GB 32100-2015 (weights 3^i mod 31; a sum of 0 gives 0, not 31).
    """
    total = sum(ALPHABET.index(c) * weight for c, weight in zip(first_17, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def organisation_check(first_8: str) -> str:
    """Return the last character of the organisation code inside (组织机构代码校验位).

    Source: GB 11714-1997 (weights 3 7 9 10 5 8 4 2; 10 gives X, 11 gives 0).
    """
    total = sum(int(c, 36) * weight for c, weight in zip(first_8, _INNER_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def require(code: str) -> str:
    """Return the code if it can be one.

    Raises: Invalid if its length, a character or a check digit is wrong.
    """
    if (len(code) == 18 and set(code) <= set(ALPHABET)
            and organisation_check(code[8:16]) == code[16] and check_character(code[:17]) == code[17]):
        return code
    raise Invalid("organisations.uscc", "{code} is not a unified social credit code: compare it with the licence.",
                  field="uscc", code=code)
