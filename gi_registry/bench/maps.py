"""The map side by side with two other servers on the same tables: features and tiles; ours alone: deep pages, points."""

import json
import statistics
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from math import asinh, pi, radians, tan
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg

from gi_registry.bench import database, ground, load, peers, server
from gi_registry.bench.report import Figure

ROUNDS, SECONDS, SLOW_SECONDS = 2, 2, 5
MANY = 3_000  # different requests of a kind, about as many as there is time for
DEEP_PAGE, DEEP_LIMIT, POINTS = 2_000, 100, 10_000
PAGE_OF_REGIONS = 10
LIMITS, SHALLOW = (10, 100), range(1, 20)
COLD, LOCATED = 2 * server.WORKERS * server.THREADS, 16  # each thread has a connection, which is slow at first
SMALL_DEG, LARGE_DEG = 0.03, 0.16  # half a side: boxes that hold some 50 and some 1,900 sites
ZOOMS = (6, 10, 14)
ITEMS, BOX, TILES = 10.0, 3.0, 1.5  # times the better peer
ABOUT = f"""\
{ground.REGIONS:,} regions of some 3,000 vertices and {ground.SITES:,} plots of 25, on one PostgreSQL; three servers with two
processes each, asked in turns for the same pages, boxes and tiles. Nobody compresses. Every items answer tells `numberMatched`;
coordinates have six decimals in the database, so all print the same digits.

Where the sides are not equal:

- Ours looks up the API key and the scope of the reader with every request for sites; the others have no readers.
- Ours joins names to each row (producer, indication, division; the region of a boundary). The others read one table and
  show row numbers in place of names: nine properties for nine of a site, seven for eleven of a region.
- `numberMatched`: the others count with every request. Ours keeps a count for as long as no data change.
- Pages: ours keeps the answer until something changes, and looks with every request whether anything has. First pages and
  pages asked again are such; every other page is read anew here, that memory being off.
- Next pages: ours by the cursor of its own next link, the others by the offset of theirs, at the same place.
- Tiles: ours draws from stored outlines simplified by zoom, sites as points or sums at low zooms, and drops what is smaller
  than can be drawn; its memory of tiles is off here. tipg ends a tile at 10,000 features. pygeoapi puts every column
  into a tile. The zoom 6 tiles were asked for one at a time.
"""

Say = Callable[[str], None]
Paths = Sequence[str]
Bases = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """The same thing asked of each server: its name -> the paths of which any may be asked. ``target``: 0 for none."""

    name: str
    paths: Mapping[str, Paths]
    target: float
    connections: int = load.CONNECTIONS

    @property
    def seconds(self) -> int:
        return SECONDS if self.connections > 1 else SLOW_SECONDS


def measure(say: Say) -> list[Figure]:
    """All figures. The database and the servers are made for it and go afterwards."""
    with database.fresh() as (url, card):
        start = time.monotonic()
        ground.fill(url)
        say(f"map: {ground.REGIONS:,} regions, {ground.SITES:,} sites made in {time.monotonic() - start:.0f} s")
        key = next(account["api_key"] for account in card["accounts"] if account["role"] == "registrar")
        headers = {"Authorization": f"Api-Key {key}"}
        with ExitStack() as open_servers, database.connect(url) as watcher:
            base = open_servers.enter_context(server.running(url, GI_BENCH_DRAWS="always"))
            others = {"tipg": peers.tipg, "pygeoapi": peers.pygeoapi}
            bases = {"ours": base, **{name: open_servers.enter_context(run(url)) for name, run in others.items()}}
            walk, figures = _deep_walk(say, base, headers)
            spots = _spots(watcher)
            for question in _questions(walk, _walk(base, "regions", PAGE_OF_REGIONS, {}), spots):
                figures.append(_compared(say, watcher, bases, question, headers))
            figures.append(_located(say, base, spots))
            base = open_servers.enter_context(server.running(url))
            for limit in LIMITS:
                question = _pages(
                    f"sites, limit={limit}, pages 2 to 20 again", "sites", walk, SHALLOW, DEEP_LIMIT, limit
                )
                figures.append(_compared(say, watcher, bases | {"ours": base}, question, headers))
        with server.running(url) as base:
            figures += _cached(say, base, spots, headers)
    return figures


# --- what is asked ---


def _questions(sites: Paths, regions: Paths, spots: Sequence[tuple[float, float]]) -> Iterator[Question]:
    for limit in LIMITS:
        for name, places in (
            ("pages anywhere", range(len(sites))),
            ("pages 2 to 20", SHALLOW),
            ("first page", [0]),
        ):
            yield _pages(f"sites, limit={limit}, {name}", "sites", sites, places, DEEP_LIMIT, limit)
    yield _boxes("sites in a small box, limit=10", spots, SMALL_DEG, 10, 0)
    yield _boxes("sites in a box, limit=1000", spots, LARGE_DEG, 1000, BOX)
    for limit in LIMITS:
        yield _pages(
            f"regions, limit={limit}, pages anywhere", "regions", regions, range(len(regions)), PAGE_OF_REGIONS, limit
        )
    for layer in ("sites", "regions"):
        for zoom in ZOOMS:
            yield _tiles(f"tiles of {layer}, zoom {zoom}", layer, spots, zoom)


def _items(layer: str, query: str) -> dict[str, str]:
    table = peers.TABLES[layer][0]
    return {
        "ours": f"/ogc/collections/{layer}/items?{query}",
        "tipg": f"/collections/public.{table}/items?{query}",
        "pygeoapi": f"/collections/{layer}/items?f=json&{query}",
    }


def _pages(name: str, layer: str, cursors: Paths, places: Sequence[int], size: int, limit: int) -> Question:
    """Page ``n`` of the walk begins at row ``n * size``: ours is asked by its cursor, the others by that offset."""
    paths: dict[str, list[str]] = {"ours": [], "tipg": [], "pygeoapi": []}
    for place in places:
        asked = _items(layer, f"limit={limit}" + (f"&offset={place * size}" if place else ""))
        asked["ours"] = f"/ogc/collections/{layer}/items?limit={limit}" + (f"&cursor={cursors[place]}" if place else "")
        for server_name, path in asked.items():
            paths[server_name].append(path)
    return Question(name, paths, ITEMS)


def _boxes(name: str, spots: Sequence[tuple[float, float]], half: float, limit: int, target: float) -> Question:
    boxes = [f"{x - half:.6f},{y - half:.6f},{x + half:.6f},{y + half:.6f}" for x, y in spots]
    asked = [_items("sites", f"limit={limit}&bbox={box}") for box in boxes]
    return Question(name, {side: [paths[side] for paths in asked] for side in asked[0]}, target)


def _tiles(name: str, layer: str, spots: Sequence[tuple[float, float]], zoom: int) -> Question:
    table = peers.TABLES[layer][0]
    found = sorted({tile_of(x, y, zoom) for x, y in spots})
    paths = {
        "ours": [f"/ogc/collections/{layer}/tiles/WebMercatorQuad/{zoom}/{row}/{column}" for column, row in found],
        "tipg": [f"/collections/public.{table}/tiles/WebMercatorQuad/{zoom}/{column}/{row}" for column, row in found],
        "pygeoapi": [
            f"/collections/{layer}/tiles/WebMercatorQuad/{zoom}/{row}/{column}?f=mvt" for column, row in found
        ],
    }
    return Question(name, paths, TILES, load.CONNECTIONS if len(found) > load.CONNECTIONS else 1)


def tile_of(x: float, y: float, zoom: int) -> tuple[int, int]:
    """Column and row of the tile that holds a point."""
    many = 2**zoom
    return int((x + 180) / 360 * many), int((1 - asinh(tan(radians(y))) / pi) / 2 * many)


def _spots(watcher: psycopg.Connection) -> list[tuple[float, float]]:
    """Where some of the sites lie, picked by chance."""
    asked = (
        "SELECT ST_X(c), ST_Y(c) FROM (SELECT ST_Centroid(geom) AS c FROM products_site ORDER BY random() LIMIT %s) s"
    )
    return [(x, y) for x, y in watcher.execute(asked, [MANY]).fetchall()]


# --- asking ---


def _compared(say: Say, watcher: psycopg.Connection, bases: Bases, question: Question, headers: Any) -> Figure:
    rates: dict[str, list[float]] = {side: [] for side in bases}
    troubles: dict[str, int] = dict.fromkeys(bases, 0)
    sides = list(bases)
    _same_number(bases, question, headers)
    for turn in range(ROUNDS):
        for side in sides if turn % 2 else reversed(sides):
            _rest(watcher)
            told = headers if side == "ours" else {}
            seen = load.read(bases[side], question.paths[side], question.seconds, told, question.connections)
            rates[side].append(seen.rate)
            troubles[side] += seen.failures + seen.late
    if troubles["ours"]:
        raise RuntimeError(f"{question.name}: {troubles['ours']} requests failed")
    ours, *others = (statistics.mean(rates[side]) for side in sides)
    ratio = ours / max(others) if max(others) else None
    beside = ", ".join(
        f"{side} {rate:.1f}" + (f" ({troubles[side]} failed or late)" if troubles[side] else "")
        for side, rate in zip(sides[1:], others, strict=True)
    )
    say(f"{question.name}: {ours:.1f}/s, {beside}" + (f", {ratio:.1f} times" if ratio else ""))
    target = f">= {question.target:g} of the better" if question.target else ""
    return Figure(question.name, ours, "requests/s", ratio, target, beside)


def _same_number(bases: Bases, question: Question, headers: Any) -> None:
    """Our features and count are what the first peer that answers tells, or something is measured that is not the same."""
    if "/items" not in question.paths["ours"][0]:
        return
    said: dict[str, str] = {}
    for side, base in bases.items():
        try:
            page = _get(base + question.paths[side][-1], headers if side == "ours" else {})
        except OSError as error:  # told in the figures
            said[side] = str(error)
            continue
        said[side] = f"{page['numberReturned']} of {page['numberMatched']}"
        if side != "ours" and said[side] == said["ours"]:
            return
    raise RuntimeError(f"{question.name}: {said}")


def _get(url: str, headers: Mapping[str, str]) -> Any:
    with urllib.request.urlopen(urllib.request.Request(url, headers=dict(headers)), timeout=60) as answer:  # noqa: S310
        return json.load(answer)


def _rest(watcher: psycopg.Connection) -> None:
    """End what a server still works on for clients that have gone: it would slow the next one down."""
    for _ in range(100):
        busy = watcher.execute(
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        ).fetchall()
        if not busy:
            return
        time.sleep(0.1)


def _deep_walk(say: Say, base: str, headers: Mapping[str, str]) -> tuple[Paths, list[Figure]]:
    """The cursors of 2,000 pages of sites, and how long the last of them takes against the second: the first is kept."""
    cursors = _walk(base, "sites", DEEP_LIMIT, headers, DEEP_PAGE)
    urls = [f"{base}/ogc/collections/sites/items?limit={DEEP_LIMIT}&cursor={cursors[page]}" for page in (1, -1)]
    took: list[list[float]] = [[], []]
    for turn in range(120):
        start = time.perf_counter()
        _get(urls[turn % 2], headers)
        took[turn % 2].append((time.perf_counter() - start) * 1000)
    first, last = (statistics.median(times) for times in took)
    say(f"page {len(cursors):,}: {last:.1f} ms, page 2: {first:.1f} ms")
    beside = f"page 2 {first:.1f} ms"
    return cursors, [Figure(f"page {len(cursors):,} of sites", last, "ms", last / first, "<= 1.2 of page 2", beside)]


def _walk(base: str, layer: str, limit: int, headers: Mapping[str, str], most: int = DEEP_PAGE) -> list[str]:
    """The cursors of the pages in their order, by the next links; the first page has none."""
    cursors, url = [""], f"{base}/ogc/collections/{layer}/items?limit={limit}"
    while len(cursors) < most:
        links = {link["rel"]: link["href"] for link in _get(url, headers)["links"]}
        if "next" not in links:
            break
        url = links["next"]
        cursors.append(parse_qs(urlsplit(url).query)["cursor"][0])
    return cursors


def _located(say: Say, base: str, spots: Sequence[tuple[float, float]]) -> Figure:
    """Ten thousand points with their divisions and regions, in one request."""
    points = [spots[n % len(spots)] for n in range(POINTS)]
    body = json.dumps({"points": [[x + n * 1e-6, y] for n, (x, y) in enumerate(points)]}).encode()
    took = []
    for _ in range(COLD + LOCATED):
        start = time.perf_counter()
        asked = urllib.request.Request(  # noqa: S310
            f"{base}/api/v1/regions/locate/", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310
            answer.read()
        took.append(time.perf_counter() - start)
    warm = took[COLD:]
    usual, best = statistics.median(warm) * 1000, min(warm) * 1000
    say(f"locate, {POINTS:,} points: {usual:,.0f} ms, {best:,.0f} ms at best")
    return Figure(f"locate {POINTS:,} points", usual, "ms", None, "< 1,000 ms", f"{best:,.0f} ms at best of {LOCATED}")


def _cached(say: Say, base: str, spots: Sequence[tuple[float, float]], headers: Mapping[str, str]) -> list[Figure]:
    """Tiles out of the memory, by the addresses of the TileJSON, against an empty view on the same server."""
    figures = []
    for layer, told in (("regions", {}), ("sites", headers)):
        address = _get(f"{base}/ogc/collections/{layer}/tiles/WebMercatorQuad/tilejson", told)["tiles"][0]
        path = urlsplit(address).path
        found = sorted({tile_of(x, y, 8) for x, y in spots})
        paths = [path.format(z=8, y=row, x=column) for column, row in found]
        asked = {**told, "Accept-Encoding": "gzip"}
        load.read_rate(base, paths, 2 * SECONDS, asked)  # each process draws each tile once
        turns = []
        for _ in range(3):
            empty = load.read_rate(base, ["/bench/empty"], SECONDS)
            turns.append((load.read_rate(base, paths, SECONDS, asked), empty))
        ratio = statistics.median(full / empty for full, empty in turns)
        rate, empty = (statistics.median(side) for side in zip(*turns, strict=True))
        name = f"cached tiles of {layer}, zoom 8"
        say(f"{name}: {rate:.0f}/s, {ratio:.2f} of an empty view")
        figures.append(Figure(name, rate, "requests/s", ratio, ">= 0.5 of an empty view", f"empty view {empty:.0f}"))
    return figures
