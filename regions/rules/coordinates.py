"""In which system the coordinates of strangers may stand. Ours are WGS 84, and longitude comes first in every one of them:
what an authority says of the order of axes (EPSG:4326 and EPSG:4490 put latitude first) is not followed in JSON, as in
GeoJSON."""

from collections.abc import Callable

from gi_registry.lib.texts import Word
from regions.rules.gcj02 import Position, wgs84_of_bd09, wgs84_of_gcj02


class CoordinateSystem(Word):
    CRS84 = "CRS84", "WGS 84", "WGS 84"
    EPSG_4326 = "EPSG:4326", "WGS 84", "WGS 84"
    # Centimetres to decimetres from WGS 84 (the plates move), far below the accuracy of any boundary: taken as the same.
    EPSG_4490 = "EPSG:4490", "2000 国家大地坐标系（CGCS2000）", "CGCS2000"
    GCJ02 = "gcj02", "GCJ-02（高德、腾讯、微信）", "GCJ-02 (AMap, Tencent, WeChat)"
    BD09 = "bd09", "BD-09（百度）", "BD-09 (Baidu)"


def _as_it_stands(longitude: float, latitude: float) -> Position:
    return longitude, latitude


_READERS = {CoordinateSystem.GCJ02: wgs84_of_gcj02, CoordinateSystem.BD09: wgs84_of_bd09}


def reader_of(system: CoordinateSystem) -> Callable[[float, float], Position]:
    """What makes a longitude and latitude of a system into those of WGS 84."""
    return _READERS.get(system, _as_it_stands)
