"""Tiles out of the database: one statement a layer, encoded by PostGIS as Mapbox Vector Tile 2.1, kept compressed.

A layer's statement for a band of zooms is compiled once for all who see the same; only the numbers of the tile change.
"""

import gzip
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import BigIntegerField, BooleanField, F, FloatField, Func, QuerySet, TextField
from django.db.models.functions import Cast

from gi_registry.lib import clock, compiled
from gi_registry.lib.access import Actor
from gi_registry.lib.compiled import Given, Statement
from gi_registry.ogc import versions
from gi_registry.ogc.cache import Memory
from gi_registry.ogc.collection import Collection, Kind
from gi_registry.ogc.drawing import CELL_ZOOM, CELLS_A_SIDE, MERCATOR, Band
from gi_registry.ogc.flights import Flights
from gi_registry.ogc.mercator import Tile

EXTENT, BUFFER = 4096, 64
# More features than this are no map. The smallest are left out, by area and then by key, so that a tile is always the same.
MAX_FEATURES = 10_000
CACHE_BYTES = 64 * 1024 * 1024
GZIP_LEVEL = 4  # some 4 % larger than at 6, in half the time
# From here on a tile is 10 km wide or less: found by place, whichever it is, so that one plan serves for all.
NEAR_ZOOM = 12

Layers = Sequence[Collection]
# SQL, its parameters, and the columns of it that go into the tile.
Found = tuple[str, tuple[Any, ...], str]


class Hole(compiled.Hole):
    """Filled with the numbers of a tile."""

    ZOOM = "zoom"
    COLUMN = "column"
    ROW = "row"
    WEST, SOUTH, EAST, NORTH = "west", "south", "east", "north"
    FIRST_COLUMN, END_COLUMN = "first column", "end column"
    FIRST_ROW, END_ROW = "first row", "end row"
    SHIFT = "shift"
    CELLS = "cells"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A tile: gzip, or nothing where nothing is; and what it may be cached as (``stamp_of``).

    ``fresh`` is the same unpacked, as long as it is at hand: it is not kept.
    """

    packed: bytes
    stamp: str
    fresh: bytes = b""

    @property
    def plain(self) -> bytes:
        return self.fresh or (gzip.decompress(self.packed) if self.packed else b"")


MEMORY: Memory[Drawn] = Memory("tiles", CACHE_BYTES, lambda drawn: len(drawn.packed) + 500)
_statements: Memory[Statement] = Memory("tile statements", 2_000)
_flights: Flights[Drawn] = Flights()


def stamp_of(layers: Layers, actor: Actor) -> str:
    """The state of the data and the class of readers: tiles of equal stamps are equal. One statement."""
    return _stamp(versions.versions_of(layers), actor)


def _stamp(found: Sequence[str], actor: Actor) -> str:
    version = found[0] if len(found) == 1 else hashlib.sha256(" ".join(found).encode()).hexdigest()[:16]
    return f"{version}.{actor.access_class}"


def kept(layers: Layers, stamp: str, tile: Tile) -> Drawn | None:
    """The tile, if it has been drawn at that stamp: no question to the database."""
    return MEMORY.get(_key(layers, stamp, tile))


def draw(layers: Layers, actor: Actor, stamp: str, tile: Tile) -> Drawn:
    """The tile as it is now. It is kept under ``stamp`` only if the data were just in that state while it was drawn."""
    key = _key(layers, stamp, tile)

    def make() -> Drawn:
        answers = [_layer(layer, actor, tile) for layer in layers]
        content = b"".join(part for part, _ in answers)
        found = Drawn(_packed(content), _stamp([version for _, version in answers], actor), content)
        if found.stamp == stamp:
            MEMORY.put(key, replace(found, fresh=b""))
        return found

    return _flights.share(key, make)


def _key(layers: Layers, stamp: str, tile: Tile) -> tuple[Any, ...]:
    return (*(layer.id for layer in layers), stamp, tile)


def _packed(tile: bytes) -> bytes:
    return gzip.compress(tile, GZIP_LEVEL, mtime=0) if tile else b""


def _layer(layer: Collection, actor: Actor, tile: Tile) -> tuple[bytes, str]:
    """One layer of a tile and its version, read in one snapshot."""
    statement = _statement(layer, actor, tile.zoom)
    [(content, total)] = statement.fetch(_numbers(tile))
    return bytes(content or b""), versions.version_at(layer, total)


def _statement(layer: Collection, actor: Actor, zoom: int) -> Statement:
    band = layer.drawing.band_at(zoom)
    # Rows may depend on the day, and on nothing else of the moment.
    day, is_near = clock.today() if layer.is_daily else None, zoom >= NEAR_ZOOM
    key = (layer.id, layer.fingerprint, actor.access_class, band.max_zoom, is_near, day)

    def make() -> Statement:
        made = _compiled(layer, actor, band)
        return made.planned_once() if is_near else made

    return _statements.recall(key, make)


def _compiled(layer: Collection, actor: Actor, band: Band) -> Statement:
    """It answers one row: the tile, and the total of changes that it belongs to (``versions.TOTAL``)."""
    rows = layer.rows(actor)
    try:
        inner, params, shown = _cells(rows, band) if band.cells else _shapes(layer, rows, band)
    except EmptyResultSet:  # Django knows already that there are none
        return Statement(f"SELECT NULL, {versions.TOTAL}", (list(layer.tables),))
    feature_id = ", '_number'" if band.cells or layer.drawing.has_numeric_key else ""
    sql = (
        f"SELECT ST_AsMVT(tile, %s, {EXTENT}, '_mvt'{feature_id}), {versions.TOTAL}"  # noqa: S608 - our own names
        f" FROM (SELECT {shown} FROM ({inner}) AS found{'' if band.cells else ' WHERE _mvt IS NOT NULL'}) AS tile"
    )
    return Statement(sql, (layer.id, list(layer.tables), *params))


# --- shapes ---


# Geometry stays in the database here: as a geometry field Django would have it sent.
_PLAIN = TextField()
_PLACE = (Hole.ZOOM, Hole.COLUMN, Hole.ROW)
_TILE = Given(*_PLACE, sql="ST_TileEnvelope(%s, %s, %s)")
_TILE_AND_MARGIN = Given(*_PLACE, sql=f"ST_TileEnvelope(%s, %s, %s, margin => {BUFFER / EXTENT})")
_TILE_IN_DEGREES = Given(Hole.WEST, Hole.SOUTH, Hole.EAST, Hole.NORTH, sql="ST_MakeEnvelope(%s, %s, %s, %s, 4326)")


def _shapes(layer: Collection, rows: QuerySet[Any], band: Band) -> Found:
    """Features as they are, the largest first."""
    shape: Any = F("_shape")
    is_stored = band.srid == MERCATOR
    touches = Func(
        shape,
        _TILE_AND_MARGIN if is_stored else _TILE_IN_DEGREES,
        template="%(expressions)s",
        arg_joiner=" && ",
        output_field=BooleanField(),
    )
    if not is_stored:
        shape = Func(shape, template=f"ST_Transform(%(expressions)s, {MERCATOR})", output_field=_PLAIN)
    encoded = Func(
        shape, _TILE, template=f"ST_AsMVTGeom(%(expressions)s, {EXTENT}, {BUFFER}, true)", output_field=_PLAIN
    )
    columns: dict[str, Any] = {"_mvt": encoded, "_id": F(layer.key)}
    columns |= {f"_p_{name}": _fact(layer, name) for name in band.facts}
    shown = ["_mvt", "_id AS id", *(f'"_p_{name}" AS "{name}"' for name in band.facts)]
    if layer.drawing.has_numeric_key:
        columns["_number"] = Cast(layer.key, BigIntegerField())
        shown.append("_number")
    # The alias first: across a relation to many rows a filter would join anew and ask another row.
    rows = rows.alias(_shape=F(band.shape)).filter(touches).annotate(**columns)
    rows = rows.order_by(*layer.drawing.largest_first, layer.key).values(*columns)[:MAX_FEATURES]
    return *rows.query.sql_with_params(), ", ".join(shown)


def _fact(layer: Collection, name: str) -> Any:
    """Decimals go as floats: a tile knows no others, and would write them as text."""
    wanted = layer.by_name[name]
    return Cast(wanted.expression, FloatField()) if wanted.kind is Kind.NUMBER else wanted.expression


# --- cells ---


def _cells(rows: QuerySet[Any], band: Band) -> Found:
    """One point for each cell that holds features, in the middle of them, with how many there are."""
    column, row = band.cells
    within = {f"{column}__gte": Given(Hole.FIRST_COLUMN), f"{column}__lt": Given(Hole.END_COLUMN)}
    within |= {f"{row}__gte": Given(Hole.FIRST_ROW), f"{row}__lt": Given(Hole.END_ROW)}
    places = rows.filter(**within).order_by().annotate(_column=F(column), _row=F(row)).values("_column", "_row")
    inner, params = places.query.sql_with_params()
    # Sums and floats: averages of integers are decimals here, which cost ten times as much.
    x, y = (f"floor((sum({name})::float8 / count(*) - %s) * {EXTENT} / %s)" for name in ("_column", "_row"))
    number = f"(min(_column >> %s)::bigint << {CELL_ZOOM}) | min(_row >> %s)"
    sql = (
        f"SELECT count(*) AS count, ST_MakePoint({x}, {y}) AS _mvt, {number} AS _number"  # noqa: S608 - our own names
        f" FROM ({inner}) AS place GROUP BY _column >> %s, _row >> %s"
    )
    ahead = (Hole.FIRST_COLUMN, Hole.CELLS, Hole.FIRST_ROW, Hole.CELLS, Hole.SHIFT, Hole.SHIFT)
    return sql, (*ahead, *params, Hole.SHIFT, Hole.SHIFT), "_mvt, count, _number"


def _numbers(tile: Tile) -> dict[Hole, Any]:
    cells = 2 ** (CELL_ZOOM - tile.zoom)
    west, south, east, north = tile.box
    return {
        Hole.ZOOM: tile.zoom,
        Hole.COLUMN: tile.column,
        Hole.ROW: tile.row,
        Hole.WEST: west,
        Hole.SOUTH: south,
        Hole.EAST: east,
        Hole.NORTH: north,
        Hole.FIRST_COLUMN: tile.column * cells,
        Hole.END_COLUMN: (tile.column + 1) * cells,
        Hole.FIRST_ROW: tile.row * cells,
        Hole.END_ROW: (tile.row + 1) * cells,
        Hole.CELLS: cells,
        Hole.SHIFT: CELL_ZOOM - tile.zoom - CELLS_A_SIDE,
    }
