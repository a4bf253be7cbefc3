"""Roles that a post can carry (岗位角色)."""

from enum import StrEnum


class Role(StrEnum):
    """What a post is there for. Source of the case roles: GB/T 30428, `domain.md` §1.7."""

    RESIDENT = "resident"  # 居民
    GRID = "grid"  # 网格员
    ACCEPTOR = "acceptor"  # 受理员
    DISPATCHER = "dispatcher"  # 派遣员
    UNIT = "unit"  # 处置单位
    CHECKER = "checker"  # 核查员
    COMMUNITY = "community"  # 社区工作者
    STREET = "street"  # 街道值班
    DISTRICT = "district"  # 区级指挥
    EDUCATION = "education"  # 教育部门
    MEDIATOR = "mediator"  # 调解员
    AUDITOR = "auditor"  # 审计员
    OPERATOR = "operator"  # 运维员
