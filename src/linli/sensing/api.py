from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status

from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.kernel.geo import Point
from linli.sensing import actions, policy, queries
from linli.sensing.queries import StreamCard, ThingCard

POINTS_AT_MOST = 5000
LISTED_AT_MOST = 500
router = Router(tags=["things"])


class StreamOut(Schema):
    """One metric of a device (数据流): its newest reading and its present level."""

    metric: str
    unit_of_measurement: str
    rule_name: str | None
    rule_version: int | None
    level: str
    ts: datetime | None
    value: float | None
    arrived_at: datetime | None


class ThingOut(Schema):
    """A device in service (设备). `unnumbered` of its `messages` came without a number and so got no receipt."""

    code: str
    name: str
    kit: str
    component_id: int | None
    lon: float
    lat: float
    area_code: str
    adopted_at: datetime | None
    seen_at: datetime | None
    messages: int
    unnumbered: int
    streams: list[StreamOut]


class PointOut(Schema):
    """One reading, or the extremes of a stretch of time that begins at `at`."""

    at: datetime
    low: float
    high: float
    count: int


class SeriesOut(Schema):
    """Readings, oldest first (读数序列); `bucket_s` is null when each point is one reading."""

    bucket_s: float | None
    points: list[PointOut]


class NewThingIn(Schema):
    """A device to be taken into service: on a component or at a place, with its `gateway` if it speaks through one."""

    code: str
    name: str
    kit: str
    component: str = ""
    lon: float | None = None
    lat: float | None = None
    gateway: str = ""


class RequestOut(Schema):
    """A request to read quarantined messages once more (重放请求); null until it is done."""

    id: int
    done_at: datetime | None = None
    replayed: int | None = None
    refused: int | None = None


class HeldOut(Schema):
    """A sender of whom something was refused (被隔离设备), by reason; `held` messages may be read once more."""

    device: str
    adopted: bool
    counts: dict[str, int]
    last_at: datetime
    held: int


@router.post("/things", response={201: ThingOut})
def post_thing(request: HttpRequest, body: NewThingIn) -> Any:
    """Take a device into service (设备纳管)."""
    where = Point(body.lon, body.lat) if body.lon is not None and body.lat is not None else None
    actions.adopt(body.code, name=body.name, kit=body.kit, component=body.component, where=where, gateway=body.gateway,
                  actor=_actor(request))
    return Status(201, _out(_card(request, body.code)))


@router.get("/things/{code}", response=ThingOut)
def get_thing(request: HttpRequest, code: str) -> Any:
    """Return a device with its newest readings (设备)."""
    return _out(_card(request, code))


@router.get("/things/{code}/series", response=SeriesOut)
def get_series(
    request: HttpRequest, code: str, metric: str, start: datetime | None = None, end: datetime | None = None,
    max_points: int = Query(1000, ge=1, le=POINTS_AT_MOST),
) -> Any:  # fmt: skip
    """Return what a metric measured from `start` to before `end`, by default the last day (读数序列)."""
    stream = next((stream for stream in _card(request, code).streams if stream.metric == metric), None)
    if stream is None:
        raise _no_such_thing()
    until = end or clock.now()
    found = queries.series(stream.id, start or until - timedelta(days=1), until, max_points)
    points = [PointOut(at=point.at, low=point.low, high=point.high, count=point.count) for point in found.points]
    return SeriesOut(bucket_s=found.bucket and found.bucket.total_seconds(), points=points)


@router.post("/things/{code}/replay", response={202: RequestOut})
def post_replay(request: HttpRequest, code: str) -> Any:
    """Ask for the device's quarantined messages to be read once more (隔离重放)."""
    return Status(202, RequestOut(id=actions.replay_quarantined(code, actor=_actor(request))))


@router.get("/things/{code}/replay", response=RequestOut | None)
def get_replay(request: HttpRequest, code: str) -> Any:
    """Return how far the last replay has got (重放进度), null if there was none."""
    state = queries.replay_state(_card(request, code).code)
    return state and RequestOut(id=state.id, done_at=state.done_at, replayed=state.replayed, refused=state.refused)


@router.get("/quarantine", response=list[HeldOut])
def list_held(request: HttpRequest, limit: int = Query(100, ge=1, le=LISTED_AT_MOST)) -> Any:
    """List senders with refused messages, the latest first (隔离名单); only for the operator of all areas."""
    policy.require_quarantine(_actor(request))
    return [HeldOut(device=one.device, adopted=one.adopted, counts=one.counts, last_at=one.last_at, held=one.held)
            for one in queries.held_devices(limit)]  # fmt: skip


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _card(request: HttpRequest, code: str) -> ThingCard:
    card = queries.thing_card(code) if policy.visible_things(_actor(request)).filter(code=code).exists() else None
    if card is None:
        raise _no_such_thing()
    return card


def _no_such_thing() -> NotFound:
    return NotFound("sensing.no_such_thing", "There is no such device.")


def _out(card: ThingCard) -> ThingOut:
    return ThingOut(code=card.code, name=card.name, kit=card.kit, component_id=card.component_id, lon=card.point.lon,
                    lat=card.point.lat, area_code=card.area_code, adopted_at=card.adopted_at, seen_at=card.seen_at,
                    messages=card.messages, unnumbered=card.unnumbered,
                    streams=[_stream_out(stream) for stream in card.streams])  # fmt: skip


def _stream_out(stream: StreamCard) -> StreamOut:
    return StreamOut(metric=stream.metric, unit_of_measurement=stream.unit_of_measurement, rule_name=stream.rule_name,
                     rule_version=stream.rule_version, level=stream.level.word, ts=stream.ts, value=stream.value,
                     arrived_at=stream.arrived_at)  # fmt: skip
