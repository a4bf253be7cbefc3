"""A real series out of a CSV file (读取序列): which column is the time, how it is written, what has no value."""

import csv
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from linli_run.trouble import Trouble

TIME_NAMES: Final = ("ts", "time", "timestamp", "datetime", "date")
NO_VALUE: Final = frozenset({"", "na", "n/a", "nan", "null", "none", "-"})
FORMATS: Final = tuple(
    f"{day}{clock}"
    for day, clock in itertools.product(
        ("%d/%m/%y", "%m/%d/%y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%Y-%m-%d"),
        (" %H", " %H:%M", " %H:%M:%S"),
    )
)
Clock = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Series:
    """Readings in the order of the file.

    Attributes:
        readings: (epoch seconds, value).
        unvalued: how many rows had no value.
    """

    readings: list[tuple[float, float]]
    unvalued: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What the caller said of the file; None is found out from the file itself."""

    metric: str
    time_column: str | None = None
    value_column: str | None = None
    time_format: str | None = None
    zone: ZoneInfo | None = None


def read(path: Path, layout: Layout) -> Series:
    """Return the series in a CSV file with a header (读取).

    Raises: Trouble that says what to name, if the file alone does not tell.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Trouble(f"{path} cannot be read: {error}.", "Name a CSV file with a header, in UTF-8.") from error
    if not rows:
        raise Trouble(f"{path} has no rows.", "Name a CSV file with a header.")
    columns = [column for column in rows[0] if column is not None]
    time_column = _time_column(columns, layout)
    value_column = _value_column(columns, time_column, layout)
    moments = _moments([row[time_column] or "" for row in rows], layout)
    values = [_value(row[value_column], at, value_column) for at, row in enumerate(rows, 2)]
    readings = [(at, value) for at, value in zip(moments, values, strict=True) if value is not None]
    return Series(readings, len(rows) - len(readings))


def _time_column(columns: Sequence[str], layout: Layout) -> str:
    if layout.time_column:
        return _known(layout.time_column, columns)
    named = [column for column in columns if column.strip().lower() in TIME_NAMES]
    if len(named) == 1:
        return named[0]
    raise _unclear("Which column is the time", columns, "--time-column")


def _value_column(columns: Sequence[str], time_column: str, layout: Layout) -> str:
    if layout.value_column:
        return _known(layout.value_column, columns)
    others = [column for column in columns if column != time_column]
    for wanted in (layout.metric, "value"):
        if wanted in others:
            return wanted
    if len(others) == 1:
        return others[0]
    raise _unclear("Which column is the value", others, "--value-column")


def _known(column: str, columns: Sequence[str]) -> str:
    if column in columns:
        return column
    raise Trouble(f"There is no column {column}.", f"The columns are: {', '.join(columns)}.")


def _unclear(question: str, columns: Sequence[str], option: str) -> Trouble:
    return Trouble(f"{question}?", f"Say {option} with one of: {', '.join(columns)}.")


def _value(text: str | None, line: int, column: str) -> float | None:
    if text is None or text.strip().lower() in NO_VALUE:
        return None
    try:
        value = float(text)
    except ValueError as error:
        problem = f"Line {line}: {text!r} in column {column} is no number."
        raise Trouble(problem, "Name another --value-column.") from error
    return value if math.isfinite(value) else None


def _moments(texts: list[str], layout: Layout) -> list[float]:
    """Read all times by the one way of writing that fits them all; of several, the one that runs forward."""
    zone = layout.zone or UTC
    ways: list[Clock] = [partial(_by_format, zone, form) for form in (layout.time_format,) if form]
    if not ways:
        ways = [_epoch, partial(_iso, zone), *(partial(_by_format, zone, form) for form in FORMATS)]
    found = list(_fitting(texts, ways))
    distinct = [moments for at, moments in enumerate(found) if moments not in found[:at]]
    forward = [moments for moments in distinct if all(a < b for a, b in itertools.pairwise(moments))]
    if len(chosen := forward if len(distinct) > 1 else distinct) == 1:
        return chosen[0]
    raise Trouble(f"How is the time {texts[0]!r} written?", "Say --time-format, such as '%d/%m/%y %H'.")


def _fitting(texts: list[str], ways: list[Clock]) -> Iterator[list[float]]:
    for way in ways:
        try:
            yield [way(text.strip()) for text in texts]
        except ValueError:
            continue


def _epoch(text: str) -> float:
    seconds = float(text)
    if not math.isfinite(seconds):
        raise ValueError(text)
    return seconds


def _iso(zone: tzinfo, text: str) -> float:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()


def _by_format(zone: tzinfo, form: str, text: str) -> float:
    moment = datetime.strptime(text, form)  # noqa: DTZ007 - the zone follows
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()
