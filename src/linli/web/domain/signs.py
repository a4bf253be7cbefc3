"""The four level signs (级别标志): shape, Roman number and colour word, so that colour is never the only carrier."""

from dataclasses import dataclass
from typing import Final

from linli.kernel.level import Level


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign drawn in a box of 28 units.

    Attributes:
        number: Roman number of the level, Ⅳ lowest.
        path: outline of the shape as SVG path data.
        baseline: y of the character's baseline.
    """

    number: str
    path: str
    baseline: float


SIGNS: Final[dict[Level, Sign]] = {
    Level.BLUE: Sign("Ⅳ", "M14 2a12 12 0 1 0 0 24a12 12 0 1 0 0-24Z", 18.8),
    Level.YELLOW: Sign("Ⅲ", "M14 2.2 26.6 25H1.4Z", 23),
    Level.ORANGE: Sign("Ⅱ", "M14 .9 27.1 14 14 27.1.9 14Z", 18.8),
    Level.RED: Sign("Ⅰ", "M2.6 2.6h22.8v22.8H2.6Z", 18.8),
}


def level_of(given: object) -> Level:
    """Return the level that a stored word, a number or a level means; nothing means none.

    Raises: ValueError or KeyError if it means no level.
    """
    if given is None or given == "":
        return Level.NONE
    if isinstance(given, str):
        return Level.from_word(given)
    if isinstance(given, int):
        return Level(given)
    raise ValueError(f"not a level: {given!r}")
