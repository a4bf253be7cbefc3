"""Whether what was reported must first be seen by somebody sent there (核实): before filing, is it true?"""

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from linli.cases.domain.intake import RULES, Source
from linli.kernel.level import Level

ACTS_FIRST_FROM: Final = Level.ORANGE


class Finding(StrEnum):
    """What was found on site (核实结论)."""

    TRUE = "true"  # 属实
    NOT_FOUND = "not_found"  # 不属实


def must_verify_first(sources: Collection[Source], *, finding: str, level: Level) -> bool:
    """Return whether the acceptor needs a reason to file now (是否须先核实): act first, argue later (先办后议).

    Args:
        sources: of all its reports; one source that needs no verification speaks for all.
        finding: a `Finding`, or "" = nobody has been there.
    """
    if finding == Finding.TRUE or level >= ACTS_FIRST_FROM:
        return False
    return finding == Finding.NOT_FOUND or all(RULES[source].must_verify for source in sources)
