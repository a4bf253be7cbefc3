"""What a unit is there for (单位类别)."""

from enum import StrEnum


class UnitKind(StrEnum):
    """Kinds by task; what fits none is `other`."""

    STREET_OFFICE = "street_office"  # 街道办事处
    COMMUNITY = "community"  # 社区居委会
    COMMAND = "command"  # 运行管理中心
    DRAINAGE = "drainage"  # 排水
    LIGHTING = "lighting"  # 路灯
    WATER = "water"  # 供水
    POWER = "power"  # 供电
    GAS = "gas"  # 燃气
    TELECOM = "telecom"  # 通信
    SANITATION = "sanitation"  # 环卫
    PARKS = "parks"  # 园林
    ROADS = "roads"  # 道路与交通设施
    PROPERTY = "property"  # 物业
    OTHER = "other"  # 其他
