"""Facts that a room announces (事件)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of all facts: past tense, ids only, no personal data, plain JSON values."""

    @classmethod
    def name(cls) -> str:
        """Return the stable name, such as `"cases.CaseClosed"`: room and class."""
        return f"{cls.__module__.split('.')[1]}.{cls.__name__}"
