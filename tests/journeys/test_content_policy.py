"""The description of the API can be read in a browser, from our own files; and the counting of violations counts."""

import pytest
from playwright.sync_api import Browser
from tests.journeys.conftest import Demo
from tests.journeys.content_policy import violations

pytestmark = pytest.mark.browser


def test_the_description_of_the_api_is_drawn_from_our_own_files(chromium: Browser, demo: Demo):
    context = chromium.new_context(base_url=demo.url)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    with violations(context) as found:
        page = context.new_page()
        page.goto("/api/v1/docs")
        page.wait_for_selector(".opblock")
        page.click(".opblock >> nth=0")
        page.wait_for_selector(".opblock.is-open")
    context.close()
    assert found == []
    assert [url for url in asked if not url.startswith((demo.url, "data:"))] == []


def test_a_script_and_a_style_that_stand_in_a_page_are_refused_and_counted(chromium: Browser, demo: Demo):
    context = chromium.new_context(base_url=demo.url)
    with violations(context) as found:
        page = context.new_page()
        page.goto("/sign-in")
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<b style=\"color:red\">x</b>')")
        page.evaluate("document.body.append(Object.assign(document.createElement('script'),"
                      " {textContent: 'window.ran = 1'}))")
        page.wait_for_timeout(300)
        assert page.evaluate("window.ran") is None
    context.close()
    assert any("style-src" in line for line in found)
    assert any("script-src" in line for line in found)
