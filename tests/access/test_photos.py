"""A photo is shown to who has to do with it, to nobody else, whatever number they know (照片)."""

import pytest
from tests.access.answers import readers
from tests.access.world import SYSTEM, World, make_world
from tests.make.cases import handler, make_photo, make_report, middle_of
from tests.make.desk import photo_file

from linli.audit import actions as audit
from linli.cases import actions as cases
from linli.kernel.actor import ANONYMOUS

SEES_CASE = readers(["over the area", "unit"])


@pytest.fixture
def world(system) -> World:
    return make_world()


def shown_to(world: World, address: str) -> set[str]:
    """Return who is shown the photo; everybody else is told that there is none, or for whom the desk is."""
    statuses = {who: browser.get(address).status_code for who, browser in world.browsers.items()}
    assert set(statuses.values()) <= {200, 302, 401, 403, 404}
    return {who for who, status in statuses.items() if status == 200}


def test_a_photo_of_a_draft_is_shown_in_the_browser_that_makes_it_only(world):
    maker = world.browsers["resident"]
    maker.post("/report/what", {"category": "grate_missing", "photos": photo_file()})
    [photo] = maker.session["report_draft"]["photos"]
    assert shown_to(world, f"/report/photos/{photo}") == {"resident"}


def test_proof_of_the_work_is_shown_to_who_sees_the_case_and_to_the_reporter_by_the_link(world):
    case = world.there["<case_id>"]
    unit = handler(world.units["drains"])
    with audit.acting(SYSTEM):
        proof = make_photo(unit)
        cases.move(case, "report_done", actor=unit, evidence=[proof])
    assert shown_to(world, f"/api/v1/cases/{case}/photos/{proof}") == SEES_CASE
    assert shown_to(world, f"/desk/cases/{world.there['<slug:number>']}/photos/{proof}") == SEES_CASE
    assert shown_to(world, f"/f/{world.there['<str:token>']}/photos/{proof}") == set(world.browsers)


def test_the_link_of_one_reporter_shows_no_photo_of_another(world):
    with audit.acting(SYSTEM):
        photo = make_photo(ANONYMOUS)
        other = cases.submit(make_report(photos=(photo,)), actor=ANONYMOUS)
        assert other.case_id == world.there["<case_id>"]
    assert shown_to(world, f"/f/{world.there['<str:token>']}/photos/{photo}") == set()
    assert shown_to(world, f"/f/{other.follow_token}/photos/{photo}") == set(world.browsers)


def test_a_photo_is_not_shown_under_another_case_nor_one_of_no_case(world):
    with audit.acting(SYSTEM):
        elsewhere = cases.submit(make_report(where=middle_of(3), category="grate_missing"), actor=ANONYMOUS)
        loose = make_photo(ANONYMOUS)
    photo = world.there["<photo_id>"]
    assert shown_to(world, f"/api/v1/cases/{elsewhere.case_id}/photos/{photo}") == set()
    assert shown_to(world, f"/api/v1/cases/{world.there['<case_id>']}/photos/{loose}") == set()


def test_a_photo_carried_by_a_form_is_shown_to_who_fills_it_in(world):
    assert shown_to(world, f"/desk/photos/{world.there['<str:sealed>']}") == {"acceptor"}
