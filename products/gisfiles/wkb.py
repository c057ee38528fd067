"""Well-known binary (ISO 19125-1, and PostGIS's marks for height and measure) to plain GeoJSON members.

Read here number by number rather than by GEOS: a few kilobytes of collections inside collections end a process that reads
them by recursion. Only the shapes that a site may have are understood, and every count is held against the bytes there are.
"""

import struct
from typing import Any

_POINT, _POLYGON, _MULTIPOLYGON = 1, 3, 6
_Z, _M, _SRID = 0x80000000, 0x40000000, 0x20000000
_EMPTY: list[Any] = []


class BadWkb(ValueError):
    """Not well-known binary of a point, polygon or multipolygon. ``kind``: the number of a shape that is none of them."""

    def __init__(self, kind: int | None = None) -> None:
        self.kind = kind
        super().__init__("not the binary of a site")


def read(data: bytes, most: int) -> tuple[dict[str, Any], int]:
    """The shape as ``{"type", "coordinates"}`` and the number of its positions. Raises BadWkb; ``most`` positions are
    read, and what has more comes back cut off but counted."""
    reader = _Reader(data, most)
    kind, width = reader.head()
    if kind == _POINT:
        document = {"type": "Point", "coordinates": reader.position(width)}
    elif kind == _POLYGON:
        document = {"type": "Polygon", "coordinates": reader.polygon(width)}
    else:
        document = {"type": "MultiPolygon", "coordinates": reader.polygons()}
    if not reader.is_at_end:
        raise BadWkb
    return document, reader.count


class _Reader:
    def __init__(self, data: bytes, most: int) -> None:
        self.data, self.place, self.order = data, 0, "<"
        self.most, self.count = most, 0

    @property
    def is_at_end(self) -> bool:
        return self.place == len(self.data) or self.count > self.most

    def take(self, layout: str) -> tuple[Any, ...]:
        try:
            values = struct.unpack_from(self.order + layout, self.data, self.place)
        except struct.error as error:
            raise BadWkb from error
        self.place += struct.calcsize(self.order + layout)
        return values

    def number(self, least_bytes: int) -> int:
        """A count of things of at least so many bytes each, as many as the data can hold."""
        (count,) = self.take("I")
        if count * least_bytes > len(self.data) - self.place:
            raise BadWkb
        return int(count)

    def head(self) -> tuple[int, int]:
        """Byte order and kind: the kind without its marks, and how many numbers a position has."""
        (order,) = self.take("B")
        if order not in (0, 1):
            raise BadWkb
        self.order = "<" if order else ">"
        (kind,) = self.take("I")
        extra = bool(kind & _Z) + bool(kind & _M)
        if kind & _SRID:
            self.take("I")
        plain = kind & ~(_Z | _M | _SRID)
        thousand, plain = divmod(plain, 1000)
        width = 2 + max(extra, {0: 0, 1: 1, 2: 1, 3: 2}.get(thousand, 9))
        if width > 4 or plain not in (_POINT, _POLYGON, _MULTIPOLYGON):
            raise BadWkb(plain)
        return plain, width

    def position(self, width: int) -> list[float]:
        """Longitude and latitude alone: heights and measures are dropped as they are everywhere else here."""
        self.count += 1
        return list(self.take(f"{width}d")[:2])

    def ring(self, width: int) -> list[list[float]]:
        count = self.number(8 * width)
        self.count += count
        if self.count > self.most:
            return _EMPTY
        numbers = self.take(f"{count * width}d")
        return [list(numbers[place : place + 2]) for place in range(0, count * width, width)]

    def polygon(self, width: int) -> list[Any]:
        rings: list[Any] = []
        for _ in range(self.number(4)):
            rings.append(self.ring(width))
            if self.count > self.most:
                break
        return rings

    def polygons(self) -> list[Any]:
        parts: list[Any] = []
        for _ in range(self.number(9)):
            kind, width = self.head()
            if kind != _POLYGON:
                raise BadWkb(kind)
            parts.append(self.polygon(width))
            if self.count > self.most:
                break
        return parts
