"""What a report must hold while it looks for its case (并案锁): numbers for advisory locks, always taken in order."""

import hashlib
from collections.abc import Iterable
from typing import Final

from linli.cases.domain.intake import Report
from linli.kernel.geo import cells_within

MERGING: Final = -(1 << 62)  # held by whoever merges or parts cases: one at a time, for it follows chains of them
_REFS_FROM: Final = 1 << 62


def keys_of(reports: Iterable[Report]) -> list[int]:
    """Return the ascending numbers to lock for all of `reports`: references, components, 60 m cells.

    Two reports that could be one matter share at least one number, and everybody takes them in
    the same order, so none waits for another in a ring. Components are negative, references
    above 2^62, cells between.
    """
    keys: set[int] = set()
    for report in reports:
        keys.add(_ref_key(report))
        keys.update(cells_within(report.where, report.rule.merge_radius_m))
        if report.component_id is not None:
            keys.add(-report.component_id)
    return sorted(keys)


def _ref_key(report: Report) -> int:
    named = f"{report.source}:{report.source_ref}".encode("utf-8", "surrogatepass")
    return _REFS_FROM | int.from_bytes(hashlib.blake2b(named, digest_size=7).digest(), "big")
