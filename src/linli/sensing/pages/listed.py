"""Which devices a list shows (设备列表)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Concat, JSONArray, JSONObject

from linli.kernel.level import Level
from linli.sensing.models import DeviceStatus, RuleState, Thing
from linli.sensing.pages.measured import Measured
from linli.sensing.queries.heard import HEARD_WITHIN

PAGE: Final = 50
MOST_FEATURES: Final = 5000
NO_FEATURES: Final = b'{"type":"FeatureCollection","features":[]}'
SHOWN: Final = {"all": Q(), "over": Q(over=True), "heard": Q(heard=True), "silent": Q(heard=False)}


@dataclass(frozen=True, slots=True)
class Line:
    """One device of a list (设备行): what is judged of it, and what of that is not known.

    `level` is the gravest of what is known; `known` says whether anything judged is.
    """

    thing: Thing
    area: str
    shown: Sequence[Measured]
    level: Level
    judged: bool
    known: bool
    unknown: int
    newest: Measured | None


def line(thing: Thing, area: str, streams: Sequence[Measured], now: datetime) -> Line:
    """Return how a device stands in a list: its judged values, the gravest first; without rules all its values."""
    judged = [stream for stream in streams if stream.rule]
    known = [stream for stream in judged if not stream.is_silent(now)]
    heard = [stream for stream in streams if stream.at is not None]
    return Line(
        thing, area, sorted(judged or streams, key=lambda stream: -stream.level),
        max((stream.level for stream in known), default=Level.NONE), bool(judged),
        bool(known) if judged else any(not stream.is_silent(now) for stream in streams), len(judged) - len(known),
        max(heard, key=lambda stream: stream.at or now, default=None),
    )


def standing(things: "QuerySet[Thing]", *, now: datetime) -> "QuerySet[Thing]":
    """Add to each device whether one of its values is over its marks (`over`), and whether it was `heard` lately."""
    over = RuleState.objects.filter(levels_on__gt=0, datastream__thing=OuterRef("pk"))
    heard = DeviceStatus.objects.filter(device=OuterRef("code"), seen_at__gte=now - HEARD_WITHIN)
    return things.annotate(over=Exists(over), heard=Exists(heard))


def chosen(show: str, things: "QuerySet[Thing]", *, now: datetime) -> "QuerySet[Thing]":
    """Keep the devices of one list, what is over its marks first, then who is silent (设备分列)."""
    return standing(things, now=now).filter(SHOWN[show]).order_by("-over", "heard", "code")


def counts(things: "QuerySet[Thing]", *, now: datetime) -> dict[str, int]:
    """Return how many devices each of the lists has (设备数)."""
    found = standing(things, now=now).aggregate(
        **{f"n_{name}": Count("pk", filter=condition) for name, condition in SHOWN.items()})
    return {name: found[f"n_{name}"] for name in SHOWN}


def features(things: "QuerySet[Thing]") -> bytes:
    """Return the devices as GeoJSON (设备点位), written by the database; devices must come from `standing`.

    What is over its marks has the alert's sign of its level.
    """
    on = RuleState.objects.filter(datastream__thing=OuterRef("pk")).order_by("-levels_on").values("levels_on")[:1]
    level = Case(*(When(on__gte=1 << (level - 1), then=Value(level.word)) for level in sorted(Level, reverse=True)
                   if level), default=Value(Level.NONE.word))
    found = things.annotate(on=Subquery(on)).values_list(JSONObject(
        type=Value("Feature"),
        geometry=JSONObject(type=Value("Point"), coordinates=JSONArray("lon", "lat")),
        properties=JSONObject(
            kind=Case(When(over=True, then=Value("alert")), default=Value("thing")), id=F("pk"), level=level,
            late=Case(When(heard=False, then=1), default=0), title=F("name"),
            url=Concat(Value("/desk/things/"), F("code"), output_field=CharField()),
        ),
    ))[:MOST_FEATURES]  # fmt: skip
    try:
        sql, params = found.query.sql_with_params()
    except EmptyResultSet:  # nothing can be in sight
        return NO_FEATURES
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg(feature::text, ',') FROM ({sql}) AS found (feature)", params)  # noqa: S608
        listed = cursor.fetchone()[0] or ""
    return f'{{"type":"FeatureCollection","features":[{listed}]}}'.encode()


def matching(things: "QuerySet[Thing]", text: str) -> "QuerySet[Thing]":
    """Keep the devices whose code or name holds `text`, or that speak through that gateway (查找设备)."""
    return things.filter(Q(code__icontains=text) | Q(name__icontains=text) | Q(gateway=text)) if text else things
