"""What a case's page tells: chain, limit, unit, words as they were written (案件页)."""

import re
from datetime import timedelta

from django.test import Client
from tests.make.browsing import at, move, page_of, text_of
from tests.make.cases import HAZARD, case_now, make_case, make_case_in, make_report
from tests.make.desk import COVER

from linli.calendar.models import CalendarYear
from linli.cases import actions as cases
from linli.cases.domain.intake import Source
from linli.kernel import clock
from linli.kernel.actor import ANONYMOUS, Actor
from linli.kernel.level import Level

SYSTEM = Actor.system("test")


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


def test_a_suspended_case_whose_end_is_unknown_promises_no_time_left(units):
    case = make_case_in("accepted", units["drains"], category="manhole_damaged")
    move(at("acceptor"), case, "file", condition="manhole_damaged.broken", reason="急")
    move(at("dispatcher"), case, "dispatch", unit=units["drains"])
    move(at("unit"), case, "ask_suspension", reason="等备件", until=f"{clock.now() + timedelta(days=20):%Y-%m-%d}")
    CalendarYear.objects.all().delete()
    move(at("dispatcher"), case, "agree_suspension", reason="同意")
    limit = text_of(page_of(at("acceptor"), case)).split('class="sheet ruler"')[1].split("</section>")[0]
    assert "挂账至" in limit
    assert "到期时间未知" in limit
    for untrue in ("已用", "剩余", "80 %"):
        assert untrue not in limit


def test_the_line_of_filing_tells_the_limit_of_then(units):
    case = make_case_in("accepted", units["drains"], category="lamp_out")
    move(at("acceptor"), case, "file", condition="lamp_out.out", reason="急")
    move(at("dispatcher"), case, "dispatch", unit=units["drains"])
    move(at("unit"), case, "ask_extension", reason="等备件")
    move(at("dispatcher"), case, "agree_extension", reason="同意")
    page = text_of(page_of(at("acceptor"), case))
    assert "4 工作日" in page.split('class="sheet ruler"')[1]
    trail = page.split('class="tl"')[1].split("</ol>")[0]
    assert "2 工作日" in trail
    assert "4 工作日" not in trail


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
