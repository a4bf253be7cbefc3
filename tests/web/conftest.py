"""A small server with made-up pages, so that the islands are tried without the rest of Linli."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import hatch_build
import pytest
import shapely
from django.http import HttpResponse
from django.template import engines
from django.test import RequestFactory
from django.utils import translation
from playwright.sync_api import Browser, Page

from linli.areas.domain.mvt import Feature, Layer, encode
from linli.config.headers import security_headers
from linli.kernel.actor import ANONYMOUS

POLICY = security_headers(lambda _request: HttpResponse())(RequestFactory().get("/"))["Content-Security-Policy"]
TILE = encode([Layer("block", [Feature(shapely.box(200, 200, 3900, 3900), {"rank": 1})]),
               Layer("grid", [Feature(shapely.box(0, 0, 4096, 4096), {"code": "990101001001001"})]),
               Layer("component", [Feature((2048, 2048), {"class": "0102", "state": "normal"})])])


@dataclass
class Site:
    """What the server answers, and what it was asked."""

    url: str
    pages: dict[str, str] = field(default_factory=dict)
    pins: list[dict[str, object]] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    posted: list[dict[str, list[str]]] = field(default_factory=list)

    def page(self, path: str, template: str, **context: object) -> str:
        """Put a page, written in Django's template language, at `path`."""
        request = RequestFactory().get(path)
        request.actor = ANONYMOUS
        with translation.override("zh-hans"):
            given = {**context, "request": request, "actor": ANONYMOUS, "csrf_token": "x"}
            self.pages[path] = engines["django"].from_string(template).render(given)
        return f"{self.url}{path}"


class Answers(BaseHTTPRequestHandler):
    """Pages, built files, tiles, pins and the feed of one site."""

    site: Site

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.site.asked.append(self.path)
        if path in self.site.pages:
            self.say(self.site.pages[path].encode(), "text/html; charset=utf-8")
        elif path.startswith("/static/"):
            file = hatch_build.BUILT.parent / path.removeprefix("/static/")
            self.say(file.read_bytes(), guess_type(file.name)[0] or "application/octet-stream")
        elif path.startswith("/tiles/"):
            self.say(TILE, "application/vnd.mapbox-vector-tile")
        elif path == "/pins":
            self.say(json.dumps({"type": "FeatureCollection", "features": self.site.pins}).encode(), "application/json")
        elif path == "/live" and self.site.events:
            self.say("".join(self.site.events).encode(), "text/event-stream")
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.site.posted.append(parse_qs(body) or {"raw": [body]})
        quiet = self.headers["Accept"] == "application/json"
        self.send_response(204 if quiet else 303)
        self.send_header("Location", "/page")
        self.end_headers()

    def say(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if kind.endswith("javascript") else kind)
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[Site]:
    hatch_build.build()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    made = Site(f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = type("Bound", (Answers,), {"site": made})
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of one reader; a fault in it, or a thing its policy refused, fails the test."""
    context = chromium.new_context(viewport={"width": 1000, "height": 700}, permissions=["geolocation"],
                                   geolocation={"longitude": 120.001, "latitude": 30.002}, locale="zh-CN")
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    yield opened
    context.close()
    assert [fault for fault in faults if "/live" not in fault and "404" not in fault] == []


@pytest.fixture
def show(site: Site, page: Page) -> Callable[..., Page]:
    """Put a page into the site and open it."""

    def put(template: str, **context: object) -> Page:
        page.goto(site.page("/page", template, **context))
        return page

    return put
