"""How alike two texts are (文字相似度): shared runs of one to three characters, no dictionary, no model."""

import math
import unicodedata
from collections.abc import Sequence
from typing import Final

LOOKED_AT: Final = 400
RUNS: Final = ((1, 0.09), (2, 1.0), (3, 2.25))  # length, weight of one shared run: a single character says little

Grams = tuple[frozenset[str], ...]


def plain(text: str) -> str:
    """Return the letters and digits of a text's beginning, one width, lower case, without marks above or below."""
    folded = unicodedata.normalize("NFKC", text[:LOOKED_AT]).casefold()
    return "".join(character for character in folded if character.isalnum())[:LOOKED_AT]


def grams(words: str) -> Grams:
    """Return the runs of one, two and three characters of `plain` words."""
    return tuple(frozenset(words[at:at + size] for at in range(len(words) - size + 1)) for size, _ in RUNS)


def likeness(one: Grams, two: Grams) -> float:
    """Return how alike two texts are, 0 (nothing shared) to 1 (the same runs): the cosine of their weighted sets.

    Source: Salton's cosine of term vectors, with runs of characters as terms, as usual for Chinese.
    """
    size = math.sqrt(_weight(one) * _weight(two))
    shared = _weight([a & b for a, b in zip(one, two, strict=True)])
    return min(1.0, shared / size) if size else 0.0


def _weight(sets: Sequence[frozenset[str]]) -> float:
    return sum(weight * len(found) for (_, weight), found in zip(RUNS, sets, strict=True))
