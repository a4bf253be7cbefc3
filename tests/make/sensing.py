"""Builders of devices (设备)."""

from tests.make.areas import middle_of

from linli.kernel.actor import Actor
from linli.kernel.geo import Point
from linli.sensing import actions as sensing

SYSTEM = Actor.system("test")


def make_thing(code: str = "mc-1", *, kit: str = "manhole", where: Point | None = None, component: str = "") -> int:
    """Adopt one device of a shipped kit and return its id; in grid A unless said."""
    sensing.load_kits(actor=SYSTEM)
    where = where or (None if component else middle_of(0))
    return sensing.adopt(code, name=f"井盖计 {code}", kit=kit, actor=SYSTEM, where=where, component=component)
