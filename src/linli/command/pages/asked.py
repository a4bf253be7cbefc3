"""What a request to the board asks for (请求参数), read and bounded."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from django.utils.dateparse import parse_datetime

from linli.command.domain import past
from linli.command.domain.figures import CHOICES, Choice, Kind
from linli.kernel.errors import NotFound

LAST_PAGE: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which rows, which page of them, which chain is open, since when rows are new to the reader, and at what moment.

    `at` None = the present.
    """

    choice: Choice | None = None
    page: int = 1
    select: tuple[Kind, int] | None = None
    since: datetime | None = None
    at: datetime | None = None

    @classmethod
    def of(cls, given: Mapping[str, str], *, now: datetime) -> Self:
        """Return what an address asks for.

        Raises: NotFound if it asks for rows, a page or a chain that cannot be.
        """
        show = given.get("show", "")
        if show not in {"", "all", *CHOICES}:
            raise NotFound("command.no_such_rows", "There is no such list.")
        return cls(choice=CHOICES.get(show), page=_page(given.get("page", "")), select=_chosen(given.get("select", "")),
                   since=_moment(given.get("since", "")), at=past.looked_back_to(given.get("at", ""), now))

    @property
    def show(self) -> str:
        """Return the choice's name, as it stands in the address."""
        return self.choice.name if self.choice else "all"

    @property
    def kept(self) -> str:
        """Return what every address of the board takes along: the moment that is looked back to, "" for none."""
        return f"&at={self.at.timestamp():.0f}" if self.at else ""

    @property
    def key(self) -> str:
        """Return the name of the chain that is open, such as `case:12`."""
        return f"{self.select[0]}:{self.select[1]}" if self.select else ""

    @property
    def key_path(self) -> str:
        """Return the chain's name as it stands in an address."""
        return self.key.replace(":", "/")


def _page(given: str) -> int:
    if not given:
        return 1
    if not re.fullmatch(r"[0-9]{1,4}", given) or not 1 <= int(given) <= LAST_PAGE:
        raise NotFound("command.no_such_page", "There is no such page.")
    return int(given)


def _chosen(given: str) -> tuple[Kind, int] | None:
    if not given:
        return None
    named = re.fullmatch(r"(alert|case):([0-9]{1,18})", given)
    if named is None:
        raise NotFound("command.no_such_chain", "There is no such alert or case.")
    return Kind(named[1]), int(named[2])


def _moment(given: str) -> datetime | None:
    try:
        at = parse_datetime(given) if given else None
    except ValueError:
        return None
    return at if at and at.utcoffset() is not None else None
