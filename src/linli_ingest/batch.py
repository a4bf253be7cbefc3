"""Messages as they came out of the stream (消息批次)."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Token(NamedTuple):
    """Where a message stands: its number in the stream, its arrival, and how many wait behind it."""

    seq: int
    delivery: int
    arrived_ns: int
    waiting: int

    @property
    def arrived_us(self) -> int:
        """Arrival at the message server, microseconds since 1970."""
        return self.arrived_ns // 1000


def token_of(reply: bytes) -> Token:
    """Read the reply subject JetStream gives each message (确认主题), in its short or its long form."""
    words = reply.split(b".")
    at = 5 if len(words) < 11 else 7
    seq, delivery, arrived_ns, waiting = (int(word) for word in words[at : at + 4])
    return Token(seq, delivery, arrived_ns, waiting)


@dataclass(slots=True)
class Batch:
    """Messages in the order of arrival, as three columns of equal length.

    Attributes:
        subjects: such as `d.mc-7.t`.
        payloads: what the devices sent.
        replies: read by `token_of` where it is needed.
    """

    subjects: list[bytes] = field(default_factory=list)
    payloads: list[bytes] = field(default_factory=list)
    replies: list[bytes] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.payloads)

    def token(self, index: int) -> Token:
        """Return where message `index` stands."""
        return token_of(self.replies[index])

    def cut(self, count: int) -> "Batch":
        """Take the first `count` messages out and return them (切分)."""
        head = Batch(self.subjects[:count], self.payloads[:count], self.replies[:count])
        del self.subjects[:count], self.payloads[:count], self.replies[:count]
        return head


def device_of(subject: bytes) -> str:
    """Return the device named by a subject (设备号); the listener writes a dot of a topic level as `//`.

    Bytes that are not UTF-8, and NUL, are shown as the replacement character.
    """
    middle = subject.split(b".", 1)[1].rsplit(b".", 1)[0]
    name = middle.decode("utf-8", "replace").replace("//", ".").replace("\0", "\ufffd")
    return "" if name == "/" else name


def subject_for(device: str, kind: str) -> str:
    """Return the subject that the listener maps topic `d/<device>/<kind>` to (主题换算)."""
    return f"d.{device.replace('.', '//')}.{kind}"
