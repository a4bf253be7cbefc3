"""Whoever uses no pointer gets everywhere: each journey by the keyboard alone, the focus always to be seen."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.judging import tab_to
from tests.journeys.test_manhole import photo

pytestmark = pytest.mark.browser


def choose_photo(page: Page, selector: str) -> None:
    """Open the chooser with the space bar and choose."""
    page.on("filechooser", lambda chooser: chooser.set_files(photo("grey")))
    page.wait_for_load_state()
    tab_to(page, selector)
    page.keyboard.press("Space")


def open_by(page: Page, selector: str) -> None:
    tab_to(page, selector)
    page.keyboard.press("Enter")


def test_a_resident_reports_without_a_pointer(desk):
    page = desk(None, width=390, height=844).page
    page.goto("/")
    open_by(page, "a.report")
    page.wait_for_url("**/report")
    choose_photo(page, "#id_photos")
    expect(page.locator(".photos figure")).to_have_count(1)
    tab_to(page, "#id_text")
    page.keyboard.type("垃圾没有盖，招苍蝇")
    tab_to(page, "input[name=category]")
    page.keyboard.press("Space")
    open_by(page, "button[form=what]")
    page.wait_for_url("**/report/where")
    open_by(page, "#list summary")
    tab_to(page, "#id_community")
    page.keyboard.press("ArrowDown")
    open_by(page, "#id_community ~ button")
    page.wait_for_url("**/report/where?community=*")
    tab_to(page, "#id_grid")
    open_by(page, "#id_grid ~ button")
    page.wait_for_url("**/report/look")
    open_by(page, "button[form=send]")
    page.wait_for_url("**/f/*")
    expect(page.locator(".steps .at")).to_have_count(1)


def test_an_acceptor_walks_the_inbox_and_accepts_with_one_letter(desk):
    page = desk("acceptor").page
    page.goto("/desk/")
    rows = page.locator("[data-item]")
    assert rows.count() > 1
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    second = rows.nth(1).get_attribute("href")
    expect(page.locator("#peek h2 a")).to_have_attribute("href", second)
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    first = rows.nth(0).get_attribute("href")
    expect(page.locator("#peek h2 a")).to_have_attribute("href", first)
    page.keyboard.press("a")
    page.wait_for_url("**/desk/cases/**")
    expect(page.locator("p.said")).to_be_visible()
    assert page.url.startswith(f"{desk_url(page)}{first}")


def test_a_letter_pressed_twice_and_a_button_clicked_twice_are_one_move(desk):
    page = desk("acceptor").page
    number = reported(desk(None).page, "twice", category="lamp_out", text="路灯不亮")
    page.goto(f"/desk/cases/{number}")
    page.locator(".stick form[action$='/moves/accept'] button").dblclick()
    expect(page.locator("p.said")).to_be_visible()
    assert page.locator("[role=alert]").count() == 0


def desk_url(page: Page) -> str:
    return re.match(r"https?://[^/]+", page.url)[0]


def test_letters_rest_while_somebody_types_and_where_they_are_switched_off(desk):
    page = desk("acceptor").page
    page.goto("/desk/?queue=open")
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("aj")
    expect(page.locator("#find")).to_have_value("aj")
    page.goto("/preferences")
    with page.expect_response("**/preferences"):
        page.locator("button[name=letters][value=off]").press("Enter")
    expect(page.locator("html")).to_have_attribute("data-letters", "off")
    page.goto("/desk/?queue=open")
    page.keyboard.press("j")
    assert page.locator("[data-item]:focus").count() == 0


def find_by(page: Page, number: str) -> None:
    """Search for a case with the slash key and open the only one that is found."""
    page.goto("/desk/")
    page.keyboard.press("/")
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/cases/{number}")


def reported(page: Page, ref: str = "keys", **changes: str) -> str:
    """Report something by the interface and return the number under which it goes."""
    answer = page.request.post("/api/v1/reports", data={
        "source_ref": ref, "category": "exposed_rubbish", "lon": 120.0012, "lat": 29.9992, "text": "垃圾没有盖",
        **changes})
    assert answer.status == 201, answer.text()
    return answer.json()["number"]


def test_a_case_is_accepted_filed_and_dispatched_without_a_pointer(desk):
    acceptor = desk("acceptor", width=360, height=780).page
    number = reported(desk(None).page)
    acceptor.goto("/desk/?queue=to_accept")
    open_by(acceptor, f"[data-item][href$='{number}']")
    acceptor.wait_for_url(f"**/desk/cases/{number}")
    open_by(acceptor, ".stick form[action$='/moves/accept'] button")
    expect(acceptor.locator("p.said")).to_be_visible()
    open_by(acceptor, ".stick a[href*='move=file']")
    acceptor.wait_for_url("**move=file**")
    tab_to(acceptor, "#deed input[name=condition]")
    acceptor.keyboard.press("Space")
    tab_to(acceptor, "#deed #id_reason")
    acceptor.keyboard.type("现场无人看护，先行立案")
    for focused in ("#deed .primary", "#deed .acts a"):
        tab_to(acceptor, focused, most=1)
    acceptor.keyboard.press("Shift+Tab")
    acceptor.keyboard.press("Enter")
    expect(acceptor.locator("p.said")).to_be_visible()
    dispatcher = desk("dispatcher").page
    find_by(dispatcher, number)
    open_by(dispatcher, ".stick a[href*='move=dispatch']")
    dispatcher.wait_for_url("**move=dispatch**")
    tab_to(dispatcher, "#id_unit")
    dispatcher.keyboard.press("ArrowDown")
    open_by(dispatcher, "#deed .primary")
    expect(dispatcher.locator("p.said")).to_be_visible()
    expect(dispatcher.locator("main")).to_contain_text("单位正在处置")


def test_the_first_stop_leads_past_the_navigation(desk):
    page = desk("acceptor").page
    for path in ("/desk/?queue=open", "/desk/notices", "/account/"):
        page.goto(path)
        tab_to(page, "a.skip", most=1)
        assert page.locator("a.skip").bounding_box()["y"] >= 0
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null"), path


def test_a_menu_holds_the_keys_and_gives_them_back(desk):
    page = desk("acceptor", width=820, height=1180).page
    page.goto("/desk/?queue=open")
    for opener, menu in (("button.post", "#post-menu"), ("button[popovertarget=queue-menu]", "#queue-menu")):
        open_by(page, opener)
        expect(page.locator(menu)).to_be_visible()
        tab_to(page, f"{menu} a", most=1)
        page.keyboard.press("Escape")
        expect(page.locator(menu)).to_be_hidden()
        expect(page.locator(opener)).to_be_focused()


def test_the_keys_go_through_a_page_in_the_order_in_which_it_is_read(desk):
    page = desk("dispatcher").page
    page.goto("/desk/?queue=open")
    told: list[str] = []
    for _step in range(60):
        page.keyboard.press("Tab")
        place = page.evaluate("""() => { const at = document.activeElement;
            const places = [['rail', '.rail'], ['head', '.desk > header'], ['queues', '.qs'], ['rows', '.list'],
                            ['peek', '.peek']];
            return places.find(([, inside]) => at.closest(inside))?.[0] ?? ''; }""")
        if place and told[-1:] != [place]:
            told.append(place)
        if place == "rows":
            break
    assert told == ["rail", "head", "queues", "rows"], told


def test_a_dispatcher_opens_a_case_and_its_form(desk):
    page = desk("dispatcher").page
    page.goto("/desk/?queue=open")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/cases/**")
    page.goto("/desk/?queue=to_dispatch")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/cases/**")
    open_by(page, ".stick a[href*='move=dispatch']")
    page.wait_for_url("**move=dispatch**")
    tab_to(page, "#id_unit")
    expect(page.locator("#id_unit")).to_be_focused()


def test_a_checker_checks_on_site_without_a_pointer(desk):
    page = desk("checker", width=390, height=844).page
    page.goto("/field/")
    open_by(page, ".todo a")
    page.wait_for_url(re.compile(r"/field/[\w-]+$"))
    choose_photo(page, "#id_photos")
    expect(page.locator(".photos figure")).to_have_count(1)
    open_by(page, "footer .primary")
    page.wait_for_url("**/field/?done=check")
    expect(page.locator(".said")).to_be_visible()


def test_the_board_is_walked_chosen_and_folded_by_keys(desk):
    page = desk("street", dark=True).page
    page.goto("/command/")
    page.wait_for_selector("html[data-map=ready]", state="attached", timeout=30_000)
    page.keyboard.press("j")
    expect(page.locator("#stream [data-item]").nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#chain .links")).to_be_visible()
    expect(page.locator(".pin-sel")).not_to_have_count(0)
    wide = free_width(page)
    page.keyboard.press("[")
    expect(page.locator(".cmd > .left")).to_be_hidden()
    page.keyboard.press("]")
    expect(page.locator(".cmd > .right")).to_be_hidden()
    assert free_width(page) > wide + 400
    tools, middle = page.locator(".map-tools").bounding_box(), page.locator(".pin-sel").first.bounding_box()
    assert tools["x"] < 40
    assert abs(middle["x"] + middle["width"] / 2 - 720) < 60, "the chosen mark is not in the middle of the free map"
    page.keyboard.press("[")
    expect(page.locator(".cmd > .left")).to_be_visible()
    column = page.locator(".cmd > .left").bounding_box()
    assert page.locator(".map-tools").bounding_box()["x"] >= column["x"] + column["width"]


def free_width(page: Page) -> float:
    return page.locator(".map-tools").bounding_box()["width"]
