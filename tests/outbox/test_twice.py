"""A fact may be told twice: every handler that hears of one sets, it never adds."""

from dataclasses import fields

import pytest
from django.db import connection, transaction
from tests.make.alerts import Told, make_stream
from tests.make.areas import middle_of
from tests.make.cases import make_case_in, make_district

from linli.alerts import actions as alerts
from linli.alerts.models import Alert
from linli.cases.models import CaseReport
from linli.kernel.level import Level
from linli.outbox import actions as outbox
from linli.sensing import queries as sensing

SUBSCRIBED = [(event, outbox.path(handler)) for event, handlers in sorted(outbox._handlers.items())
              for handler in handlers]  # fmt: skip
FINGERPRINT = "SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM {} t"
NOT_OURS = ("procrastinate_", "django_", "audit_", "auth_")


def everything() -> dict[str, str]:
    """A fingerprint of every table."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if not name.startswith(NOT_OURS)]
        found = {}
        for name in tables:
            with transaction.atomic():
                cursor.execute("SELECT has_table_privilege(current_user, %s, 'SELECT')", [f'"{name}"'])
                if cursor.fetchone()[0]:
                    cursor.execute(FINGERPRINT.format(f'"{name}"'))
                    found[name] = cursor.fetchone()[0]
    return found


@pytest.fixture
def facts(system, monkeypatch) -> dict[str, object]:
    """A closed case with a report and an alert that still stands."""
    units = make_district()
    told = Told()
    monkeypatch.setattr(sensing, "exceedances_after", told.after)
    told.say(make_stream(where=middle_of(3)), Level.RED)
    alerts.take_exceedances()
    case = make_case_in("closed", units["drains"])
    Alert.objects.update(case=case)
    return {"case_id": case.pk, "report_id": CaseReport.objects.get(case=case).pk, "alert_id": Alert.objects.get().pk,
            "first_year": case.opened_at.year}


def test_something_is_subscribed():
    assert len(SUBSCRIBED) > 8


@pytest.mark.parametrize(("event", "handler"), SUBSCRIBED)
def test_told_twice_is_as_told_once(facts, event, handler):
    given = {field.name: facts[field.name] for field in fields(outbox._events[event])}
    outbox.deliver(event, handler, given)
    once = everything()
    outbox.deliver(event, handler, given)
    assert everything() == once
