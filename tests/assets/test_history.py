"""The register as it was: at any instant, for each scope what it would have seen then; and taken back as a whole."""

from dataclasses import replace

import pytest
from tests.make.areas import WEST, make_areas
from tests.make.assets import SYSTEM, make_component, new_component
from tests.make.organisations import make_unit

from linli.assets import actions, queries
from linli.assets.actions.duties import today
from linli.assets.domain.component import Duty
from linli.assets.domain.state import ComponentState
from linli.assets.models import Component
from linli.audit import actions as audit
from linli.changes import actions as undoing
from linli.changes import queries as changes
from linli.kernel.actor import Actor, Post
from linli.kernel.errors import NotPermitted


@pytest.fixture
def register(system):
    make_areas()
    actions.load_preset_classes(actor=SYSTEM)


def sets_of(component_id):
    return changes.sets_of_row("assets_component", component_id)


def test_a_component_reads_as_it_stood_at_each_instant(register):
    card, unit = make_component(), make_unit()
    actions.report_state(card.id, ComponentState.DAMAGED, actor=SYSTEM)
    actions.assign(card.id, Duty.OWNING, unit, actor=SYSTEM)
    instants = [each.at for each in reversed(sets_of(card.id))]
    read = [changes.as_of(Component.objects.standing().filter(klass__code="0103"), at).values_list("state", "owning")
            for at in instants]
    assert [list(rows) for rows in read] == [[("intact", None)], [("damaged", None)], [("damaged", unit)]]
    assert changes.as_of(Component.objects.all(), instants[1]).filter(state="damaged").count() == 1
    assert changes.history_begins(Component) is None


def test_a_reading_then_joins_and_nests_as_one_now(register):
    card = make_component()
    at = sets_of(card.id)[0].at
    actions.report_state(card.id, ComponentState.REMOVED, actor=SYSTEM)
    then = changes.as_of(Component.objects.standing(), at)
    assert list(Component.objects.filter(pk__in=then.values("pk")).values_list("state", flat=True)) == ["removed"]
    assert then.select_related("klass").get().klass.code == "0103"
    assert (then | then).exists()


def test_each_scope_sees_of_the_past_what_it_would_have_seen_then(register):
    card, before, after = make_component(), make_unit("前任"), make_unit("后任")
    actions.assign(card.id, Duty.MAINTAINING, before, actor=SYSTEM)
    actions.assign(card.id, Duty.MAINTAINING, after, actor=SYSTEM)
    last, middle, first = (each.at for each in sets_of(card.id))
    seen = {}
    for name, post in {"area": Post("grid", WEST), "before": Post("unit", "", before), "after": Post("unit", "", after),
                       "other": Post("unit", "", make_unit("别家"))}.items():
        with audit.acting(Actor("user:1", (post,))):
            seen[name] = [changes.as_of(Component.objects.all(), at).count() for at in (first, middle, last)]
    assert seen == {"area": [1, 1, 1], "before": [0, 1, 0], "after": [0, 0, 1], "other": [0, 0, 0]}


def test_a_load_is_one_set_with_its_reason(register):
    fresh = [new_component(), new_component("9901010103000002")]
    actions.load_components(fresh, actor=SYSTEM, reason="普查")
    first = queries.by_codes([c.code for c in fresh])
    cards = {sets_of(card.id)[0] for card in first.values()}
    assert [(card.reason, card.source) for card in cards] == [("普查", "import")]
    actions.load_components([replace(fresh[0], name="改名"), fresh[1]], actor=SYSTEM)
    assert [len(sets_of(first[c.code].id)) for c in fresh] == [2, 1]


def test_an_assignment_is_taken_back_with_its_days_and_only_by_a_registrar(register):
    card, unit = make_component(), make_unit()
    actions.assign(card.id, Duty.OWNING, unit, actor=SYSTEM)
    number = sets_of(card.id)[0].id
    told = {(row.table, f.column, f.after) for row in changes.differences(number) for f in row.fields}
    assert {("assets_component", "owning_id", unit), ("assets_componentduty", "unit_id", unit)} <= told
    with pytest.raises(NotPermitted):
        undoing.undo(number, "错了", actor=Actor("user:1", (Post("grid", WEST),)))
    back = undoing.undo(number, "错了", actor=Actor("user:2", (Post("street", "990101001"),)))
    assert (queries.card(card.id).owning, queries.units_on(card.id, today())[1].said) == (None, False)
    undoing.undo(back, "没错", actor=SYSTEM)
    assert (queries.card(card.id).owning, queries.units_on(card.id, today())[1].unit) == (unit, unit)


def test_the_api_tells_what_stood_then_and_who_answered(register, client):
    from tests.make.board import at_post

    from linli.kernel.role import Role

    owner = make_unit("权属人")
    card = make_component(owning=owner)
    actions.report_state(card.id, ComponentState.DAMAGED, actor=SYSTEM)
    street, path = at_post(Role.STREET, "990101001")[0], f"/api/v1/components/{card.code}"
    history = street.get(f"{path}/history").json()
    assert [each["reason"] for each in history] == ["Its condition was reported", "Components were loaded"]
    assert street.get(path, {"at": history[1]["at"]}).json()["state"] == "intact"
    assert street.get(path, {"at": "2001-01-01T00:00:00Z"}).status_code == 404
    assert street.get(f"{path}/units", {"on": today().isoformat()}).json()[1]["unit_name"] == "权属人"
    assert client.get(f"{path}/history").status_code == 401
