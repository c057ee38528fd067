"""Which coordinate reference system a file means, told from a closed list: nothing named by a stranger is ever looked up.

A ``.prj`` (well-known text, OGC 01-009 as ESRI writes it) is judged by its parameters and not by its name: China's surveys
give one system a dozen names. The Gauss-Krueger zones are those of Shanxi, CGCS2000, 3 degrees wide, with and without the
zone's number before the easting (GB/T 22021, EPSG 4525, 4526, 4546, 4547).
"""

import re
from typing import Any

from gi_registry.lib.texts import Refusal, Text
from products.gisfiles.faults import FileRefused, refused, shown
from products.rules.words import UploadCrs

MAX_PRJ_BYTES = 8_192
MAX_DEPTH = 12
# Where WGS 84 or CGCS2000 ellipsoids have to be, and how exactly a text must repeat them.
_SEMI_MAJOR_M, _FLATTENINGS = 6_378_137.0, (298.257223563, 298.257222101)
SHIFTED = frozenset({UploadCrs.GCJ02, UploadCrs.BD09})
_DEGREE = 0.017453292519943295
_ZONES = {
    (111.0, 500_000.0): UploadCrs.GK_111,
    (114.0, 500_000.0): UploadCrs.GK_114,
    (111.0, 37_500_000.0): UploadCrs.GK_ZONE_37,
    (114.0, 38_500_000.0): UploadCrs.GK_ZONE_38,
}
_URN = re.compile(r"(?:urn:ogc:def:crs:)?EPSG:[0-9.]{0,10}:?([0-9]{4,6})", re.IGNORECASE)
_CRS84 = re.compile(r"(?:urn:ogc:def:crs:)?OGC:(?:1\.3)?:?CRS84", re.IGNORECASE)
_TOKEN = re.compile(r'\s*(?:("(?:[^"]|"")*")|([A-Za-z_][A-Za-z0-9_]*)|([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)|([\[\](),]))')


def of_code(organisation: str, code: Any) -> UploadCrs:
    """An authority and its number, as a GeoPackage names it. Raises FileRefused for any other."""
    name = f"{organisation}:{code}".upper()
    if name in UploadCrs._value2member_map_:
        return UploadCrs(name)
    raise unknown(name)


def of_name(name: str) -> UploadCrs:
    """A name as older GeoJSON carries it: ``urn:ogc:def:crs:EPSG::4490``. Raises FileRefused for any other."""
    if _CRS84.fullmatch(name):
        return UploadCrs.WGS84
    if found := _URN.fullmatch(name):
        return of_code("EPSG", found[1])
    raise unknown(name)


def unknown(name: str) -> FileRefused:
    return refused(
        "crs_unknown",
        f"不支持坐标系“{shown(name)}”。请先转换为 WGS 84 或 CGCS2000 经纬度，或 CGCS2000 三度带"
        "（中央经线 111° 或 114°）。",
        f"The coordinate system “{shown(name)}” is not read here. Convert the file to WGS 84 or CGCS2000 degrees, or to"
        " CGCS2000 Gauss-Krueger, 3-degree zone, central meridian 111° or 114°.",
    )


def decide(found: UploadCrs | None, declared: UploadCrs | None, default: UploadCrs | None) -> UploadCrs:
    """What the file says and what the uploader says have to agree; ``default`` stands where neither says anything.

    GCJ-02 and BD-09 have no number of their own, and files of them call themselves WGS 84: there the uploader is believed.
    """
    if found is None or declared is None or found is declared:
        crs = declared or found or default
        if crs is None:
            text = Text(
                "文件没有说明坐标系（表格，或缺少 .prj），请在上传时选择。",
                "The file does not name its coordinate system (a spreadsheet, or no .prj). Say which it is when you upload it.",
            )
            raise FileRefused([Refusal("crs_missing", text, "/crs")])
        return crs
    if declared in SHIFTED and found is UploadCrs.WGS84:
        return declared
    text = Text(
        f"您选择的坐标系是“{declared.text.zh}”，文件写的是“{found.text.zh}”。",
        f"You chose “{declared.text.en}”, and the file says “{found.text.en}”.",
    )
    raise FileRefused([Refusal("crs_conflict", text, "/crs")])


# --- well-known text ---------------------------------------------------------------------------------------------


def of_prj(text: bytes) -> UploadCrs:
    """The system that a ``.prj`` describes. Raises FileRefused for what cannot be read and for any other system."""
    try:
        tree = _parse(text[: MAX_PRJ_BYTES + 1].decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError) as error:
        raise refused(
            "prj_unreadable", "无法读懂 .prj 文件。请重新导出。", "The .prj file cannot be read. Export it anew."
        ) from error
    kind, name, parts = tree
    if kind == "GEOGCS" and (geographic := _geographic(parts, name)):
        return geographic
    if kind == "PROJCS" and (zone := _zone(parts)):
        return zone
    raise unknown(name)


Node = tuple[str, str, list[Any]]


def _parse(text: str) -> Node:
    """``KEYWORD["name", ...]`` as nested tuples. ValueError for anything else, for depth and for length."""
    if len(text) > MAX_PRJ_BYTES:
        raise ValueError("too long")
    root: list[Any] = []
    stack, place, pending = [root], 0, ""
    text = text.rstrip()
    while place < len(text):
        found = _TOKEN.match(text, place)
        if not found:
            raise ValueError("not well-known text")
        place = found.end()
        quoted, word, number, mark = found.groups()
        if mark in ("[", "("):
            if not pending or len(stack) > MAX_DEPTH:
                raise ValueError("not well-known text")
            node: list[Any] = [pending.upper()]
            stack[-1].append(node)
            stack.append(node)
        elif mark in ("]", ")"):
            if len(stack) == 1:
                raise ValueError("not well-known text")
            stack.pop()
        elif quoted or number:
            stack[-1].append(quoted[1:-1] if quoted else float(number))
        pending = word or ""
    if len(stack) != 1 or len(root) != 1 or not isinstance(root[0], list):
        raise ValueError("not well-known text")
    return _node(root[0])


def _node(raw: list[Any]) -> Node:
    name = raw[1] if len(raw) > 1 and isinstance(raw[1], str) else ""
    return raw[0], name, [_node(part) if isinstance(part, list) else part for part in raw[2:]]


def _named(parts: list[Any], kind: str) -> Node | None:
    return next((part for part in parts if isinstance(part, tuple) and part[0] == kind), None)


def _number(node: Node | None) -> float:
    """The first number of a node; not a number where there is none, which then equals nothing."""
    return next((part for part in node[2] if isinstance(part, float)), float("nan")) if node else float("nan")


def _geographic(parts: list[Any], name: str) -> UploadCrs | None:
    """WGS 84 or CGCS2000 in degrees from Greenwich, by datum and ellipsoid."""
    datum = _named(parts, "DATUM")
    spheroid = _named(datum[2], "SPHEROID") if datum else None
    sizes = [part for part in spheroid[2] if isinstance(part, float)] if spheroid else []
    is_fitting = (
        len(sizes) == 2
        and abs(sizes[0] - _SEMI_MAJOR_M) < 0.001
        and any(abs(sizes[1] - inverse) < 1e-6 for inverse in _FLATTENINGS)
        and _number(_named(parts, "PRIMEM")) == 0
        and abs(_number(_named(parts, "UNIT")) - _DEGREE) < 1e-9
    )
    if not is_fitting or not datum:
        return None
    plain = re.sub(r"[^a-z0-9]", "", f"{name} {datum[1]}".lower())
    if "china" in plain or "cgcs2000" in plain:
        return UploadCrs.CGCS2000
    return UploadCrs.WGS84 if "wgs1984" in plain or "wgs84" in plain else None


def _zone(parts: list[Any]) -> UploadCrs | None:
    """One of the Gauss-Krueger zones on CGCS2000, by its parameters."""
    base, projection = _named(parts, "GEOGCS"), _named(parts, "PROJECTION")
    if not base or not projection or _geographic(base[2], base[1]) is not UploadCrs.CGCS2000:
        return None
    if projection[1].lower() not in ("gauss_kruger", "gauss_krueger", "transverse_mercator"):
        return None
    given = {part[1].lower(): _number(part) for part in parts if isinstance(part, tuple) and part[0] == "PARAMETER"}
    is_plain = (
        given.get("false_northing", 0.0) == 0.0
        and given.get("latitude_of_origin", 0.0) == 0.0
        and given.get("scale_factor", 1.0) == 1.0
        and _number(_named(parts, "UNIT")) == 1.0
    )
    meridian, easting = given.get("central_meridian", 0.0), given.get("false_easting", 0.0)
    return _ZONES.get((meridian, easting)) if is_plain else None
