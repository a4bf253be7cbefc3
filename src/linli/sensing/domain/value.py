"""A measured value as written on a screen (数值书写)."""

import math
from typing import Final

DIGITS: Final = 4


def written(value: float) -> str:
    """Return a value with at most four significant digits, never as a power of ten: 31, 0.113, 12,345.

    Whole digits are never rounded away. What is no number is a dash.
    """
    if not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    decimals = min(9, max(0, DIGITS - 1 - math.floor(math.log10(abs(value)))))
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
