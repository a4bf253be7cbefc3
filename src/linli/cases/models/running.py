from datetime import timedelta
from typing import Final

from django.db import models
from django.db.models import F, Q

from linli.calendar.domain.units import LimitUnit
from linli.cases.domain.facts import EXTENSIONS_AT_MOST, Fact
from linli.cases.domain.limits import Clock, Limit, Standing, standing
from linli.cases.domain.workflow import State
from linli.cases.models.words import limit_words
from linli.kernel import clock

ASKED: Final = {"extension": Fact.EXTENSION_ASKED, "suspension": Fact.SUSPENSION_ASKED}
SUSPENDED_AT_MOST: Final = timedelta(days=366)


class RunningLimit(models.Model):
    """The limit of a case while it runs (处置时限), and what was asked for and granted of it.

    `limit_amount` and `limit_unit` are the condition's at the moment of filing; `limit_times` of them are
    granted now. It runs from `started_at`: the filing, or the reopening. `near_at` (80 %) and `due_at` are
    kept as the calendar told them; None with a limit means: the end cannot be told, never: on time.
    """

    limit_amount = models.PositiveSmallIntegerField(null=True)
    limit_unit = models.CharField(max_length=20, blank=True, default="")
    limit_times = models.PositiveSmallIntegerField(default=1)
    filed_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    near_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)
    extensions = models.PositiveSmallIntegerField(default=0)
    asked = models.CharField(max_length=10, blank=True, default="")
    asked_until = models.DateField(null=True)
    suspended_at = models.DateTimeField(null=True)
    suspended_until = models.DateTimeField(null=True)
    resumed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def limit(self) -> Limit | None:
        """Return its one original limit, None before it is filed (处置时限)."""
        return Limit(self.limit_amount, LimitUnit(self.limit_unit)) if self.limit_amount else None

    @property
    def granted(self) -> Limit | None:
        """Return all that is granted, extensions included."""
        return Limit(self.limit.amount * self.limit_times, self.limit.unit) if self.limit else None

    @property
    def limit_text(self) -> str:
        """Return what is granted in words, "" before it is filed: 2 紧急工作时."""
        return limit_words(self.granted)

    @property
    def limit_text_at_filing(self) -> str:
        """Return its one original limit in words, whatever was granted since (立案时限)."""
        return limit_words(self.limit)

    @property
    def clock(self) -> Clock | None:
        """Return its running limit as a plain value, None before it is filed (案件时钟)."""
        if self.limit is None or self.started_at is None:
            return None
        return Clock(self.started_at, self.limit, self.limit_times, self.suspended_at,
                     self.resumed_at or self.suspended_until)

    @property
    def is_suspended(self) -> bool:
        """Return whether the clock rests now (挂账中)."""
        return self.suspended_at is not None and self.resumed_at is None

    @property
    def standing(self) -> Standing:
        """Return how it stands against its limit at this moment (时限状态)."""
        return standing(started_at=self.started_at, near_at=self.near_at, due_at=self.due_at,
                        done_at=self.handled_at, now=clock.now(), suspended=self.is_suspended)

    def limit_facts(self) -> frozenset[Fact]:
        """Return what holds of its limit now, as the moves ask for it (时限情形)."""
        holds = {
            Fact.SUSPENDED: self.is_suspended,
            Fact.SUSPENDED_BEFORE: self.suspended_at is not None,
            Fact.EXTENDED_OUT: self.extensions >= EXTENSIONS_AT_MOST,
            Fact.OVERDUE: self.due_at is not None and clock.now() > self.due_at,
        }
        asked = {ASKED[self.asked]} if self.asked else set()
        return frozenset({fact for fact, is_so in holds.items() if is_so} | asked)


LIMIT_CONSTRAINTS: Final = [
    models.CheckConstraint(
        name="cases_case_limit_iff_filed",
        condition=Q(condition=None, limit_amount=None, limit_unit="", filed_at=None, started_at=None, due_at=None)
        | Q(condition__isnull=False, limit_amount__gt=0, filed_at__isnull=False, started_at__gte=F("filed_at"),
            limit_unit__in=[unit.value for unit in LimitUnit]),
    ),
    models.CheckConstraint(
        name="cases_case_near_iff_due",
        condition=Q(near_at=None, due_at=None)
        | Q(near_at__isnull=False, due_at__isnull=False, near_at__gte=F("started_at"), due_at__gte=F("near_at")),
    ),
    models.CheckConstraint(
        name="cases_case_extensions",
        condition=Q(extensions__lte=EXTENSIONS_AT_MOST, limit_times__gte=1, limit_times__lte=F("extensions") + 1),
    ),
    models.CheckConstraint(
        name="cases_case_asked",
        condition=Q(asked="", asked_until=None)
        | Q(asked="extension", asked_until=None, state=State.DISPATCHED.value)
        | Q(asked="suspension", asked_until__isnull=False, state=State.DISPATCHED.value, suspended_at=None),
    ),
    models.CheckConstraint(
        name="cases_case_suspended_once",
        condition=Q(suspended_at=None, suspended_until=None, resumed_at=None)
        | Q(suspended_at__isnull=False, suspended_until__isnull=False, suspended_until__gt=F("suspended_at"),
            suspended_until__lte=F("suspended_at") + SUSPENDED_AT_MOST)
        & (Q(resumed_at=None, state=State.DISPATCHED.value, handled_at=None)
           | Q(resumed_at__gte=F("suspended_at"), resumed_at__lte=F("suspended_until"))),
    ),
]
