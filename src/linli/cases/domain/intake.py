"""What comes in, whoever saw it (上报信息): sources differ in what they hand in, not in where it goes."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from linli.cases.domain.given import PHOTOS_AT_MOST
from linli.cases.domain.texts import clean
from linli.kernel.errors import Invalid
from linli.kernel.geo import Point
from linli.kernel.level import Level

REF_LENGTH: Final = 100
SECRET_REF_LENGTH: Final = 22
CLOCK_SLIP: Final = timedelta(minutes=10)


class Source(StrEnum):
    """Who saw it (案件来源)."""

    SENSOR = "sensor"  # 物联感知
    GRID = "grid"  # 网格发现
    RESIDENT = "resident"  # 社会呼叫


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeRule:
    """How reports of one source are taken in (来报规则): a row of data, not a branch of code.

    `must_verify`: somebody has to be sent there before it is filed. `refusable_for`: so long after a
    closing its reporter may refuse it, None = not at all.
    """

    merge_radius_m: float
    merge_window: timedelta
    gets_follow_link: bool
    oldest: timedelta | None
    must_verify: bool = False
    refusable_for: timedelta | None = None


RULES: Final = {
    Source.SENSOR: IntakeRule(merge_radius_m=30.0, merge_window=timedelta(hours=2), gets_follow_link=False,
                                oldest=None),  # a gateway may hand in after weeks without a line
    Source.GRID: IntakeRule(merge_radius_m=30.0, merge_window=timedelta(hours=24), gets_follow_link=False,
                              oldest=timedelta(days=30)),
    Source.RESIDENT: IntakeRule(merge_radius_m=50.0, merge_window=timedelta(hours=72), gets_follow_link=True,
                                  oldest=timedelta(days=30), must_verify=True, refusable_for=timedelta(days=7)),
}


def may_refuse(sources: Collection[Source], closed_at: datetime | None, now: datetime) -> bool:
    """Return whether a closing may still be refused by those who reported (不满意期): the longest rule counts."""
    spans = [RULES[source].refusable_for for source in sources]
    return closed_at is not None and any(span is not None and now <= closed_at + span for span in spans)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report (上报信息).

    `source_ref` is unique within the source, so that sending twice is harmless. `facts` are plain
    values that a later reader needs to walk back to the source, such as the alert's reading.
    """

    source: Source
    source_ref: str
    category: str
    where: Point
    seen_at: datetime
    text: str = ""
    component_id: int | None = None
    level: Level = Level.NONE
    photos: tuple[UUID, ...] = ()
    facts: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)

    @property
    def rule(self) -> IntakeRule:
        """Return the rule of its source."""
        return RULES[self.source]

    @property
    def ref_is_secret(self) -> bool:
        """Return whether nobody but the sender could know `source_ref`: long enough to be drawn by lot."""
        return len(self.source_ref) >= SECRET_REF_LENGTH

    def checked(self, now: datetime) -> "Report":
        """Return the report as it may be kept: text made harmless.

        Raises: Invalid if a reference is missing or too long, a moment is naive, too old or to
            come, a fact is not finite, or there are too many photos.
        """
        if not 0 < len(self.source_ref) <= REF_LENGTH or not self.source_ref.isprintable():
            raise Invalid("cases.source_ref", "A report needs a reference of 1 to {longest} printable characters.",
                          field="source_ref", longest=REF_LENGTH)
        if self.seen_at.utcoffset() is None:
            raise Invalid("cases.naive_moment", "The moment needs its offset from UTC.", field="seen_at")
        if self.seen_at > now + CLOCK_SLIP:
            raise Invalid("cases.moment_to_come", "Seen in the future? Please check the clock.", field="seen_at")
        if self.rule.oldest and self.seen_at < now - self.rule.oldest:
            raise Invalid("cases.moment_too_old", "Seen more than {days} days ago: please look again.",
                          field="seen_at", days=self.rule.oldest.days)
        if len(self.photos) > PHOTOS_AT_MOST:
            raise Invalid("cases.too_many_photos", "At most {most} photos.", field="photos", most=PHOTOS_AT_MOST)
        if any(isinstance(value, float) and not math.isfinite(value) for value in self.facts.values()):
            raise Invalid("cases.facts", "A figure that is not finite cannot be kept.", field="facts")
        return Report(
            source=self.source, source_ref=self.source_ref, category=self.category, where=self.where,
            seen_at=min(self.seen_at, now), text=clean(self.text, field="text"), component_id=self.component_id,
            level=self.level, photos=tuple(dict.fromkeys(self.photos)), facts=self.facts,
        )
