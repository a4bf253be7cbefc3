"""The islands in a real browser, under the content policy: map, place picker, chart, keys, photos, choices."""

import base64
import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

TILES = {layer: f"/tiles/{layer}/{{z}}/{{x}}/{{y}}.mvt" for layer in ("base", "grids", "components")}
CENTER = [120.0, 30.0]
DESK = '{% extends "web/phone.html" %}{% load linli %}{% block main %}'
MAP = DESK + """{% island "map" props "m" classes="mini" label="地图" %}
<a href="#x" data-pin="alert:1">井盖</a>{% endblock %}"""
CHART = DESK + """<section><button data-table-toggle></button>
{% island "chart" props "c" classes="series" label="水位" %}</section>{% endblock %}"""
LIST = DESK + """<ul data-keys><li><a href="#1" data-item id="one">1</a></li>
<li><a href="#2" data-item id="two">2</a></li></ul>
<button data-key="a" id="deed">A</button><input id="typed">{% endblock %}"""


def map_props(**more: object) -> dict[str, object]:
    return {"center": CENTER, "zoom": 15, "tiles": TILES, "pins_url": "/pins", "labels": {"none": "看列表"}, **more}


def pin(kind: str, level: str, *, late: int = 0, number: int = 1) -> dict[str, object]:
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": CENTER}, "properties": {
        "kind": kind, "id": number, "level": level, "late": late, "title": "井盖", "url": f"/page#{kind}-{number}"}}


def ready(page: Page) -> None:
    page.wait_for_selector("html[data-map=ready]", state="attached", timeout=20_000)


def middle(page: Page, selector: str) -> tuple[int, int, int]:
    """Return the colour in the middle of an element, as drawn."""
    picture = Image.open(io.BytesIO(page.locator(selector).screenshot()))
    red, green, blue, *_ = picture.convert("RGB").getpixel((picture.width // 2 - 9, picture.height // 2 - 9))
    return red, green, blue


def test_a_map_draws_tiles_and_pins_and_says_when_it_is_ready(show, site):
    site.pins = [pin("alert", "red")]
    page = show(MAP, props=map_props())
    ready(page)
    page.wait_for_timeout(300)
    assert {path.split("/")[2] for path in site.asked if path.startswith("/tiles/")} == {"base", "grids", "components"}
    red, green, blue = middle(page, "#m")
    assert red > 150 > 90 > max(green, blue)
    assert page.get_attribute("html", "data-map-error") is None


def test_a_click_on_a_mark_opens_its_row(show, site):
    site.pins = [pin("alert", "orange")]
    page = show(MAP, props=map_props())
    ready(page)
    page.wait_for_timeout(300)
    page.locator("#m canvas").click()
    page.wait_for_url("**/page#alert-1")


def test_a_row_in_the_list_lights_its_mark(show, site):
    site.pins = [pin("alert", "orange")]
    page = show(MAP, props=map_props())
    ready(page)
    assert page.locator(".pin-sel").count() == 0
    page.focus("[data-pin]")
    expect(page.locator(".pin-sel")).to_have_count(1)


def test_an_event_in_the_feed_brings_the_pins_anew(show, site):
    site.events = ["retry: 600000\n\n", 'event: alerts\ndata: {"kind": "alert", "id": 1}\n\n']
    page = show(MAP, props=map_props(live_url="/live"))
    ready(page)
    page.wait_for_timeout(500)
    assert sum(path == "/pins" for path in site.asked) >= 2


def test_without_a_feed_the_map_asks_and_says_so(show, site, page):
    page.clock.install()
    show(MAP.replace("<a ", '<span data-live-url="/live" class="live"></span><a '), props=map_props(live_url="/live"))
    expect(page.locator(".live")).to_have_text(re.compile(r"\d\d:\d\d 起没有推送，每 10 秒问一次"))
    before = sum(path == "/pins" for path in site.asked)
    page.clock.run_for(25_000)
    page.wait_for_timeout(300)
    assert sum(path == "/pins" for path in site.asked) > before


def test_the_map_follows_the_theme(show):
    page = show(MAP, props=map_props(pins_url=None))
    ready(page)
    light = middle(page, "#m")
    page.evaluate("() => { document.documentElement.dataset.theme = 'dark' }")
    page.wait_for_timeout(800)
    assert sum(middle(page, "#m")) < sum(light) - 300


def test_layer_buttons_hide_and_show(show, site):
    site.pins = [pin("alert", "red")]
    page = show(MAP, props=map_props(buttons=[["alerts", "预警"], ["cases", "案件"]]))
    ready(page)
    button = page.get_by_role("button", name="预警")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    page.wait_for_timeout(300)
    red, green, _blue = middle(page, "#m")
    assert abs(red - green) < 40


def test_a_browser_that_cannot_draw_points_at_the_list(site, page):
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(site.page("/page", MAP, props=map_props()))
    expect(page.locator(".map-none")).to_have_text("看列表")
    page.wait_for_selector("html[data-map=none]", state="attached")


PICKER = DESK + """<div data-island="place-picker" data-props="pp"><div class="place-map js-only"></div>
<input type="hidden" id="lon"><input type="hidden" id="lat"><div data-nearby></div></div>{{ props|json_script:"pp" }}
{% endblock %}"""
PICK = {"center": CENTER, "zoom": 16, "tiles": TILES, "fields": {"lon": "lon", "lat": "lat"}, "nearby_url": "/nearby",
        "labels": {"here": "我在这里"}}


def test_a_place_nobody_chose_is_not_sent(show):
    page = show(PICKER, props=PICK)
    ready(page)
    assert (page.input_value("#lon"), page.input_value("#lat")) == ("", "")


def test_moving_the_map_chooses_the_place_under_the_pin(show, site):
    site.pages["/nearby"] = "<b>柳塘里 3 栋</b>"
    page = show(PICKER, props=PICK)
    ready(page)
    page.focus(".place-map canvas")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-nearby]")).to_have_text("柳塘里 3 栋")
    assert float(page.input_value("#lon")) > CENTER[0]


def test_the_device_can_say_where_it_is(show, site):
    site.pages["/nearby"] = "<b>这里</b>"
    page = show(PICKER, props=PICK)
    ready(page)
    page.get_by_role("button", name="我在这里").click()
    expect(page.locator("[data-nearby]")).to_have_text("这里")
    assert (page.input_value("#lon"), page.input_value("#lat")) == ("120.001000", "30.002000")


def chart_props() -> dict[str, object]:
    points = [[1_700_000_000_000 + at * 60_000, at % 7] for at in range(60) if not 20 < at < 40]
    return {"name": "水位", "unit": "cm", "points": points, "gap_s": 120, "zone": "Asia/Shanghai",
            "thresholds": [{"level": "orange", "value": 5, "label": "橙 5"}],
            "episodes": [{"from": points[0][0], "to": None, "level": "orange"}],
            "labels": {"table": "看成表格", "chart": "看成图", "time": "时间", "value": "水位", "gap": "无"}}


def test_a_chart_is_a_picture_with_a_sentence_and_also_a_table(show):
    page = show(CHART, props=chart_props())
    expect(page.get_by_role("img", name="水位")).to_be_visible()
    page.get_by_role("button", name="看成表格").click()
    assert page.locator(".series-table tbody tr").count() == 41
    expect(page.locator(".series-table thead")).to_contain_text("水位 (cm)")
    page.get_by_role("button", name="看成图").click()
    expect(page.locator(".series-table")).to_be_hidden()


def test_a_chart_without_readings_is_still_drawn(show):
    page = show(CHART, props={**chart_props(), "points": [], "episodes": []})
    page.wait_for_selector("html[data-chart=ready]", state="attached")


def test_letters_walk_the_list_and_do_deeds_but_never_while_typing(show):
    page = show(LIST)
    page.evaluate("() => document.getElementById('deed').addEventListener('click', () => document.title = 'done')")
    page.keyboard.press("j")
    expect(page.locator("#one")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("#two")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("#one")).to_be_focused()
    page.focus("#typed")
    page.keyboard.type("ja")
    assert page.input_value("#typed") == "ja"
    assert page.title() != "done"
    page.locator("#typed").blur()
    page.keyboard.press("a")
    assert page.title() == "done"


def test_letters_can_be_switched_off(show):
    page = show(LIST)
    page.evaluate("() => { document.documentElement.dataset.letters = 'off' }")
    page.keyboard.press("j")
    expect(page.locator("#one")).not_to_be_focused()


def test_large_type_comes_at_once_and_what_was_typed_stays(show, site):
    page = show(LIST)
    page.fill("#typed", "井盖没了")
    page.get_by_role("button", name="大字").click()
    expect(page.locator("html")).to_have_attribute("data-mode", "elder")
    expect(page.get_by_role("button", name="标准字")).to_be_visible()
    assert page.input_value("#typed") == "井盖没了"
    page.wait_for_timeout(200)
    assert "elder" in str(site.posted)


def test_a_large_photo_is_made_smaller_before_it_is_sent(show):
    page = show(DESK + '{% include "web/photos.html" with words="拍照" max=2 %}{% endblock %}')
    picture = io.BytesIO()
    Image.new("RGB", (4000, 3000), "grey").save(picture, "JPEG")
    file = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    page.set_input_files("#id_photos", [file])
    expect(page.locator(".photos img")).to_have_count(1)
    page.set_input_files("#id_photos", [file])
    expect(page.locator(".photos img")).to_have_count(2)
    expect(page.locator(".photos .add")).to_be_hidden()
    sent = page.evaluate("""async () => Promise.all([...document.getElementById('id_photos').files].map(
        async (file) => btoa(String.fromCharCode(...new Uint8Array(await file.slice(0, 4096).arrayBuffer())))))""")
    assert len(sent) == 2
    assert base64.b64decode(sent[0])[:3] == b"\xff\xd8\xff"
    assert page.evaluate("""async () => (await createImageBitmap(
        document.getElementById('id_photos').files[0])).width""") == 2048
    page.get_by_role("button", name="删去这张").first.click()
    expect(page.locator(".photos img")).to_have_count(1)


def test_another_choice_moves_ring_and_map_without_a_new_page(show):
    page = show(MAP, props=map_props(select={"lon": 120.0, "lat": 30.0, "label": "一"}))
    ready(page)
    expect(page.locator(".pin-name")).to_have_text("一")
    page.evaluate("""() => document.body.dispatchEvent(new CustomEvent('linli:chosen',
        {bubbles: true, detail: {lon: 120.01, lat: 30.01, label: '二'}}))""")
    expect(page.locator(".pin-name")).to_have_text("二")
    expect(page.locator(".pin-sel")).to_have_count(1)
    ring, frame = page.locator(".pin-sel").bounding_box(), page.locator("#m").bounding_box()
    assert abs(ring["x"] + ring["width"] / 2 - frame["x"] - frame["width"] / 2) < 3


SCROLLED = "() => document.querySelector('.evs').scrollTop"
ROWS = "".join(f'<a class="block" href="#{n}" data-item id="row-{n}">{n}</a>' for n in range(80))
STEADY = DESK + """<div id="stream" class="stream" data-steady hx-get="/rows" hx-trigger="linli:alerts from:body">
<div class="evs series-table">ROWS</div></div>{% endblock %}""".replace("ROWS", ROWS)


def test_a_list_brought_anew_keeps_its_place_and_its_focus(show, site):
    site.pages["/rows"] = f'<div class="evs series-table"><b id="new">neu</b>{ROWS}</div>'
    page = show(STEADY)
    page.focus("#row-40")
    page.evaluate("() => { document.querySelector('.evs').scrollTop = 600 }")
    assert page.evaluate(SCROLLED) == 600
    page.evaluate("() => document.body.dispatchEvent(new CustomEvent('linli:alerts'))")
    page.wait_for_selector("#new", state="attached")
    page.wait_for_timeout(100)
    assert page.evaluate(SCROLLED) == 600
    expect(page.locator("#row-40")).to_be_focused()
