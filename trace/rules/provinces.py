"""The province-level divisions of China and which of them are neighbours: how far apart two checks were made.

A phone is placed a province wrong now and then (its operator's gateway stands elsewhere), so a province and its
neighbours count as one place. What is measured of a set of provinces never shrinks when one more is seen, and does not
depend on the order in which they were seen. Connected groups would do neither: a province between two groups joins them.

Sets of provinces are bits of an integer, bit n for the nth line of the table: they fit a bigint.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from gi_registry.lib.texts import Text

# Code (GB/T 2260), names, codes of the neighbours. Neighbours share a border on land. Besides: Hainan and Guangdong over
# the Qiongzhou Strait, Taiwan and Fujian over the Taiwan Strait, Hong Kong and Macao by their bridge. New divisions are
# added at the end: the place in the table is the bit that is kept.
_TABLE = """
11 北京 Beijing          12 13
12 天津 Tianjin          11 13
13 河北 Hebei            11 12 14 15 21 37 41
14 山西 Shanxi           13 15 41 61
15 内蒙古 Inner_Mongolia 13 14 21 22 23 61 62 64
21 辽宁 Liaoning         13 15 22
22 吉林 Jilin            15 21 23
23 黑龙江 Heilongjiang   15 22
31 上海 Shanghai         32 33
32 江苏 Jiangsu          31 33 34 37
33 浙江 Zhejiang         31 32 34 35 36
34 安徽 Anhui            32 33 36 37 41 42
35 福建 Fujian           33 36 44 71
36 江西 Jiangxi          33 34 35 42 43 44
37 山东 Shandong         13 32 34 41
41 河南 Henan            13 14 34 37 42 61
42 湖北 Hubei            34 36 41 43 50 61
43 湖南 Hunan            36 42 44 45 50 52
44 广东 Guangdong        35 36 43 45 46 81 82
45 广西 Guangxi          43 44 52 53
46 海南 Hainan           44
50 重庆 Chongqing        42 43 51 52 61
51 四川 Sichuan          50 52 53 54 61 62 63
52 贵州 Guizhou          43 45 50 51 53
53 云南 Yunnan           45 51 52 54
54 西藏 Tibet            51 53 63 65
61 陕西 Shaanxi          14 15 41 42 50 51 62 64
62 甘肃 Gansu            15 51 61 63 64 65
63 青海 Qinghai          51 54 62 65
64 宁夏 Ningxia          15 61 62
65 新疆 Xinjiang         54 62 63
71 台湾 Taiwan           35
81 香港 Hong_Kong        44 82
82 澳门 Macao            44 81
"""


@dataclass(frozen=True, slots=True)
class Province:
    """A province-level division; ``bit`` stands for it in sets."""

    code: str
    name: Text
    neighbours: tuple[str, ...]
    bit: int


def _read() -> Iterator[Province]:
    for place, line in enumerate(_TABLE.split("\n")[1:-1]):
        code, name_zh, name_en, *neighbours = line.split()
        yield Province(code, Text(name_zh, name_en.replace("_", " ")), tuple(neighbours), 1 << place)


PROVINCES = {province.code: province for province in _read()}
_BY_NAME = {province.name.zh: province for province in PROVINCES.values()}
_BY_BIT = {province.bit: province for province in PROVINCES.values()}
_NEAR = {p.bit: sum(PROVINCES[code].bit for code in p.neighbours) for p in PROVINCES.values()}


def named(name_zh: str) -> Province | None:
    """The province of a short Chinese name (``山西``), as checks keep it; None for "" and anything unknown."""
    return _BY_NAME.get(name_zh)


def bit_of(name_zh: str) -> int:
    """The bit of a province by its short Chinese name; 0 where the place is not known."""
    province = _BY_NAME.get(name_zh)
    return province.bit if province else 0


def members(seen: int) -> list[Province]:
    """The provinces of a set, in the order of the table."""
    return [province for bit, province in _BY_BIT.items() if seen & bit]


def are_near(one: int, other: int) -> bool:
    """Whether two provinces, given by their bits, are the same or neighbours."""
    return bool(one & other) or bool(_NEAR[one] & other)


@lru_cache(maxsize=8_192)
def far_apart(seen: int) -> int:
    """How many provinces of the set, at most, are such that no two of them are neighbours (its independence number).

    The largest number of connected groups in any part of the set, which makes it the one count that neither a linking
    province nor another order of arrival can lower.
    """
    if not seen:
        return 0
    first = seen & -seen
    rest = seen ^ first
    with_first = 1 + far_apart(rest & ~_NEAR[first])
    # A province without neighbours in the set is in every largest choice.
    return max(with_first, far_apart(rest)) if rest & _NEAR[first] else with_first


def is_one_home(seen: int) -> bool:
    """Whether one province, seen or not, and its neighbours explain the whole set, as for goods that never left home."""
    return any(not seen & ~(bit | near) for bit, near in _NEAR.items())
