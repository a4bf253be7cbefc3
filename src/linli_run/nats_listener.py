"""The stream in which the MQTT listener passes on messages of QoS 1 (监听器转发流), kept in memory."""

import json
import secrets
import time
from typing import Any, Final

from linli_ingest.wire import LineLost, Wire, read_json, status_of

STREAM: Final = "$MQTT_msgs"
ANSWER_WITHIN_S: Final = 2.0
# As the listener would make it, but for the storage: it writes an entry for every message, though nobody who may
# listen there exists, and TELEMETRY holds the same message. That write took an eighth of the server's time.
CONFIGURATION: Final = {
    "name": STREAM, "subjects": ["$MQTT.msgs.>"], "retention": "interest", "storage": "memory", "num_replicas": 1,
}  # fmt: skip


def provide(url: str) -> bool:
    """Make the stream before the first device makes the listener make it (预建); return whether it is there as wanted.

    Raises: LineLost if the server is gone.
    """
    wire = Wire(url)
    try:
        inbox = f"_INBOX.{secrets.token_hex(8)}"
        wire.send(b"SUB %s 1\r\n" % inbox.encode())
        wire.publish(f"$JS.API.STREAM.CREATE.{STREAM}", json.dumps(CONFIGURATION).encode(), inbox)
        return "error" not in _answer(wire)
    finally:
        wire.close()


def _answer(wire: Wire) -> dict[str, Any]:
    deadline = time.monotonic() + ANSWER_WITHIN_S
    while time.monotonic() < deadline:
        for frame in wire.frames(0.1):
            if status_of(frame) is None:
                return read_json(frame.body)
    raise LineLost("the message server does not answer")
