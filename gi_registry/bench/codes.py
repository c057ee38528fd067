"""Unit codes: how fast they are made and refused, in how much memory; and, apart, what guessing and slips come to."""

import os
import random
import resource
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from django.db import connection

from gi_registry.bench import labels
from gi_registry.bench.report import Figure
from gi_registry.lib.ids import ALPHABET
from trace.code_sheets import CodeSheet
from trace.codes import sign, verify
from trace.codes.keyring import NO_GTIN, EpochState, KeyRing, UnitKeys
from trace.codes.layout import INDEX_BITS, TAG_BITS, join
from trace.rules.issuances import Span

ABOUT = "Unit codes on one core, where nothing else is said; no request, no server.\n"
ABOUT_PROOFS = """What chance and slips come to, on all cores. `--full` reads back ten million codes, guesses a hundred million times and types
every slip of ten thousand codes; without it a part of that. The rows say how many it was.
"""
LOT = "7K3QX9PA28"
STREAMED = 1_000_000
FORGED = 200_000
CHUNK = 100_000
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is proven: codes read back, guesses, codes of which every slip is typed."""

    read_back: int
    guesses: int
    slipped: int


SHORT, FULL = Amount(1_000_000, 2_000_000, 300), Amount(10_000_000, 100_000_000, 10_000)


def issuance() -> UnitKeys:
    """Keys for measuring: from a master that signs nothing."""
    return KeyRing({"bench": bytes(range(32))}, {"bench": EpochState.SIGNING}).keys("bench", NO_GTIN, LOT, 0)


def streamed(say: Say) -> list[Figure]:
    """A million codes as lines of CSV, in a process of its own so that its memory can be told from ours."""
    with _processes(1) as pool:
        seconds, grown, size = pool.submit(_stream, STREAMED).result()
    rate = STREAMED / seconds
    say(f"{STREAMED:,} codes as CSV: {seconds:.1f} s, {size / 1e6:.0f} MB, memory grew by {grown:.1f} MB")
    return [
        Figure(f"{STREAMED:,} codes as CSV", seconds, "s", None, "< 60 s", f"{rate:,.0f} codes/s"),
        Figure("memory that it took besides", grown, "MB", None, "< 8 MB", f"{size / 1e6:,.0f} MB written"),
    ]


def rooted(say: Say) -> list[Figure]:
    """The Merkle root of the same codes, and the proof of one of them."""
    keys = issuance()
    start = time.perf_counter()
    sign.root_of(sign.codes(keys, 0, STREAMED))
    seconds = time.perf_counter() - start
    say(f"Merkle root of {STREAMED:,} codes: {seconds:.1f} s")
    return [Figure(f"Merkle root of {STREAMED:,} codes", seconds, "s", None, "", f"{STREAMED / seconds:,.0f} codes/s")]


def refused(say: Say) -> list[Figure]:
    """Codes with a right check character and a wrong tag, as a forger would send them, and right ones."""
    keys, rng, asked = issuance(), random.Random(65), []  # noqa: S311
    forged = [join(0, rng.getrandbits(INDEX_BITS), rng.getrandbits(TAG_BITS)) for _ in range(FORGED)]
    right = list(sign.codes(keys, 0, FORGED))

    def count(execute: Callable[..., object], *told: object) -> object:
        asked.append(told)
        return execute(*told)

    with connection.execute_wrapper(count):
        rates = [_rate(codes, keys, is_right) for codes, is_right in ((forged, False), (right, True))]
    say(f"refused {rates[0]:,.0f} forged codes/s, read {rates[1]:,.0f} right ones/s; database statements: {len(asked)}")
    beside = f"{len(asked)} database statements"
    return [
        Figure("forged codes refused", rates[0], "codes/s", None, ">= 60,000", beside),
        Figure("right codes read", rates[1], "codes/s", None, ">= 60,000", beside),
    ]


def distinct(say: Say, amount: Amount) -> list[Figure]:
    """A code that gives its own index back cannot be that of another unit: no list of codes has to be kept to compare."""
    seconds, lost = _everywhere(_lost, amount.read_back, CHUNK)
    say(f"{amount.read_back:,} codes read back in {seconds:.0f} s: {lost} were not their own")
    beside = f"of {amount.read_back:,}, {os.cpu_count()} processes"
    return [Figure("codes that are not told from another", lost, "codes", None, "0", beside)]


def guessed(say: Say, amount: Amount) -> list[Figure]:
    """Guesses with a right check character, against one issuance in which every index is taken."""
    seconds, hits = _everywhere(_hits, amount.guesses, CHUNK)
    say(f"{amount.guesses:,} guesses in {seconds:.0f} s ({amount.guesses / seconds:,.0f}/s): {hits} accepted")
    beside = f"of {amount.guesses:,}; {amount.guesses / seconds:,.0f}/s, {os.cpu_count()} processes"
    return [Figure("guesses accepted", hits, "codes", None, "0", beside)]


def slipped(say: Say, amount: Amount) -> list[Figure]:
    """Every wrong character at every place and every swap of neighbours, typed and looked at one by one."""
    seconds, missed = _everywhere(_missed, amount.slipped, 100)
    typed = amount.slipped * 20 * 31
    say(
        f"{typed:,} wrong characters, and every swap, in {amount.slipped:,} codes in {seconds:.0f} s: {missed} unnoticed"
    )
    return [Figure("slips not told from a code", missed, "codes", None, "0", f"of {typed:,}, and every swap")]


def measure(say: Say) -> list[Figure]:
    return [figure for part in (streamed, rooted, refused, labels.drawn) for figure in part(say)]


def prove(say: Say, amount: Amount = SHORT) -> list[Figure]:
    return [figure for part in (distinct, guessed, slipped) for figure in part(say, amount)]


def prove_in_full(say: Say) -> list[Figure]:
    return prove(say, FULL)


# --- what the processes do -----------------------------------------------------------------------------------------


def _processes(count: int | None = None) -> ProcessPoolExecutor:
    """Started anew, not forked: our connections to the database are not theirs."""
    return ProcessPoolExecutor(count, get_context("spawn"))


def _everywhere(work: Callable[[int, int], int], count: int, chunk: int) -> tuple[float, int]:
    """The sum of ``work(start, stop)`` over all of ``count``, and the seconds it took, on all cores."""
    starts = range(0, count, chunk)
    begun = time.perf_counter()
    with _processes() as pool:
        total = sum(pool.map(work, starts, (min(start + chunk, count) for start in starts)))
    return time.perf_counter() - begun, total


def _stream(count: int) -> tuple[float, float, int]:
    """Seconds, megabytes by which the memory grew after the first piece, and bytes: the sheet that a producer downloads."""
    sheet = CodeSheet(issuance(), LOT, NO_GTIN, False, Span(0, count - 1), "https://gi.example")
    begun, size, seen = time.perf_counter(), 0, []
    with open(os.devnull, "wb") as nowhere:
        for piece in sheet.read(0, sheet.size):
            size += nowhere.write(piece)
            seen.append(_resident())
    if size != sheet.size:
        raise RuntimeError("the sheet was not written whole")
    return time.perf_counter() - begun, (max(seen) - seen[0]) / 1e6, size


def _resident() -> int:
    """Bytes of memory that this process holds now (not its highest mark, which importing sets)."""
    return int(Path("/proc/self/statm").read_bytes().split()[1]) * resource.getpagesize()


def _rate(codes: Iterable[str], keys: UnitKeys, is_right: bool) -> float:
    """Codes looked at each second, check character included, as a check does."""
    begun, seen = time.perf_counter(), 0
    for seen, code in enumerate(codes, start=1):  # noqa: B007
        if verify.is_mistyped(code) or (verify.read(code, keys) is None) is is_right:
            raise RuntimeError(f"{code} was taken for something else")
    return seen / (time.perf_counter() - begun)


def _lost(start: int, stop: int) -> int:
    keys = issuance()
    codes = enumerate(sign.codes(keys, start, stop), start=start)
    return sum(verify.read(code, keys) != index for index, code in codes)


def _hits(start: int, stop: int) -> int:
    """Numbers rather than letters: joined and split they are the same (tests), and making letters costs more than reading."""
    keys, guess = issuance(), random.Random(os.urandom(16)).getrandbits  # noqa: S311
    return sum(verify.index_of(guess(INDEX_BITS), guess(TAG_BITS), keys) is not None for _ in range(start, stop))


def _missed(start: int, stop: int) -> int:
    keys, missed = issuance(), 0
    for code in sign.codes(keys, start, stop):
        for place, right in enumerate(code):
            before, after = code[:place], code[place + 1 :]
            missed += sum(not verify.is_mistyped(before + wrong + after) for wrong in ALPHABET if wrong != right)
            swapped = before + after[:1] + right + after[1:]
            missed += swapped != code and not verify.is_mistyped(swapped)
    return missed
