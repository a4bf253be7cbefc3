"""The pictures of the docs, taken of the demo as it runs (文档插图), when `make pictures` asks for them."""

import io
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page
from tests.journeys.conftest import Demo, wait_for
from tests.journeys.test_manhole import photo
from tests.journeys.test_readable import sign_in

FOLDER = os.environ.get("LINLI_PICTURES", "")
pytestmark = [pytest.mark.browser, pytest.mark.pictures,
              pytest.mark.skipif(not FOLDER, reason="LINLI_PICTURES names no folder for pictures")]

LARGEST_BYTES = 150_000
COLOURS = (128, 64, 40, 28)
DESK, PHONE = (1440, 900), (390, 844)
KEPT = ["red", "orange", "yellow", "blue", "jade", "jade-soft", "hero", "ink", "ink-3", "surface", "paper", "late"]
TOKENS = "names => names.map(name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim())"
PATCH_PX = 60
Taker = Callable[..., None]


@pytest.fixture(scope="module")
def context(chromium: Browser, demo: Demo):
    made = chromium.new_context(base_url=demo.url, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce",
                                color_scheme="light")
    yield made
    made.close()


def with_patches(picture: Image.Image, colours: list[str]) -> Image.Image:
    """Return the picture with patches of the colours that mean something, so that few colours do not lose them."""
    sheet = Image.new("RGB", (picture.width, picture.height + PATCH_PX * len(colours)))
    sheet.paste(picture)
    for at, colour in enumerate(colours):
        top = picture.height + PATCH_PX * at
        sheet.paste(colour, (0, top, picture.width, top + PATCH_PX))
    return sheet


@pytest.fixture
def take(context: BrowserContext, demo: Demo) -> Taker:
    """Take one picture: who looks at which page, on what screen; small, and of a page that shows what it should."""

    def taken(name: str, role: str, path: str, *, size: tuple[int, int] = DESK, theme: str = "light",
              mode: str = "normal", language: str = "zh-hans", shows: str = "main",
              before: Callable[[Page], None] | None = None) -> None:
        if role:
            sign_in(context, demo, role)
        context.add_cookies([{"name": f"linli_{key}", "value": value, "url": demo.url}
                             for key, value in (("theme", theme), ("mode", mode), ("language", language))])
        page = context.new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto(path)
        if before:
            before(page)
        page.wait_for_selector(shows)
        if page.locator("[data-island=map], [data-island=place-picker]").count():
            page.wait_for_selector("html[data-map=ready]", state="attached", timeout=30_000)
        page.wait_for_timeout(300)  # the last tiles are painted a frame after the map says that it rests
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        made = Path(FOLDER) / f"{name}.png"
        made.parent.mkdir(parents=True, exist_ok=True)
        kept = with_patches(picture, page.evaluate(TOKENS, KEPT))
        for colours in COLOURS:  # a map has the most; it still reads well in few
            palette = kept.quantize(colours, dither=Image.Dither.NONE)
            picture.quantize(palette=palette, dither=Image.Dither.NONE).save(made, optimize=True)
            if made.stat().st_size < LARGEST_BYTES:
                break
        page.close()
        assert made.stat().st_size < LARGEST_BYTES, f"{made.name}: {made.stat().st_size} bytes"

    return taken


def opened_case(page: Page) -> str:
    listed = page.request.get("/desk/?queue=open").text()
    return re.search(r"/desk/cases/[\w-]+", listed)[0]


def test_the_residents_pictures(take: Taker, context: BrowserContext):
    context.clear_cookies()
    take("resident-home", "", "/", size=PHONE, shows="a.report")
    take("resident-what", "", "/report", size=PHONE, before=lambda page: page.fill("#id_text", "垃圾没有盖，招苍蝇"))

    def go_on(page: Page) -> None:
        page.set_input_files("#id_photos", photo("darkseagreen"))
        page.fill("#id_text", "垃圾没有盖，招苍蝇")
        page.check("input[value=exposed_rubbish]", force=True)
        page.click("button[form=what]")
        page.wait_for_url("**/report/where")

    take("resident-where", "", "/report", size=PHONE, before=go_on, shows=".pin-place")

    def send(page: Page) -> None:
        page.click("summary")
        page.select_option("#id_community", index=1)
        page.click("details button >> nth=0")
        page.wait_for_url("**/report/where?community=*")
        page.click("form:has(#id_grid) button")
        page.wait_for_url("**/report/look")
        page.click("button[form=send]")
        page.wait_for_url("**/f/*")

    take("resident-follow", "", "/report/where", size=PHONE, before=send, shows=".steps")
    take("resident-large-type", "", "/", size=PHONE, mode="elder", shows="a.report")


def test_the_pictures_of_the_field_and_the_desk(take: Taker):
    take("field", "grid", "/field/", size=PHONE, shows=".todo")
    take("field-check", "checker", "/field/", size=PHONE, before=lambda page: page.click(".todo a"), shows="#found")
    take("inbox", "acceptor", "/desk/?queue=open", shows="#peek h2")
    take("inbox-dark", "dispatcher", "/desk/?queue=open", theme="dark", language="en", shows="#peek h2")

    def to_the_case(page: Page) -> None:
        page.goto(re.search(r"/desk/cases/[\w-]+", page.content())[0])

    take("case", "checker", "/desk/?queue=to_check", before=to_the_case, shows=".ruler")


def test_the_pictures_of_sensors_and_command(take: Taker, demo: Demo, context: BrowserContext):
    sign_in(context, demo, "street")
    demo.linli("city", "open-manhole", "mc-0031", "--for", "3600")
    found = wait_for(lambda: re.search(r'href="(/command/chain/case/\d+)"[^>]*data-pin="alert:', context.request.get(
        "/command/").text()), 60, "the open manhole became no case")
    chain = found[1].replace("/command/chain/case/", "/command/?select=case:")
    take("things", "street", "/desk/things/", shows=".tb")
    take("sensor", "street", "/desk/things/mc-0031", shows="#series canvas")
    take("command", "street", chain, theme="dark", shows="#chain .links")
    take("command-light", "street", chain, theme="light", language="en", shows="#chain .links")
    take("command-phone", "street", "/command/", size=PHONE, theme="dark", shows="#stream")
