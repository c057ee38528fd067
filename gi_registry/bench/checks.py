"""Checks of lots and of units against an empty view on the same server, among more and more batches and checked units."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from gi_registry.bench import database, load, server, units
from gi_registry.bench.report import Figure
from trace.codes.sources import load_ring

BATCHES = (1_000, 100_000, 1_000_000)
CHECKED, CHECKED_IN_FULL = (1_000, 100_000, 1_000_000), (1_000, 100_000, 10_000_000)
ROUNDS, SECONDS = 5, 3
A_SECOND, TIMED_S = 200, 15
LOT, UNIT, COUNTED = 0.20, 0.25, 0.12  # of an empty view
P99_MS, SPREAD = 60, 20
ABOUT = f"""\
What is on record under a lot number or a unit code, as JSON, and what counting a check costs: the beacon of the verdict
page, which writes the check and moves the tallies of unit, batch and place. Empty view, check and beacon took turns.

- Units: {units.LOTS:,} lots, copies of the demo's released batches in turns, {units.UNITS:,} codes each, signed by a ring made for it. Asked are
  units that were checked before and as many that were not. Each beacon comes from another address, so each counts.
- 99 of 100: requests come by chance, {A_SECOND} a second on average, whatever became of those before; the time runs from when
  each was due. The client that times them and PostgreSQL share the machine with the server.
- PostgreSQL as `./gi` starts it does not wait for the disk (fsync is off). Where it does, a counted check takes the time of
  one flush longer.
- `--full` measures among 10,000,000 checked units in place of 1,000,000: some minutes longer.
"""
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that is asked. ``counts``: it is a beacon, and must have been counted each time."""

    name: str
    paths: Sequence[str]
    target: float
    counts: bool = False

    @property
    def method(self) -> str:
        return "POST" if self.counts else "GET"


def measure(say: Say, checked: Sequence[int] = CHECKED) -> list[Figure]:
    with database.fresh() as (url, _):
        figures = _of_lots(say, url)
    with database.fresh() as (url, _):
        return figures + _of_units(say, url, checked)


def measure_in_full(say: Say) -> list[Figure]:
    return measure(say, CHECKED_IN_FULL)


def _of_lots(say: Say, url: str) -> list[Figure]:
    figures = []
    for size in BATCHES:
        lots = database.fill(url, size)
        kind = Kind("check", [f"/api/v1/trace/check?code={lot}" for lot in lots], LOT)
        with server.running(url) as base:
            figures.append(_in_turns(say, url, base, [kind], f"{size:,} batches")[0])
    return [*figures, _spread(figures, "check")]


def _of_units(say: Say, url: str, checked: Sequence[int]) -> list[Figure]:
    sides: list[list[Figure]] = []
    timed: list[Figure] = []
    lots, before = units.issue(url), 0
    with units.ring() as folder:
        for size in checked:
            units.check_units(url, before, size)
            before = size
            codes = units.codes(load_ring(folder), lots, size)
            asked = [f"/api/v1/trace/check?code={quote(f'{lot}/{code}', safe='')}" for lot, code in codes]
            beacons = [f"/c/{lot}/{code}/seen" for lot, code in codes]
            kinds = [Kind("check of a unit", asked, UNIT), Kind("counted check", beacons, COUNTED, counts=True)]
            with server.running(url, GI_CODE_KEYS=str(folder)) as base:
                sides.append(_in_turns(say, url, base, kinds, f"{size:,} checked units"))
                empty = _within(load.answer_times(base, ["/bench/empty"], A_SECOND, TIMED_S))
                timed += [_timed(say, url, base, kind, f"{size:,} checked units", empty) for kind in kinds]
    by_kind = list(zip(*sides, strict=True))
    spreads = [_spread(figures, kind.name) for figures, kind in zip(by_kind, kinds, strict=True)]
    return [*(figure for figures in by_kind for figure in figures), *spreads, *timed]


def _in_turns(say: Say, url: str, base: str, kinds: Sequence[Kind], among: str) -> list[Figure]:
    """The rate of each kind, and its median ratio to the empty view that was asked just before."""
    rates: list[list[float]] = [[] for _ in kinds]
    ratios: list[list[float]] = [[] for _ in kinds]
    for turn in range(-1, ROUNDS):  # the first warms up
        empty = load.read_rate(base, ["/bench/empty"], SECONDS if turn >= 0 else 1)
        for place, kind in enumerate(kinds):
            rate = _rate(url, base, kind, SECONDS if turn >= 0 else 1)
            if turn >= 0:
                rates[place].append(rate)
                ratios[place].append(rate / empty)
    figures = []
    for place, kind in enumerate(kinds):
        rate, ratio = statistics.median(rates[place]), statistics.median(ratios[place])
        say(f"{kind.name}, {among}: {rate:.0f}/s, {ratio:.3f} of an empty view")
        target = f">= {kind.target:.2f} of an empty view"
        figures.append(Figure(f"{kind.name}, {among}", rate, "requests/s", ratio, target))
    return figures


def _rate(url: str, base: str, kind: Kind, seconds: int) -> float:
    before = _counted(url)
    rate = load.read_rate(base, kind.paths, seconds, load.PHONE, method=kind.method, from_everywhere=True)
    # What was on its way when the time was up is counted too.
    if kind.counts and _counted(url) - before < rate * seconds * 0.98:
        raise RuntimeError(f"{kind.name}: {rate * seconds:.0f} beacons, {_counted(url) - before} counted")
    return rate


def _timed(say: Say, url: str, base: str, kind: Kind, among: str, empty: float) -> Figure:
    before = _counted(url)
    times = load.answer_times(base, kind.paths, A_SECOND, TIMED_S, kind.method)
    if kind.counts and _counted(url) - before < len(times) * 0.98:
        raise RuntimeError(f"{kind.name}: {len(times)} beacons, {_counted(url) - before} counted")
    p99 = _within(times)
    beside = f"half within {times[len(times) // 2]:.1f} ms; empty view {empty:.1f} ms"
    say(f"{kind.name}, {among}, {A_SECOND}/s: 99 of 100 within {p99:.1f} ms; {beside}")
    return Figure(f"{kind.name}, {among}, {A_SECOND}/s, 99 of 100", p99, "ms", None, f"< {P99_MS} ms", beside)


def _within(times: Sequence[float]) -> float:
    """What 99 of 100 took at most."""
    return times[len(times) * 99 // 100]


def _counted(url: str) -> int:
    with database.connect(url) as connection:
        row = connection.execute("SELECT sum(count) FROM trace_batchtally").fetchone()
    return int(row[0] or 0) if row else 0


def _spread(figures: Sequence[Figure], name: str) -> Figure:
    ratios = [figure.ratio or 0 for figure in figures]
    return Figure(f"{name}, spread over sizes", (max(ratios) / min(ratios) - 1) * 100, "%", None, f"<= {SPREAD} %")
