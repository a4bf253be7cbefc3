"""Shapes handed in from outside (几何入库), proved before they are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import shapely
from numpy.typing import NDArray

from linli.kernel import codes
from linli.kernel.errors import Invalid


class AreaKind(StrEnum):
    """The rungs of the one grid network (层级)."""

    DISTRICT = "district"  # 区
    STREET = "street"  # 街道
    COMMUNITY = "community"  # 社区
    GRID = "grid"  # 单元网格

    @classmethod
    def of(cls, code: str) -> "AreaKind":
        """Return the kind that a code of this length names.

        Raises: Invalid if `code` is no area code.
        """
        codes.parent_area(code)
        return list(cls)[codes.AREA_LENGTHS.index(len(code))]


@dataclass(frozen=True, slots=True)
class NewArea:
    """An area to be entered (拟登记区域); `geometry` is a WKB polygon, degrees WGS 84."""

    code: str
    name: str
    geometry: bytes
    valid_from: date


@dataclass(frozen=True, slots=True)
class NewFeature:
    """A shape of the base map to be entered (拟登记底图要素); see `layers` for the kinds."""

    kind: str
    name: str
    rank: int
    geometry: bytes


def boxes_of(names: Sequence[str], geometries: Sequence[bytes], *, polygons: bool) -> NDArray[np.float64]:
    """Return the bounding boxes of shapes that can be kept (外包矩形).

    Args:
        names: shape (n,), what to call a shape in a refusal.
        geometries: shape (n,), WKB, degrees.
        polygons: whether only polygons are taken.
    Returns: shape (n, 4): min lon, min lat, max lon, max lat.
    Raises: Invalid if one cannot be read, is empty, crosses itself, is no polygon, or lies outside the world.
    """
    shapes = shapely.from_wkb(np.array(geometries, dtype=object), on_invalid="ignore")
    boxes: NDArray[np.float64] = shapely.bounds(shapes)
    kinds = shapely.get_type_id(shapes)
    with np.errstate(invalid="ignore"):
        inside = (np.abs(boxes[:, [0, 2]]) <= 180).all(axis=1) & (np.abs(boxes[:, [1, 3]]) <= 90).all(axis=1)
    good = inside & shapely.is_valid(shapes) & (np.isin(kinds, (3, 6)) | (not polygons))
    if not good.all():
        name = names[int(np.argmin(good))]
        raise Invalid("areas.unusable_shape", "The shape of {name} cannot be used: it must be a closed outline"
                      " in degrees lon, lat that does not cross itself.", name=name)
    return boxes
