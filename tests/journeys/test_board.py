"""The board in a real browser: figures open rows, the past is as it was, a cut feed is said, the nearest is first."""

import json
import re
import time

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from tests.journeys.conftest import Demo
from tests.journeys.test_readable import sign_in

pytestmark = pytest.mark.browser

READY = "html[data-map=ready]"
RED = {"type": "FeatureCollection", "features": [{
    "type": "Feature", "geometry": {"type": "Point", "coordinates": [120.0, 29.998]},
    "properties": {"kind": "alert", "id": 1, "level": "red", "late": 0, "title": "井盖打开", "url": "/command/"}}]}
DOORS = """() => [...document.querySelectorAll('#figures a[href^="/command/?show="]')]
    .filter(a => a.querySelector('b') || a.closest('.tally'))
    .map(a => [a.getAttribute('href'), parseInt((a.querySelector('b') ?? a.lastChild).textContent)])"""
COUNT_PULSES = """window.pulsed = 0;
new MutationObserver(found => found.forEach(one => one.addedNodes.forEach(node => {
    if (node.className?.includes?.('pin-pulse')) window.pulsed += 1; })))
    .observe(document, {childList: true, subtree: true});"""
DISTANCES = "[...document.querySelectorAll('.todo [data-far]')].map(cell => cell.textContent)"


def metres(said: str) -> float:
    number, unit = re.match(r"([\d.]+) (千米|公里|km|米|m)", said).groups()
    return float(number) * (1000 if unit in ("千米", "公里", "km") else 1)


def open_board(page: Page, query: str = "") -> Page:
    page.goto(f"/command/{query}")
    page.wait_for_selector(READY, state="attached", timeout=30_000)
    return page


def test_every_figure_opens_as_many_rows_as_it_says(desk):
    page = desk("street", dark=True).page
    page.goto("/command/")
    doors = page.evaluate(DOORS)
    assert len(doors) >= 12
    listed = {address for address, _count in doors}
    for address in sorted(listed):
        page.goto(address)
        count = dict(page.evaluate(DOORS))[address]
        assert page.locator("#stream [data-item]").count() == count, address


def test_a_chosen_row_shows_its_chain_from_the_reading_to_the_check(desk, demo: Demo):
    page = open_board(desk("street", dark=True).page)
    demo.linli("city", "open-manhole", "mc-0036", "--for", "3600")
    row = page.locator("#stream [data-pin^='alert:'][href*='/chain/case/']").first
    row.wait_for(timeout=60_000)
    name = row.locator(".t span").first.inner_text()
    row.click()
    links = page.locator("#chain .lk .k")
    expect(links).to_have_count(5)
    assert [" ".join(words.split()) for words in links.all_inner_texts()] == ["读数", "预警", "案件", "单位", "核查"]
    expect(page.locator("#chain h2")).to_contain_text(name)
    expect(page.locator("#chain .spark path")).to_have_count(1)
    expect(page.locator(".pin-sel")).not_to_have_count(0)
    expect(page.locator("#chain a.primary")).to_have_attribute("href", re.compile("/desk/cases/"))


def test_the_scale_is_walked_by_keys_into_the_past_and_back(desk):
    page = open_board(desk("street", dark=True).page)
    now = page.locator("#stream [data-item]").count()
    assert now > 5
    scale = page.locator("#moment")
    scale.focus()
    with page.expect_response(re.compile(r"/api/v1/board/pins\?at=\d+")) as pins:
        page.keyboard.press("Home")
    assert pins.value.json()["features"] == []
    expect(page.locator("[data-moment]")).to_contain_text("回放")
    expect(page.locator(".cmd.past")).to_have_count(1)
    expect(page.locator("#stream [data-item]")).to_have_count(0)
    expect(page.locator("#stream")).to_contain_text("那一刻")
    assert "at=" in page.url
    assert "回放" in scale.get_attribute("aria-valuetext")
    with page.expect_response(re.compile(r"/api/v1/board/pins$")):
        page.keyboard.press("End")
    expect(page.locator(".cmd.past")).to_have_count(0)
    expect(page.locator("#stream [data-item]")).to_have_count(now)
    expect(page.locator(".live")).to_be_visible()
    assert "at=" not in page.url


def test_a_moment_has_an_address_and_without_scripts_a_button(chromium: Browser, demo: Demo):
    context = chromium.new_context(base_url=demo.url, locale="zh-CN", java_script_enabled=False)
    sign_in(context, demo, "street")
    page = context.new_page()
    page.goto(f"/command/?at={int(time.time()) // 300 * 300 - 6 * 3600}")
    expect(page.locator("[data-moment]")).to_contain_text("回放")
    assert page.locator("#stream [data-item]").count() == 0
    assert page.locator("#time button.no-js").is_visible()
    page.click("[data-time-now]")
    assert page.locator("#stream [data-item]").count() > 5
    context.close()


def test_a_cut_feed_is_said_and_the_board_asks_by_itself(desk):
    street = desk("street", dark=True)
    page = street.page
    cut = re.compile(r"/live(\?|$)")
    page.route(cut, lambda route: route.abort())
    open_board(page)
    mark = page.locator(".live")
    expect(mark).to_contain_text(re.compile(r"\d\d:\d\d 起没有推送"), timeout=15_000)
    with page.expect_response("**/command/stream**", timeout=20_000):
        pass
    page.unroute(cut)
    expect(mark).to_have_text("实时", timeout=30_000)
    assert all("ERR_FAILED" in error for error in street.errors), street.errors
    street.errors.clear()


def answer(route: Route) -> None:
    route.fulfill(content_type="application/json", body=json.dumps(RED))


def test_only_a_red_alert_pulses_and_never_for_who_asked_for_rest(chromium: Browser, demo: Demo, desk):
    resting = desk("street", dark=True).page
    resting.add_init_script(COUNT_PULSES)
    resting.route("**/api/v1/board/pins*", answer)
    open_board(resting)
    assert resting.evaluate("window.pulsed") == 0
    context = chromium.new_context(base_url=demo.url, locale="zh-CN", reduced_motion="no-preference",
                                   viewport={"width": 1440, "height": 900})
    sign_in(context, demo, "street")
    page = context.new_page()
    page.add_init_script(COUNT_PULSES)
    page.route("**/api/v1/board/pins*", answer)
    open_board(page)
    page.wait_for_function("window.pulsed === 1")
    expect(page.locator(".pin-pulse")).to_have_count(0, timeout=15_000)
    assert page.evaluate("window.pulsed") == 1
    context.close()


def test_on_site_the_nearest_comes_first_and_the_most_urgent_on_demand(chromium: Browser, demo: Demo):
    context = chromium.new_context(base_url=demo.url, viewport={"width": 390, "height": 844}, locale="zh-CN",
                                   geolocation={"longitude": 120.0031, "latitude": 29.9962},
                                   permissions=["geolocation"], reduced_motion="reduce")
    sign_in(context, demo, "grid")
    page = context.new_page()
    page.goto("/field/")
    page.wait_for_function("[...document.querySelectorAll('.todo [data-far]')].every(cell => cell.textContent)")
    far = [metres(said) for said in page.evaluate(DISTANCES)]
    assert far == sorted(far)
    expect(page.locator("[data-order=near]")).to_have_attribute("aria-pressed", "true")
    page.click("[data-order=urgent]")
    expect(page.locator("[data-order=urgent]")).to_have_attribute("aria-pressed", "true")
    context.close()
