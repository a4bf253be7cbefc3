"""Who reports and who takes it up (来报人与受理岗): over API and pages, again until told that it is done."""

import http.client
import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import psycopg
from django.conf import settings
from django.test import Client, override_settings
from tests.durability import load, outcome
from tests.make.notices import give_way, make_person

from linli.accounts.models import Session, User
from linli.kernel import clock
from linli.kernel.role import Role

if TYPE_CHECKING:
    from tests.durability.stage import Stage

ACCEPTOR = "zhao"
CSRF = "C" * 32
MATTERS = ("exposed_rubbish", "dirty_road", "illegal_stickers", "overhead_cable")
AGAIN_S = 0.2


def enter_people() -> str:
    """Enter who accepts every case, by text message too, and who hears of severe ones; return the former's cookie."""
    make_person("qian", Role.DISTRICT)
    with override_settings(LINLI_SMS_ADAPTER="file"):
        give_way(make_person(ACCEPTOR))
    client = Client()
    client.force_login(User.objects.get(username=ACCEPTOR))
    Session.objects.update(expire_date=clock.now() + timedelta(hours=12))
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


class Matter(threading.Thread):
    """One report, the contact that its reporter leaves and confirms, its acceptance: each again until told done."""

    def __init__(self, stage: "Stage", round_: int) -> None:
        super().__init__(daemon=True)
        place = load.place(round_ % load.DEVICES)
        self.stage, self.round = stage, round_
        self.phone = f"139{round_:08d}"
        self.body = {
            "source_ref": f"round-{round_:05d}-of-the-kill-matrix", "lon": place.lon + 0.0004, "lat": place.lat,
            "category": MATTERS[round_ // load.DEVICES % len(MATTERS)],
        }  # fmt: skip

    def run(self) -> None:
        told: dict[str, str] = {}
        self._until(lambda: self._post("/api/v1/reports", json.dumps(self.body), told) == 201)
        page, number = f"/f/{told['follow_token']}", told["number"]
        self._until(lambda: self._found(outcome.OPENING_TOLD, number))
        self._until(lambda: self._found(outcome.CONTACT_OF, self.body["source_ref"])
                    or self._post(f"{page}/news", urlencode({"to": self.phone})) == 302)  # fmt: skip
        self._until(lambda: (link := self._link()) and self._post(link, "") == 200)
        case = self._until(lambda: self._found(outcome.ID_OF, number))
        self._until(lambda: self._post(f"/api/v1/cases/{case}/moves/accept", "{}", by=self.stage.cookie) in (200, 409))

    def _until(self, tried: Callable[[], Any]) -> Any:
        """Try until it succeeds, whoever dies meanwhile."""
        while True:
            with suppress(OSError, http.client.HTTPException, psycopg.OperationalError):
                if succeeded := tried():
                    return succeeded
            time.sleep(AGAIN_S)

    def _post(self, path: str, body: str, told: dict[str, str] | None = None, by: str = "") -> int:
        status, answer = self.stage.ask("POST", path, body, by)
        if told is not None and status == 201:
            told |= json.loads(answer)
        return status

    def _found(self, question: str, asked: object) -> int:
        return outcome.count(self.stage.admin_url, question, asked)

    def _link(self) -> str:
        """Return the path of the link in the text message that asks the reporter to confirm, once it has come."""
        texts = (json.loads(file.read_text()) for file in self.stage.texts.glob("[0-9a-f]*.json"))
        return next((urlsplit(text["text"].split()[-1]).path for text in texts
                     if text["to"] == self.phone and "/confirm/" in text["text"]), "")  # fmt: skip
