"""What is said aloud, and to whom (实时播报)."""

import json

import psycopg
import pytest
from django.conf import settings
from django.db import transaction
from tests.make.areas import DISTRICT, GRID_A, STREET
from tests.make.board import at_post, make_alert
from tests.make.cases import SYSTEM, make_case, make_district

from linli.alerts.events import AlertCleared, AlertRaised
from linli.alerts.models import Alert
from linli.audit import actions as audit
from linli.cases.events import CaseMoved
from linli.command import handlers
from linli.kernel import token
from linli.kernel.role import Role
from linli_live.scope import Event, Scope


@pytest.fixture
def heard(fresh_db):
    """Everything said on the live channel until the test asks: call it to hear."""
    with psycopg.connect(fresh_db, autocommit=True) as ears:
        ears.execute("LISTEN linli_live")
        yield lambda: [json.loads(note.payload) for note in ears.notifies(timeout=1)]


def scope_of(client) -> Scope:
    answer = client.get("/live")
    assert answer.status_code == 307
    assert answer["Location"].startswith(f"{settings.LINLI_LIVE_URL}/live?token=")
    return Scope.of_token(answer["Location"].partition("token=")[2], key=settings.SECRET_KEY.encode())


def test_live_is_for_posts_that_watch(system, client):
    assert client.get("/live").status_code == 403
    resident, _user = at_post(Role.RESIDENT)
    assert resident.get("/live").status_code == 403
    mediator, _user = at_post(Role.MEDIATOR)
    assert mediator.get("/live").status_code == 403


def test_the_token_holds_the_post_for_a_minute_and_is_not_kept_anywhere(system):
    client, user = at_post(Role.STREET, STREET)
    answer = client.get("/live")
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"
    held = token.verify(answer["Location"].partition("token=")[2], key=settings.SECRET_KEY.encode())
    assert len(held.pop("who")) == 16
    assert held == {"areas": [STREET], "units": [], "topics": ["alerts", "cases"]}
    assert str(user.username) not in json.dumps(held)
    assert scope_of(client).who == scope_of(client).who != scope_of(at_post(Role.STREET, STREET)[0]).who


def test_what_is_said_reaches_whoever_may_see_the_row_and_nobody_else(heard):
    with audit.acting(SYSTEM):
        from linli.cases import actions as cases

        cases.load_catalogue()
        units = make_district()
        alert, case = make_alert(), make_case()
        here, _ = at_post(Role.STREET, STREET)
        there, _ = at_post(Role.STREET, "990101002")
        operator, _ = at_post(Role.OPERATOR, "")
        unit, _ = at_post(Role.UNIT, unit=units["drains"])
    handlers.announce_alert(AlertRaised(alert_id=alert.pk))
    handlers.announce_case(CaseMoved(case_id=case.pk))
    of_alert, of_case = heard()
    assert (of_alert["topic"], of_alert["area"], of_alert["data"]["id"]) == ("alerts", GRID_A, alert.pk)
    assert (of_case["topic"], of_case["area"], of_case["data"]["id"]) == ("cases", GRID_A, case.pk)
    hears = {name: [scope_of(client).hears(Event(said["topic"], said["area"], frozenset(said["units"])))
                    for said in (of_alert, of_case)]
             for name, client in {"here": here, "there": there, "operator": operator, "unit": unit}.items()}
    assert hears == {"here": [True, True], "there": [False, False], "operator": [True, False], "unit": [False, False]}


def test_a_unit_hears_of_a_case_from_the_moment_it_was_sent(heard):
    with audit.acting(SYSTEM):
        from linli.cases import actions as cases

        cases.load_catalogue()
        units = make_district()
        case = make_case()
    assert case.unit_id == units["duty"], "proposed, not sent"
    handlers.announce_case(CaseMoved(case_id=case.pk))
    with audit.acting(SYSTEM):
        from tests.make.cases import ACCEPTOR, DISPATCHER, HAZARD

        cases.move(case.pk, "accept", actor=ACCEPTOR)
        cases.move(case.pk, "file", actor=ACCEPTOR, condition=HAZARD, reason="急")
        cases.move(case.pk, "dispatch", actor=DISPATCHER, unit=units["duty"])
        alert = make_alert()
        Alert.objects.filter(pk=alert.pk).update(case=case)
    handlers.announce_case(CaseMoved(case_id=case.pk))
    handlers.announce_alert(AlertRaised(alert_id=alert.pk))
    assert [said["units"] for said in heard()] == [[], [units["duty"]], [units["duty"]]]


def test_nobodys_data_is_said(heard):
    with audit.acting(SYSTEM):
        from linli.cases import actions as cases

        cases.load_catalogue()
        make_district()
        case = make_case(text="我是王小明，电话 13800000000，井盖没了")
    handlers.announce_case(CaseMoved(case_id=case.pk))
    [said] = heard()
    assert "王小明" not in json.dumps(said, ensure_ascii=False)
    assert set(said["data"]) == {"kind", "id", "number", "state", "level", "title", "lon", "lat"}


def test_nothing_is_said_of_what_is_not_there_or_was_not_kept(heard):
    handlers.announce_alert(AlertCleared(alert_id=123456))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        with audit.acting(SYSTEM):
            alert = make_alert()
        handlers.announce_alert(AlertRaised(alert_id=alert.pk))
        raise ZeroDivisionError
    assert heard() == []


def test_said_twice_it_is_the_same(heard):
    with audit.acting(SYSTEM):
        alert = make_alert()
    handlers.announce_alert(AlertRaised(alert_id=alert.pk))
    handlers.announce_alert(AlertRaised(alert_id=alert.pk))
    first, second = heard()
    assert first == second


def test_every_fact_of_alerts_and_cases_is_said():
    from linli.alerts import events as of_alerts
    from linli.cases import events as of_cases
    from linli.outbox import actions as outbox

    for event in (of_alerts.AlertRaised, of_alerts.AlertChanged, of_alerts.AlertCleared, of_cases.CaseOpened,
                  of_cases.CaseMoved, of_cases.CaseMerged, of_cases.CaseClosed):
        assert any("linli.command" in outbox.path(handler) for handler in outbox._handlers[event.name()]), event


def test_the_token_is_read_anew_at_every_coming(system):
    client, user = at_post(Role.STREET, STREET)
    assert scope_of(client).areas == {STREET}
    user.posts.update(area_code=DISTRICT)
    assert scope_of(client).areas == {DISTRICT}
