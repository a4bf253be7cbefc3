"""The seven stages of a case as pips (办理环节): verify, file, dispatch, handle, check, close, rate."""

from typing import Final

PIPS: Final = 7
DOING: Final[dict[str, int]] = {  # the stage that a case in this state is waiting for
    "reported": 0,
    "verifying": 0,
    "accepted": 1,
    "filed": 2,
    "dispatched": 3,
    "handled": 4,
    "checked": 5,
}


def pips(state: str) -> tuple[int, int | None]:
    """Return how many stages are done and which one is being done, None when the case has ended.

    A closed case has six done: rating is the resident's own and holds nothing up. A void case has none.

    Raises: KeyError for a word that is no state.
    """
    if state == "closed":
        return PIPS - 1, None
    if state == "void":
        return 0, None
    now = DOING[state]
    return now, now
