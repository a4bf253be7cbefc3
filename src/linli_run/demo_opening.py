"""The demo's first day (演示开局): a handful of reports, taken as far as real people would have, by their posts.

All of it is marked as demo data, in the text people read and in the report's facts.
"""

import io
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.contrib.auth import get_user_model
from PIL import Image, ImageDraw

from linli.accounts import queries as accounts
from linli.assets import queries as assets
from linli.audit import actions as audit
from linli.cases import actions as cases
from linli.cases.domain.intake import Report, Source
from linli.files import actions as files
from linli.kernel import clock, presets
from linli.kernel.actor import Actor
from linli.kernel.geo import Point
from linli_city.values import City, Component

_MARK: Final = "【演示数据】"
_MOVES: Final = {"accept": "acceptor", "ask_to_verify": "acceptor", "verify": "grid", "reject": "acceptor",
                 "file": "acceptor", "dispatch": "dispatcher", "report_done": "unit", "check": "checker",
                 "close": "acceptor"}
_TO: Final[dict[str, tuple[str, ...]]] = {
    "reported": (),
    "accepted": ("accept",),
    "void": ("reject",),
    "verifying": ("accept", "ask_to_verify"),
    "filed": ("accept", "file"),
    "dispatched": ("accept", "file", "dispatch"),
    "handled": ("accept", "file", "dispatch", "report_done"),
    "closed": ("accept", "file", "dispatch", "report_done", "check", "close"),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """One report of the first day (开局上报).

    `on` is the class of component it is about, the `nth` of that class; `aside_m` metres east of
    it and with no component named if the reporter did not see which one it was.
    """

    source: Source
    category: str
    on: str
    nth: int
    text: str
    until: str
    minutes_ago: int
    aside_m: float = 0.0


_SCENES: Final = (
    Scene(Source.GRID, "manhole_damaged", "0103", 40, "车辆经过时井盖弹跳有响声。", "reported", 12),
    Scene(Source.RESIDENT, "exposed_rubbish", "0304", 3, "垃圾间外堆了好多袋子，有味道。", "accepted", 35, 6.0),
    Scene(Source.RESIDENT, "lamp_out", "0118", 60, "晚上这段路灯不亮，老人走路看不清。", "dispatched", 50),
    Scene(Source.RESIDENT, "lamp_out", "0118", 60, "路灯坏了两天了，麻烦修一下。", "reported", 44, 9.0),
    Scene(Source.GRID, "vehicle_parking", "0209", 9, "路口转角停了一辆面包车，挡住视线。", "handled", 70, 5.0),
    Scene(Source.RESIDENT, "grate_missing", "0104", 25, "雨水箅子少了一根横条，孩子差点卡脚。", "closed", 95),
    Scene(Source.RESIDENT, "untidy_green", "0405", 1, "草坪上有塑料袋和饮料瓶。", "reported", 8, 20.0),
    Scene(Source.GRID, "fire_facility_hazard", "0113", 12, "消火栓闷盖缺失，已在旁边放置警示锥。", "filed", 26),
    Scene(Source.RESIDENT, "heaped_rubbish", "0305", 30, "装修垃圾堆在垃圾箱旁边。", "dispatched", 61, 4.0),
    Scene(Source.RESIDENT, "exposed_rubbish", "0304", 7, "垃圾桶满了，袋子都堆在路边。", "verifying", 21),
    Scene(Source.RESIDENT, "other", "0501", 4, "宣传栏的海报已经过期了。", "void", 80, 3.0),
)


def make(built: City) -> None:
    """Hand in the first day's reports and take each as far as its scene says (开局)."""
    people = {name: _actor(name) for name in ("grid", *_MOVES.values())}
    for number, scene in enumerate(_SCENES, start=1):
        component = _component(built, scene)
        reporter = people["grid"] if scene.source is Source.GRID else Actor("resident:anonymous")
        taken = cases.submit(_report(number, scene, component, reporter), actor=reporter)
        if not taken.merged:
            _take_on(taken.case_id, scene, people)


def _report(number: int, scene: Scene, component: Component, reporter: Actor) -> Report:
    card = assets.by_code(component.code)
    lon, lat = component.at
    photos = (_photo(reporter),) if scene.source is Source.GRID else ()
    return Report(
        source=scene.source, source_ref=f"demo-opening-{number}", category=scene.category,
        where=Point(lon + scene.aside_m / 96_400, lat), seen_at=clock.now() - timedelta(minutes=scene.minutes_ago),
        text=_MARK + scene.text, component_id=card.id if card and not scene.aside_m else None, photos=photos,
        facts={"demo": True},
    )


def _take_on(case_id: int, scene: Scene, people: dict[str, Actor]) -> None:
    """Take a case as far as its scene says, each step by the post whose it is."""
    unit = None
    for name in _way(scene):
        actor = people[_MOVES[name]]
        with audit.acting(actor):
            unit = cases.move(case_id, name, actor=actor, **_given(name, scene, actor, unit)).unit_id


def _way(scene: Scene) -> tuple[str, ...]:
    """Return the moves to where the scene ends; what a resident reported is verified before it is filed."""
    way = _TO[scene.until]
    if scene.source is not Source.RESIDENT or "file" not in way:
        return way
    return (*way[:1], "ask_to_verify", "verify", *way[1:])


def _given(name: str, scene: Scene, actor: Actor, unit: int | None) -> dict[str, Any]:
    """Return what the move needs; a case goes to the unit that Linli proposed."""
    if name == "reject":
        return {"reason": f"{_MARK}不属于城市管理受理范围，已转社区宣传岗。"}
    if name == "file":
        return {"condition": next(row["code"] for row in presets.read("conditions")
                                  if row["category"] == scene.category)}
    if name == "verify":
        return {"evidence": [_photo(actor)], "note": f"{_MARK}现场属实"}
    if name == "dispatch":
        return {"unit": unit}
    if name in ("report_done", "check"):
        return {"evidence": [_photo(actor)], "note": f"{_MARK}现场照片"}
    return {"condition_met": True} if name == "close" else {}


def _component(built: City, scene: Scene) -> Component:
    of_class = [c for c in built.components if c.class_code == scene.on]
    return of_class[min(scene.nth, len(of_class)) - 1]


def _actor(username: str) -> Actor:
    return accounts.actor_for(get_user_model().objects.get(username=username))


def _photo(actor: Actor) -> Any:
    """Keep a picture that cannot be taken for a real one (演示照片) and return its id."""
    picture = Image.new("RGB", (960, 720), "#d8d4c8")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((300, 180, 660, 540), fill="#6f6f6a", outline="#3b3b38", width=14)
    for y in range(230, 500, 45):
        pen.line((340, y, 620, y), fill="#55554f", width=10)
    pen.rectangle((0, 0, 960, 90), fill="#0f6b5c")
    pen.text((40, 22), "DEMO", fill="white", font_size=44)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return files.keep_photo(out.getvalue(), actor=actor, taken_at=clock.now()).id
