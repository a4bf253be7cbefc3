from datetime import datetime

from django.db import models
from django.db.models import F, Q

from linli.cases.domain.queues import Queue
from linli.cases.domain.routing import DISPUTED_FROM, RouteRule
from linli.cases.domain.sight import SEES_AREA
from linli.cases.domain.texts import title_of
from linli.cases.domain.verifying import Finding
from linli.cases.domain.workflow import FINAL, OPEN, WITH_UNIT, State
from linli.cases.models.running import LIMIT_CONSTRAINTS, RunningLimit
from linli.cases.models.step import CaseStep
from linli.kernel.actor import Actor
from linli.kernel.geo import Point
from linli.kernel.level import Level
from linli.kernel.role import Role

_LEVELS = [level.word for level in Level]
_STATES = [state.value for state in State]
_OPEN = sorted(state.value for state in OPEN)
_WITH_UNIT = sorted(state.value for state in WITH_UNIT)
_FILED = sorted([State.FILED.value, *_WITH_UNIT])


def waits_in(queue: Queue, actor: Actor, *, now: datetime) -> Q:
    """Return the condition on which a case waits in `queue` for this actor's own posts."""
    rows = Q(state__in=sorted(state.value for state in queue.states), merged_into=None)
    if queue.only_late:
        rows &= Q(due_at__lt=now, handled_at=None)
    if queue.only_asked:
        rows &= ~Q(asked="")
    if queue.only_disputed:
        rows &= Q(returns__gte=DISPUTED_FROM)
    if queue.only_refused:
        refusals = CaseStep.objects.filter(case=models.OuterRef("pk"), move="refuse_closure")
        rows &= Q(models.Exists(refusals), reopenings__gt=0)
    if queue.role is Role.UNIT:
        return rows & Q(unit_id__in=sorted(actor.units))
    if queue.role is not None:
        over = Q(pk__in=[])
        for post in actor.posts:
            if post.role == queue.role:
                over |= Q(area_code__startswith=post.area)
        rows &= over & ~Q(handled_by=actor.ref)
    return rows


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, actor: Actor) -> "CaseQuerySet":
        """Keep what this actor may see (可见案件): its posts' areas, and what its units were given to handle."""
        if actor.is_system:
            return self
        seen = Q(pk__in=[])
        for post in actor.posts:
            if post.role in SEES_AREA:
                seen |= Q(area_code__startswith=post.area)
        if actor.units:
            seen |= Q(unit_id__in=sorted(actor.units), state__in=_WITH_UNIT)
        return self.filter(seen)

    def still_open(self) -> "CaseQuerySet":
        """Keep what is neither closed, void nor merged into another case (在办)."""
        return self.filter(state__in=_OPEN, merged_into=None)  # said as the partial indexes say it

    def left_with(self, unit_id: int) -> "CaseQuerySet":
        """Keep what a unit has, or is proposed for, and what is neither closed nor void, merged or not (未了结)."""
        return self.filter(state__in=_OPEN, unit_id=unit_id)

    def over(self) -> "CaseQuerySet":
        """Keep what is closed or void (已了结)."""
        return self.exclude(state__in=_OPEN)

    def in_queue(self, queue: Queue, actor: Actor, *, now: datetime) -> "CaseQuerySet":
        """Keep what waits in a queue for this actor (收件队列)."""
        return self.filter(waits_in(queue, actor, now=now))

    def most_urgent_first(self) -> "CaseQuerySet":
        """Order by level, then by what is due first, then by age (急在前)."""
        return self.order_by(F("level_rank").desc(), F("due_at").asc(nulls_last=True), "opened_at", "pk")

    def with_facts(self) -> "CaseQuerySet":
        """Fetch in the same query what a line of a list shows."""
        return self.select_related("category", "unit", "component", "condition")


class Case(RunningLimit):
    """One matter, from report to satisfied close (案件); row-secured by area, or by its unit.

    `unit` is proposed until dispatch, acting from then on; `route_rule` says which rule found it.
    `finding` is what the latest verification found; `returns`, `reworks` and `reopenings` count how often it
    was given back (推诿数), sent back and opened again; `first_closed_at` outlives a reopening.
    `merged_into` names the case under which the same matter goes on (并案); this one rests in the state it
    had, and comes back in it when they are parted.
    """

    number = models.CharField(max_length=24, unique=True)
    category = models.ForeignKey("cases.Category", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    place = models.CharField(max_length=120, blank=True, default="")
    lon = models.FloatField()
    lat = models.FloatField()
    area_code = models.CharField(max_length=15)
    component = models.ForeignKey("assets.Component", null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("organisations.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    route_rule = models.CharField(max_length=20)
    level = models.CharField(max_length=10, default=Level.NONE.word)
    level_rank = models.GeneratedField(
        expression=models.Case(
            *(models.When(level=level.word, then=models.Value(level.value)) for level in Level),
            default=models.Value(0), output_field=models.SmallIntegerField(),
        ),
        output_field=models.SmallIntegerField(), db_persist=True,
    )  # fmt: skip
    state = models.CharField(max_length=12, default=State.REPORTED.value)
    condition = models.ForeignKey("cases.Condition", null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    finding = models.CharField(max_length=10, blank=True, default="")
    verified_at = models.DateTimeField(null=True)
    verified_by = models.CharField(max_length=100, blank=True, default="")
    first_closed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    handled_by = models.CharField(max_length=100, blank=True, default="")
    checked_by = models.CharField(max_length=100, blank=True, default="")
    returns = models.PositiveSmallIntegerField(default=0)
    reworks = models.PositiveSmallIntegerField(default=0)
    reopenings = models.PositiveSmallIntegerField(default=0)
    report_count = models.PositiveIntegerField(default=1)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged_cases")

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["area_code", "state"], name="cases_case_area", opclasses=["text_pattern_ops", ""]),
            models.Index(fields=["unit", "state"], name="cases_case_unit"),
            models.Index(fields=["component"], name="cases_case_component", condition=Q(state__in=_OPEN)),
            models.Index(fields=["lat", "lon"], name="cases_case_open_place", condition=Q(state__in=_OPEN)),
            models.Index(fields=["-opened_at"], name="cases_case_opened"),
            models.Index(fields=["merged_into"], name="cases_case_merged", condition=Q(merged_into__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(name="cases_case_state", condition=Q(state__in=_STATES)),
            models.CheckConstraint(name="cases_case_not_into_itself", condition=~Q(merged_into=F("id"))),
            models.CheckConstraint(name="cases_case_level", condition=Q(level__in=_LEVELS)),
            models.CheckConstraint(
                name="cases_case_route_rule", condition=Q(route_rule__in=[rule.value for rule in RouteRule])
            ),
            models.CheckConstraint(
                name="cases_case_area_code", condition=Q(area_code__regex=r"^[0-9]{6}([0-9]{3}){0,3}$")
            ),
            models.CheckConstraint(
                name="cases_case_place", condition=Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90)
            ),
            models.CheckConstraint(
                name="cases_case_closed_at_iff_closed",
                condition=Q(state=State.CLOSED.value, closed_at__isnull=False)
                | ~Q(state=State.CLOSED.value) & Q(closed_at=None),
            ),
            *LIMIT_CONSTRAINTS,
            models.CheckConstraint(
                name="cases_case_finding_iff_verified",
                condition=Q(finding="", verified_at=None, verified_by="")
                | Q(finding__in=[finding.value for finding in Finding], verified_at__isnull=False)
                & ~Q(verified_by="") & ~Q(state=State.VERIFYING.value),
            ),
            models.CheckConstraint(
                name="cases_case_first_closing_kept",
                condition=Q(closed_at=None) | Q(first_closed_at__isnull=False, first_closed_at__lte=F("closed_at")),
            ),
            models.CheckConstraint(
                name="cases_case_filed_before_dispatch",
                condition=~Q(state__in=_FILED) | Q(condition__isnull=False),
            ),
            models.CheckConstraint(
                name="cases_case_with_unit", condition=~Q(state__in=_WITH_UNIT) | Q(unit__isnull=False)
            ),
            models.CheckConstraint(
                name="cases_case_checked_by_another", condition=Q(checked_by="") | ~Q(checked_by=F("handled_by"))
            ),
            models.CheckConstraint(
                name="cases_case_checked_before_closed",
                condition=~Q(state__in=[State.CHECKED.value, State.CLOSED.value])
                | ~Q(checked_by="") & ~Q(handled_by=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def where(self) -> Point:
        """Return its place."""
        return Point(self.lon, self.lat)

    @property
    def heading(self) -> str:
        """Return its title in the reader's language."""
        return title_of(self.category.name, self.place)

    @property
    def is_open(self) -> bool:
        """Return whether somebody still has to do something with this case itself."""
        return State(self.state) not in FINAL and self.merged_into_id is None

    @property
    def is_disputed(self) -> bool:
        """Return whether nobody wants to be answerable for it (职责争议): given back more than once, and still free."""
        return self.returns >= DISPUTED_FROM and self.state == State.FILED.value
