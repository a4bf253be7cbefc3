"""Builders for the board (指挥看板): alerts as the alerts room keeps them, and people signed in at their posts."""

from datetime import timedelta
from itertools import count

from django.test import Client
from tests.make.areas import GRID_A, middle_of

from linli.accounts.models import Post, User
from linli.alerts.models import Alert
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.level import Level
from linli.kernel.role import Role
from linli.sensing.models import Datastream, Rule, Thing

SYSTEM = Actor.system("test")
MARKS = {"kind": "threshold", "direction": "above", "levels": [
    {"level": "yellow", "enter": 10, "leave": 8, "enter_hold_s": 30, "leave_hold_s": 60},
    {"level": "orange", "enter": 15, "leave": 12}]}
_numbers = count(1)


def make_rule() -> Rule:
    """Enter the rule of tilting covers and return it."""
    return Rule.objects.get_or_create(name="test_tilt", defaults={
        "name_zh": "井盖倾斜", "name_en": "Cover tilted", "definition": MARKS, "category": "manhole_missing",
        "case_from_level": "orange", "scheme": "test", "source": "test"})[0]


def make_stream(*, area: str = GRID_A, code: str = "") -> Datastream:
    """Put a tilt sensor with its rule into service and return its datastream."""
    code = code or f"mc-{next(_numbers)}"
    thing = Thing.objects.create(code=code, name=f"井盖计 {code}", kit="test", lon=middle_of(0).lon,
                                 lat=middle_of(0).lat, area_code=area, adopted_at=clock.now())
    return Datastream.objects.create(thing=thing, metric="tilt", unit_of_measurement="°", rule=make_rule())


def make_alert(level: Level = Level.ORANGE, *, area: str = GRID_A, minutes: float = 5, **changes: object) -> Alert:
    """Keep an open alert of a device of its own, raised some minutes ago in grid A unless said."""
    stream = make_stream(area=area)
    raised = clock.now() - timedelta(minutes=minutes)
    given: dict[str, object] = {
        "datastream": stream, "rule": stream.rule, "rule_version": 1, "rule_name": "井盖倾斜",
        "rule_name_en": "Cover tilted",
        "thing_code": stream.thing.code, "thing_name": stream.thing.name, "metric": "tilt", "unit_of_measurement": "°",
        "cause": "manhole_missing", "level": level.word, "peak_level": level.word, "value": 35.0, "peak_value": 35.0,
        "area_code": area, "lon": middle_of(0).lon, "lat": middle_of(0).lat, "raised_at": raised,
        "changed_at": raised, "noticed_at": raised + timedelta(seconds=1),
    }
    return Alert.objects.create(**{**given, **changes})


def cleared(alert: Alert, *, minutes: float = 1) -> Alert:
    """Return the alert after it has cleared some minutes ago."""
    Alert.objects.filter(pk=alert.pk).update(level=Level.NONE.word, cleared_at=clock.now() - timedelta(minutes=minutes))
    return Alert.objects.get(pk=alert.pk)


def at_post(role: Role, area: str = "990101", *, unit: int | None = None) -> tuple[Client, User]:
    """Return a browser in which somebody with one post is signed in, and who that is."""
    user = User.objects.create(username=f"somebody-{next(_numbers)}", name=role.value, password="!")
    Post.objects.create(user=user, role=role.value, name=f"{role.value} 01", area_code=area, unit_id=unit,
                        valid_from=clock.now())
    client = Client()
    client.force_login(user)
    return client, user
