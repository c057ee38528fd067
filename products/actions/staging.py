"""Taking in a file of sites: read, turned into degrees, and kept row by row until its producer decides."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import shapely
from django.db import connection, transaction
from shapely.geometry.base import BaseGeometry

from gi_registry.lib.access import Actor
from gi_registry.lib.problems import Invalid, Refused
from gi_registry.lib.texts import Refusal, Text
from products import policy
from products.actions.rows import only_if
from products.gisfiles import FileRead, FileRefused, FileRow, crs, read_file
from products.gisfiles.columns import Columns, columns_of, kind_in, name_in
from products.gisfiles.faults import shown
from products.gisfiles.geojson import NO_GEOMETRY
from products.gisfiles.positions import OUTSIDE_ZONE, PROJECTED, is_in_zone, mapped
from products.models import Indication, Producer, SiteUpload, SiteUploadRow
from products.rules.uploads import MAX_FILE_NAME, MAX_OPEN, stored
from products.rules.words import SiteKind, UploadCrs, UploadFormat, UploadRowState, UploadState
from regions.geometry import SITES, GeometryRefused, read_geometry, to_geos
from regions.rules.gcj02 import Position, wgs84_of_bd09, wgs84_of_gcj02

_TOO_MANY_OPEN = Refusal(
    "too_many_uploads",
    Text(
        f"该生产者已有 {MAX_OPEN} 个未完成的文件，请先登记或放弃其中一些。",
        f"The producer has {MAX_OPEN} unfinished files. Register or discard some of them first.",
    ),
    "/producer",
)
_BAD_SHAPE = Refusal(
    "position_shape", Text("坐标不完整或不是数。", "Coordinates are missing or no numbers."), "/geometry"
)


def stage_upload(
    *,
    producer: Producer,
    indication: Indication,
    file_name: str,
    data: bytes,
    declared_crs: UploadCrs | None = None,
    default_kind: SiteKind | None = None,
    actor: Actor,
    now: datetime,
) -> SiteUpload:
    """Read a file and keep its rows; no site is made. Raises Forbidden, Invalid (the file), Refused (too many open).

    The file itself is not kept, only its SHA-256: what was read from it is all that is used.
    """
    only_if(policy.may_register_site(actor, producer))
    digest = hashlib.sha256(data).hexdigest()
    found, system = _read(data, declared_crs)
    columns = columns_of(found.columns)
    rows = [_staged(row, geometry, columns, default_kind) for row, geometry in _geometries(found, system)]
    with transaction.atomic():
        upload = SiteUpload.objects.create(
            producer=producer,
            indication=indication,
            file_name=shown(file_name, MAX_FILE_NAME) or digest[:12],
            file_sha256=digest,
            format=found.format.value,
            crs=system.value,
            default_kind=default_kind.value if default_kind else "",
            unknown_columns=list(columns.unknown),
            header=list(found.header),
            row_count=len(rows),
            same_as=_earlier(producer, digest),
            created_at=now,
            updated_at=now,
        )
        for row in rows:
            row.upload = upload
        SiteUploadRow.objects.bulk_create(rows, batch_size=200)
    return upload


def _read(data: bytes, declared: UploadCrs | None) -> tuple[FileRead, UploadCrs]:
    try:
        found = read_file(data)
        default = UploadCrs.WGS84 if found.format is UploadFormat.GEOJSON else None
        return found, crs.decide(found.crs, declared, default)
    except FileRefused as refused:
        raise Invalid(refused.refusals) from refused


def _earlier(producer: Producer, digest: str) -> str:
    """The number of an earlier upload of the same bytes, or "". Refused where too many are open: the producer's row is
    held while they are counted."""
    Producer.objects.select_for_update(no_key=True).get(pk=producer.pk)
    uploads = SiteUpload.objects.filter(producer=producer)
    if uploads.open().count() >= MAX_OPEN:
        raise Refused(_TOO_MANY_OPEN)
    same = uploads.filter(file_sha256=digest).exclude(state=UploadState.DISCARDED).order_by("-pk").first()
    return same.number if same else ""


_BACK = {UploadCrs.GCJ02: wgs84_of_gcj02, UploadCrs.BD09: wgs84_of_bd09}

Judged = BaseGeometry | list[Refusal]


def _staged(row: FileRow, geometry: Judged, columns: Columns, default: SiteKind | None) -> SiteUploadRow:
    """A row with everything that is wrong with it in itself; whether it may be a site is asked afterwards."""
    name, bad_name = name_in(row.values, columns)
    kind, bad_kind = kind_in(row.values, columns, default)
    is_shape = isinstance(geometry, BaseGeometry)
    faults = [*(fault for fault in (bad_name, bad_kind) if fault), *([] if is_shape else geometry)]
    return SiteUploadRow(
        number=row.number,
        name=name,
        kind=kind.value if kind else "",
        geom=to_geos(geometry) if is_shape else None,
        cells=row.cells,
        faults=stored(faults),
        state=(UploadRowState.FAULTY if faults else UploadRowState.WAITING).value,
    )


def _geometries(found: FileRead, system: UploadCrs) -> Iterator[tuple[FileRow, Judged]]:
    """Every row with its geometry in WGS 84, or why it has none."""
    for row, document in _in_wgs84(found.rows, system):
        if isinstance(document, Refusal) or row.fault or document is None:
            yield row, [row.fault or (document if isinstance(document, Refusal) else NO_GEOMETRY)]
            continue
        try:
            yield row, read_geometry(document, kinds=SITES)
        except GeometryRefused as refused:
            yield row, list(refused.refusals)


# A row with its shape, or with the reason why it has none.
Shaped = tuple[FileRow, dict[str, Any] | Refusal | None]


def _in_wgs84(rows: list[FileRow], system: UploadCrs) -> list[Shaped]:
    """CGCS2000 degrees are kept as WGS 84: between the two lie decimetres, less than a plot is measured to."""
    if system in PROJECTED:
        return _in_degrees(rows, system)
    if back := _BACK.get(system):
        return [(row, _shifted_back(row.document, back)) for row in rows]
    return [(row, row.document) for row in rows]


def _shifted_back(document: dict[str, Any] | None, back: Callable[..., Position]) -> dict[str, Any] | None:
    """A shape of a shifted map where WGS 84 has it; what is no shape is left for its fault to be told."""
    if not isinstance(document, dict):
        return document
    try:
        return mapped(document, lambda position: back(*position))
    except ValueError:
        return document


def _in_degrees(rows: list[FileRow], system: UploadCrs) -> list[Shaped]:
    """The shapes of projected rows in degrees: all positions of the file in one question to the database."""
    points: list[tuple[float, float]] = []

    def gather(position: tuple[float, float]) -> tuple[float, float]:
        points.append(position)
        return position

    told: list[Shaped] = []
    for row in rows:
        start = len(points)
        try:
            shape = mapped(row.document, gather) if isinstance(row.document, dict) else row.document
            is_fitting = all(is_in_zone(position, system) for position in points[start:])
            told.append((row, shape if is_fitting else OUTSIDE_ZONE))
        except ValueError:
            is_fitting = False
            told.append((row, _BAD_SHAPE))
        if not is_fitting:
            del points[start:]
    degrees = iter(_transformed(points, system))
    return [(row, mapped(shape, lambda _: next(degrees)) if isinstance(shape, dict) else shape) for row, shape in told]


def _transformed(points: list[tuple[float, float]], system: UploadCrs) -> list[tuple[float, float]]:
    if not points:
        return []
    srid = int(system.value.rpartition(":")[2])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_AsBinary(ST_Transform(ST_GeomFromWKB(%s, %s), 4326))",
            [shapely.to_wkb(shapely.multipoints(points)), srid],
        )
        turned = shapely.from_wkb(bytes(cursor.fetchone()[0]))
    return [(float(x), float(y)) for x, y in shapely.get_coordinates(turned)]
