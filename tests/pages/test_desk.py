import re
from datetime import timedelta

import pytest
from django.test import Client
from tests.conftest import sign_in
from tests.make.areas import EAST, GRID_A, middle_of
from tests.make.cases import HAZARD, case_now, make_case, make_case_in, make_photo, make_report
from tests.make.desk import COVER, photo_file

from linli.audit import actions as audit
from linli.calendar.models import CalendarYear
from linli.cases import actions as cases
from linli.cases.domain.intake import Source
from linli.cases.models import Case
from linli.kernel import clock
from linli.kernel.actor import ANONYMOUS, Actor
from linli.kernel.level import Level

SYSTEM = Actor.system("test")
STATES = ("reported", "accepted", "filed", "dispatched", "handled", "checked", "closed", "void")
MAY = {  # state → post → the moves its page offers
    "reported": {"acceptor": {"accept", "reject"}},
    "accepted": {"acceptor": {"reject", "ask_to_verify", "file"}},
    "filed": {"dispatcher": {"dispatch"}},
    "dispatched": {"dispatcher": {"dispatch"}, "unit": {
        "return_to_dispatcher", "ask_extension", "ask_suspension", "report_done"}},
    "handled": {"checker": {"check", "send_back"}},
    "checked": {"acceptor": {"close"}, "checker": {"send_back"}},
    "closed": {"acceptor": {"reopen"}},
    "void": {},
}
POSTS = ("acceptor", "dispatcher", "unit", "checker", "grid", "street")


def at(username):
    client = Client()
    sign_in(client, username)
    return client


def text_of(answer):
    return answer.content.decode().split("<main")[1]


def move(client, case, name, **given):
    return client.post(f"/desk/cases/{case.number}/moves/{name}", given)


def page_of(client, case, **query):
    return client.get(f"/desk/cases/{case.number}", query)


def offered(page):
    return set(re.findall(r"moves/(\w+)\"|move=(\w+)#", page.content.decode()))


def test_a_stranger_is_asked_to_sign_in_and_a_resident_is_refused(client):
    case = make_case()
    for address in ("/desk/", f"/desk/cases/{case.number}", "/desk/report", f"/desk/peek/{case.number}"):
        assert client.get(address).headers["Location"].startswith("/sign-in?next=/desk/")
        assert at("resident").get(address).status_code == 403
    assert client.post(f"/desk/cases/{case.number}/moves/accept").headers["Location"].startswith("/sign-in")
    assert case_now(case.pk).state == "reported"


def test_a_case_walks_over_the_desks_from_report_to_close(client):
    done = cases.submit(make_report(text="井口敞着"), actor=ANONYMOUS)
    case = case_now(done.case_id)
    acceptor, dispatcher, unit, checker = at("acceptor"), at("dispatcher"), at("unit"), at("checker")
    assert case.number in text_of(acceptor.get("/desk/"))
    assert move(acceptor, case, "accept").headers["Location"] == f"/desk/cases/{case.number}?done=accept"
    assert HAZARD in text_of(page_of(acceptor, case, move="file"))
    move(acceptor, case, "file", condition=HAZARD, reason="井口敞着，先行立案", note="核实属实")
    assert case.number in text_of(dispatcher.get("/desk/"))
    chosen = re.search(r'<option value="(\d+)" selected', text_of(page_of(dispatcher, case, move="dispatch")))
    move(dispatcher, case, "dispatch", unit=chosen.group(1))
    assert case.number in text_of(unit.get("/desk/"))
    move(unit, case, "report_done", photos=photo_file(), note="换盖 1 块")
    assert case.number in text_of(checker.get("/desk/"))
    move(checker, case, "check", photos=photo_file())
    assert case.number in text_of(acceptor.get("/desk/?queue=to_close"))
    move(acceptor, case, "close", condition_met="on")
    assert case_now(case.pk).state == "closed"
    page = text_of(page_of(acceptor, case))
    for said in ("已受理", "已立案", "核实属实", "已派遣", "换盖 1 块", "核查通过", "已结案", "城北排水", "井口敞着"):
        assert said in page
    assert page.count("/photos/") == 2
    assert "user:" not in page


@pytest.mark.parametrize("state", STATES)
def test_each_post_is_offered_exactly_its_moves(state, units):
    case = make_case_in(state, units["drains"])
    for post in POSTS:
        page = page_of(at(post), case)
        if post == "unit" and state in ("reported", "accepted", "filed", "void"):
            assert page.status_code == 404
            continue
        assert page.status_code == 200
        found = {a or b for a, b in offered(page)}
        assert found == MAY[state].get(post, set()), post
        assert text_of(page).count("btn primary") == (1 if found else 0)


@pytest.mark.parametrize(("state", "name", "post"), [
    ("reported", "accept", "dispatcher"), ("reported", "accept", "checker"), ("reported", "accept", "grid"),
    ("accepted", "file", "street"), ("filed", "dispatch", "acceptor"), ("dispatched", "report_done", "acceptor"),
    ("handled", "check", "acceptor"), ("handled", "check", "dispatcher"), ("checked", "close", "checker")])
def test_a_move_of_another_post_is_refused(state, name, post, units):
    case = make_case_in(state, units["drains"])
    answer = move(at(post), case, name, condition=HAZARD, reason="x", unit=units["drains"], condition_met="on",
                  photos=photo_file())
    assert answer.status_code == 403
    assert case_now(case.pk).state == state


def test_no_photo_is_opened_for_who_may_not_take_the_move(units, monkeypatch):
    opened = []
    monkeypatch.setattr("linli.files.actions.make_safe", opened.append)
    case = make_case_in("filed", units["drains"])
    assert move(at("checker"), case, "dispatch", photos=photo_file()).status_code == 403
    assert opened == []


@pytest.mark.parametrize("post", ["east", "other_unit"])
def test_a_case_of_another_area_or_unit_does_not_exist(post, units):
    case = make_case_in("dispatched", units["drains"], photos=(photo := make_photo(ANONYMOUS),))
    client = at(post)
    here = f"/desk/cases/{case.number}"
    for address in (here, f"/desk/peek/{case.number}", f"{here}/photos/{photo}"):
        assert client.get(address).status_code == 404
    for name in ("accept", "report_done", "dispatch"):
        assert move(client, case, name, photos=photo_file()).status_code == 404
    for query in ({"queue": "open"}, {"q": case.number}):
        assert here not in client.get("/desk/", query).content.decode()
    assert case_now(case.pk).state == "dispatched"


@pytest.mark.parametrize("number", ["Q0000-0000", "nothing", "1"])
def test_a_number_that_nobody_gave_is_not_found(number):
    assert at("acceptor").get(f"/desk/cases/{number}").status_code == 404


def test_an_unknown_move_is_not_found():
    case = make_case()
    assert move(at("acceptor"), case, "delete").status_code == 404
    assert page_of(at("acceptor"), case, move="delete").status_code == 200


@pytest.mark.parametrize(("state", "post", "name", "given", "field"), [
    ("accepted", "acceptor", "file", {"note": "看过了"}, "condition"),
    ("accepted", "acceptor", "file", {"note": "看过了", "condition": "no.such"}, "condition"),
    ("accepted", "acceptor", "reject", {"note": "看过了", "reason": "  "}, "reason"),
    ("accepted", "acceptor", "reject", {"note": "看过了", "reason": "字" * 501}, "reason"),
    ("accepted", "acceptor", "reject", {"note": "看过了", "reason": "a\x00b"}, "reason"),
    ("filed", "dispatcher", "dispatch", {"note": "看过了", "unit": ""}, "unit"),
    ("filed", "dispatcher", "dispatch", {"note": "看过了", "unit": "999999"}, "unit"),
    ("filed", "dispatcher", "dispatch", {"note": "看过了", "unit": "x" * 40}, "unit"),
    ("dispatched", "unit", "report_done", {"note": "看过了"}, "photos"),
    ("checked", "acceptor", "close", {"note": "看过了"}, "condition_met")])
def test_a_form_with_something_missing_comes_back_with_the_rest(state, post, name, given, field, units):
    case = make_case_in(state, units["drains"])
    answer = move(at(post), case, name, **given)
    page = text_of(answer)
    assert answer.status_code == 422
    assert "看过了" in page
    assert 'class="err"' in page
    assert f'id="id_{field}' in page or f'name="{field}"' in page
    assert case_now(case.pk).state == state


def test_a_photo_that_was_good_stays_when_another_is_not(units):
    case, client = make_case_in("dispatched", units["drains"]), at("unit")
    broken = photo_file()
    broken.file.seek(0)
    broken.file.write(b"rubbish!")
    broken.file.seek(0)
    answer = move(client, case, "report_done", photos=[photo_file(), broken], note="换盖")
    assert answer.status_code == 422
    [sealed] = re.findall(r'name="kept" value="([^"]+)"', text_of(answer))
    assert client.get(f"/desk/photos/{sealed}").headers["Content-Type"] == "image/jpeg"
    assert at("checker").get(f"/desk/photos/{sealed}").status_code == 404
    assert client.get(f"/desk/photos/{sealed}x").status_code == 404
    assert move(at("acceptor"), case, "report_done", kept=sealed).status_code == 403
    assert move(client, case, "report_done", kept=sealed, note="换盖").status_code == 302
    assert case_now(case.pk).state == "handled"


def test_a_photo_of_somebody_else_cannot_be_handed_in(units):
    case = make_case_in("dispatched", units["drains"])
    foreign = make_photo(ANONYMOUS)
    answer = move(at("unit"), case, "report_done", kept=str(foreign))
    assert answer.status_code == 422
    assert case_now(case.pk).state == "dispatched"


def test_who_comes_second_is_told_and_loses_nothing(units):
    case = make_case_in("accepted", units["drains"])
    assert move(at("acceptor"), case, "reject", reason="查无此事").status_code == 302
    answer = move(at("acceptor"), case, "reject", reason="我的理由很长")
    assert answer.status_code == 409
    assert "我的理由很长" in text_of(answer)
    assert "btn primary" not in text_of(answer)


def test_after_handing_a_case_back_the_unit_is_at_its_inbox(units):
    case = make_case_in("dispatched", units["drains"])
    answer = move(at("unit"), case, "return_to_dispatcher", reason="非本单位")
    assert answer.headers["Location"] == "/desk/?done=return_to_dispatcher"
    assert "已退回派遣岗" in text_of(at("unit").get("/desk/?done=return_to_dispatcher"))


def test_moves_need_the_forms_own_token():
    case, strict = make_case(), Client(enforce_csrf_checks=True)
    sign_in(strict, "acceptor")
    assert move(strict, case, "accept").status_code == 403
    assert case_now(case.pk).state == "reported"


def test_the_queues_count_and_list_the_same(units):
    make_case()
    make_case_in("accepted", units["drains"], where=middle_of(2))
    client = at("acceptor")
    page = text_of(client.get("/desk/?queue=to_accept"))
    assert re.search(r'queue=to_accept" aria-current="page">待受理<span class="fig">1<', page)
    for queue, how_many in (("to_accept", 1), ("to_file", 1), ("to_close", 0), ("open", 2), ("closed", 0)):
        listed = text_of(client.get("/desk/", {"queue": queue}))
        assert listed.count("data-item") == how_many, queue


def test_an_empty_queue_says_so():
    page = text_of(at("checker").get("/desk/"))
    assert "没有“待核查”的案件" in page


@pytest.mark.parametrize("query", [
    {"queue": "no such"}, {"page": "-1"}, {"page": "9" * 30}, {"page": "9999"}, {"q": "\x00"}, {"q": "%_'\"\\"},
    {"q": "字" * 5000}, {"done": "no such"}])
def test_a_strange_address_is_an_ordinary_page(query):
    make_case()
    assert at("acceptor").get("/desk/", query).status_code == 200


def test_a_search_finds_by_number_place_kind_and_component():
    make_case(component_id=None)
    case = case_now(Case.objects.first().pk)
    client = at("acceptor")
    for words in (case.number, "柳塘", "井盖", "Manhole", COVER):
        assert client.get("/desk/", {"q": words}).content.decode().count("data-item") == 1, words
    assert client.get("/desk/", {"q": "没有这个"}).content.decode().count("data-item") == 0


def test_more_than_fifty_rows_are_turned_over_page_by_page():
    with audit.acting(SYSTEM):
        row = Case.objects.get(pk=make_case().pk)
        for n in range(54):
            row.pk, row.number = None, f"Q0101-{n:04d}"
            row._state.adding = True
            row.save(force_insert=True)
    client = at("acceptor")
    first, second = client.get("/desk/"), client.get("/desk/?page=1")
    assert first.content.decode().count("data-item") == 50
    assert second.content.decode().count("data-item") == 5
    assert "下一页" in text_of(first)


def sensors_case():
    facts = {"alert": 7, "exceedance": 9, "thing": "mc-7", "thing_name": "井盖计 7", "metric": "tilt_deg",
             "value": 31.5, "unit": "°", "rule": "manhole_tilt", "rule_version": 2, "level": "orange"}
    done = cases.submit(make_report(Source.SENSOR, level=Level.ORANGE, facts=facts), actor=SYSTEM)
    return case_now(done.case_id)


def chain_of(page):
    return text_of(page).split("来龙去脉")[1].split("</section>")[0]


def test_a_sensors_case_shows_the_chain_from_its_reading():
    chain = chain_of(page_of(at("acceptor"), sensors_case()))
    for said in ("读数", "31.5 °", "预警", "橙色", "案件", "单位", "核查", "井盖计 7", "/desk/things/mc-7"):
        assert said in chain, said
    assert chain.count('class="gap">+') == 2
    assert chain.count("还没到这一步") == 1
    assert chain.index("读数") < chain.index("预警") < chain.index("案件") < chain.index("核查")


def test_a_sensors_report_is_said_in_words_and_units_never_as_the_message_it_was():
    facts = {"thing": "mc-7", "thing_name": "井盖计 7", "metric": "tilt_deg", "value": 31.5, "unit": "°",
             "rule": "manhole_tilt", "level": "orange"}
    done = cases.submit(make_report(Source.SENSOR, level=Level.ORANGE, facts=facts, text="mc-7: tilt_deg 31.5°"),
                        actor=SYSTEM)
    case = case_now(done.case_id)
    for page in (page_of(at("acceptor"), case), at("acceptor").get(f"/desk/peek/{case.number}")):
        said = page.content.decode()
        assert "井盖计 7：" in said
        assert "31.5 °" in said
        assert "mc-7: tilt_deg" not in said


def test_people_are_quoted_before_sensors():
    sensors = sensors_case()
    cases.submit(make_report(text="井盖歪了，车过就响"), actor=ANONYMOUS)
    assert "井盖歪了" in at("acceptor").get(f"/desk/peek/{sensors.number}").content.decode()


def test_only_who_sees_the_devices_is_led_to_the_readings(units):
    case = sensors_case()
    for name, actor, given in (("accept", "acceptor", {}), ("file", "acceptor", {"condition": HAZARD}),
                               ("dispatch", "dispatcher", {"unit": units["drains"]})):
        move(at(actor), case, name, **given)
    assert "井盖计 7" in chain_of(page_of(at("unit"), case))
    assert "/desk/things/" not in chain_of(page_of(at("unit"), case))


def test_a_residents_case_begins_its_chain_at_the_case():
    page = text_of(page_of(at("acceptor"), make_case()))
    chain = page.split("来龙去脉")[1].split("</section>")[0]
    assert "读数" not in chain
    assert "案件" in chain


def test_an_unknown_end_of_a_limit_is_said_and_why(units):
    case = make_case_in("accepted", units["drains"], category="manhole_damaged")
    CalendarYear.objects.all().delete()
    move(at("acceptor"), case, "file", condition="manhole_damaged.broken", reason="急")
    page = text_of(page_of(at("acceptor"), case))
    assert "到期时间未知" in page
    assert "未知不等于按时" in page


def test_a_case_says_which_unit_and_why(units):
    case = make_case(component_id=None)
    page = text_of(page_of(at("dispatcher"), case))
    for said in ("城北排水", "本案拟派", "最近同类部件", "未登记", "区城管局", COVER):
        assert said in page, said


def test_what_somebody_wrote_is_shown_as_written(units):
    nasty = "</script><img src=x onerror=alert(1)>\u202e👩‍👩‍👧 {{ 7 }} {% x %}"
    case = make_case_in("handled", units["drains"], text=nasty)
    move(at("checker"), case, "send_back", reason=nasty)
    for page in (page_of(at("checker"), case), at("checker").get("/desk/?queue=open")):
        content = page.content.decode()
        assert "<img src=x" not in content
        assert "\u202e" not in content
        assert "👩‍👩‍👧" in content


def test_every_page_obeys_the_content_policy(units):
    case = make_case_in("handled", units["drains"])
    pages = ["/", "/report", "/sign-in"]
    desks = ["/desk/", f"/desk/cases/{case.number}", f"/desk/cases/{case.number}?move=check"]
    answers = [Client().get(address) for address in pages] + [at("checker").get(address) for address in desks]
    for answer in [*answers, at("grid").get("/desk/report")]:
        content = answer.content.decode()
        assert " style=" not in content
        assert not re.search(r"<[^>]+ on\w+=", content)
        for script in re.findall(r"<script[^>]*>", content):
            assert "src=" in script or 'type="application/json"' in script


def patrol(client, **changed):
    page = client.get("/desk/report").content.decode()
    ref = re.search(r'name="ref" value="([^"]+)"', page).group(1)
    given = {"ref": ref, "text": "井盖松动", "category": "manhole_damaged", "lon": str(middle_of(0).lon),
             "lat": str(middle_of(0).lat)}
    return client.post("/desk/report", {**given, **changed})


def test_a_grid_worker_reports_from_the_desk():
    answer = patrol(at("grid"), photos=photo_file())
    assert answer.status_code == 302
    [case] = Case.objects.all()
    assert answer.headers["Location"] == f"/desk/cases/{case.number}?done=opened"
    page = text_of(at("grid").get(answer.headers["Location"]))
    assert "网格员" in page
    assert "井盖松动" in page


@pytest.mark.parametrize("given", [{"code": COVER}, {"grid": GRID_A, "lon": "", "lat": ""}, {"component": COVER}])
def test_a_grid_worker_names_the_place_in_three_ways(given):
    assert patrol(at("grid"), **given).status_code == 302
    [case] = Case.objects.all()
    assert case.area_code == GRID_A


@pytest.mark.parametrize("wrong", [
    {"category": ""}, {"lon": "", "lat": ""}, {"lon": "10", "lat": "10"}, {"code": "123"}, {"grid": EAST}, {"ref": ""},
    {"text": "字" * 2001}])
def test_a_patrol_report_that_cannot_be_taken_keeps_words_and_photos(wrong):
    answer = patrol(at("grid"), photos=photo_file(), **wrong)
    page = text_of(answer)
    assert answer.status_code in (404, 422)
    assert 'name="kept"' in page
    assert "松动" in page or "字字" in page
    assert not Case.objects.exists()


def test_only_a_grid_worker_reports_as_one():
    assert at("acceptor").get("/desk/report").status_code == 403
    assert at("acceptor").post("/desk/report", {}).status_code == 403


def test_a_unit_asks_for_more_time_and_for_a_rest_and_the_dispatcher_answers(units):
    case = make_case_in("dispatched", units["drains"])
    unit, dispatcher = at("unit"), at("dispatcher")
    assert "申请延期" in text_of(page_of(unit, case))
    move(unit, case, "ask_extension", reason="等备件")
    assert "延期待审批" in text_of(page_of(dispatcher, case))
    assert case.number in text_of(dispatcher.get("/desk/?queue=to_agree"))
    move(dispatcher, case, "agree_extension")
    assert "已延期" in text_of(page_of(dispatcher, case))
    assert 'type="date"' in text_of(page_of(unit, case, move="ask_suspension"))
    assert move(unit, case, "ask_suspension", reason="汛期", until="gestern").status_code == 422
    assert move(unit, case, "ask_suspension", reason="汛期", until="2020-01-01").status_code == 422
    tomorrow = (clock.now() + timedelta(days=2)).date().isoformat()
    assert move(unit, case, "ask_suspension", reason="汛期", until=tomorrow).status_code == 302
    move(dispatcher, case, "agree_suspension")
    page = text_of(page_of(unit, case))
    assert "挂账至" in page
    assert "解除挂账" in page
    assert "move=report_done" not in page


def test_what_nobody_verified_is_filed_only_for_a_reason_and_the_form_says_so():
    case = make_case()
    acceptor = at("acceptor")
    move(acceptor, case, "accept")
    assert "未经核实先行立案的理由" in text_of(page_of(acceptor, case, move="file"))
    assert move(acceptor, case, "file", condition=HAZARD).status_code == 422
    assert "发核实" in text_of(page_of(acceptor, case))
    move(acceptor, case, "ask_to_verify")
    assert "待现场核实" in text_of(page_of(acceptor, case))
    assert case.number in text_of(at("grid").get("/desk/?queue=to_verify"))
