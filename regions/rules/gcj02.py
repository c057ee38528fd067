"""GCJ-02 and BD-09, the shifted coordinates of Chinese phone maps, to WGS 84 and back. Degrees, longitude first.

GCJ-02 (AMap, WeChat, Tencent) moves a point by up to 700 m; BD-09 (Baidu) moves that once more. Neither was ever
published. What stands here is the formula that every open conversion agrees on (googollee/eviltransform, PRCoords), on
the ellipsoid of Krasovsky 1940.

The shift holds within ``RECTANGLE`` and ends there: a point outside is the same in GCJ-02 and in WGS 84, and within a
hundredth of a degree of that edge there is no way back. The inverse has no closed form; it is iterated until a step is
below ``STEP``, which leaves less than 1e-9 degree (0.1 mm), far below what a phone knows.
"""

from math import atan2, cos, hypot, pi, sin, sqrt

# West, south, east, north: where map services shift. It takes in parts of neighbouring countries.
RECTANGLE = (72.004, 0.8293, 137.8347, 55.8271)
AXIS_M = 6378245.0
ECCENTRICITY_2 = 0.00669342162296594323
STEP = 1e-9
MOST_STEPS = 30
_BD_EAST, _BD_NORTH = 0.0065, 0.0060
_BD_TURN = pi * 3000 / 180
_RADIAN = pi / 180
_AXIS_DEGREE_M = AXIS_M * _RADIAN
_NORTH_DEGREE_M = AXIS_M * (1.0 - ECCENTRICITY_2) * _RADIAN

Position = tuple[float, float]


def is_shifted(longitude: float, latitude: float) -> bool:
    west, south, east, north = RECTANGLE
    return west <= longitude <= east and south <= latitude <= north


def gcj02_of(longitude: float, latitude: float) -> Position:
    """WGS 84 to GCJ-02."""
    if not is_shifted(longitude, latitude):
        return longitude, latitude
    east, north = _shift(longitude, latitude)
    return longitude + east, latitude + north


def wgs84_of_gcj02(longitude: float, latitude: float) -> Position:
    """GCJ-02 to WGS 84, within 1e-9 degree."""
    if not is_shifted(longitude, latitude):
        return longitude, latitude
    east, north = _shift(longitude, latitude)
    for _ in range(MOST_STEPS):
        before = east, north
        # The shift of the present guess; the rectangle is not asked again, or a guess across its edge would leap.
        east, north = _shift(longitude - east, latitude - north)
        if abs(east - before[0]) < STEP and abs(north - before[1]) < STEP:
            break
    return longitude - east, latitude - north


def bd09_of(longitude: float, latitude: float) -> Position:
    """WGS 84 to BD-09."""
    return _bd09_of_gcj02(*gcj02_of(longitude, latitude))


def wgs84_of_bd09(longitude: float, latitude: float) -> Position:
    """BD-09 to WGS 84, within 1e-9 degree where the shift holds."""
    x, y = longitude - _BD_EAST, latitude - _BD_NORTH
    for _ in range(MOST_STEPS):
        there = _bd09_of_gcj02(x, y)
        east, north = there[0] - longitude, there[1] - latitude
        x, y = x - east, y - north
        if abs(east) < STEP and abs(north) < STEP:
            break
    return wgs84_of_gcj02(x, y)


def _bd09_of_gcj02(longitude: float, latitude: float) -> Position:
    reach = hypot(longitude, latitude) + 0.00002 * sin(latitude * _BD_TURN)
    turn = atan2(latitude, longitude) + 0.000003 * cos(longitude * _BD_TURN)
    return reach * cos(turn) + _BD_EAST, reach * sin(turn) + _BD_NORTH


def _shift(longitude: float, latitude: float) -> Position:
    """How far east and north GCJ-02 lies of a WGS 84 point, in degrees: metres round 105 E 35 N, made into angles."""
    x, y = longitude - 105.0, latitude - 35.0
    a, b = x * pi, y * pi
    xy, root = 0.1 * x * y, sqrt(abs(x))
    # Ripples of a third, one, six, 24 and 60 degrees.
    both = 20.0 * (sin(6.0 * a) + sin(2.0 * a))
    along = both + 20.0 * sin(a) + 40.0 * sin(a / 3.0) + 150.0 * sin(a / 12.0) + 300.0 * sin(a / 30.0)
    across = both + 20.0 * sin(b) + 40.0 * sin(b / 3.0) + 160.0 * sin(b / 12.0) + 320.0 * sin(b / 30.0)
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + xy + 0.1 * root + along / 1.5
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + xy + 0.2 * root + across / 1.5
    angle = latitude * _RADIAN
    flattened = 1.0 - ECCENTRICITY_2 * sin(angle) ** 2
    stretch = sqrt(flattened)
    east_degree_m = _AXIS_DEGREE_M / stretch * cos(angle)
    north_degree_m = _NORTH_DEGREE_M / (flattened * stretch)
    return east_m / east_degree_m, north_m / north_degree_m
