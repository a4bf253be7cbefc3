"""Codes of areas and components (编码).

Source: GB/T 2260, GB/T 10114 and GB/T 30428.1–2 as summarised in `domain.md` §1.2, §1.3, §2.1.
"""

import re
from typing import Final

from linli.kernel.errors import Invalid

AREA_LENGTHS: Final = (6, 9, 12, 15)  # district, street, community, unit grid


def is_area_code(code: str) -> bool:
    """Return whether `code` has the form of a district, street, community or unit-grid code."""
    return len(code) in AREA_LENGTHS and code.isascii() and code.isdigit()


def parent_area(code: str) -> str | None:
    """Return the code of the area one rung up, None for a district.

    Raises: Invalid if `code` is no area code.
    """
    if not is_area_code(code):
        raise Invalid("codes.area", "{code} is not an area code: it needs 6, 9, 12 or 15 digits.", code=code)
    rung = AREA_LENGTHS.index(len(code))
    return code[: AREA_LENGTHS[rung - 1]] if rung else None


def component_code(district: str, class_code: str, sequence: int) -> str:
    """Return the 16-digit component code (部件标识码): district 6, class 4, sequence 6.

    Raises: Invalid if a part has the wrong form; nothing is padded or cut but the sequence's own zeros.
    """
    if not (re.fullmatch(r"[0-9]{6}", district) and re.fullmatch(r"[0-9]{4}", class_code) and 0 < sequence < 10**6):
        raise Invalid("codes.component", "A component code needs a 6-digit district, a 4-digit class and 1 to 999999.")
    return f"{district}{class_code}{sequence:06d}"
