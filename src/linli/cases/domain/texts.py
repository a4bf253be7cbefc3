"""Words written by people (来报文字), made harmless before they are kept."""

import unicodedata
from typing import Final

from linli.kernel.errors import Invalid

REPORT_LENGTH: Final = 2000
TITLE_LENGTH: Final = 120
_STEERS_DIRECTION: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_HIDES: Final = frozenset("\u00ad\u200b\u2060\ufeff\ufffe\uffff")


def clean(raw: str, *, field: str, longest: int = REPORT_LENGTH) -> str:
    """Return `raw` without what could steer, hide or break a page (净化文字).

    Control characters, half surrogates and direction marks go; line ends become `\\n`, tabs
    spaces; composed to NFC. Joiners inside words (emoji, Indic scripts) stay.

    Raises: Invalid if more than `longest` characters are left: nothing is cut silently.
    """
    lines = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    kept = "".join(_kept(character) for character in lines)
    text = unicodedata.normalize("NFC", kept).strip()
    if len(text) > longest:
        raise Invalid("cases.too_long", "This text is too long: {length} characters, at most {longest}.",
                      field=field, length=len(text), longest=longest)
    return text


def title_of(category_name: str, place: str) -> str:
    """Return a case's title (案件标题): its category and its place, never a reporter's own words."""
    parts = [clean(" ".join(part.split()), field="title", longest=10_000) for part in (category_name, place)]
    return " · ".join(part for part in parts if part)[:TITLE_LENGTH]


def _kept(character: str) -> str:
    if character == "\n":
        return character
    if character == "\t":
        return " "
    if character in _STEERS_DIRECTION or character in _HIDES or unicodedata.category(character) in ("Cc", "Cs", "Cn"):
        return ""
    return character
