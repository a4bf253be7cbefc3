"""Units: who is on duty for an area, and who takes what nobody else is answerable for."""

import pytest
from django.db import IntegrityError, transaction
from tests.make.organisations import make_unit, put_on_duty

from linli.kernel.actor import ANONYMOUS, Actor, Post
from linli.kernel.errors import Invalid, NotPermitted
from linli.organisations import actions, queries
from linli.organisations.domain.kind import UnitKind
from linli.organisations.domain.unit import NewUnit

pytestmark = pytest.mark.usefixtures("system")
SYSTEM = Actor.system("test")
GRID, COMMUNITY, STREET, DISTRICT = "990101001001001", "990101001001", "990101001", "990101"


def test_the_unit_on_duty_is_the_one_named_closest():
    near, far = make_unit("物业"), make_unit("街道办")
    put_on_duty(STREET, far)
    assert queries.duty_unit_of(GRID) == far
    put_on_duty(GRID, near)
    assert (queries.duty_unit_of(GRID), queries.duty_unit_of(COMMUNITY)) == (near, far)
    assert queries.duty_unit_of(DISTRICT) is None


def test_a_retired_unit_is_on_duty_no_more():
    near, far = make_unit("物业"), make_unit("街道办")
    put_on_duty(GRID, near)
    put_on_duty(STREET, far)
    actions.retire(near, actor=SYSTEM)
    assert queries.duty_unit_of(GRID) == far
    assert queries.unit_name(near) == "物业"


def test_a_district_has_one_fallback_unit():
    first = make_unit("运管中心", UnitKind.COMMAND, is_fallback=True)
    assert queries.fallback_unit(GRID) == first
    assert queries.fallback_unit("990102001001001") is None
    with pytest.raises(IntegrityError), transaction.atomic():
        make_unit("第二中心", UnitKind.COMMAND, is_fallback=True)
    actions.retire(first, actor=SYSTEM)
    assert queries.fallback_unit(GRID) is None


def test_loading_twice_amends_and_keeps_the_id():
    once = make_unit("物业", UnitKind.PROPERTY)
    again = actions.load_units([NewUnit(name="物业", kind=UnitKind.PROPERTY, area_code=DISTRICT, phone="555")],
                               actor=SYSTEM)
    assert again == [once]
    assert queries.card(once).phone == "555"


def test_a_wrong_unified_code_is_refused():
    with pytest.raises(Invalid, match="9144030071526726XH"):
        actions.load_units([NewUnit(name="物业", kind=UnitKind.PROPERTY, area_code=DISTRICT,
                                    uscc="9144030071526726XH")], actor=SYSTEM)


@pytest.mark.parametrize("actor", [ANONYMOUS, Actor("user:1", (Post("street", STREET),)),
                                   Actor("user:2", (Post("district", "990102"),))])
def test_only_district_and_operator_over_the_area_may_enter_units(actor):
    unit = make_unit()
    with pytest.raises(NotPermitted):
        actions.load_units([NewUnit(name="x", kind=UnitKind.OTHER, area_code=DISTRICT)], actor=actor)
    with pytest.raises(NotPermitted):
        actions.put_on_duty({GRID: unit}, actor=actor)
    with pytest.raises(NotPermitted):
        actions.retire(unit, actor=actor)


def test_the_district_may_enter_its_units():
    district = Actor("user:3", (Post("district", DISTRICT),))
    assert actions.load_units([NewUnit(name="x", kind=UnitKind.OTHER, area_code=STREET)], actor=district)


def test_units_are_listed_by_area_and_an_unknown_one_does_not_exist(client):
    unit = make_unit("物业", UnitKind.PROPERTY, STREET)
    make_unit("别区", UnitKind.PROPERTY, "990102")
    assert [card.id for card in queries.units_in(DISTRICT)] == [unit]
    assert client.get(f"/api/v1/units/{unit}").status_code == 401
