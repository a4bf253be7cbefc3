"""An operator makes an account; its owner comes in with a one-time password and sets up a second factor."""

import re
from base64 import b32decode
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page
from tests.journeys.conftest import Demo
from tests.journeys.judging import judge, judge_other_theme, judge_widths
from tests.journeys.test_readable import sign_in

from linli.accounts.domain import totp

pytestmark = pytest.mark.browser
OWN = "a cat sees the moon 7"


def looked_at(page: Page) -> Page:
    """Judge a page that is reached by a deed only, and is shown once."""
    judge(page)
    judge_other_theme(page)
    judge_widths(page)
    return page


def enter(page: Page, username: str, password: str) -> None:
    page.goto("/sign-in")
    page.fill("#username", username)
    page.fill("#password", password)
    page.press("#password", "Enter")


def code_of(key: str, steps: int) -> str:
    step = totp.step_at(datetime.now(UTC)) + steps  # noqa: TID251  # the demo's clock is the real one
    return totp.code_of(b32decode(key.replace(" ", "")), step)


def test_without_scripts_an_account_is_made_entered_and_guarded(chromium: Browser, demo: Demo):
    desk = chromium.new_context(base_url=demo.url, locale="zh-CN", java_script_enabled=False)
    sign_in(desk, demo, "operator")
    page = desk.new_page()
    page.goto("/desk/accounts/new")
    page.fill("#id_username", "newcomer")
    page.select_option("#id_role", "checker")
    page.click("form.questions button")
    secret = page.inner_text("#handed + p").strip()
    desk.close()

    person = chromium.new_context(base_url=demo.url, locale="zh-CN", reduced_motion="reduce",
                                  viewport={"width": 360, "height": 780})
    page = person.new_page()
    enter(page, "newcomer", secret)
    page.wait_for_url("**/sign-in/new-password")
    looked_at(page)
    page.fill("#new", OWN)
    page.fill("#again", OWN)
    page.press("#again", "Enter")
    page.wait_for_url("**/desk/")
    page.goto("/account/")
    page.click("form[action='/account/factor'] button")
    key = looked_at(page).inner_text("p.t17.code")
    page.fill("#code", code_of(key, -1))
    page.press("#code", "Enter")
    page.wait_for_selector("ul.stack")
    assert len(re.findall(r"(?:\w{4}-){2}\w{4}", looked_at(page).inner_text("ul.stack"))) == 10
    page.goto("/account/")
    looked_at(page)
    person.clear_cookies()
    enter(page, "newcomer", OWN)
    page.wait_for_url("**/sign-in/second-factor")
    looked_at(page)
    page.fill("#code", code_of(key, 0))
    page.press("#code", "Enter")
    page.wait_for_url("**/desk/")
    person.close()
