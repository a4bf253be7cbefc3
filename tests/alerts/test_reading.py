"""Who sees which alerts, and how they are told."""

import json

import pytest
from django.test import Client
from tests.conftest import sign_in
from tests.make.alerts import Told, make_stream
from tests.make.areas import EAST, WEST
from tests.make.cases import ACCEPTOR, SYSTEM, handler, make_district, post

from linli.accounts import actions as accounts
from linli.accounts.actions import NewPost
from linli.alerts import actions as alerts
from linli.alerts import policy, queries
from linli.alerts.api import AlertOut
from linli.alerts.models import Alert, Trace
from linli.audit.actions import acting
from linli.kernel.actor import ANONYMOUS, Actor
from linli.kernel.level import Level
from linli.kernel.role import Role
from linli.sensing import queries as sensing


@pytest.fixture
def alert(system, monkeypatch) -> Alert:
    make_district()
    told = Told()
    monkeypatch.setattr(sensing, "exceedances_after", told.after)
    told.say(make_stream(), Level.ORANGE)
    alerts.take_exceedances()
    return Alert.objects.get()


SEERS = [(role, WEST, role in {Role.GRID, Role.ACCEPTOR, Role.DISPATCHER, Role.CHECKER, Role.COMMUNITY, Role.STREET,
                               Role.DISTRICT, Role.AUDITOR, Role.OPERATOR}) for role in Role if role is not Role.UNIT]


@pytest.mark.parametrize(("role", "area", "sees"), [*SEERS, (Role.STREET, EAST, False), (Role.STREET, "", True)])
def test_each_post_sees_the_alerts_of_its_area(alert, role, area, sees):
    actor = post(role, area)
    assert policy.visible_alerts(actor).exists() == sees
    assert bool(json.loads(queries.open_pins(actor))["features"]) == sees


def test_nobody_else_sees_any_not_even_in_the_database(alert):
    for actor in (ANONYMOUS, handler(1), Actor("user:1")):
        assert not policy.visible_alerts(actor).exists()
        assert json.loads(queries.open_pins(actor))["features"] == []
        with acting(actor):
            assert not Alert.objects.exists()
            assert not Trace.objects.exists()


def test_the_pins_are_the_open_ones_as_geojson(alert):
    pin, = json.loads(queries.open_pins(ACCEPTOR))["features"]
    assert pin["geometry"]["coordinates"] == [alert.lon, alert.lat]
    assert pin["properties"] == {"id": alert.pk, "thing": "mc-1", "name": alert.thing_name, "level": "orange",
                                 "cause": "manhole_missing", "case": alert.case_id}


def test_an_alert_is_found_from_its_case_and_tells_its_readings(alert):
    card, = queries.alerts_of_case(ACCEPTOR, alert.case_id)
    assert card == queries.card(alert.pk)
    assert queries.alerts_of_case(post(Role.STREET, EAST), alert.case_id) == []
    assert queries.card(alert.pk + 1) is None


def test_the_api_lists_pins_and_opens_alerts_by_post(alert):
    accounts.make_demo_accounts({
        name: [NewPost(role=Role.STREET, name=name, area=area)] for name, area in (("here", WEST), ("there", EAST))
    }, actor=SYSTEM)
    here, there = Client(), Client()
    sign_in(here, "here")
    sign_in(there, "there")
    assert [AlertOut.model_validate(line).id for line in here.get("/api/v1/alerts").json()] == [alert.pk]
    assert here.get("/api/v1/alerts?cleared=true").json() == []
    assert len(here.get("/api/v1/alerts/pins").json()["features"]) == 1
    opened = here.get(f"/api/v1/alerts/{alert.pk}").json()
    assert [line["level_to"] for line in opened["readings"]] == [3]
    assert there.get("/api/v1/alerts").json() == []
    assert there.get(f"/api/v1/alerts/{alert.pk}").status_code == 404
    assert Client().get("/api/v1/alerts").status_code == 401
