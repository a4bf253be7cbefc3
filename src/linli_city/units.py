"""Units and who is on duty where (单位与责任分工)."""

from typing import Final

from linli_city import names
from linli_city.plan import DISTRICT, Plan
from linli_city.values import Unit

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_DISTRICT_UNITS: Final = (
    ("command", "区城市运行管理中心", "command"),
    ("urban", "区城市管理局", "other"),
    ("water_bureau", "区水务局", "other"),
    ("fire", "区消防救援站", "other"),
    ("drainage", "排水有限公司", "drainage"),
    ("lighting", "路灯管理所", "lighting"),
    ("water", "自来水有限公司", "water"),
    ("power", "供电所", "power"),
    ("telecom", "通信管线公司", "telecom"),
    ("gas", "燃气有限公司", "gas"),
    ("parks", "园林绿化所", "parks"),
    ("roads", "道路设施养护中心", "roads"),
)
_FIRMS: Final = ("和顺物业", "邻安物业", "青禾物业", "知行物业", "溪岸物业")


def found(plan: Plan) -> tuple[Unit, ...]:
    """Return the units of the city (设立单位): the district's, each street's, each community's, property firms."""
    units = [Unit(key, names.DISTRICT + name, kind, DISTRICT, _phone(number), _uscc(number), key == "command")
             for number, (key, name, kind) in enumerate(_DISTRICT_UNITS, start=1)]
    number = len(units)
    for area in plan.areas:
        number += 1
        if len(area.code) == 9:
            place = area.name.removesuffix("街道")
            units.append(Unit(f"street:{area.code}", f"{place}街道办事处", "street_office", area.code, _phone(number),
                              _uscc(number)))
            units.append(Unit(f"sanitation:{area.code}", f"{place}环卫站", "sanitation", area.code,
                              _phone(number + 5000), _uscc(number + 5000)))
        elif len(area.code) == 12:
            units.append(Unit(f"community:{area.code}", f"{area.name}居委会", "community", area.code, _phone(number)))
            firm = _FIRMS[int(area.code[-3:]) % len(_FIRMS)]
            units.append(Unit(f"property:{area.code}", f"{firm}{area.name.removesuffix('社区')}项目部", "property",
                              area.code, _phone(number + 5000), _uscc(number + 5000)))
    return tuple(units)


def duties(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Return who is on duty for each area (责任单位): the firm in its estates, else the committee, the street."""
    rows = []
    for area in plan.areas:
        if len(area.code) == 9:
            rows.append((area.code, f"street:{area.code}"))
        elif len(area.code) == 12:
            rows.append((area.code, f"community:{area.code}"))
    rows += [(lot.grid, f"property:{lot.community}" if lot.use in ("old", "new") else f"community:{lot.community}")
             for lot in plan.lots if lot.grid]
    return tuple(rows)


def _phone(number: int) -> str:
    return f"000-{5550000 + number}"  # no area code begins with 000


def _uscc(number: int) -> str:
    """Return a well-formed unified code registered in the made-up district. Source: GB 32100-2015, GB 11714."""
    inner = f"{number:08d}"
    rest = sum(int(c) * w for c, w in zip(inner, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    if rest == 1:  # would end in X; the next number does as well
        return _uscc(number + 100_000)
    body = f"91{DISTRICT}{inner}{(11 - rest) % 11}"
    total = sum(_ALPHABET.index(c) * pow(3, n, 31) for n, c in enumerate(body))
    return body + _ALPHABET[-total % 31]
