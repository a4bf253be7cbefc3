"""The whole of Linli as `linli up --demo` starts it, once for all journeys, in a home of its own."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

READY_WITHIN_S = 90
PASSWORD = "linli-demo"


@dataclass
class Demo:
    """A running demo: where it is, and how to speak to it."""

    home: Path
    url: str
    env: dict[str, str]
    ready_after_s: float

    def linli(self, *words: str, timeout_s: float = 120) -> str:
        """Run a `linli` command against this home and return what it printed."""
        done = subprocess.run([sys.executable, "-m", "linli_run", *words], env=self.env, capture_output=True, text=True,
                              timeout=timeout_s, check=False)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    def readyz(self) -> dict[str, object]:
        return ask(f"{self.url}/readyz")[1]


def ask(url: str) -> tuple[int, dict[str, object]]:
    """Return status and JSON of an address; (0, {}) if nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read() or b"{}")
    except OSError:
        return 0, {}


def wait_for(what: object, within_s: float, why: str) -> object:
    """Return the first true answer of `what()`; fail after `within_s` seconds."""
    began = time.monotonic()
    while not (found := what()):
        assert time.monotonic() - began < within_s, why
        time.sleep(0.1)
    return found


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    home = tmp_path_factory.mktemp("家 of Linli")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "NATS_", "MQTT_", "LINLI_"))}
    env = {**kept, "LINLI_HOME": str(home), "PYTHONPATH": os.pathsep.join([str(Path.cwd() / "src"), *sys.path])}
    log = home / "console.log"
    began = time.monotonic()
    with log.open("w") as out:
        process = subprocess.Popen([sys.executable, "-m", "linli_run", "up", "--demo"], env=env, stdout=out, stderr=out)
    try:
        ports = home / "ports.json"

        def ready() -> str | None:
            assert process.poll() is None, log.read_text()[-3000:]
            if "ready after" not in log.read_text():
                return None
            url = f"http://127.0.0.1:{json.loads(ports.read_text())['web']}"
            return url if ask(f"{url}/readyz")[0] == 200 else None

        url = wait_for(ready, READY_WITHIN_S, "the demo did not get ready")
        yield Demo(home, str(url), env, time.monotonic() - began)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Desk:
    """One person's browser; every error on a page fails the test that made it."""

    def __init__(self, browser: Browser, demo: Demo, *, width: int = 1440, height: int = 900, language: str = "zh-CN",
                 dark: bool = False) -> None:
        self.demo = demo
        self.context = browser.new_context(
            base_url=demo.url, viewport={"width": width, "height": height}, locale=language,
            color_scheme="dark" if dark else "light", reduced_motion="reduce")
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)

    def sign_in(self, username: str) -> "Desk":
        self.page.goto("/sign-in")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main form button.primary")
        self.page.wait_for_load_state()
        assert "/sign-in" not in self.page.url, self.page.inner_text("main")
        return self


@pytest.fixture
def desk(chromium: Browser, demo: Demo) -> Iterator[object]:
    """Open a browser for somebody: `desk("checker")`, `desk(None, width=360)`; closed, and judged, at the end."""
    open_desks: list[Desk] = []

    def sit_down(username: str | None, **how: object) -> Desk:
        person = Desk(chromium, demo, **how)
        open_desks.append(person)
        return person.sign_in(username) if username else person

    yield sit_down
    errors = [error for person in open_desks for error in person.errors]
    for person in open_desks:
        person.context.close()
    assert errors == []
