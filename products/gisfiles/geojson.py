"""GeoJSON (RFC 7946) as QGIS, GDAL and web maps write it: JSON read strictly, each feature a row."""

import json
from collections.abc import Iterator
from typing import Any

from gi_registry.lib.texts import Refusal, Text
from products.gisfiles import crs
from products.gisfiles.faults import FileRead, FileRow, refused, too_many_features, too_many_positions
from products.rules.uploads import MAX_FEATURES, MAX_POSITIONS
from products.rules.words import UploadCrs, UploadFormat

NO_GEOMETRY = Refusal("geometry_missing", Text("没有几何。", "It has no geometry."), "/geometry")
_NOT_FEATURE = Refusal("not_a_feature", Text("不是 GeoJSON 要素。", "It is not a GeoJSON feature."))


def read(data: bytes) -> FileRead:
    """Every feature of a FeatureCollection. Raises FileRefused for what is not one, and for more than the limits."""
    document = _decoded(data)
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise refused(
            "not_a_collection",
            "GeoJSON 文件的最外层应为 FeatureCollection。",
            "The GeoJSON file must hold a FeatureCollection.",
        )
    features = document.get("features")
    if not isinstance(features, list):
        raise refused("no_features", "features 应为列表。", "features must be a list.")
    if len(features) > MAX_FEATURES:
        raise too_many_features(MAX_FEATURES)
    if sum(1 for _ in _positions(features)) > MAX_POSITIONS:
        raise too_many_positions(MAX_POSITIONS)
    rows = [_row(number, feature) for number, feature in enumerate(features, start=1)]
    return FileRead(UploadFormat.GEOJSON, _crs_of(document), rows)


def _decoded(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_without_twins, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise refused("not_utf8", "GeoJSON 文件应为 UTF-8 编码。", "A GeoJSON file must be in UTF-8.") from error
    except RecursionError as error:
        raise refused("too_deep", "文件嵌套层次过深。", "The file is nested too deeply.") from error
    except ValueError as error:
        place = f"{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        zh, en = (f"（行:列 {place}）", f" (at line and column {place})") if place else ("", "")
        raise refused(
            "not_json",
            f"文件不是合法的 JSON{zh}。不能有 NaN、重复的成员名或过长的数字。",
            f"The file is not sound JSON{en}. NaN, repeated member names and endless numbers are not read.",
        ) from error


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """RFC 8259 leaves open which of two equal names counts; here neither does."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member name is repeated")
    return members


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _positions(features: list[Any]) -> Iterator[None]:
    """One for each position, however wrong the shape around it. No recursion: the nesting is a stranger's."""
    waiting: list[Any] = [
        feature["geometry"].get("coordinates")
        for feature in features
        if isinstance(feature, dict) and isinstance(feature.get("geometry"), dict)
    ]
    while waiting:
        value = waiting.pop()
        if not isinstance(value, list):
            continue
        if value and not isinstance(value[0], list):
            yield
        else:
            waiting.extend(value)


def _crs_of(document: dict[str, Any]) -> UploadCrs | None:
    """RFC 7946 knows no ``crs`` and programs still write it: a known name is understood, any other refused."""
    if document.get("crs") is None:
        return None
    member = document["crs"]
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) and member.get("type") == "name" else None
    if not isinstance(name, str):
        raise crs.unknown("crs")
    return crs.of_name(name)


def _row(number: int, feature: Any) -> FileRow:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return FileRow(number, {}, fault=_NOT_FEATURE)
    properties = feature.get("properties")
    values = properties if isinstance(properties, dict) else {}
    geometry = feature.get("geometry")
    if geometry is None:
        return FileRow(number, values, fault=NO_GEOMETRY)
    return FileRow(number, values, geometry)
