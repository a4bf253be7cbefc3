"""The five steps a resident sees (居民五步): received, sent, fixed, checked, closed."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

STEPS: Final = (
    pgettext_lazy("five steps", "Received"),
    pgettext_lazy("five steps", "Sent"),
    pgettext_lazy("five steps", "Fixed"),
    pgettext_lazy("five steps", "Checked"),
    pgettext_lazy("five steps", "Closed"),
)
DONE: Final = {"reported": 1, "accepted": 1, "verifying": 1, "filed": 1, "dispatched": 2, "handled": 3,
               "checked": 4, "closed": 5, "void": 1}


@dataclass(frozen=True, slots=True)
class FiveStep:
    """One of the five: `mark` is "ok" when done, "at" when being done, "" when still to come."""

    word: str | Promise
    mark: str


def five_steps(state: str) -> list[FiveStep]:
    """Return the five steps of a case in this state; one that was not taken on goes nowhere further."""
    done = DONE[state]
    now = done if state != "void" else len(STEPS)
    return [FiveStep(word, "ok" if at < done else "at" if at == now else "") for at, word in enumerate(STEPS)]
