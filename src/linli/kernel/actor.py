"""Who acts (行为人): a plain value, so that people, sensors and timers act alike and the trail outlives the account."""

from dataclasses import dataclass
from typing import Final

from linli.kernel.role import Role

_WITHOUT_AREA: Final = frozenset({Role.UNIT, Role.RESIDENT, Role.EDUCATION, Role.MEDIATOR})


@dataclass(frozen=True, slots=True)
class Post:
    """One post (岗位): a role, bound to an area by code prefix and, for a unit's staff, to that unit.

    An empty `area` is the whole deployment.
    """

    role: str
    area: str = ""
    unit: int | None = None
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that acts; `ref` reads `user:7`, `device:mc-7`, `system:alerts`, `resident:anonymous`."""

    ref: str
    posts: tuple[Post, ...] = ()

    @classmethod
    def system(cls, name: str) -> "Actor":
        """Return the actor for Linli's own part `name`, which sees every area."""
        return cls(f"system:{name}")

    @classmethod
    def device(cls, code: str) -> "Actor":
        """Return the actor for the device `code` (设备)."""
        return cls(f"device:{code}")

    @property
    def is_system(self) -> bool:
        """Return whether this is a part of Linli itself."""
        return self.ref.startswith("system:")

    def holds(self, role: str, *, area: str) -> bool:
        """Return whether one of the posts has `role` over `area` (code prefix)."""
        return any(post.role == role and area.startswith(post.area) for post in self.posts)

    @property
    def units(self) -> frozenset[int]:
        """Return the units for which this actor handles cases (处置单位)."""
        return frozenset(p.unit for p in self.posts if p.role == Role.UNIT and p.unit is not None)

    @property
    def areas(self) -> frozenset[str]:
        """Return the code prefixes of the areas this actor may see (可见区域).

        A unit's post opens its own cases, not an area; residents, schools' planners and mediators need none of what
        is secured by area.
        """
        return frozenset(p.area for p in self.posts if p.role not in _WITHOUT_AREA)


ANONYMOUS: Final = Actor("resident:anonymous")
