"""The demo's accounts and their posts (演示账号与岗位)."""

from typing import Final

from linli.accounts import actions as accounts
from linli.accounts.actions import NewPost
from linli.kernel.actor import Actor
from linli.kernel.role import Role
from linli_city.values import City

_SUPERVISING_ONLY: Final = {"urban", "water_bureau", "fire"}


def make(built: City, units: dict[str, int], *, actor: Actor) -> None:
    """Make the accounts named in the design, each with its post over the demo's areas (建立演示账号)."""
    district = built.areas[0].code
    street = next(area.code for area in built.areas if len(area.code) == 9)
    community = next(area.code for area in built.areas if len(area.code) == 12)
    accounts.make_demo_accounts({
        "resident": [NewPost(role=Role.RESIDENT, name="居民", area=community)],
        "grid": _walking(built),
        "acceptor": [NewPost(role=Role.ACCEPTOR, name="受理岗 03", area=district)],
        "dispatcher": [NewPost(role=Role.DISPATCHER, name="派遣岗 02", area=district)],
        "unit": _handling(built, units),
        "checker": [NewPost(role=Role.CHECKER, name="核查岗 05", area=district)],
        "community": [NewPost(role=Role.COMMUNITY, name="社区工作岗", area=community)],
        "street": [NewPost(role=Role.STREET, name="街道值班岗", area=street)],
        "district": [NewPost(role=Role.DISTRICT, name="区指挥岗", area=district)],
        "education": [NewPost(role=Role.EDUCATION, name="学位规划岗", area=district)],
        "mediator": [NewPost(role=Role.MEDIATOR, name="调解岗", area=community)],
        "auditor": [NewPost(role=Role.AUDITOR, name="审计岗")],
        "operator": [NewPost(role=Role.OPERATOR, name="运维岗")],
    }, actor=actor)


def _walking(built: City) -> list[NewPost]:
    """Return posts in every community: one account plays all grid workers."""
    communities = [area for area in built.areas if len(area.code) == 12]
    return [NewPost(role=Role.GRID, name=f"网格员 {number:02d}", area=area.code)
            for number, area in enumerate(communities, start=1)]


def _handling(built: City, units: dict[str, int]) -> list[NewPost]:
    """Return posts at every unit that goes out to mend things, drainage first: one account plays them all."""
    mending = [unit for unit in built.units if unit.key not in _SUPERVISING_ONLY]
    return [NewPost(role=Role.UNIT, name="排水抢修一班" if unit.key == "drainage" else f"{unit.name}处置岗",
                    unit=units[unit.key])
            for unit in sorted(mending, key=lambda unit: unit.key != "drainage")]
