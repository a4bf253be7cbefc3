"""The demo: a whole community with its posts and a first day's cases, loaded through the rooms' own actions."""

import subprocess
import sys

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from tests.make.areas import make_areas
from tests.make.city import make_city

from linli.accounts import actions as accounts_actions
from linli.accounts import queries as accounts
from linli.areas import queries as areas
from linli.areas.domain.shapes import AreaKind
from linli.assets import queries as assets
from linli.audit import actions as audit
from linli.cases import queries as cases
from linli.cases.policy import visible_cases
from linli.kernel import presets
from linli.kernel.actor import Actor
from linli.organisations import queries as organisations
from linli.sensing import queries as sensing
from linli.sensing.domain import kit
from linli_city.fleet import Fleet
from linli_city.kinds import KINDS
from linli_city.simulate import Street
from linli_run import demo, demo_city, demo_orders
from linli_run.home import Home
from linli_run.trouble import Trouble

SYSTEM = Actor.system("test")
PEOPLE, SEED = 300, 7


@pytest.fixture
def city(system):
    built = make_city(PEOPLE, SEED)
    assert demo_city.load_city(built)
    return built


def test_the_whole_city_is_in_the_rooms(city):
    assert len(areas.within("990101", AreaKind.GRID)) == sum(len(a.code) == 15 for a in city.areas)
    kept = assets.by_codes([c.code for c in city.components])
    assert len(kept) == len(city.components)
    assert all(len(card.area_code) == 15 for card in kept.values())
    for thing in city.things:
        assert sensing.thing_card(thing.code).component_id == kept[thing.component].id


def test_the_three_units_of_a_component_are_those_of_the_city(city):
    names = {unit.key: unit.name for unit in city.units}
    for component in city.components[::50]:
        card = assets.by_code(component.code)
        found = [
            organisations.unit_name(unit) if unit else None
            for unit in (card.supervising, card.owning, card.maintaining)
        ]
        keys = (component.supervising, component.owning, component.maintaining)
        assert found == [names[key] if key else None for key in keys]


def test_a_city_that_is_there_is_left_alone(city):
    assert demo_city.load_city(city) is False


def test_a_city_is_never_laid_over_other_areas(system):
    make_areas()
    with pytest.raises(Trouble, match="other areas"):
        demo_city.load_city(make_city(PEOPLE, SEED))


def test_the_demo_opens_with_its_accounts_and_a_first_day_marked_as_demo(db):
    demo.load(PEOPLE, SEED)
    users = {user.username: user for user in get_user_model().objects.all()}
    assert set(users) == set(demo.ACCOUNTS)
    assert all(accounts.actor_for(user).posts for user in users.values())
    assert Client().login(username="dispatcher", password=demo.PASSWORD)
    with audit.acting(SYSTEM):
        opened = list(visible_cases(SYSTEM))
        assert {case.state for case in opened} == {
            "reported",
            "verifying",
            "accepted",
            "filed",
            "dispatched",
            "handled",
            "closed",
            "void",
        }
        for report in (report for case in opened for report in cases.reports_of(case.pk)):
            assert report.text.startswith("【演示数据】")
            assert report.facts["demo"] is True
    demo.load(PEOPLE, SEED)
    with audit.acting(SYSTEM):
        assert visible_cases(SYSTEM).count() == len(opened)


def test_the_password_told_is_the_password_given():
    assert demo.PASSWORD == accounts_actions.DEMO_PASSWORD


@pytest.mark.parametrize("devices", [Street(["mc-0001"], SEED), *(Fleet(kit, ["x-1"], SEED) for kit in KINDS)])
def test_what_the_simulator_measures_is_in_the_kit(devices):
    name = devices.kind.kit if isinstance(devices, Fleet) else "manhole"
    known = {row.metric for row in kit.read_file(presets.read(f"kits/{name}"))[1]}
    message = devices.roll_call(1_800_000_000.0)[0]
    assert set(message.values) <= known


def test_orders_are_taken_once_in_the_order_given_and_rubbish_is_dropped(tmp_path):
    home = Home(tmp_path)
    first, second = demo_orders.Order("mc-0001", 60.0), demo_orders.Order("mc-0002", 5.0)
    demo_orders.give(first, home)
    (tmp_path / "simulator" / "orders" / "0.json").write_text("{nonsense")
    demo_orders.give(second, home)
    assert demo_orders.take(home) == [first, second]
    assert demo_orders.take(home) == []


def test_a_city_is_written_to_files_without_loading_django(tmp_path):
    code = (
        "import sys; from linli_run import demo;"
        "from argparse import Namespace as N; from pathlib import Path;"
        f"demo.run(N(deed='build', people=100, seed=1, out=Path({str(tmp_path)!r})));"
        "assert 'django' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": "src", "PATH": ""})
    assert (tmp_path / "components.jsonl").stat().st_size > 0


def test_too_small_a_city_is_refused_with_the_remedy():
    with pytest.raises(Trouble, match="100"):
        demo._build(99, 1, None)
