from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce, Now
from django.db.models.lookups import LessThan

from linli.cases.domain.queues import QUEUES, queues_of
from linli.cases.models import Case, CaseQuerySet
from linli.cases.models.case import waits_in
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound

PINS_AT_MOST: Final = 10_000
PIN: Final = ("id", "number", "title", "lon", "lat", "state", "level", "unit_id", "category_code", "late")
LINE: Final = ("id", "number", "title", "place", "state", "level", "area_code", "lon", "lat", "route_rule",
               "report_count", "limit_amount", "limit_unit", "opened_at", "filed_at", "due_at", "handled_at",
               "closed_at", "unit_id", "component_id", "category_code", "condition_code", "unit_name", "late")


def inbox(actor: Actor, queue: str) -> CaseQuerySet:
    """Return what waits in a queue for this actor (收件箱), most urgent first; `queues.QUEUES` names the queues."""
    if queue not in QUEUES:
        raise NotFound("cases.no_such_queue", "There is no such queue.", queue=queue)
    rows = Case.objects.visible_to(actor).in_queue(QUEUES[queue], actor, now=clock.now())
    return rows.with_facts().most_urgent_first()


def counts(actor: Actor) -> dict[str, int]:
    """Return how many cases wait in each queue of this actor (收件数), in the desk's order, by one query."""
    now = clock.now()
    totals = {name: Count("pk", filter=waits_in(QUEUES[name], actor, now=now)) for name in queues_of(actor)}
    return Case.objects.visible_to(actor).aggregate(**totals)


def waits_for(actor: Actor, *, now: datetime) -> Q:
    """Return the condition on which a case waits for one of this actor's own posts (待本人办理): their queues' own."""
    mine = [queue for name in queues_of(actor) if (queue := QUEUES[name]).role is not None]
    return reduce(or_, (waits_in(queue, actor, now=now) for queue in mine), Q(pk__in=[]))


def open_pins(actor: Actor) -> str:
    """Return the open cases this actor sees as GeoJSON text (在办案件点位), made by the database."""
    pins = (
        Case.objects.visible_to(actor).still_open()
        .annotate(category_code=F("category__code"), late=_late())
        .order_by("-level_rank", "-pk")
        .values(*PIN)[:PINS_AT_MOST]
    )
    return _text(
        "SELECT json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(json_build_object("
        "'type', 'Feature', 'id', id, 'geometry',"
        " json_build_object('type', 'Point', 'coordinates', json_build_array(lon, lat)),"
        " 'properties', json_build_object('id', id, 'number', number, 'title', title, 'state', state, 'level', level,"
        " 'late', late, 'category', category_code, 'unit', unit_id))), '[]'::json))::text FROM ({rows}) pin",
        pins, empty='{"type": "FeatureCollection", "features": []}')


def cases_json(cases: CaseQuerySet) -> str:
    """Return the lines of a list as JSON text (案件列表), in the list's own order, made by the database."""
    lines = cases.annotate(category_code=F("category__code"), condition_code=F("condition__code"),
                           unit_name=F("unit__name"), late=_late())
    return _text("SELECT coalesce(json_agg(row_to_json(line)), '[]'::json)::text FROM ({rows}) line",
                 lines.values(*LINE), empty="[]")


def _late() -> LessThan:
    """Return whether the limit has passed; null where it cannot be told, which is never: on time."""
    return LessThan(F("due_at"), Coalesce("handled_at", Now()))


def _text(sql: str, rows: QuerySet[Case, Any], *, empty: str) -> str:
    try:
        inner, params = rows.query.sql_with_params()
    except EmptyResultSet:  # an actor without a post
        return empty
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("{rows}", inner), params)
        return str(cursor.fetchone()[0])
