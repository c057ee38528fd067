"""Reading the query of ``/items``: strict, bounded, and every fault told at once with the name of its parameter.

OGC API - Features Part 1 (OGC 17-069r4) 7.15: a parameter that the server does not know is a fault (7.15.1), a limit
above the maximum is not (7.15.2), a box whose west lies east of its east crosses the antimeridian (7.15.3).
"""

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from gi_registry.lib.problems import Invalid
from gi_registry.lib.texts import Refusal, Text
from gi_registry.ogc.collection import Box, Collection, Kind, Property
from gi_registry.ogc.cql2 import TEXT, Condition, check_language, read_filter
from gi_registry.ogc.crs import CRS84, Crs

DEFAULT_LIMIT = 100
MAX_LIMIT = 10_000
MAX_OFFSET = 100_000
MAX_ALLOWABLE_OFFSET = 0.1
MAX_VALUE = 200
# A filter is bounded in bytes by its reader; a cursor holds the values of a row where features are sorted by them.
LONGER_VALUES = {"filter": math.inf, "cursor": 4_000}
MAX_ORDERS = 2
LANGUAGES = ("zh", "en")
FORMATS = ("json", "geojson", "html")
# The parameters of the engine itself; the filters of a collection come on top.
ENGINE_PARAMETERS = (
    "bbox", "bbox-crs", "crs", "limit", "datetime", "filter", "filter-lang", "filter-crs", "sortby", "cursor", "offset",
    "max-allowable-offset", "f", "lang",
)  # fmt: skip
# These leave the same features matching.
NEUTRAL_PARAMETERS = frozenset({"crs", "limit", "sortby", "cursor", "offset", "max-allowable-offset", "f", "lang"})
# These narrow nothing by themselves.
QUALIFIERS = frozenset({"bbox-crs", "filter-crs", "filter-lang"})
ITEM_PARAMETERS = frozenset({"crs", "max-allowable-offset", "f", "lang"})
Given = Iterable[tuple[str, Sequence[str]]]
# (collection, every parameter, what was read so far) -> fields of ItemsQuery
CollectionReader = Callable[[Collection, Mapping[str, str], Mapping[str, Any]], dict[str, Any]]

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?\Z", re.ASCII)
_DIGITS = re.compile(r"\d+\Z", re.ASCII)
# RFC 3339, 5.6: Python reads weeks and undivided digits too.
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)\Z", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,18}\Z", re.ASCII)

_UNKNOWN = Text("没有名为“{name}”的参数。", "There is no parameter named “{name}”.")
_TWICE = Text("参数“{name}”给了不同的值。", "The parameter “{name}” was given different values.")
_VALUE = Text("无法使用参数“{name}”的值。", "The value of “{name}” cannot be used.")
_LIMIT = Text("limit 应为不小于 1 的整数。", "limit must be a whole number of 1 or more.")
_OFFSET = Text(
    f"offset 应为 0 至 {MAX_OFFSET} 的整数；更远请沿 next 链接。",
    f"offset must be 0 to {MAX_OFFSET}; follow the next links to go further.",
)
_BBOX = Text(
    "bbox 应为 4 个（或 6 个）以逗号分隔的数：先小后大的两个角，轴序依照 bbox-crs（默认西,南,东,北，单位为度）。",
    "bbox must be 4 (or 6) numbers with commas: the lower corner, then the upper, in the axis order of bbox-crs"
    " (west,south,east,north in degrees unless one is named).",
)
_UPSIDE_DOWN = Text("bbox 的第一个角大于第二个角。", "The first corner of bbox lies beyond the second.")
_CRS = Text(
    "此图层不提供该坐标参考系；可用的列在图层说明的 crs 中。",
    "The collection is not served in that reference system; its crs list names those that are.",
)
_DATETIME = Text(
    "datetime 应为 RFC 3339 时刻或日期，或以“/”分隔的区间，开放的一端写作“..”。",
    "datetime must be an RFC 3339 instant or date, or two with “/” between, an open end written “..”.",
)
_BACKWARDS = Text("datetime 的起点晚于终点。", "datetime starts after it ends.")
_TOLERANCE = Text(
    f"max-allowable-offset 应为 0 至 {MAX_ALLOWABLE_OFFSET} 度的数。",
    f"max-allowable-offset must be a number of degrees from 0 to {MAX_ALLOWABLE_OFFSET}.",
)
_KIND = Text("“{name}”应为 {kind} 类型的值。", "“{name}” must be a value of type {kind}.")
_SORTBY = Text(
    f"sortby 应为至多 {MAX_ORDERS} 个可排序的属性名，以逗号分隔，降序在前面加“-”。",
    f"sortby must name at most {MAX_ORDERS} properties that can be sorted by, with commas, “-” before one for descending.",
)
_FORMAT = Text("f 应为 json 或 html。", "f must be json or html.")
_LANGUAGE = Text("lang 应为 zh 或 en。", "lang must be zh or en.")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days, both ends included; None is open."""

    first: dt.date | None
    last: dt.date | None


@dataclass(frozen=True, slots=True)
class Order:
    """One property to sort by."""

    property: Property
    is_down: bool = False


@dataclass(frozen=True, slots=True)
class ItemsQuery:
    """What one request for features asks for.

    ``boxes`` are x, y in ``bbox_crs``: None is everywhere, two when it crosses the antimeridian, empty is nowhere.
    """

    limit: int = DEFAULT_LIMIT
    offset: int = 0
    cursor: str = ""
    crs: Crs = CRS84
    bbox_crs: Crs = CRS84
    boxes: tuple[Box, ...] | None = None
    span: Span | None = None
    tolerance_deg: float = 0.0
    equals: Mapping[str, Any] = field(default_factory=dict)
    condition: Condition | None = None
    sort: tuple[Order, ...] = ()
    # A digest of what narrows the rows, as it was written (equal texts match equal rows), or "" where nothing does.
    narrowing: str = ""

    @property
    def is_plain(self) -> bool:
        """A page of the layer as it is, or of what lies in one box in degrees that has an area."""
        if self.offset or self.span or self.tolerance_deg or self.equals or self.condition or self.sort:
            return False
        if self.boxes is None:
            return True
        if len(self.boxes) != 1 or not self.bbox_crs.is_geographic:
            return False
        west, south, east, north = self.boxes[0]
        return west < east and south < north

    @property
    def is_first(self) -> bool:
        """The first page of the layer as it is."""
        return self.is_plain and self.boxes is None and not self.cursor


def read_items_query(collection: Collection, given: Given) -> ItemsQuery:
    """The query of a request; raises ``Invalid`` with every fault. ``given`` is ``request.GET.lists()``."""
    return _read(collection, given, {*ENGINE_PARAMETERS, *(item.name for item in collection.filters)})


def read_item_query(collection: Collection, given: Given) -> ItemsQuery:
    """The query for a single feature: in which system, and how far its outline may be simplified."""
    return _read(collection, given, ITEM_PARAMETERS)


def refuse_unknown(given: Given) -> None:
    """For the resources that take no parameters but the language and the format."""
    faults: list[Refusal] = []
    single = _single(given, {"f", "lang"}, faults)
    for name, text in single.items():
        try:
            _READERS[name](text)
        except Invalid as refused:
            faults += refused.errors
    if faults:
        raise Invalid(faults)


def _read(collection: Collection, given: Given, known: Set[str]) -> ItemsQuery:
    faults: list[Refusal] = []
    found: dict[str, Any] = {}
    single = _single(given, known, faults)
    # Reference systems first: boxes and filters are read by them.
    for name in sorted(single, key=lambda name: not name.endswith("crs")):
        try:
            if name in _READERS:
                found |= _READERS[name](single[name])
            elif name in _COLLECTION_READERS:
                found |= _COLLECTION_READERS[name](collection, single, found)
            elif name in collection.by_name:
                found.setdefault("equals", {})[name] = _typed(collection.by_name[name], single[name])
        except Invalid as refused:
            faults += refused.errors
    if faults:
        raise Invalid(faults)
    found.pop("filter_crs", None)
    return ItemsQuery(**found, narrowing=_narrowing(single))


def _narrowing(single: Mapping[str, str]) -> str:
    told = sorted((name, text) for name, text in single.items() if name not in NEUTRAL_PARAMETERS)
    if all(name in QUALIFIERS for name, _ in told):
        return ""
    return sha256(repr(told).encode()).hexdigest()


def _single(given: Given, known: set[str], faults: list[Refusal]) -> dict[str, str]:
    """One value a name. The same value twice is harmless: the OGC test suite repeats the parameters of a next link."""
    single = {}
    for name, values in given:
        shown = {"name": name[:60].replace("\x00", "")}
        if name not in known:
            faults.append(Refusal("unknown_parameter", _UNKNOWN.format(**shown), f"/{shown['name']}"))
        elif name == "limit" and len(values) > 1:
            single[name] = values[-1]
        elif len(set(values)) > 1:
            faults.append(Refusal("repeated_parameter", _TWICE.format(**shown), f"/{name}"))
        elif len(values[0]) > LONGER_VALUES.get(name, MAX_VALUE) or "\x00" in values[0]:
            faults.append(Refusal("unusable_value", _VALUE.format(**shown), f"/{name}"))
        else:
            single[name] = values[0]
    return single


def _wrong(name: str, text: Text, code: str | None = None) -> Invalid:
    return Invalid(Refusal(code or name.replace("-", "_"), text, f"/{name}"))


def _number(text: str) -> float | None:
    """A finite decimal number, as JSON would have it; ``nan``, ``inf`` and ``1_0`` are none."""
    value = float(text) if _NUMBER.match(text) else math.nan
    return value if math.isfinite(value) else None


def _limit(text: str) -> dict[str, Any]:
    told = text.lstrip("0")
    if not _DIGITS.match(text) or not told:
        raise _wrong("limit", _LIMIT)
    # The zeros count for Python too, which reads no number of more than 4,300 digits.
    return {"limit": MAX_LIMIT if len(told) > 6 else min(int(told), MAX_LIMIT)}


def _offset(text: str) -> dict[str, Any]:
    if not _DIGITS.match(text) or len(text) > 9 or int(text) > MAX_OFFSET:
        raise _wrong("offset", _OFFSET)
    return {"offset": int(text)}


def _crs(name: str) -> CollectionReader:
    def read(collection: Collection, single: Mapping[str, str], found: Mapping[str, Any]) -> dict[str, Any]:
        crs = next((crs for crs in collection.systems if crs.uri == single[name]), None)
        if crs is None:
            raise _wrong(name, _CRS)
        return {name.replace("-", "_"): crs}

    return read


def _bbox(collection: Collection, single: Mapping[str, str], found: Mapping[str, Any]) -> dict[str, Any]:
    return {"boxes": _boxes(single["bbox"], found.get("bbox_crs", CRS84))}


def _filter(collection: Collection, single: Mapping[str, str], found: Mapping[str, Any]) -> dict[str, Any]:
    crs = found.get("filter_crs", CRS84)
    return {"condition": read_filter(collection, single["filter"], single.get("filter-lang", TEXT), crs)}


def _filter_lang(collection: Collection, single: Mapping[str, str], found: Mapping[str, Any]) -> dict[str, Any]:
    """A language without a filter is checked too; one with a filter is the reader's to refuse."""
    if "filter" not in single:
        check_language(single["filter-lang"])
    return {}


def _sortby(collection: Collection, single: Mapping[str, str], found: Mapping[str, Any]) -> dict[str, Any]:
    """``-name`` descending; a plus sign is a blank once it has gone through an address."""
    sort = []
    for part in single["sortby"].split(","):
        wanted = collection.by_name.get(part[1:] if part[:1] in ("+", "-", " ") else part)
        if wanted is None or not wanted.is_sortable:
            raise _wrong("sortby", _SORTBY)
        sort.append(Order(wanted, is_down=part.startswith("-")))
    if len(sort) > MAX_ORDERS or len({order.property.name for order in sort}) < len(sort):
        raise _wrong("sortby", _SORTBY)
    return {"sort": tuple(sort)}


def _boxes(text: str, crs: Crs) -> tuple[Box, ...]:
    """Boxes as x, y. Beyond the globe there is nothing to find, which is no fault (an empty page, not a 400)."""
    numbers = [_number(part.strip()) for part in text.split(",")]
    if len(numbers) not in (4, 6) or None in numbers:
        raise _wrong("bbox", _BBOX)
    boxes = crs.boxes(numbers, numbers[len(numbers) // 2 :])
    if boxes is None:
        raise _wrong("bbox", _UPSIDE_DOWN, "bbox_upside_down")
    return boxes


def _day(text: str, *, is_end: bool) -> dt.date | None:
    """A day from a date or an instant; an instant counts for the day on which it falls in UTC. ``..`` and "" are open."""
    if text in ("", ".."):
        return None
    said = text.upper()
    try:
        if _DATE.match(said):
            return dt.date.fromisoformat(said)
        if not _INSTANT.match(said):
            raise _wrong("datetime", _DATETIME)
        return dt.datetime.fromisoformat(said).astimezone(dt.UTC).date()
    except OverflowError:
        return dt.date.max if is_end else dt.date.min
    except ValueError:
        raise _wrong("datetime", _DATETIME) from None


def _datetime(text: str) -> dict[str, Any]:
    parts = text.split("/")
    if len(parts) > 2 or (len(parts) == 1 and parts[0] in ("", "..")):
        raise _wrong("datetime", _DATETIME)
    first, last = _day(parts[0], is_end=False), _day(parts[-1], is_end=True)
    if first and last and first > last:
        raise _wrong("datetime", _BACKWARDS)
    return {"span": Span(first, last)}


def _tolerance(text: str) -> dict[str, Any]:
    value = _number(text)
    if value is None or not 0 <= value <= MAX_ALLOWABLE_OFFSET:
        raise _wrong("max-allowable-offset", _TOLERANCE)
    return {"tolerance_deg": value}


def _format(text: str) -> dict[str, Any]:
    if text not in FORMATS:
        raise _wrong("f", _FORMAT, "format")
    return {}


def _language(text: str) -> dict[str, Any]:
    if text not in LANGUAGES:
        raise _wrong("lang", _LANGUAGE, "language")
    return {}


def _typed(wanted: Property, text: str) -> Any:
    """The value of a filter in the type of its property."""
    try:
        match wanted.kind:
            case Kind.INTEGER if _INTEGER.match(text):
                return int(text)
            case Kind.NUMBER if (number := _number(text)) is not None:
                return number
            case Kind.BOOLEAN if text in ("true", "false", "1", "0"):  # GDAL writes numbers
                return text in ("true", "1")
            case Kind.DATE if _DATE.match(text):
                return dt.date.fromisoformat(text)
            case Kind.TEXT | Kind.TEXTS:
                return text
    except ValueError:
        pass
    shown = _KIND.format(name=wanted.name, kind=wanted.kind.value)
    raise _wrong(wanted.name, shown, "unusable_value")


_READERS: dict[str, Any] = {
    "limit": _limit,
    "datetime": _datetime,
    "cursor": lambda text: {"cursor": text},
    "offset": _offset,
    "max-allowable-offset": _tolerance,
    "f": _format,
    "lang": _language,
}
_COLLECTION_READERS: dict[str, CollectionReader] = {
    "crs": _crs("crs"),
    "bbox-crs": _crs("bbox-crs"),
    "filter-crs": _crs("filter-crs"),
    "bbox": _bbox,
    "filter": _filter,
    "filter-lang": _filter_lang,
    "sortby": _sortby,
}
