"""A unit as a plain value (单位)."""

from dataclasses import dataclass

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
