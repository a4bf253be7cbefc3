"""Pages for the hand: what is touched is large enough, large type is larger still, and nothing moves by itself."""

import pytest
from playwright.sync_api import Browser, Page
from tests.journeys.conftest import Demo
from tests.journeys.judging import too_small

pytestmark = pytest.mark.browser

FINGER_PX, ELDER_PX, ELDER_TYPE_PX = 44, 56, 18
RESIDENT = ("/", "/report", "/sign-in", "/preferences")
SMALLEST_TYPE = """() => Math.min(...[...document.querySelectorAll('body *')].filter(e => e.getClientRects().length
    && !e.closest('.sr, .skip, svg, canvas, kbd') && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .map(e => parseFloat(getComputedStyle(e).fontSize)))"""
ONE_COLUMN = """() => [...document.querySelectorAll('main .btn, main .mine, main .near li, main .field')]
    .filter(e => e.getClientRects().length && !e.closest('.photos, .acts, .pick, .row')).every(e => {
        const box = e.getBoundingClientRect();
        return box.width > document.querySelector('main').clientWidth * .6; })"""
MOVES = "() => document.getAnimations().filter(a => a.effect.getComputedTiming().activeDuration > 1).length"


@pytest.fixture
def phone(chromium: Browser, demo: Demo):
    context = chromium.new_context(base_url=demo.url, viewport={"width": 360, "height": 780}, locale="zh-CN",
                                   has_touch=True, is_mobile=True, device_scale_factor=1, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def look(page: Page, demo: Demo, **cookies: str) -> None:
    page.context.add_cookies([{"name": f"linli_{name}", "value": value, "url": demo.url}
                              for name, value in cookies.items()])


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(("mode", "least"), [("normal", FINGER_PX), ("elder", ELDER_PX)])
def test_what_is_touched_is_large_enough(phone: Page, demo: Demo, mode: str, least: int, language: str):
    look(phone, demo, mode=mode, language=language)
    for path in RESIDENT:
        phone.goto(path)
        assert too_small(phone, least) == [], path


def test_large_type_is_one_column_of_large_words(phone: Page, demo: Demo):
    look(phone, demo, mode="elder")
    for path in RESIDENT:
        phone.goto(path)
        assert phone.evaluate(SMALLEST_TYPE) >= ELDER_TYPE_PX, path
        assert phone.evaluate(ONE_COLUMN), path
        assert phone.locator("button[name=mode][value=normal]").first.is_visible(), path


def test_nothing_is_to_be_had_only_outside_large_type(phone: Page, demo: Demo):
    for path in RESIDENT:
        doors = {}
        for mode in ("normal", "elder"):
            look(phone, demo, mode=mode)
            phone.goto(path)
            doors[mode] = set(phone.evaluate(
                "[...document.querySelectorAll('a[href], [name]')].filter(e => e.getClientRects().length)"
                ".map(e => e.getAttribute('href') ?? e.name)"))
        assert doors["normal"] <= doors["elder"], path


def test_a_phone_is_touched_well_on_site_too(phone: Page, demo: Demo):
    phone.goto("/sign-in")
    phone.fill("#username", "grid")
    phone.fill("#password", "linli-demo")
    phone.click("main form button.primary")
    phone.wait_for_url(lambda url: "/sign-in" not in url)
    for path in ("/field/", "/desk/report"):
        phone.goto(path)
        assert too_small(phone, FINGER_PX) == [], path


def test_nothing_moves_for_those_who_asked_for_rest(desk):
    page = desk("street", dark=True).page
    page.goto("/command/")
    page.wait_for_selector("html[data-map=ready]", state="attached", timeout=30_000)
    assert page.evaluate(MOVES) == 0
    page.locator("#stream [data-item]").first.click()
    page.wait_for_selector("#chain .links")
    assert page.evaluate(MOVES) == 0
