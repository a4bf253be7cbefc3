"""A sender that keeps every message until it is told that it is stored (可靠发送)."""

import json
import secrets
import threading
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from linli_edge.outstanding import Outstanding

WINDOW: Final = 2000
RESEND_AFTER_S: Final = 5.0
LONGEST_PAUSE_S: Final = 60.0
LOOK_EVERY_S: Final = 0.5


class NotStored(Exception):
    """The receiver did not say in time that the messages are stored."""


class Sender:
    """Sends readings of one device or of many over one MQTT connection (发送器).

    Numbers are kept in memory only, so every sender begins a session of its own (`b`). A message
    accepted by the message server is merely received; it counts as stored once the receipt says so.

    Args:
        url: `mqtt://user:password@host:port`.
        client_id: no dots, no spaces (the message server refuses them).
        window: how many messages of one device may wait for their receipt before `send` waits.
    """

    def __init__(self, url: str, client_id: str, *, window: int = WINDOW) -> None:
        self.session = secrets.token_hex(6)
        self.window = window
        self.stored = 0
        self._devices: dict[str, Outstanding] = {}
        self._quiet_since: dict[str, float] = {}
        self._pause_s: dict[str, float] = {}
        self._changed = threading.Condition()
        self._ended = threading.Event()
        parts = urlsplit(url)
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=mqtt.MQTTv311)
        if parts.username:
            self._client.username_pw_set(unquote(parts.username), unquote(parts.password or ""))
        self._client.on_connect = self._on_connect
        self._client.on_message = self._on_receipt
        self._client.max_queued_messages_set(0)
        self._client.max_inflight_messages_set(512)
        self._client.reconnect_delay_set(1, 30)
        self._client.connect_async(parts.hostname or "127.0.0.1", parts.port or 1883, keepalive=20)
        self._client.loop_start()
        self._resender = threading.Thread(target=self._resend_until_ended, daemon=True)
        self._resender.start()

    def __enter__(self) -> "Sender":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def send(self, device: str, body: Mapping[str, Any], *, timeout_s: float = 60.0) -> int:
        """Send one message and return its number (发送); waits while too many are without a receipt.

        Raises: NotStored if there is still no room after `timeout_s` seconds; nothing was sent then.
        """
        with self._changed:
            waiting = self._devices.setdefault(device, Outstanding())
            if not self._changed.wait_for(lambda: len(waiting.kept) < self.window, timeout_s):
                raise NotStored(f"{device}: no receipt beyond message {waiting.stored_n}")
            n = waiting.next_n()
            payload = json.dumps({**body, "n": n, "b": self.session}, ensure_ascii=False,
                                 separators=(",", ":")).encode()
            if not waiting.kept:
                self._rest(device)
            waiting.keep(payload)
        self._publish(device, payload)
        return n

    def waiting(self) -> int:
        """Return how many messages are not yet told stored (待确认数)."""
        with self._changed:
            return sum(len(waiting.kept) for waiting in self._devices.values())

    def wait_until_stored(self, timeout_s: float) -> None:
        """Return when everything that was sent is told stored (等到入库).

        Raises: NotStored after `timeout_s` seconds.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: not any(w.kept for w in self._devices.values()), timeout_s):
                missing = {device: w.stored_n for device, w in self._devices.items() if w.kept}
                raise NotStored(f"no receipt beyond {missing}")

    def close(self) -> None:
        """End the connection; what has no receipt by now is lost with this sender."""
        self._ended.set()
        self._resender.join()
        self._client.disconnect()
        self._client.loop_stop()

    def _publish(self, device: str, payload: bytes) -> None:
        self._client.publish(f"d/{device}/t", payload, qos=1)

    def _on_connect(self, client: mqtt.Client, userdata: object, flags: mqtt.ConnectFlags, reason: Any,
                    properties: object) -> None:
        client.subscribe("d/+/a", qos=0)
        with self._changed:  # receipts may have passed while the line was down: ask again by sending again
            self._quiet_since = dict.fromkeys(self._quiet_since, -LONGEST_PAUSE_S)

    def _on_receipt(self, client: mqtt.Client, userdata: object, message: mqtt.MQTTMessage) -> None:
        device = message.topic.split("/")[1]
        try:
            receipt = json.loads(message.payload)
            n, session = int(receipt["n"]), str(receipt.get("b", ""))
        except (ValueError, KeyError, TypeError):
            return
        with self._changed:
            waiting = self._devices.get(device)
            if waiting is not None and session == self.session and (gone := waiting.told(n)):
                self.stored += gone
                self._rest(device)
                self._changed.notify_all()

    def _rest(self, device: str) -> None:
        self._quiet_since[device], self._pause_s[device] = time.monotonic(), RESEND_AFTER_S

    def _resend_until_ended(self) -> None:
        while not self._ended.wait(LOOK_EVERY_S):
            for device, payloads in self._overdue().items():
                for payload in payloads:
                    self._publish(device, payload)

    def _overdue(self) -> dict[str, list[bytes]]:
        """Return what waited too long for a receipt; its next turn comes after twice the pause."""
        now = time.monotonic()
        with self._changed:
            overdue = {}
            for device, waiting in self._devices.items():
                if waiting.kept and self._client.is_connected() and now - self._quiet_since[device] > \
                        self._pause_s[device]:
                    overdue[device] = waiting.payloads(self.window)
                    self._quiet_since[device] = now
                    self._pause_s[device] = min(LONGEST_PAUSE_S, 2 * self._pause_s[device])
            return overdue
