import json
import re

import pytest
from django.test import Client
from tests.conftest import sign_in
from tests.make.areas import GRID_A, middle_of
from tests.make.cases import case_now, make_case_in
from tests.make.desk import photo_file

from linli.kernel.level import Level


def at(username):
    client = Client()
    sign_in(client, username)
    return client


@pytest.fixture
def handled(units):
    return make_case_in("handled", units["drains"])


def tell(client, case, move, **given):
    return client.post(f"/field/{case.number}", {"move": move, **given})


def kept_of(page):
    return re.findall(r'name="kept" value="([^"]+)"', page.content.decode())


def test_only_posts_that_go_out_have_a_field_page():
    assert Client().get("/field/").headers["Location"] == "/sign-in?next=/field/"
    for username, status in (("grid", 200), ("checker", 200), ("acceptor", 403), ("street", 403), ("resident", 403)):
        assert at(username).get("/field/").status_code == status, username


def test_what_waits_is_listed_with_its_place_and_drawn_on_the_map(handled):
    page = at("checker").get("/field/").content.decode()
    assert f'href="/field/{handled.number}"' in page
    assert f'data-lon="{handled.lon}" data-lat="{handled.lat}"' in page
    drawn = json.loads(re.search(r'id="field-map-props"[^>]*>(.*?)</script>', page)[1])
    assert [pin["properties"]["url"] for pin in drawn["pins"]["features"]] == [f"/field/{handled.number}"]
    assert drawn["fit"][0] <= handled.lon <= drawn["fit"][2]


def test_the_most_urgent_stands_first_where_the_phone_gives_no_place(units):
    calm = make_case_in("handled", units["drains"], where=middle_of(1))
    grave = make_case_in("handled", units["drains"], where=middle_of(2))
    type(grave).objects.filter(pk=grave.pk).update(level=Level.ORANGE.word)
    page = at("checker").get("/field/").content.decode()
    assert re.findall(r'href="/field/([\w-]+)" data-item', page) == [grave.number, calm.number]


def test_a_grid_worker_without_errands_is_told_so_and_can_report():
    page = at("grid").get("/field/").content.decode()
    assert "data-nearest data-keys" not in page
    assert 'href="/desk/report"' in page


def test_a_check_is_one_form_with_a_photo(handled):
    done = tell(at("checker"), handled, "check", photos=photo_file(), text="井盖已换新")
    assert done.headers["Location"] == "/field/?done=check"
    assert case_now(handled.pk).state == "checked"


def test_what_was_not_fixed_goes_back_with_the_words_as_its_reason(handled):
    refused = tell(at("checker"), handled, "send_back", photos=photo_file())
    assert refused.status_code == 422
    assert len(kept_of(refused)) == 1
    assert case_now(handled.pk).state == "handled"
    tell(at("checker"), handled, "send_back", text="盖子还在响")
    assert case_now(handled.pk).state == "dispatched"


def test_without_a_photo_a_check_is_refused_and_the_words_stay(handled):
    refused = tell(at("checker"), handled, "check", text="看过了")
    assert refused.status_code == 422
    assert "看过了" in refused.content.decode()


def test_one_photo_can_be_taken_out_and_the_rest_stays(handled):
    checker = at("checker")
    kept = kept_of(tell(checker, handled, "send_back", photos=[photo_file(), photo_file()]))
    assert len(kept) == 2
    page = tell(checker, handled, "", kept=kept, drop=kept[0], text="盖子还在响")
    assert page.status_code == 200
    assert len(kept_of(page)) == 1
    assert "盖子还在响" in page.content.decode()
    assert case_now(handled.pk).state == "handled"


def test_an_unknown_finding_is_refused(handled):
    assert tell(at("checker"), handled, "close", photos=photo_file()).status_code == 422
    assert case_now(handled.pk).state == "handled"


def test_another_areas_case_is_not_there(units):
    far = make_case_in("handled", units["drains"], where=middle_of(3))
    assert far.area_code != GRID_A
    assert at("grid").get(f"/field/{far.number}").status_code == 404


def test_a_patrols_photo_can_be_taken_out_singly():
    grid = at("grid")
    first = grid.post("/desk/report", {"ref": "r1", "photos": [photo_file(), photo_file()], "text": "井盖响"})
    kept = kept_of(first)
    assert len(kept) == 2
    page = grid.post("/desk/report", {"ref": "r1", "kept": kept, "drop": kept[1], "text": "井盖响"})
    assert page.status_code == 200
    assert len(kept_of(page)) == 1
    assert "井盖响" in page.content.decode()
