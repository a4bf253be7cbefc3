"""Webhooks (系统对接): signed, to the public internet only, repeated under the same id."""

import http.client
import json
import ssl
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from queue import Empty, SimpleQueue
from typing import Final
from urllib.parse import urlsplit

from linli.kernel import clock
from linli.kernel.errors import Invalid
from linli.notices.domain import inside, signing
from linli.notices.domain.channels import Outcome, later, refused, sent, untried
from linli.notices.tasks import guard
from linli.notices.tasks.letters import Letter

WITHIN_S: Final = 8.0
GRACE_S: Final = 1.0
TRY_AGAIN: Final = frozenset({408, 425, 429})


class WebhookChannel:
    """Posts letters as JSON (对接渠道). The receiver knows a repeat by `Linli-Id`."""

    repeatable = True

    def __init__(self, allowed: Collection[inside.Network], ports: frozenset[int], *, within_s: float = WITHIN_S,
                 context: ssl.SSLContext | None = None) -> None:
        self.allowed, self.ports = allowed, ports
        self.within_s, self.context = within_s, context

    def send(self, letters: Iterable[Letter]) -> Iterator[tuple[Letter, Outcome]]:
        """Post each letter, every host in a lane of its own (分道发送): a slow one delays no other.

        A lane begins nothing after `within_s`; what it did not come to goes back untried. All are answered within
        twice that, whatever a name server or a receiver does.
        """
        lanes: dict[str, list[Letter]] = {}
        for letter in letters:
            lanes.setdefault(urlsplit(letter.to).netloc, []).append(letter)
        waiting = {letter.id: letter for lane in lanes.values() for letter in lane}
        said: SimpleQueue[tuple[Letter, Outcome]] = SimpleQueue()
        for lane in lanes.values():
            threading.Thread(target=self._lane, args=(lane, said), daemon=True).start()
        until = time.monotonic() + 2 * self.within_s + GRACE_S
        while waiting:
            try:
                letter, outcome = said.get(timeout=max(0.0, until - time.monotonic()))
            except Empty:
                break
            del waiting[letter.id]
            yield letter, outcome
        for letter in waiting.values():
            yield letter, later("no_answer")

    def _lane(self, letters: Sequence[Letter], said: "SimpleQueue[tuple[Letter, Outcome]]") -> None:
        until = time.monotonic() + self.within_s
        for letter in letters:
            said.put((letter, self._outcome(letter) if time.monotonic() < until else untried("lane_full")))

    def _outcome(self, letter: Letter) -> Outcome:
        body = json.dumps({
            "id": str(letter.id), "template": letter.template, "subject": letter.subject, "text": letter.short,
            "urgent": letter.urgent, "link": letter.link, "made_at": letter.made_at.isoformat(),
        }, ensure_ascii=False).encode()
        signed = signing.headers(body, delivery=str(letter.id), at=int(clock.now().timestamp()), secret=letter.secret)
        try:
            status = guard.post(letter.to, body, {"Content-Type": "application/json", "User-Agent": "Linli", **signed},
                                allowed=self.allowed, ports=self.ports, within_s=self.within_s, context=self.context)
        except Invalid as error:
            return refused(error.code)
        except (OSError, http.client.HTTPException) as error:
            return later(type(error).__name__)
        return _by_status(status)


def _by_status(status: int) -> Outcome:
    if 200 <= status < 300:
        return sent(f"http_{status}")
    return later(f"http_{status}") if status in TRY_AGAIN or status >= 500 else refused(f"http_{status}")
