"""Who answered on a day, and who we believed answered: judged by a plain list of days."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.make import clock
from tests.make.areas import make_areas
from tests.make.assets import SYSTEM, make_component
from tests.make.organisations import make_unit

from linli.assets import actions, queries
from linli.assets.actions.duties import today
from linli.assets.domain.component import Duty
from linli.assets.models import ComponentDuty
from linli.changes import actions as changes
from linli.changes import queries as sets
from linli.kernel import clock as real
from linli.kernel.errors import Invalid


@pytest.fixture
def register(system):
    make_areas()
    actions.load_preset_classes(actor=SYSTEM)


def owner(card, day, **known):
    return next((u.unit, u.said) for u in queries.units_on(card.id, day, **known) if u.duty is Duty.OWNING)


SAID = st.lists(st.tuples(st.integers(-5, 5), st.one_of(st.none(), st.integers(1, 5)), st.integers(0, 2)), max_size=6)


@given(said=SAID)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_said_in_whatever_order_each_day_has_one_answer(register, said):
    with transaction.atomic():
        card, units = make_component(), [None, make_unit("甲"), make_unit("乙")]
        day0, judge = today(), {}
        for start, length, which in said:
            since = day0 + timedelta(start)
            actions.assign(card.id, Duty.OWNING, units[which], actor=SYSTEM, since=since,
                           until=since + timedelta(length) if length else None)
            judge |= dict.fromkeys(range(start, start + length if length else 20), (units[which], True))
        for n in range(-7, 14):
            assert owner(card, day0 + timedelta(n)) == judge.get(n, (None, False))
        assert queries.card(card.id).owning == judge.get(0, (None, False))[0]
        connection.check_constraints()
        transaction.set_rollback(True)


def test_what_held_then_and_what_we_believed_then_are_both_read(register):
    first, second = make_unit("甲"), make_unit("乙")
    card = make_component(owning=first, units_since=date(2024, 1, 1))
    believed = sets.sets_of_row("assets_component", card.id)[0].at
    actions.assign(card.id, Duty.OWNING, second, actor=SYSTEM, since=date(2025, 6, 1))
    assert owner(card, date(2025, 12, 1)) == (second, True)
    assert owner(card, date(2025, 12, 1), known_at=believed) == (first, True)
    assert owner(card, date(2025, 5, 31)) == (first, True)
    assert owner(card, date(2023, 12, 31)) == (None, False)


def test_nobody_known_is_said_and_the_fallback_unit_named(register):
    from tests.make.desk import make_desk

    fallback = make_desk()["fallback"]
    card = make_component("9901010103000007")
    assert {(u.said, u.fallback) for u in queries.units_on(card.id, today())} == {(False, fallback)}
    actions.assign(card.id, Duty.OWNING, None, actor=SYSTEM)
    assert {(u.duty.value, u.said) for u in queries.units_on(card.id, today())} == {
        ("supervising", False), ("owning", True), ("maintaining", False)}


def test_a_planned_unit_takes_over_when_its_day_comes(register):
    card, now, later = make_component(), make_unit("现"), make_unit("后")
    actions.assign(card.id, Duty.MAINTAINING, now, actor=SYSTEM)
    actions.assign(card.id, Duty.MAINTAINING, later, actor=SYSTEM, since=today() + timedelta(2))
    assert (actions.follow_days(), queries.card(card.id).maintaining) == (0, now)
    with clock.at(real.now() + timedelta(days=2)):
        assert (actions.follow_days(), queries.card(card.id).maintaining) == (1, later)
        assert actions.follow_days() == 0


def test_what_is_planned_for_a_unit_that_goes_is_handed_over_too(register):
    card, gone, heir = make_component(), make_unit("旧"), make_unit("新")
    soon = today() + timedelta(3)
    actions.assign(card.id, Duty.OWNING, gone, actor=SYSTEM, since=soon)
    assert actions.hand_over(gone, heir, actor=SYSTEM)["owning"] == []
    assert owner(card, soon) == (heir, True)


def test_two_units_cannot_answer_in_the_same_way_on_a_day(register):
    card = make_component(owning=make_unit())
    with pytest.raises(IntegrityError), transaction.atomic():
        with changes.change("twice", actor=SYSTEM):
            ComponentDuty.objects.create(component_id=card.id, kind="owning", unit=None,
                                         valid=(date(2020, 1, 1), None))
        connection.check_constraints()


@pytest.mark.parametrize("days", [0, -1])
def test_a_duty_ends_after_it_begins(register, days):
    card = make_component()
    with pytest.raises(Invalid):
        actions.assign(card.id, Duty.OWNING, None, actor=SYSTEM, until=today() + timedelta(days))


def test_units_of_a_load_do_not_answer_from_a_day_ahead(register):
    with pytest.raises(Invalid):
        make_component(units_since=today() + timedelta(1))
