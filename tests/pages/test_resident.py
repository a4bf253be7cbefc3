import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.make.areas import GRID_B, WEST, middle_of
from tests.make.cases import ACCEPTOR, make_case, make_case_in, make_photo, make_report, moves_to_close
from tests.make.desk import COVER, photo_file, token_of

from linli.assets.models import ComponentClass
from linli.audit import actions as audit
from linli.cases import actions as cases
from linli.cases.models import Case, CaseReport, Category
from linli.kernel.actor import ANONYMOUS, Actor

BIDI = "井盖\u202e不见了 👩‍👩‍👧 <script>alert(1)</script> & \"'"
HERE = {"lon": f"{middle_of(0).lon:.6f}", "lat": f"{middle_of(0).lat:.6f}"}


def tell_what(client, **changed):
    return client.post("/report/what", {"text": "井盖没了，井口敞着", "category": "manhole_missing", **changed})


def report_all(client, **changed):
    assert tell_what(client, photos=photo_file(), **changed).headers["Location"] == "/report/where"
    assert client.post("/report/where", HERE).headers["Location"] == "/report/look"
    return client.post("/report")


def text_of(answer):
    return answer.content.decode().split("<main")[1]


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


def test_the_link_is_kept_from_referrers_indexes_and_stores(client):
    page = client.get(report_all(client).headers["Location"])
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "no-store" in page.headers["Cache-Control"]


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


def test_two_residents_at_one_hole_follow_one_case(client):
    report_all(client)
    other = Client()
    page = text_of(other.get(report_all(other).headers["Location"]))
    assert len(all_cases()) == 1
    assert "并为一件" in page


def test_what_somebody_writes_is_shown_as_written_and_steers_nothing(client):
    page = client.get(report_all(client, text=BIDI).headers["Location"]).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "\u202e" not in page
    assert "👩‍👩‍👧" in page


def test_the_phone_lists_what_it_reported_and_can_forget_it(client):
    token = token_of(report_all(client).headers["Location"])
    cookie = client.cookies["linli_mine"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert f"/f/{token}" in text_of(client.get("/"))
    assert token not in text_of(Client().get("/"))
    client.post("/forget")
    assert token not in text_of(client.get("/"))
    assert client.get(f"/f/{token}").status_code == 200


def test_a_changed_cookie_is_no_cookie(client):
    token = token_of(report_all(client).headers["Location"])
    other = cases.submit(make_report(), actor=ANONYMOUS).follow_token
    client.cookies["linli_mine"] = client.cookies["linli_mine"].value.replace(token, other)
    page = client.get("/")
    assert page.status_code == 200
    assert "/f/" not in text_of(page)


@pytest.mark.parametrize("token", ["x", "x" * 22, "x" * 5000, "%00", "%EF%BF%BD", "井盖"])
def test_a_wrong_link_is_told_kindly_and_learns_nothing(client, token):
    answer = client.get(f"/f/{token}")
    assert answer.status_code == 404
    assert "这个链接打不开" in text_of(answer)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert client.get(f"/f/{token}/photos/{uuid4()}").status_code == 404


def followed(**changed):
    done = cases.submit(make_report(**changed), actor=ANONYMOUS)
    return done.case_id, done.follow_token


def test_the_five_steps_go_with_the_case(client, units):
    photo = make_photo(ANONYMOUS)
    case = make_case(photos=(photo,), text="井口敞着", source_ref="s" * 30)
    token = cases.submit(make_report(source_ref="s" * 30), actor=ANONYMOUS).follow_token
    assert "收到了，等人受理" in text_of(client.get(f"/f/{token}"))
    seen = {"dispatched": "已派人，正在处置", "handled": "修好了，等人到场核查", "closed": "修好、核查过，已结案"}
    for name, reached, actor, given in moves_to_close(units["drains"]):
        photos = {"evidence": [make_photo(actor)]} if name in ("report_done", "check") else {}
        cases.move(case.pk, name, actor=actor, **given, **photos)
        if reached in seen:
            assert seen[reached] in text_of(client.get(f"/f/{token}"))
    page = text_of(client.get(f"/f/{token}"))
    shown = set(re.findall(rf"/f/{token}/photos/([\w-]+)", page))
    assert str(photo) in shown
    assert len(shown) == 3
    for one in shown:
        answer = client.get(f"/f/{token}/photos/{one}")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "user:" not in page
    assert "受理岗" not in page


def test_another_reporters_words_and_photos_are_not_shown(client):
    photo = make_photo(ANONYMOUS)
    make_case(photos=(photo,), text="我家门口，电话 13800000000")
    _case, token = followed()
    page = text_of(client.get(f"/f/{token}"))
    assert "13800000000" not in page
    assert client.get(f"/f/{token}/photos/{photo}").status_code == 404


def test_a_case_that_was_not_taken_on_says_why(client):
    case_id, token = followed()
    cases.move(case_id, "reject", actor=ACCEPTOR, reason="到场没有看到")
    page = text_of(client.get(f"/f/{token}"))
    assert "没有受理" in page
    assert "到场没有看到" in page


def test_home_shows_what_is_being_handled_and_nothing_personal(client, units):
    make_case_in("dispatched", units["drains"], text="我家门口")
    page = text_of(client.get("/"))
    assert "井盖缺失" in page
    assert "我家门口" not in page
    assert all_cases()[0].number not in page


def test_an_empty_home_says_so_and_offers_reporting(client):
    page = text_of(client.get("/"))
    assert "眼下没有在办的事" in page
    assert "/report" in page
    assert "我报的事" not in page


def test_what_concerns_a_gated_component_is_not_on_the_first_page(client, units):
    make_case_in("dispatched", units["drains"])
    with audit.acting(Actor.system("test")):
        ComponentClass.objects.filter(code="0103").update(gated=True)
    assert "井盖缺失" not in text_of(client.get("/"))


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


def test_an_old_case_is_past_its_limit(client, units):
    _case, token = followed()
    [case] = all_cases()
    for name, _reached, actor, given in moves_to_close(units["drains"])[:3]:
        cases.move(case.pk, name, actor=actor, **given)
    with audit.acting(Actor.system("test")):
        row = Case.objects.get(pk=case.pk)
        moments = {name: getattr(row, name) - timedelta(hours=5)
                   for name in ("filed_at", "started_at", "near_at", "due_at")}
        Case.objects.filter(pk=case.pk).update(**moments)
    assert "已超时限" in text_of(client.get(f"/f/{token}"))


def test_many_who_join_are_one_line_with_their_number(client):
    token = cases.submit(make_report(), actor=ANONYMOUS).follow_token
    for _ in range(12):
        cases.submit(make_report(), actor=ANONYMOUS)
    page = text_of(client.get(f"/f/{token}"))
    assert page.count("并为一件") == 1
    assert "× 12" in page


def test_a_closed_matter_may_be_refused_by_whoever_holds_the_link(client, units):
    _case, token = followed()
    [case] = all_cases()
    assert client.post(f"/f/{token}/refuse", {"reason": "还漏"}).status_code == 409
    assert "还有什么没解决" not in text_of(client.get(f"/f/{token}"))
    for name, _reached, actor, given in moves_to_close(units["drains"]):
        photos = {"evidence": [make_photo(actor)]} if name in ("report_done", "check") else {}
        cases.move(case.pk, name, actor=actor, **given, **photos)
    assert "还有什么没解决" in text_of(client.get(f"/f/{token}"))
    empty = client.post(f"/f/{token}/refuse", {"reason": " "})
    assert (empty.status_code, 'role="alert"' in text_of(empty)) == (422, True)
    assert client.get(f"/f/{token}/refuse").headers["Location"] == f"/f/{token}"
    answer = client.post(f"/f/{token}/refuse", {"reason": "还漏"})
    assert answer.headers["Location"] == f"/f/{token}"
    page = text_of(client.get(f"/f/{token}"))
    assert "上报人表示没有解决，已重办" in page
    assert "还漏" not in page, "what one reporter wrote is not for the others"
    assert client.post("/f/nobody/refuse", {"reason": "x"}).status_code == 404
