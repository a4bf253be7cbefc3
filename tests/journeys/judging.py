"""What every page is judged by: axe, the width of the screen, the size of what is to be touched."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = (Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8") + ";0"
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
CONTRAST = {"type": "rule", "values": ["color-contrast"]}
SIGHT = {"type": "rule", "values": ["color-contrast", "target-size"]}
JUDGE = """rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})
    .then(found => found.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200)).slice(0, 3)]))"""
TOO_WIDE = """() => { const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > wide + 1)
        .map(e => e.outerHTML.slice(0, 120)).slice(-3); }"""
CUT = """() => [...document.querySelectorAll('button, .btn, h1, h2, th, dt, label, .tag, .clk, .seg a')]
    .filter(e => e.getClientRects().length && e.scrollWidth > e.clientWidth + 1
        && getComputedStyle(e).overflowX !== 'visible' && !e.closest('.sr, .cut'))
    .map(e => e.outerHTML.slice(0, 120))"""
SMALL = """least => [...document.querySelectorAll(
        'a[href], button, input:not([type=hidden]), select, textarea, summary')].filter(e => {
    const box = (e.matches('label input') ? e.closest('label') : e).getBoundingClientRect();
    const style = getComputedStyle(e);
    if (!e.getClientRects().length || style.visibility === 'hidden' || e.closest('.skip, [hidden]')) return false;
    if (style.display === 'inline' && e.matches('a')) return false;
    return Math.min(box.height, Math.max(box.width, 0)) < least - .5;
}).map(e => [e.outerHTML.slice(0, 120), Math.round(e.getBoundingClientRect().height)])"""
SHAPES = """() => { const own = e => [e.localName, e.getAttribute('class') ?? '',
        ...e.getAttributeNames().filter(name => /^(aria-|role|type|hidden|disabled|lang)/.test(name)).sort()].join(' ');
    const shape = e => { const path = [];
        for (let at = e; at && path.length < 4; at = at.parentElement) path.push(own(at)); return path.join(' < '); };
    return [...new Set([...document.querySelectorAll('body *')].map(shape))]; }"""
FITS = f"""() => {{ const too_wide = {TOO_WIDE}, cut = {CUT}, page = document.documentElement, found = {{}};
    const before = page.dataset.mode;
    for (const mode of ['normal', 'elder']) {{
        page.dataset.mode = mode;
        found[mode] = [...too_wide(), ...cut()].join();
    }}
    page.dataset.mode = before;
    return found; }}"""
LOOK = "look => { Object.assign(document.documentElement.dataset, look); }"
WIDTHS = {360: 780, 820: 1180, 1440: 900, 1920: 1080}


def judge(page: Page) -> None:
    """Let axe look for everything, and see that nothing runs off the screen."""
    with_axe(page)
    assert not (found := page.evaluate(JUDGE, RULES)), f"{page.url}: {found}"
    assert not (wide := page.evaluate(TOO_WIDE)), f"{page.url}: {wide}"


def judge_other_theme(page: Page) -> None:
    """Let axe look at the other theme: the page is the same, so only its colours can be wrong."""
    with_axe(page)
    before = page.evaluate("document.documentElement.dataset.theme")
    page.evaluate("name => { document.documentElement.dataset.theme = name }", "light" if before == "dark" else "dark")
    assert not (found := page.evaluate(JUDGE, CONTRAST)), f"{page.url}, not {before}: {found}"
    page.evaluate("name => { document.documentElement.dataset.theme = name }", before)


def judge_widths(page: Page) -> None:
    """See at the four widths that nothing runs off the screen and no word of a control is cut, in large type too."""
    before = page.viewport_size
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        found = page.evaluate(FITS)
        assert not any(found.values()), f"{page.url} at {width}: {found}"
    page.set_viewport_size(before)


def judge_large_type(page: Page) -> None:
    """Let axe look at the page in large type, in both themes: the rest of it is the same."""
    with_axe(page)
    before = page.evaluate("({...document.documentElement.dataset})")
    for theme in ("light", "dark"):
        page.evaluate(LOOK, {"mode": "elder", "theme": theme})
        assert not (found := page.evaluate(JUDGE, SIGHT)), f"{page.url}, large type, {theme}: {found}"
    page.evaluate(LOOK, {"mode": before["mode"], "theme": before["theme"]})


def shapes(page: Page) -> set[str]:
    """Return what the page is made of: each element with its class and what is said of it, within what it lies."""
    return set(page.evaluate(SHAPES))


def too_small(page: Page, least_px: int) -> list[Any]:
    """Return what is to be touched and is lower or narrower than `least_px`; links within a sentence are not meant."""
    return page.evaluate(SMALL, least_px)


def tab_to(page: Page, selector: str, *, most: int = 80) -> None:
    """Walk with the Tab key until what `selector` names has the focus; it must show that it has it."""
    for _step in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            assert page.evaluate("document.activeElement.matches(':focus-visible')")
            return
    raise AssertionError(f"the Tab key does not lead to {selector} on {page.url}")


def with_axe(page: Page) -> None:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
