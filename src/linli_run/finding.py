"""What one check found (体检结果)."""

from dataclasses import asdict, dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How grave it is."""

    GOOD = "good"
    ASIDE = "aside"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report.

    Args:
        about: what was looked at.
        remedy: what to do; empty if there is nothing to do.
    """

    about: str
    grade: Grade
    said: str
    remedy: str = ""

    def as_dict(self) -> dict[str, str]:
        """The finding as plain JSON values."""
        return asdict(self)


def good(about: str, said: str) -> Finding:
    """A finding that asks for nothing."""
    return Finding(about, Grade.GOOD, said)


def aside(about: str, said: str, remedy: str = "") -> Finding:
    """A finding that is worth knowing and stops nothing."""
    return Finding(about, Grade.ASIDE, said, remedy)


def bad(about: str, said: str, remedy: str) -> Finding:
    """A finding that stops something, with its way out."""
    return Finding(about, Grade.BAD, said, remedy)
