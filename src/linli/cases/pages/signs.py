"""Why two reports may be one matter, in words (相似依据): the kept parts of a score, the strongest first."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import pgettext, pgettext_lazy

KINDS: Final = {
    "same": pgettext_lazy("sign", "same kind"),
    "group": pgettext_lazy("sign", "related kinds"),
    "unknown": pgettext_lazy("sign", "kind left open"),
    "other": pgettext_lazy("sign", "different kinds"),
}
ALIKE_FROM: Final = 0.13  # where `presets/likeness.json` begins to take words as a strong sign
ALMOST_EQUAL_FROM: Final = 0.6
UNLIKE_BELOW: Final = 0.06
HOURS_OF_A_DAY: Final = 24


def of(likeness: Mapping[str, Any] | None) -> list[str]:
    """Return the signs in words, empty where nothing was kept: 同类、相距 12 米、用语相近."""
    if not likeness or "category" not in likeness:
        return []
    signs = [pgettext("sign", "same component")] if likeness.get("component") else []
    signs += [str(KINDS[likeness["category"]]), _apart(likeness["metres"])]
    if likeness.get("words") is not None:
        signs.append(_words(likeness["words"]))
    return [*signs, _when(likeness["hours"])]


def percent(likeness: Mapping[str, Any] | None) -> int | None:
    """Return the score in per cent, None where none was kept (a merge by hand)."""
    return round(100 * likeness["total"]) if likeness and "total" in likeness else None


def _apart(metres: float) -> str:
    return pgettext("sign", "{metres} m apart").format(metres=round(metres))


def _words(alike: float) -> str:
    if alike >= ALMOST_EQUAL_FROM:
        return pgettext("sign", "almost the same words")
    if alike >= ALIKE_FROM:
        return pgettext("sign", "similar words")
    return pgettext("sign", "different words") if alike < UNLIKE_BELOW else pgettext("sign", "a few words in common")


def _when(hours: float) -> str:
    if hours < 1:
        return pgettext("sign", "within an hour")
    if hours < HOURS_OF_A_DAY:
        return pgettext("sign", "{hours} h apart").format(hours=round(hours))
    return pgettext("sign", "{days} d apart").format(days=round(hours / HOURS_OF_A_DAY))
