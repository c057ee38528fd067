"""Invented ground for measuring the map: thousands of ragged regions and hundreds of thousands of plots, in the real tables.

Coordinates have six decimals from the start, so every server that prints them whole prints the same digits.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import numpy as np
import psycopg
import shapely
from psycopg import sql

from gi_registry.bench import database
from gi_registry.lib.ids import new_number
from products.rules.words import SiteState
from regions.rules import Placement

REGIONS, SITES, PRODUCERS = 3_000, 300_000, 3_000
REGION_VERTICES, PLOT_VERTICES = (200, 6_000), 25  # a closed ring repeats its first vertex
SEED = 14
# Shanxi and its neighbours, degrees east and north.
WEST, SOUTH, EAST, NORTH = 109.0, 34.0, 116.0, 41.5
METRES_A_DEGREE = 111_320.0
DIGITS = 6

FILLED = ("regions_region", "regions_boundary", "accounts_organisation", "products_producer", "products_site")

Cursor = psycopg.Cursor[Any]

_STATES = (SiteState.ACTIVE, SiteState.ACTIVE, SiteState.ACTIVE, SiteState.PROPOSED, SiteState.FLAGGED)

_REGIONS = """
WITH made AS (
    INSERT INTO regions_region (number, slug, name_zh, name_en, source_text, source, extent, accuracy_m, declared_west,
        declared_east, declared_south, declared_north, declared_check, declared_note_zh, declared_note_en, version,
        created_at, updated_at)
    SELECT number, 'bench-' || position, '测试产地' || position, 'Bench region ' || position, '', '', 'townships', 200,
        '', '', '', '', 'absent', '', '', 1, now(), now()
    FROM fresh_region ORDER BY position
    RETURNING id, number
)
INSERT INTO regions_boundary (region_id, zone, valid, geom, method, accuracy_m, source_text, created_at)
SELECT made.id, '', '[2020-01-01,)', ST_Multi(fresh_region.geom), 'digitised', 200, '', now()
FROM made JOIN fresh_region USING (number) ORDER BY fresh_region.position
"""
_PRODUCERS = """
WITH counties AS (
    SELECT id, code, geom, row_number() OVER (ORDER BY code) - 1 AS place, count(*) OVER () AS many
    FROM regions_division WHERE level = 'county' AND valid_to IS NULL
), bodies AS (
    INSERT INTO accounts_organisation (number, kind, name_zh, name_en, uscc, division_code, is_demo, version, created_at, updated_at)
    SELECT number, 'cooperative', '测试合作社' || position, 'Bench cooperative ' || position,
        '93149999' || lpad(position::text, 9, '0') || 'X', code, true, 1, now(), now()
    FROM fresh_producer JOIN counties ON place = position % many
    RETURNING id, number, division_code
)
INSERT INTO products_producer (number, organisation_id, division_id, public_point, intro_zh, intro_en, is_public, version,
    created_at, updated_at)
SELECT bodies.number, bodies.id, counties.id, ST_ReducePrecision(ST_PointOnSurface(geom), 0.000001), '', '', true, 1, now(), now()
FROM bodies JOIN counties ON code = division_code
"""
# Where plots may lie, county after county: its producers take turns, each with one indication.
_SPOTS = """
SELECT producer.id, producer.indication_id, county.id, ST_X(spot.geom), ST_Y(spot.geom)
FROM (SELECT id, geom, count(*) OVER () AS many FROM regions_division WHERE level = 'county' AND valid_to IS NULL ORDER BY code) county
CROSS JOIN LATERAL ST_Dump(ST_GeneratePoints(county.geom, (%(sites)s / many + 1)::int, %(seed)s)) spot
JOIN (
    SELECT id, division_id, row_number() OVER (PARTITION BY division_id ORDER BY id) - 1 AS place,
        count(*) OVER (PARTITION BY division_id) AS many,
        (SELECT array_agg(id ORDER BY id) FROM products_indication)[1 + id %% (SELECT count(*) FROM products_indication)]
            AS indication_id
    FROM products_producer WHERE number IN (SELECT number FROM fresh_producer)
) producer ON producer.division_id = county.id AND producer.place = spot.path[1] %% producer.many
LIMIT %(sites)s
"""
_SITES = """
INSERT INTO products_site (number, producer_id, indication_id, kind, name, geom, division_id, placement, state, reviewed_note,
    version, created_at, updated_at)
SELECT number, producer_id, indication_id, 'orchard', '地块' || position, geom, division_id, placement, state, '', 1, now(), now()
FROM fresh_site ORDER BY position
"""


def fill(url: str, regions: int = REGIONS, sites: int = SITES) -> None:
    """Regions with their boundaries, producers and sites, on several connections at once."""
    half = regions // 2
    jobs = ((make_regions, 0, half), (make_regions, half, regions - half), (make_sites, 0, sites))
    with database.connect(url) as server, server.cursor() as cursor:
        # Off and on again for all of them: the lock that this takes would have one job wait for the other to end.
        with unguarded(cursor), ThreadPoolExecutor() as pool:
            for job in [pool.submit(_alone, url, make, first, count) for make, first, count in jobs]:
                job.result()
        # PostgreSQL would do this by itself a minute later, while the first requests are measured.
        server.execute("VACUUM ANALYZE")


def _alone(url: str, make: Callable[[Cursor, int, int], None], first: int, count: int) -> None:
    with database.connect(url) as server, server.transaction(), server.cursor() as cursor:
        # The triggers' statements are planned while their tables are small, and kept: they would read them whole each time.
        cursor.execute("SET LOCAL enable_seqscan = off")
        make(cursor, first, count)


def make_regions(cursor: Cursor, first: int, count: int) -> None:
    """Regions ``first`` and on, each with one boundary."""
    outlines = _ragged(np.random.default_rng(SEED + first), count)
    cursor.execute("CREATE TEMP TABLE fresh_region (position int, number text, geom geometry) ON COMMIT DROP")
    _copy(cursor, "fresh_region", ((n, _number(), text) for n, text in enumerate(_hex(list(outlines)), first)))
    cursor.execute(_REGIONS)


def make_sites(cursor: Cursor, first: int, count: int, producers: int = PRODUCERS) -> None:
    """Producers all over the counties that there are, and sites of theirs."""
    cursor.execute("CREATE TEMP TABLE fresh_producer (position int, number text) ON COMMIT DROP")
    cursor.execute(
        "CREATE TEMP TABLE fresh_site (position int, number text, producer_id bigint, indication_id bigint,"
        " division_id bigint, placement text, state text, geom geometry) ON COMMIT DROP"
    )
    _copy(cursor, "fresh_producer", ((n, _number()) for n in range(first, first + producers)))
    cursor.execute(_PRODUCERS)
    spots = cursor.execute(_SPOTS, {"sites": count, "seed": SEED}).fetchall()
    _copy(cursor, "fresh_site", _site_rows(np.random.default_rng(SEED + first), spots))
    cursor.execute(_SITES)


def _number() -> str:
    """Nothing is secret here, and asking the system for each character would take a third of the time of all rows."""
    return new_number(random.choice)


@contextmanager
def unguarded(cursor: Cursor) -> Iterator[None]:
    """Histories and the guards of single rows are off: they would judge each plot against all its neighbours.

    What follows from an outline is made by triggers of its own, and those stay.
    """
    _guards(cursor, "DISABLE")
    yield
    _guards(cursor, "ENABLE")


def _guards(cursor: Cursor, verb: str) -> None:
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks that wait may not be altered
    cursor.execute(
        "SELECT tgrelid::regclass::text, tgname::text FROM pg_trigger"
        " WHERE tgrelid = ANY(%s::regclass[]) AND tgname LIKE 'pgtrigger\\_%%'",
        [list(FILLED)],
    )
    for table, name in cursor.fetchall():
        asked = sql.SQL("ALTER TABLE {} {} TRIGGER {}")
        cursor.execute(asked.format(sql.Identifier(table), sql.SQL(verb), sql.Identifier(name)))  # type: ignore[arg-type]


def _copy(cursor: Cursor, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
        for row in rows:
            copy.write_row(row)


def _ragged(chance: np.random.Generator, count: int) -> Iterator[Any]:
    """Closed outlines whose distance from a middle wanders like a coast; half a kilometre to some sixty across."""
    while count:
        vertices = int(chance.integers(*REGION_VERTICES))
        waves = np.arange(1, vertices // 2)
        turns = chance.uniform(0, 2 * np.pi, waves.size)
        wander = np.fft.irfft(np.concatenate(([0], waves**-1.5 * np.exp(1j * turns))), vertices - 1)
        radius = chance.lognormal(9.2, 0.6) * np.exp(0.25 * wander / wander.std())
        outline = _rings(chance.uniform((WEST, SOUTH), (EAST, NORTH)), radius)
        if shapely.is_valid(outline):
            count -= 1
            yield outline


def _site_rows(chance: np.random.Generator, spots: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Rows of ``fresh_site`` for (producer, indication, division, x, y): plots some 150 m across."""
    middles = np.array([spot[3:] for spot in spots])
    radii = 75 * np.exp(chance.normal(0, 0.2, (len(spots), PLOT_VERTICES - 1)))
    texts = _hex(_rings(middles, radii))
    for n, (spot, text) in enumerate(zip(spots, texts, strict=True)):
        state = _STATES[n % len(_STATES)]
        placement = Placement.NEAR_BOUNDARY if state == SiteState.FLAGGED else Placement.INSIDE
        yield n, _number(), *spot[:3], placement.value, state.value, text


def _rings(middles: Any, radii_m: Any) -> Any:
    """Polygons round middles (..., 2) in degrees, by the distances (..., n) in metres of their n corners."""
    angles = np.linspace(0, 2 * np.pi, radii_m.shape[-1], endpoint=False)
    middle = np.asarray(middles)[..., None, :]
    north = radii_m * np.sin(angles) / METRES_A_DEGREE
    east = radii_m * np.cos(angles) / METRES_A_DEGREE / np.cos(np.radians(middle[..., 1]))
    return shapely.polygons(np.round(middle + np.stack((east, north), axis=-1), DIGITS))


def _hex(shapes: Any) -> Iterable[str]:
    """Extended WKB as COPY reads it."""
    return shapely.to_wkb(shapely.set_srid(shapes, 4326), hex=True, include_srid=True)
