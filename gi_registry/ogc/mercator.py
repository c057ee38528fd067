"""The arithmetic of WebMercatorQuad (OGC 17-083r4, annex D.1): which tile is where. Knows neither Django nor the database."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from gi_registry.lib.problems import Invalid, Problem
from gi_registry.lib.texts import Refusal, Text
from gi_registry.ogc.collection import Box
from gi_registry.ogc.drawing import MAX_ZOOM

NAME = "WebMercatorQuad"
URI = f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{NAME}"
CRS = "http://www.opengis.net/def/crs/EPSG/0/3857"
HALF_M = 20_037_508.342789244
MAX_LATITUDE = 85.0511287798066
_NUMBER = re.compile(r"0|[1-9][0-9]*", re.ASCII)

_NO_NUMBER = Text(
    "{name} 应为不小于 0 的整数，不带正负号和前导零。",
    "{name} must be a whole number of 0 or more, without sign or leading zeros.",
)
_OUTSIDE = Text(
    "此瓦片在图层范围之外，见 tileMatrixSetLimits。", "The tile lies outside the layer; see tileMatrixSetLimits."
)
_NO_SET = Text("只有 WebMercatorQuad 瓦片。", "There are tiles of WebMercatorQuad only.")


@dataclass(frozen=True, slots=True)
class Tile:
    """Zoom, row from the north and column from the west: OGC's order, not that of most templates."""

    zoom: int
    row: int
    column: int

    @property
    def box(self) -> Box:
        """West, south, east, north in degrees."""
        size = 2**self.zoom
        return (
            self.column / size * 360 - 180,
            _latitude((self.row + 1) / size),
            (self.column + 1) / size * 360 - 180,
            _latitude(self.row / size),
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """The tiles of one zoom that a layer may have something on, both ends included."""

    zoom: int
    min_row: int
    max_row: int
    min_column: int
    max_column: int

    def __contains__(self, tile: Tile) -> bool:
        return self.min_row <= tile.row <= self.max_row and self.min_column <= tile.column <= self.max_column


@lru_cache(1_000)  # asked with every tile
def limits_of(extent: Box, zoom: int) -> Limits:
    west, south, east, north = extent
    top, bottom = _place(_share(north), zoom), _place(_share(south), zoom)
    return Limits(zoom, top, bottom, _place((west + 180) / 360, zoom), _place((east + 180) / 360, zoom))


def all_limits(extent: Box) -> Iterator[Limits]:
    return (limits_of(extent, zoom) for zoom in range(MAX_ZOOM + 1))


def read_tile(extent: Box, zoom: str, row: str, column: str) -> Tile:
    """The tile of an address; raises ``Invalid`` for what is no number, and a 404 for one that the layer cannot have."""
    given = {"tileMatrix": zoom, "tileRow": row, "tileCol": column}
    wrong = [name for name, text in given.items() if not _NUMBER.fullmatch(text)]
    if wrong:
        raise Invalid([Refusal("tile_number", _NO_NUMBER.format(name=name), f"/{name}") for name in wrong])
    # Longer numbers are no tile at any zoom, and a number of a million digits is not worth reading.
    if len(zoom) > 2 or int(zoom) > MAX_ZOOM:
        raise _outside("tileMatrix")
    if len(row) > 9 or len(column) > 9:
        raise _outside("tileRow" if len(row) > 9 else "tileCol")
    tile, limits = Tile(int(zoom), int(row), int(column)), limits_of(extent, int(zoom))
    if tile not in limits:
        raise _outside("tileCol" if limits.min_row <= tile.row <= limits.max_row else "tileRow")
    return tile


def check_set(name: str) -> None:
    """Raises a 404 for a tile matrix set that is not ours."""
    if name != NAME:
        raise Problem("not_found", _NO_SET, [Refusal("tile_matrix_set", _NO_SET, "/tileMatrixSetId")])


def _outside(name: str) -> Problem:
    return Problem("not_found", _OUTSIDE, [Refusal("tile_outside", _OUTSIDE, f"/{name}")])


def _share(latitude: float) -> float:
    """How far south of the upper edge, as a share of the height."""
    held = max(-MAX_LATITUDE, min(MAX_LATITUDE, latitude))
    return (1 - math.asinh(math.tan(math.radians(held))) / math.pi) / 2


def _latitude(share: float) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * share))))


def _place(share: float, zoom: int) -> int:
    return max(0, min(2**zoom - 1, math.floor(share * 2**zoom)))
