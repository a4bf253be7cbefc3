from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from linli.cases import actions
from linli.cases.queries.units import Attached, UnitLine, attached, units_overseen
from linli.kernel.actor import Actor

router = Router(tags=["organisations"])


class UnitLineOut(Schema):
    """A unit with its open cases and accounts (单位一览). `unreached` = nobody there would hear of a case."""

    id: int
    name: str
    area_code: str
    phone: str
    open_cases: int
    accounts: int
    accounts_shut: int
    unreached: bool
    retires_on: date | None
    retired_at: datetime | None


class AttachedOut(UnitLineOut):
    """What hangs on a unit (单位名下事项): components by duty, the areas for which it is on duty."""

    components: dict[str, int]
    areas: list[str]


class RetirementIn(Schema):
    """That a unit goes out of use (停用单位). `on` null = today; `successor` null = the fall-back unit."""

    on: date | None = None
    successor: int | None = Field(None, ge=1, le=2**63 - 1)
    accounts_follow: bool = False


@router.get("/overseen/units", response=list[UnitLineOut])
def list_overseen(request: HttpRequest, unreached: bool = False) -> Any:
    """List the units that the asker looks after; `unreached` = those that cannot be reached (联系不上的单位)."""
    return [_line(line) for line in units_overseen(_actor(request), unreached=unreached)]


@router.get("/units/{unit_id}/attached", response=AttachedOut)
def get_attached(request: HttpRequest, unit_id: int) -> Any:
    """Return what hangs on a unit (单位名下事项)."""
    return _attached(attached(_actor(request), unit_id))


@router.post("/units/{unit_id}/retirement", response=AttachedOut)
def post_retirement(request: HttpRequest, unit_id: int, body: RetirementIn) -> Any:
    """Take a unit out of use on a day, and hand over all that hangs on it (停用单位)."""
    attached(_actor(request), unit_id)
    actions.retire_unit(unit_id, on=body.on, successor=body.successor, accounts_follow=body.accounts_follow,
                        actor=_actor(request))
    return _attached(attached(_actor(request), unit_id))


@router.post("/units/{unit_id}/restoration", response=AttachedOut)
def post_restoration(request: HttpRequest, unit_id: int) -> Any:
    """Undo that a unit goes, or went, out of use (恢复单位)."""
    attached(_actor(request), unit_id)
    actions.restore_unit(unit_id, actor=_actor(request))
    return _attached(attached(_actor(request), unit_id))


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


def _line(line: UnitLine) -> dict[str, Any]:
    plan = line.retiring
    return {"id": line.card.id, "name": line.card.name, "area_code": line.card.area_code, "phone": line.card.phone,
            "open_cases": line.open_cases, "accounts": line.reach.open, "accounts_shut": line.reach.shut,
            "unreached": line.is_unreached, "retires_on": plan.retires_on if plan else None,
            "retired_at": plan.done_at if plan else None}


def _attached(found: Attached) -> dict[str, Any]:
    return {**_line(found.line), "components": found.components, "areas": found.areas}
