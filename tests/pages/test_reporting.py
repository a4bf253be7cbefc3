"""A resident reports in three steps without an account (居民上报)."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.make.areas import GRID_B, WEST, middle_of
from tests.make.browsing import text_of
from tests.make.desk import COVER, photo_file, token_of
from tests.make.resident import HERE, report_all, tell_what

from linli.audit import actions as audit
from linli.cases.models import Case, CaseReport, Category
from linli.kernel.actor import Actor

BIDI = "井盖\u202e不见了 👩‍👩‍👧 <script>alert(1)</script> & \"'"


def all_cases():
    with audit.acting(Actor.system("test")):
        return list(Case.objects.with_facts())


def test_a_resident_reports_in_three_steps_without_an_account_and_follows_by_a_link(client):
    assert client.get("/report").status_code == 200
    sent = report_all(client)
    token = token_of(sent.headers["Location"])
    page = client.get(f"/f/{token}")
    assert page.status_code == 200
    assert "井盖没了，井口敞着" in text_of(page)
    [case] = all_cases()
    assert (case.state, case.category.code, case.area_code[:12]) == ("reported", "manhole_missing", WEST)
    assert case.number in text_of(page)


def test_going_back_keeps_everything(client):
    tell_what(client, photos=photo_file())
    client.post("/report/where", HERE)
    first = text_of(client.get("/report"))
    assert "井盖没了，井口敞着" in first
    assert re.search(r'value="manhole_missing" checked', first)
    assert first.count("/report/photos/") == 1
    assert f'value="{middle_of(0).lon}"' in text_of(client.get("/report/where"))


@pytest.mark.parametrize(("step", "lands"), [("/report/where", "/report"), ("/report/look", "/report")])
def test_a_step_cannot_be_skipped(client, step, lands):
    assert client.get(step).headers["Location"] == lands
    assert client.post("/report").headers["Location"] == "/report"


def test_the_look_over_asks_for_the_place_first(client):
    tell_what(client)
    assert client.get("/report/look").headers["Location"] == "/report/where"


@pytest.mark.parametrize("wrong", [
    {"category": ""}, {"category": "no such"}, {"text": "字" * 2001}, {"text": ""}, {"text": "a\x00b"},
    {"category": "<script>"}])
def test_a_wrong_answer_comes_back_with_what_was_typed(client, wrong):
    answer = tell_what(client, **wrong)
    assert answer.status_code == 422
    assert "errors" in text_of(answer) or "err" in text_of(answer)
    if wrong.get("category") is not None:
        assert "井盖没了，井口敞着" in text_of(answer)


@pytest.mark.parametrize("data", [
    b"not a photo", b"\x89PNG\r\n\x1a\n" + b"\0" * 200, b"\xff\xd8\xff" + b"x" * 11_000_000],
    ids=["text", "broken", "too large"])
def test_a_bad_photo_is_refused_at_the_field_and_the_words_and_good_photos_stay(client, data):
    answer = tell_what(client, photos=[photo_file(), SimpleUploadedFile("bad.png", data)])
    assert answer.status_code == 422
    assert 'class="err"' in text_of(answer)
    page = text_of(client.get("/report"))
    assert "井盖没了，井口敞着" in page
    assert page.count("/report/photos/") == 1


def test_no_more_than_three_photos_are_taken_and_one_can_be_removed(client):
    tell_what(client, photos=[photo_file(), photo_file()])
    answer = tell_what(client, photos=[photo_file(), photo_file()])
    assert answer.status_code == 422
    shown = re.findall(r"/report/photos/([\w-]+)", text_of(answer))
    assert len(shown) == 3
    client.post("/report/what", {"text": "x", "category": "other", "remove": shown[0]})
    assert shown[0] not in text_of(client.get("/report"))
    assert client.get(f"/report/photos/{shown[1]}").headers["Content-Type"] == "image/jpeg"
    assert client.get(f"/report/photos/{shown[0]}").status_code == 404


def test_nobody_else_sees_the_photos_of_a_report_in_the_making(client):
    answer = tell_what(client, photos=photo_file(), category="")
    [shown] = re.findall(r"/report/photos/([\w-]+)", text_of(answer))
    assert client.get(f"/report/photos/{shown}").status_code == 200
    assert Client().get(f"/report/photos/{shown}").status_code == 404


def test_a_scanned_label_sets_the_component_and_its_place(client):
    assert COVER in text_of(client.get(f"/report?component={COVER}"))
    tell_what(client, component=COVER)
    assert f'name="component" value="{COVER}"' in text_of(client.get("/report/where"))
    client.post("/report/where", {**HERE, "component": COVER})
    client.post("/report")
    [case] = all_cases()
    assert (case.component.code, case.route_rule) == (COVER, "component")


@pytest.mark.parametrize("code", ["0000000000000000", "x", "%00", "9901010103000001' OR 1=1", "<b>"])
def test_an_unknown_label_is_said_and_reporting_goes_on(client, code):
    page = client.get("/report", {"component": code})
    assert page.status_code == 200
    assert "没找到这个标签上的设施" in text_of(page)


@pytest.mark.parametrize(("given", "lands"), [
    ({"grid": GRID_B}, "柳塘社区 网格 002"), ({"code": COVER}, "柳塘社区 网格 001"),
    ({"code": f"{COVER[:8]} {COVER[8:]}"}, "柳塘社区 网格 001")])
def test_a_place_can_be_chosen_without_map_and_script(client, given, lands):
    tell_what(client)
    answer = client.post("/report/where", given)
    assert answer.headers["Location"] == "/report/look"
    assert lands in text_of(client.get("/report/look"))


def test_the_list_shows_the_grids_of_a_community(client):
    tell_what(client)
    page = text_of(client.get("/report/where", {"community": WEST}))
    assert "柳塘社区 网格 001" in page
    assert "棠湖社区 网格 001" not in page


@pytest.mark.parametrize("where", [
    {}, {"lon": "", "lat": ""}, {"lon": "nan", "lat": "30"}, {"lon": "1e309", "lat": "30"}, {"lon": "abc", "lat": "30"},
    {"lon": "10", "lat": "10"}, {"lon": "400", "lat": "30"}, {"grid": "990101"}, {"grid": "x\x00"}, {"grid": "9" * 15},
    {"code": "123"}, {**HERE, "component": "12"}])
def test_a_place_that_cannot_be_is_refused_where_it_was_asked(client, where):
    tell_what(client)
    answer = client.post("/report/where", where)
    assert answer.status_code == 422
    assert 'role="alert"' in text_of(answer)
    assert client.get("/report/look").status_code == 302


def test_the_part_beside_the_pin_names_the_place_and_the_component(client):
    tell_what(client)
    part = client.get("/report/nearby", HERE).content.decode()
    assert "柳塘社区 网格 001" in part
    assert COVER in part
    assert "城北排水" not in part
    assert "<html" not in part
    assert "errors" in client.get("/report/nearby", {"lon": "x", "lat": "1"}).content.decode()
    assert "errors" in client.get("/report/nearby", {"lon": "10", "lat": "10"}).content.decode()


def test_sending_twice_is_one_report(client):
    first = report_all(client).headers["Location"]
    assert client.post("/report").headers["Location"] == first
    assert len(all_cases()) == 1
    with audit.acting(Actor.system("test")):
        assert CaseReport.objects.count() == 1


def test_a_refused_report_keeps_its_photos_and_words(client):
    tell_what(client, photos=photo_file())
    client.post("/report/where", HERE)
    Category.objects.filter(code="manhole_missing").update(active=False)
    answer = client.post("/report")
    assert answer.status_code == 422
    assert "井盖没了，井口敞着" in text_of(answer)
    assert "/report/photos/" in text_of(answer)
    Category.objects.filter(code="manhole_missing").update(active=True)
    assert client.post("/report").headers["Location"].startswith("/f/")


def test_what_somebody_writes_is_shown_as_written_and_steers_nothing(client):
    page = client.get(report_all(client, text=BIDI).headers["Location"]).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "\u202e" not in page
    assert "👩‍👩‍👧" in page


def test_the_limit_is_told_only_where_it_does_not_depend_on_what_is_found(client):
    tell_what(client)
    client.post("/report/where", HERE)
    assert "2 紧急工作时" in text_of(client.get("/report/look"))
    tell_what(client, category="manhole_damaged")
    assert "工作" not in text_of(client.get("/report/look")).replace("工作人员", "")


def test_sending_needs_the_forms_own_token():
    strict = Client(enforce_csrf_checks=True)
    for address in ("/report", "/report/what", "/report/where", "/forget"):
        assert strict.post(address).status_code == 403


def test_pages_are_whole_in_english_and_large_type(client):
    client.cookies["linli_language"] = "en"
    client.cookies["linli_mode"] = "elder"
    page = client.get("/").content.decode()
    assert 'data-mode="elder"' in page
    assert "Report something" in page
    sent = report_all(client)
    english = client.get(sent.headers["Location"]).content.decode()
    assert "Received, waiting for somebody to look at it" in english
    assert "Manhole cover missing" in english
