"""Who may hear which event (推送范围)."""

from typing import Self

import msgspec

from linli.kernel import token
from linli.kernel.errors import Invalid


class Event(msgspec.Struct, frozen=True):
    """One thing that happened, as announced in PostgreSQL (事件); `data` stays the JSON it came as.

    `who` names somebody whose streams are to end, on the topic of that.
    """

    topic: str
    area: str = ""
    units: frozenset[int] = frozenset()
    who: str = ""
    data: msgspec.Raw = msgspec.Raw(b"{}")


class Scope(msgspec.Struct, frozen=True):
    """What one listener may hear: areas by prefix ("" is every area), units, topics (可见范围).

    `who` tells the streams of one person apart from those of others, by a keyed hash, with what is listened to after a
    slash.
    """

    areas: frozenset[str] = frozenset()
    units: frozenset[int] = frozenset()
    topics: frozenset[str] = frozenset()
    who: str = ""

    @classmethod
    def of_token(cls, text: str, *, key: bytes) -> Self:
        """Return the scope that the web part signed.

        Raises: Invalid if the token is not ours, has expired or holds no scope.
        """
        payload = token.verify(text, key=key)
        try:
            return msgspec.convert(payload, cls)
        except msgspec.ValidationError as error:
            raise Invalid("live.no_scope", "This link is not one of ours. Please open the page again.") from error

    def is_of(self, who: str) -> bool:
        """Whether this is a stream of this person's, whatever it listens to (是否本人)."""
        return bool(who) and self.who.partition("/")[0] == who

    def hears(self, event: Event) -> bool:
        """Whether the event is of a topic asked for, and of an area or a unit in this scope (是否可见)."""
        if event.topic not in self.topics:
            return False
        return any(event.area.startswith(prefix) for prefix in self.areas) or not self.units.isdisjoint(event.units)
