"""Everybody can read every page: axe finds nothing on any page for any role that may open it, in either theme."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from tests.access.answers import answer, takes
from tests.journeys.conftest import PASSWORD, Demo
from tests.journeys.content_policy import violations
from tests.journeys.judging import judge, judge_large_type, judge_other_theme, judge_widths, shapes
from tests.journeys.test_manhole import photo

pytestmark = pytest.mark.browser

ROLES = ("resident", "grid", "acceptor", "dispatcher", "unit", "checker", "community", "street", "district",
         "education", "mediator", "auditor", "operator")
PAGES = {  # the matrix's row, and where it is looked at; what is found in braces is found on the role's own pages
    "/": "/",
    "/preferences": "/preferences",
    "/desk/": "/desk/?queue=open",
    "/desk/cases/<slug:number>": "{case}",
    "/desk/report": "/desk/report",
    "/desk/things/": "/desk/things/?q=mc-000",
    "/desk/things/<str:code>": "{thing}",
    "/desk/things/<str:code>/readings": "{thing}/readings",
    "/desk/audit": "/desk/audit",
    "/desk/base-lines": "/desk/base-lines?show=all",
    "/desk/quarantine": "/desk/quarantine",
    "/desk/notices": "/desk/notices",
    "/desk/notices/settings": "/desk/notices/settings",
    "/desk/notices/undelivered": "/desk/notices/undelivered",
    "/desk/same": "/desk/same",
    "/desk/accounts": "/desk/accounts",
    "/desk/accounts/new": "/desk/accounts/new",
    "/desk/accounts/<int:account_id>": "{account}",
    "/desk/units": "/desk/units",
    "/desk/units/<int:unit_id>": "{unit}",
    "/desk/same/<int:likeness_id>": "{question}",
    "/field/": "/field/",
    "/field/<slug:number>": "{errand}",
    "/account/": "/account/",
    "/command/": "/command/",
    "/command/chain/case/<int:number>": "{chain}",
}
FOUND_ON = {  # where the address of one is found, and how it looks
    "account": ("/desk/accounts", r"/desk/accounts/\d+"),
    "case": ("/desk/?queue=open", r"/desk/cases/[\w-]+"),
    "chain": ("/command/", r"/command/chain/case/\d+"),
    "errand": ("/field/", r"/field/[\w-]+"),
    "question": ("/desk/same", r"/desk/same/\d+"),
    "unit": ("/desk/units", r"/desk/units/\d+"),
    "thing": ("/desk/things/", r"/desk/things/\w+-\d+"),
}
NO_WEBGL = """const get = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return kind.startsWith('webgl') ? null : get.call(this, kind, ...more); };"""
WIDE = {"width": 1440, "height": 900}
NARROW_DARK_ENGLISH = {"width": 360, "height": 780, "language": "en", "dark": True}
looks = pytest.mark.parametrize(("how", "mode"), [(WIDE, "normal"), (NARROW_DARK_ENGLISH, "elder")],
                                ids=["wide", "narrow, dark, English, large type"])
judged: set[str] = set()
judged_in_every_look: set[str] = set()


def may_open(role: str, row: str) -> bool:
    return takes(row, "GET") and answer(row, "GET", role) == 200


ALIKE = [("路口垃圾堆着没人收，很臭，下雨以后流到人行道上了", 120.0035), ("这边垃圾没人收", 120.00412)]


@pytest.fixture(scope="module")
def question(chromium: Browser, demo: Demo) -> None:
    """Two reports, sixty metres apart, of which nobody can tell by rule whether they are one matter."""
    context = chromium.new_context(base_url=demo.url)
    for text, lon in ALIKE:
        answer = context.request.post("/api/v1/reports", data={
            "source_ref": f"alike {lon}", "category": "exposed_rubbish", "lon": lon, "lat": 29.9975, "text": text})
        assert answer.status == 201, answer.text()
    context.close()


@pytest.fixture(scope="module")
def without_maps(chromium: Browser, demo: Demo) -> Iterator[BrowserContext]:
    """A browser that cannot draw maps: what is judged role by role is the page round them; others judge the maps."""
    context = chromium.new_context(base_url=demo.url, viewport=WIDE, locale="zh-CN", color_scheme="light",
                                   reduced_motion="reduce")
    context.add_init_script(NO_WEBGL)
    with violations(context) as found:
        yield context
    context.close()
    assert found == []


def sign_in(context: BrowserContext, demo: Demo, role: str) -> None:
    context.clear_cookies()
    context.request.get("/sign-in")
    token = next(cookie["value"] for cookie in context.cookies() if "csrf" in cookie["name"])
    answer = context.request.post("/sign-in", headers={"Referer": f"{demo.url}/sign-in"}, form={
        "username": role, "password": PASSWORD, "csrfmiddlewaretoken": token})
    assert "/sign-in" not in answer.url


def of_this_role(page: Page, path: str) -> str | None:
    """Return the address, with a case, a chain or a device that this role sees; None if it sees none now."""
    for kind, (listed, address) in FOUND_ON.items():
        if f"{{{kind}}}" in path:
            found = re.search(address, page.request.get(listed).text())
            return path.replace(f"{{{kind}}}", found[0]) if found else None
    return path


def read(page: Page, path: str) -> None:
    """Judge a page in both themes; one made of nothing but known parts is not judged twice.

    Each kind of page is judged once at all widths, in both languages and in large type.
    """
    answer = page.goto(path, wait_until="domcontentloaded")
    assert answer.status == 200, f"{path} answers {answer.status}"
    made_of = shapes(page)
    if made_of - judged:
        judge(page)
        judge_other_theme(page)
        judged.update(made_of)
    kind = re.sub(r"[\w-]*\d[\w-]*|\?.*", "", path)
    if kind in judged_in_every_look:
        return
    judged_in_every_look.add(kind)
    judge_widths(page)
    judge_large_type(page)
    speak(page, "en")
    page.goto(path, wait_until="domcontentloaded")
    judge_widths(page)
    speak(page, "zh-hans")


def speak(page: Page, language: str) -> None:
    page.context.add_cookies([{"name": "linli_language", "value": language, "url": page.url}])


@pytest.mark.usefixtures("question")
@pytest.mark.parametrize("role", ROLES)
def test_a_role_can_read_every_page_it_may_open(without_maps: BrowserContext, demo: Demo, role: str):
    sign_in(without_maps, demo, role)
    page = without_maps.new_page()
    rows = [path for row, path in PAGES.items() if may_open(role, row)]
    for path in rows:
        address = of_this_role(page, path)
        if address is None:
            continue
        read(page, address)
        for move in sorted(set(re.findall(r"\?move=\w+", page.content()))) if "/cases/" in address else ():
            read(page, address + move)
    page.close()


@looks
def test_residents_can_read_every_step(desk, demo: Demo, how, mode):
    resident = desk(None, **how)
    resident.context.add_cookies([{"name": "linli_mode", "value": mode, "url": demo.url}])
    page = resident.page
    for address in ("/", "/sign-in", "/report"):
        page.goto(address)
        judge(page)
        judge_widths(page)
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
    judge_widths(page)
    page.click("form:has(#id_grid) button")
    page.wait_for_url("**/report/look")
    judge(page)
    judge_widths(page)
    page.click("button[form=send]")
    page.wait_for_url("**/f/*")
    judge(page)
    judge_other_theme(page)
    judge_widths(page)
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
    for address in (number, "/desk/?q=nothing", "/desk/things/", "/desk/things/mc-0001", "/command/"):
        page.goto(address)
        judge(page)


def test_what_is_not_there_or_not_allowed_is_said_readably(without_maps: BrowserContext, demo: Demo):
    sign_in(without_maps, demo, "resident")
    page = without_maps.new_page()
    for path, status in (("/nothing-here", 404), ("/desk/", 403), ("/f/nobody", 404), ("/notices/stop/nobody", 404)):
        assert page.goto(path).status == status
        judge(page)
        judge_other_theme(page)
        judge_widths(page)
    page.close()
