"""Query counts of pages are budgets kept as data; a rise must be accepted by hand.

Counted is what a page itself asks; what stands round every request (session, user, posts, scope, transaction) is not.
"""

import json
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.conftest import sign_in
from tests.make.areas import middle_of
from tests.make.cases import make_case_in, make_photo, make_report
from tests.make.desk import SYSTEM, photo_file

from linli.cases import actions as cases
from linli.cases.domain.intake import Source
from linli.kernel.actor import ANONYMOUS
from linli.kernel.level import Level

BUDGETS = json.loads((Path(__file__).parent / "query_budgets.json").read_text())
FRAME = re.compile(r"SAVEPOINT|set_config|current_setting|django_session|accounts_\w+|notices_notice", re.IGNORECASE)


@pytest.fixture(autouse=True)
def town(units):
    """Eight reports of one matter with photos, and cases in every state."""
    for n in range(8):
        cases.submit(make_report(photos=(make_photo(ANONYMOUS),) if n < 2 else ()), actor=ANONYMOUS)
    facts = {"thing": "mc-7", "metric": "tilt_deg", "value": 31.5, "rule": "manhole_tilt"}
    cases.submit(make_report(Source.SENSOR, level=Level.ORANGE, facts=facts), actor=SYSTEM)
    for column, state in ((1, "dispatched"), (2, "handled"), (3, "checked")):
        make_case_in(state, units["drains"], where=middle_of(column))


def asked(client, address):
    client.get(address)  # caches of areas and content types are warm on the second visit
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return [query["sql"] for query in seen.captured_queries if not FRAME.search(query["sql"])]


def at(username):
    client = Client()
    sign_in(client, username)
    return client


def held(budget, queries):
    assert len(queries) <= BUDGETS[budget], "\n".join(queries)


def test_the_residents_pages_keep_their_budgets(client):
    client.post("/report/what", {"text": "井盖没了", "category": "manhole_missing", "photos": photo_file()})
    here = middle_of(0)
    client.post("/report/where", {"lon": here.lon, "lat": here.lat})
    for address in ("/report", "/report/where", "/report/look", "/sign-in"):
        held(address, asked(client, address))
    held("/report/nearby", asked(client, f"/report/nearby?lon={here.lon}&lat={here.lat}"))
    held("/f/", asked(client, client.post("/report").headers["Location"]))
    held("/", asked(client, "/"))


def test_the_desks_pages_keep_their_budgets():
    for username in ("acceptor", "checker", "unit", "dispatcher"):
        held_at_a_desk(at(username))


def held_at_a_desk(client):
    held("/desk/", asked(client, "/desk/?queue=open"))
    for number in set(re.findall(r"/desk/peek/([\w-]+)", client.get("/desk/?queue=open").content.decode())):
        held("/desk/peek/", asked(client, f"/desk/peek/{number}"))
        held("/desk/cases/", asked(client, f"/desk/cases/{number}"))
        for move in ("file", "dispatch", "report_done", "check", "close"):
            held("/desk/cases/?move", asked(client, f"/desk/cases/{number}?move={move}"))


def test_the_grid_workers_form_keeps_its_budget():
    held("/desk/report", asked(at("grid"), "/desk/report"))
