"""What change sets must know of a versioned table (登记簿): how rows and fields are called, who may change them."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from linli.kernel.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """One versioned table (登记簿).

    Attributes:
        title: msgid of what one row is.
        fields: msgids of the columns that are shown, by column, in their order.
        named: SQL that names a row, over the row `r`.
        area: SQL that gives the code of the area a row belongs to, over the row `r`.
        require: refuses an actor who may not change rows of these areas.
    """

    table: str
    title: str
    fields: Mapping[str, str]
    named: str
    area: str
    require: Callable[[Actor, Collection[str]], None]


_registers: Final[dict[str, Register]] = {}


def enter(*registers: Register) -> None:
    """Make versioned tables known; called once for each, where all rooms are put together."""
    _registers.update({register.table: register for register in registers})


def registers_of(tables: Iterable[str]) -> list[Register]:
    """Return the registers of these tables, in their order."""
    return [_registers[table] for table in tables]
