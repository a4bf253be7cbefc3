"""A cover opens in the simulator, and the resident who saw it too sees the end of it."""

import io
import re

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Demo, wait_for

pytestmark = pytest.mark.browser

ON_THE_BOARD_WITHIN_S = 2.0
WATCH = """name => { window.seenAt = null; const look = () => {
  if (!window.seenAt && document.querySelector('#stream').innerText.includes(name)) {
    window.seenAt = Date.now() / 1000; } };
  new MutationObserver(look).observe(document.querySelector('#stream'), {childList: true, subtree: true}); }"""


def photo(colour: str) -> dict[str, object]:
    image = Image.new("RGB", (800, 600), colour)
    ImageDraw.Draw(image).ellipse((250, 150, 550, 450), fill="black")
    data = io.BytesIO()
    image.save(data, "JPEG")
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


def maintained_manhole(page: Page) -> tuple[str, str, str, str]:
    """Return code and name of a device in good order, its component's code and its maintaining unit's name."""
    units = {unit["id"]: unit["name"] for unit in page.request.get("/api/v1/units").json()}
    for number in range(2, 40):
        code = f"mc-{number:04d}"
        text = page.request.get(f"/desk/things/{code}").text()
        component = re.search(r"99010101\d{8}", text)
        card = page.request.get(f"/api/v1/components/{component[0]}").json() if component else {}
        if "排水" in units.get(card.get("maintaining"), "") and "蓝色" not in text.split("规则")[0]:
            return code, f"井盖传感器 {number:04d}", component[0], units[card["maintaining"]]
    raise AssertionError("no manhole of the drainage company in the demo")


def take(page: Page, number: str, move: str) -> None:
    """Take a move that needs nothing said, from the case's page."""
    page.goto(f"/desk/cases/{number}")
    page.click(f"form[action$='/moves/{move}'] button")
    expect(page.locator("p.said")).to_be_visible()


def begin(page: Page, number: str, move: str) -> None:
    page.goto(f"/desk/cases/{number}")
    page.click(f"a[href*='move={move}']")


def finish(page: Page) -> None:
    page.click("#deed button.primary")
    expect(page.locator("p.said")).to_be_visible()


def with_photo(page: Page, number: str, move: str, colour: str) -> None:
    begin(page, number, move)
    page.set_input_files("#deed input[type=file]", photo(colour))
    finish(page)


def test_an_open_manhole_walks_from_the_reading_to_the_resident_who_reported_it(demo: Demo, desk):
    operator = desk("operator").page
    device, name, component, unit = maintained_manhole(operator)

    board = desk("street", dark=True).page
    board.goto("/command/")
    board.wait_for_selector("html[data-map=ready]", state="attached", timeout=30_000)
    board.evaluate(WATCH, name)
    with board.expect_response(re.compile("/api/v1/board/pins"), timeout=30_000) as pins:
        demo.linli("city", "open-manhole", device, "--for", "3600")
    expect(board.locator("#stream")).to_contain_text(name, timeout=10_000)
    alert = next(a for a in board.request.get("/api/v1/alerts").json() if a["thing_code"] == device)
    seen_after_s = board.evaluate("window.seenAt") - board.evaluate("at => Date.parse(at) / 1000", alert["raised_at"])
    assert 0 < seen_after_s <= ON_THE_BOARD_WITHIN_S
    assert pins.value.ok
    assert {"kind": "alert", "id": alert["id"]}.items() <= next(
        f["properties"] for f in board.request.get("/api/v1/board/pins").json()["features"]
        if f["properties"]["kind"] == "alert" and f["properties"]["id"] == alert["id"]).items()

    resident = desk(None, width=390, height=844).page
    resident.goto(f"/report?component={component}")
    resident.fill("textarea[name=text]", "井盖没了，井口敞着，孩子放学都走这里。")
    resident.check("input[value=manhole_missing]", force=True)
    resident.set_input_files("input[name=photos]", photo("gray"))
    resident.click("footer button.primary")
    resident.wait_for_url("**/report/where")
    resident.click("footer button.primary")
    resident.wait_for_url("**/report/look")
    resident.click("footer button.primary")
    resident.wait_for_url(re.compile(r"/f/[A-Za-z0-9_-]{22}"))
    follow = resident.url
    number = resident.locator(".code").first.inner_text()
    resident.fill("#news-to", "13800138000")
    resident.locator("form[action$='/news'] button").first.click()
    expect(resident.locator("#news [role=status]")).to_be_visible()
    resident.locator("form.elder button:visible").click()
    expect(resident.locator("html")).to_have_attribute("data-mode", "elder")
    resident.locator("form.elder button:visible").click()

    acceptor, dispatcher = desk("acceptor").page, desk("dispatcher").page
    acceptor.goto(f"/desk/cases/{number}")
    expect(acceptor.locator("main")).to_contain_text(unit)
    expect(acceptor.locator("main")).to_contain_text(component)
    take(acceptor, number, "accept")
    begin(acceptor, number, "file")
    acceptor.check("#deed input[name=condition] >> nth=0")
    finish(acceptor)
    begin(dispatcher, number, "dispatch")
    expect(dispatcher.locator("#id_unit option:checked")).to_have_text(unit)
    finish(dispatcher)

    with_photo(desk("unit").page, number, "report_done", "green")
    checker = desk("checker").page
    with_photo(checker, number, "check", "blue")
    begin(acceptor, number, "close")
    acceptor.check("#deed input[name=condition_met]")
    finish(acceptor)

    resident.goto(follow)
    expect(resident.locator("main")).to_contain_text(unit)
    expect(resident.locator(".steps .ok")).to_have_count(5)
    expect(resident.locator(".ba.flush img")).to_have_count(2)
    assert resident.evaluate("[...document.querySelectorAll('.ba.flush img')].every(image => image.naturalWidth > 0)")

    board.goto(f"/command/?select=alert:{alert['id']}")
    wait_for(lambda: "结案" in board.inner_text("#chain"), 10, "the chain does not end in the close")

    resident.locator("details summary", has_text="没有解决").click()
    resident.fill("#id_refuse_reason", "盖子还是松的")
    resident.locator("form[action$='/refuse'] button").click()
    expect(resident.locator(".steps .ok")).not_to_have_count(5)
    acceptor.goto(f"/desk/cases/{number}")
    expect(acceptor.locator(".tl")).to_contain_text("盖子还是松的")


def test_the_unit_that_handles_cannot_check_and_another_area_sees_nothing(demo: Demo, desk):
    unit = desk("unit").page
    unit.goto("/desk/?queue=handled")
    assert unit.locator("a[href*='move=check']").count() == 0
    resident = desk("resident", width=390, height=844).page
    assert resident.request.get("/command/").status in {403, 404}
    assert resident.request.get("/api/v1/cases").json() in ([], {"items": [], "count": 0})
