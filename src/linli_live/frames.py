"""Server-sent events as bytes (事件帧)."""

from typing import Final

from linli_live.scope import Event

BEAT: Final = b"event: beat\ndata: {}\n\n"
HELLO: Final = b"retry: 2000\nevent: beat\ndata: {}\n\n"
RELOAD: Final = b"event: reload\ndata: {}\n\n"


def numbered(number: str, data: bytes) -> bytes:
    """Return a frame that a browser names as the last one heard when it comes back (编号)."""
    return b"id: " + number.encode() + b"\n" + data


def frame(event: Event) -> bytes:
    """Return the event as the browser's EventSource reads it; line breaks cannot forge a second event."""
    topic = event.topic.encode().replace(b"\n", b" ").replace(b"\r", b" ")
    lines = bytes(event.data).replace(b"\r", b"\n").split(b"\n")
    return b"event: " + topic + b"\n" + b"".join(b"data: " + line + b"\n" for line in lines) + b"\n"
