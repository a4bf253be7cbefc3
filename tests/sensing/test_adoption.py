import pytest
from tests.make.areas import GRID_A, GRID_B, make_areas, middle_of
from tests.make.assets import make_component
from tests.make.sensing import SYSTEM, make_thing

from linli.audit import queries as audit
from linli.kernel.actor import Actor, Post
from linli.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from linli.kernel.role import Role
from linli.sensing import actions as sensing
from linli.sensing import queries
from linli.sensing.models import Datastream, KitMetric, ReplayRequest, Rule, Thing

pytestmark = pytest.mark.usefixtures("system")


def test_an_adopted_device_has_the_datastreams_and_rules_of_its_kit():
    make_areas()
    make_thing("mc-1")
    card = queries.thing_card("mc-1")
    assert card is not None
    assert (card.area_code, card.kit, card.messages) == (GRID_A, "manhole", 0)
    assert {stream.metric: stream.rule_name for stream in card.streams} == {
        "tilt_deg": "manhole_tilt", "open": "manhole_open", "water_cm": None, "ch4_lel": "manhole_methane",
        "battery_pct": "manhole_battery", "rssi_dbm": None, "temperature_c": None,
    }  # fmt: skip
    assert audit.entries_of("thing:mc-1")[0].deed == "sensing.adopt"


def test_a_device_takes_the_place_of_its_component():
    make_areas()
    component = make_component(where=middle_of(1))
    make_thing("mc-1", component=component.code)
    thing = Thing.objects.get()
    assert (thing.component_id, thing.area_code, thing.lon) == (component.id, GRID_B, component.point.lon)


def test_a_device_is_adopted_once():
    make_thing("mc-1")
    with pytest.raises(Conflict):
        make_thing("mc-1")


def test_of_many_all_or_none_are_adopted():
    sensing.load_kits(actor=SYSTEM)
    new = [sensing.NewThing(code=code, name=code, kit="manhole", where=middle_of(0)) for code in ("a", "b", "a")]
    with pytest.raises(Conflict):
        sensing.adopt_many(new, actor=SYSTEM)
    ids = sensing.adopt_many(new[:2], actor=SYSTEM)
    assert ids == list(Thing.objects.order_by("code").values_list("id", flat=True))


@pytest.mark.parametrize("code", ["", "a b", "a/b", "a+", "#", "*", "a>b", "$SYS", "a\0", "x" * 61, "\x7f"])
def test_a_code_that_no_topic_carries_is_refused(code):
    with pytest.raises(Invalid):
        make_thing(code)


@pytest.mark.parametrize("gateway", ["a b", "x" * 61, "gw/1"])
def test_a_gateway_that_is_no_code_is_refused(gateway):
    sensing.load_kits(actor=SYSTEM)
    with pytest.raises(Invalid):
        sensing.adopt("mc-1", name="x", kit="manhole", where=middle_of(0), gateway=gateway, actor=SYSTEM)
    assert not Thing.objects.exists()


@pytest.mark.parametrize("code", ["a.b", "井盖-7", "x" * 60, "a$"])
def test_dots_and_chinese_in_codes_are_taken(code):
    make_thing(code)


def test_an_unknown_kit_a_lost_component_and_no_place_are_refused():
    sensing.load_kits(actor=SYSTEM)
    for given in ({"kit": "spaceship", "where": middle_of(0)}, {"kit": "manhole", "component": "9901010103000009"},
                  {"kit": "manhole"}):  # fmt: skip
        with pytest.raises(Invalid):
            sensing.adopt("mc-1", name="x", actor=SYSTEM, **given)


def operator(area):
    return Actor("user:7", (Post(Role.OPERATOR, area),))


def test_only_the_operator_of_the_place_adopts():
    make_areas()
    sensing.load_kits(actor=SYSTEM)
    for refused in (operator(GRID_B), Actor("user:8", (Post(Role.STREET, GRID_A[:9]),))):
        with pytest.raises(NotPermitted):
            sensing.adopt("mc-1", name="x", kit="manhole", where=middle_of(0), actor=refused)
    sensing.adopt("mc-1", name="x", kit="manhole", where=middle_of(0), actor=operator(GRID_A[:9]))


def test_a_replay_is_asked_for_by_the_operator_of_an_adopted_device():
    make_areas()
    make_thing("mc-1")
    request = sensing.replay_quarantined("mc-1", actor=operator(GRID_A[:6]))
    assert ReplayRequest.objects.get(pk=request).asked_by == "user:7"
    assert queries.replay_state("mc-1") == queries.ReplayState(id=request, done_at=None, replayed=None, refused=None)
    with pytest.raises(NotPermitted):
        sensing.replay_quarantined("mc-1", actor=operator(GRID_B))
    with pytest.raises(NotFound):
        sensing.replay_quarantined("stranger", actor=SYSTEM)


def test_kits_come_with_the_migration_and_loading_again_keeps_what_the_city_changed():
    assert sensing.load_kits(actor=SYSTEM) == 0
    assert KitMetric.objects.filter(kit="manhole").delete()[0] > 0
    assert sensing.load_kits(actor=SYSTEM) == KitMetric.objects.filter(kit="manhole").count() > 0
    Rule.objects.filter(name="manhole_tilt").update(source="our own unit")
    assert sensing.load_kits(actor=SYSTEM) == 0
    assert Rule.objects.get(name="manhole_tilt").source == "our own unit"


def test_a_changed_rule_counts_its_version_up():
    sensing.load_kits(actor=SYSTEM)
    marks = {"kind": "threshold", "direction": "above", "levels": [{"level": "red", "enter": 9, "leave": 8}]}
    assert sensing.change_rule("manhole_tilt", marks, actor=SYSTEM) == 2
    assert Rule.objects.get(name="manhole_tilt").definition == marks
    with pytest.raises(Invalid):
        sensing.change_rule("manhole_tilt", {"kind": "spell"}, actor=SYSTEM)
    with pytest.raises(NotPermitted):
        sensing.change_rule("manhole_tilt", marks, actor=operator(GRID_A))


def test_a_metric_can_be_put_under_another_rule_or_none():
    make_thing("mc-1")
    sensing.set_rule("mc-1", "water_cm", "river_stage_high", actor=SYSTEM)
    sensing.set_rule("mc-1", "tilt_deg", None, actor=SYSTEM)
    rules = dict(Datastream.objects.values_list("metric", "rule__name"))
    assert (rules["water_cm"], rules["tilt_deg"]) == ("river_stage_high", None)
