"""What a browser refuses to run, draw or load on our pages (内容安全策略): it should have nothing to refuse."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, ConsoleMessage

HEARD = """addEventListener('securitypolicyviolation', event => console.error(
  `Content Security Policy: ${event.effectiveDirective} ${event.blockedURI} on ${location.pathname}`))"""


@contextmanager
def violations(context: BrowserContext) -> Iterator[list[str]]:
    """Gather every violation on every page of this browser, as the page is told of it and as the console says it."""
    found: list[str] = []

    def hear(line: ConsoleMessage) -> None:
        if "Content Security Policy" in line.text:
            found.append(line.text)

    context.add_init_script(HEARD)
    context.on("console", hear)
    yield found
    context.remove_listener("console", hear)
