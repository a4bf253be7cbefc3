"""A unit as a plain value (单位)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from linli.organisations.domain.kind import UnitKind


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUnit:
    """A unit to be entered (拟登记单位); name and area together say which one it is."""

    name: str
    kind: UnitKind
    area_code: str
    uscc: str | None = None
    phone: str = ""
    is_fallback: bool = False


@dataclass(frozen=True, slots=True)
class UnitCard:
    """What everybody may know of a unit (单位名片)."""

    id: int
    name: str
    kind: str
    area_code: str
    phone: str


@dataclass(frozen=True, slots=True)
class Retiring:
    """That a unit goes out of use (停用安排): `done_at` None = still to come; `moved` as in the model."""

    unit: int
    successor: int
    retires_on: date
    accounts_follow: bool
    done_at: datetime | None
    moved: Mapping[str, Any]
