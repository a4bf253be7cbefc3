"""Everybody can read every page: axe (WCAG 2.2 A and AA, best practice) finds nothing, nothing runs off the screen."""

from pathlib import Path

import pytest
from playwright.sync_api import Page
from tests.journeys.conftest import Demo
from tests.journeys.test_manhole import photo

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
JUDGE = "rules => axe.run(document, {runOnly: rules}).then(found => found.violations.map(v => [v.id, v.nodes[0].html]))"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDE = {"width": 1440, "height": 900}
NARROW_DARK_ENGLISH = {"width": 360, "height": 780, "language": "en", "dark": True}
looks = pytest.mark.parametrize(("how", "mode"), [(WIDE, "normal"), (NARROW_DARK_ENGLISH, "elder")],
                                ids=["wide", "narrow, dark, English, large type"])


def judge(page: Page) -> None:
    page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
    assert page.evaluate(JUDGE, RULES) == [], page.url
    assert page.evaluate(TOO_WIDE) <= 0, page.url


@looks
def test_residents_can_read_every_step(desk, demo: Demo, how, mode):
    resident = desk(None, **how)
    resident.context.add_cookies([{"name": "linli_mode", "value": mode, "url": demo.url}])
    page = resident.page
    for address in ("/", "/sign-in", "/report"):
        page.goto(address)
        judge(page)
    page.set_input_files("#id_photos", photo("grey"))
    page.check("input[value=exposed_rubbish]", force=True)
    page.click("button[form=what]")
    page.wait_for_url("**/report/where")
    judge(page)
    page.click("summary")
    page.select_option("#id_community", index=1)
    page.click("details button >> nth=0")
    page.wait_for_url("**/report/where?community=*")
    judge(page)
    page.click("form:has(#id_grid) button")
    page.wait_for_url("**/report/look")
    judge(page)
    page.click("button[form=send]")
    page.wait_for_url("**/f/*")
    judge(page)
    page.goto("/")
    judge(page)


@looks
def test_desks_can_read_their_pages(desk, demo: Demo, how, mode):
    dispatcher = desk("dispatcher", **how)
    dispatcher.context.add_cookies([{"name": "linli_mode", "value": mode, "url": demo.url}])
    page = dispatcher.page
    page.goto("/desk/?queue=open")
    judge(page)
    number = page.locator("[data-item]").first.get_attribute("href")
    for address in (number, f"{number}?move=dispatch", "/desk/?q=nothing", "/desk/things/", "/command/"):
        page.goto(address)
        judge(page)


def test_a_grid_worker_can_read_the_form(desk):
    page = desk("grid", **NARROW_DARK_ENGLISH).page
    page.goto("/desk/report")
    judge(page)
