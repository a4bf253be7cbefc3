"""A thousand reports from one phone (一机千报): what is within its limit comes in as one matter, the rest waits."""

import json

import pytest
from django.test import Client
from tests.make.areas import middle_of
from tests.make.desk import make_desk

from linli.cases.models import Case, CaseReport
from linli.config.limits import RATES


@pytest.fixture(autouse=True)
def desk(system):
    make_desk()


def send(phone: Client, n: int) -> int:
    where = middle_of(0)
    body = {"source_ref": f"one-phone-{n}", "category": "manhole_missing", "lon": where.lon, "lat": where.lat,
            "text": "井盖没了"}
    return phone.post("/api/v1/reports", json.dumps(body), content_type="application/json",
                      REMOTE_ADDR="10.7.7.7").status_code


def test_a_flood_ends_at_the_limit_and_fills_one_case_and_nobody_elses_way_in(monkeypatch):
    monkeypatch.setitem(RATES, "api-report", RATES["api-report"]._replace(crowd=40))
    phone = Client()
    statuses = [send(phone, n) for n in range(100)]
    assert statuses == [201] * 40 + [429] * 60
    assert CaseReport.objects.count() == 40
    assert Case.objects.count() == 1
    neighbour = Client().post("/api/v1/reports", "{}", content_type="application/json", REMOTE_ADDR="10.7.7.8")
    assert neighbour.status_code == 422
