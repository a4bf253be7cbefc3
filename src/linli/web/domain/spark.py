"""Small lines beside figures (走势线), as SVG path data."""

from collections.abc import Sequence


def line(values: Sequence[float | None], width: float, height: float, *, low: float, high: float) -> str:
    """Return path data of a line through `values`, left to right; a missing value breaks the line.

    Args:
        values: evenly spaced, oldest first; None = no reading.
        low, high: the values at the lower and the upper edge; if equal, the line lies in the middle.
    """
    if not values:
        return ""
    step = width / max(1, len(values) - 1)
    commands: list[str] = []
    pen_down = False
    for at, value in enumerate(values):
        if value is None:
            pen_down = False
            continue
        commands.append(f"{'L' if pen_down else 'M'}{at * step:.1f} {height_of(value, height, low=low, high=high):.1f}")
        pen_down = True
    return "".join(commands)


def height_of(value: float, height: float, *, low: float, high: float) -> float:
    """Return the y of `value`, counted from the upper edge."""
    return height / 2 if high == low else height - (value - low) / (high - low) * height
