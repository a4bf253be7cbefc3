"""What is handed in with a move (随环节提交的内容), checked once for every edge."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from linli.cases.domain.texts import clean
from linli.kernel.errors import Invalid

REASON_LENGTH: Final = 500
PHOTOS_AT_MOST: Final = 9
FIELDS: Final = frozenset({"reason", "condition", "unit", "evidence", "note", "condition_met", "until"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The parsed hand-in of one move; what was not handed in is empty, `unit` None."""

    reason: str = ""
    condition: str = ""
    unit: int | None = None
    evidence: tuple[UUID, ...] = ()
    note: str = ""
    condition_met: bool = False
    until: date | None = None

    @property
    def names(self) -> frozenset[str]:
        """Return the names of what was really given: empty words and empty lists are not."""
        return frozenset(name for name in FIELDS if getattr(self, name) not in ("", (), None, False))

    @property
    def words(self) -> dict[str, object]:
        """Return what the step's row keeps; photos are kept as rows of their own."""
        kept = {name: getattr(self, name) for name in sorted(self.names - {"evidence"})}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in kept.items()}


def parse(raw: Mapping[str, object]) -> Given:
    """Return the hand-in as typed values.

    Raises: Invalid for an unknown field, a wrong type, too long a text or too many photos.
    """
    if unknown := sorted(set(raw) - FIELDS):
        raise Invalid("cases.given_unknown", "This is not part of a move.", field=unknown[0])
    return Given(
        reason=_text(raw, "reason"),
        condition=_text(raw, "condition"),
        unit=_number(raw, "unit"),
        evidence=photo_ids(raw.get("evidence")),
        note=_text(raw, "note"),
        condition_met=raw.get("condition_met") is True,
        until=_day(raw, "until"),
    )


def photo_ids(raw: object) -> tuple[UUID, ...]:
    """Return the photo ids in `raw`, each once, in order; raise Invalid if they are not ids or too many."""
    values = raw if isinstance(raw, Iterable) and not isinstance(raw, str | bytes) else [raw] if raw else []
    try:
        ids = tuple(dict.fromkeys(value if isinstance(value, UUID) else UUID(str(value)) for value in values))
    except ValueError:
        raise Invalid("cases.photo_id", "A photo is named by the id it was kept under.", field="evidence") from None
    if len(ids) > PHOTOS_AT_MOST:
        raise Invalid("cases.too_many_photos", "At most {most} photos.", field="evidence", most=PHOTOS_AT_MOST)
    return ids


def _text(raw: Mapping[str, object], field: str) -> str:
    value = raw.get(field) or ""
    if not isinstance(value, str):
        raise Invalid("cases.given_type", "Words are needed here.", field=field)
    return clean(value, field=field, longest=REASON_LENGTH)


def _number(raw: Mapping[str, object], field: str) -> int | None:
    value = raw.get(field)
    if value is None or value == "":
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 18:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Invalid("cases.given_number", "A whole number is needed here.", field=field)
    return value


def _day(raw: Mapping[str, object], field: str) -> date | None:
    value = raw.get(field)
    if value is None or value == "":
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise Invalid("cases.given_day", "A day is needed here, such as 2027-03-01.", field=field) from None
