"""Vector tiles (矢量瓦片): features in tile units become the bytes a map draws.

Source: Mapbox Vector Tile Specification 2.1; Protocol Buffers wire format.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from struct import pack
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

Value = str | int | float | bool

EXTENT: Final = 4096
_POINT, _LINE, _POLYGON = 1, 2, 3
_MOVE_TO, _LINE_TO, _CLOSE_PATH = 1, 2, 15  # 15 = ClosePath, once
_TYPES: Final = {"LineString": _LINE, "Polygon": _POLYGON, "Point": _POINT}


@dataclass(frozen=True, slots=True)
class Feature:
    """One shape with what is said of it (要素).

    `geometry` is in tile units, x to the right and y down: whole numbers for a point, a shapely
    line or polygon (or several) otherwise, which is rounded to whole units.
    """

    geometry: tuple[int, int] | BaseGeometry
    properties: Mapping[str, Value]
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """The features of one kind (图层)."""

    name: str
    features: Iterable[Feature]


def encode(layers: Iterable[Layer]) -> bytes:
    """Return the tile's bytes (瓦片编码); features that vanish when rounded, and empty layers, are left out."""
    return b"".join(_field(3, layer) for layer in map(_layer, layers) if layer)


def _layer(layer: Layer) -> bytes:
    tags = _Tags()
    features = [_field(2, coded) for coded in (_feature(feature, tags) for feature in layer.features) if coded]
    if not features:
        return b""
    return b"".join([
        b"\x78\x02", _field(1, layer.name.encode()), *features,
        *(_field(3, key.encode()) for key in tags.keys),
        *(_field(4, _value(value)) for value in tags.values),
        b"\x28", _varint(EXTENT),
    ])


def _feature(feature: Feature, tags: "_Tags") -> bytes:
    drawn = _drawn(feature.geometry)
    if not drawn:
        return b""
    identity = b"" if feature.id is None else b"\x08" + _varint(feature.id)
    return identity + tags.of(feature.properties) + drawn


class _Tags:
    """The keys and values of a layer, each written once and named by number (属性字典)."""

    def __init__(self) -> None:
        self.keys: dict[str, int] = {}
        self.values: dict[tuple[type, Value], int] = {}
        self._said: dict[int, tuple[Mapping[str, Value], bytes]] = {}

    def of(self, properties: Mapping[str, Value]) -> bytes:
        """Return the tags of a feature; what many features share as one object is worked out once."""
        known = self._said.get(id(properties))
        if known is None:
            known = self._said[id(properties)] = (properties, self._numbered(properties))
        return known[1]

    def _numbered(self, properties: Mapping[str, Value]) -> bytes:
        numbers = []
        for key, value in properties.items():
            numbers.append(self.keys.setdefault(key, len(self.keys)))
            numbers.append(self.values.setdefault((type(value), value), len(self.values)))
        return _field(2, _packed(numbers)) if numbers else b""


def _value(typed: tuple[type, Value]) -> bytes:
    value = typed[1]
    if isinstance(value, bool):
        return b"\x38\x01" if value else b"\x38\x00"
    if isinstance(value, str):
        return _field(1, value.encode())
    if isinstance(value, int):
        return b"\x30" + _varint(_zigzag(value))
    return b"\x19" + pack("<d", value)


def _drawn(shape: tuple[int, int] | BaseGeometry) -> bytes:
    """Return the type and the drawing commands of a shape; nothing if nothing of it is left."""
    if isinstance(shape, tuple):
        return b"\x18\x01" + _field(4, b"\x09" + _varint(_zigzag(shape[0])) + _varint(_zigzag(shape[1])))
    parts = shapely.get_parts(shape)
    kind = max((_TYPES.get(part.geom_type, 0) for part in parts), default=0)
    pen = _Pen()
    for part in parts:
        if _TYPES.get(part.geom_type) != kind:
            continue
        if kind == _POLYGON:
            pen.polygon(part)
        elif kind == _LINE:
            pen.line(_whole(part))
        else:
            pen.dot(_whole(part)[0])
    return b"\x18" + _varint(kind) + _field(4, _packed(pen.commands)) if pen.commands else b""


class _Pen:
    """Writes drawing commands; each place is told from the one before (游标)."""

    def __init__(self) -> None:
        self.commands: list[int] = []
        self.x = self.y = 0

    def dot(self, at: tuple[int, int]) -> None:
        self._path(_MOVE_TO, [at])

    def line(self, places: list[tuple[int, int]]) -> None:
        if len(places) > 1:
            self._path(_MOVE_TO, places[:1])
            self._path(_LINE_TO, places[1:])

    def polygon(self, polygon: BaseGeometry) -> None:
        """Draw the outer ring clockwise (as seen, y down) and holes the other way; without an outer one, nothing."""
        if not self._ring(_whole(polygon.exterior), clockwise=True):
            return
        for hole in polygon.interiors:
            self._ring(_whole(hole), clockwise=False)

    def _ring(self, places: list[tuple[int, int]], *, clockwise: bool) -> bool:
        places = places[:-1] if places[0] == places[-1] else places
        area = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(places, places[1:] + places[:1], strict=True))
        if area == 0:
            return False
        self.line(places if (area > 0) == clockwise else places[::-1])
        self.commands.append(_CLOSE_PATH)
        return True

    def _path(self, command: int, places: list[tuple[int, int]]) -> None:
        self.commands.append(command | len(places) << 3)
        for x, y in places:
            self.commands += (_zigzag(x - self.x), _zigzag(y - self.y))
            self.x, self.y = x, y


def _whole(shape: BaseGeometry) -> list[tuple[int, int]]:
    """Return a shape's corners rounded to whole units, without one twice in a row."""
    corners = [(int(x), int(y)) for x, y in shapely.get_coordinates(shape).round().tolist()]
    return [corner for at, corner in enumerate(corners) if at == 0 or corner != corners[at - 1]]


def _zigzag(value: int) -> int:
    return value << 1 if value >= 0 else (-value << 1) - 1


def _field(number: int, content: bytes) -> bytes:
    return _SHORT[number << 3 | 2] + _varint(len(content)) + content


def _packed(numbers: list[int]) -> bytes:
    return b"".join([_SHORT[n] if n < _TABLE else _varint(n) for n in numbers])


def _long_varint(value: int) -> bytes:
    coded = bytearray()
    while value > 0x7F:
        coded.append(value & 0x7F | 0x80)
        value >>= 7
    coded.append(value)
    return bytes(coded)


_TABLE: Final = 1 << 14
_SHORT: Final = [_long_varint(value) for value in range(_TABLE)]


def _varint(value: int) -> bytes:
    return _SHORT[value] if value < _TABLE else _long_varint(value)
