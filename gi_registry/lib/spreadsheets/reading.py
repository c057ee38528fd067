"""Reading a spreadsheet in a process of its own, row by row as it comes.

The libraries that read workbooks make of a few kilobytes what the file says, gigabytes if it likes. In a process of its own
they may: it is bounded by the system and its end is an answer.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any

from gi_registry.lib.spreadsheets.faults import SheetRefused
from gi_registry.lib.spreadsheets.limits import WALL_SECONDS
from gi_registry.lib.spreadsheets.sniffing import SheetFormat

_ROOT = Path(__file__).resolve().parents[3]
Row = tuple[int, list[str | None]]


@dataclass(frozen=True, slots=True)
class SheetHead:
    """``sheet``: its name, "" for text. ``at``: the number of the row of names. ``header``: the names as they stand there.
    ``notes``: what to tell the reader, as ``notes_of`` takes it."""

    sheet: str
    at: int
    header: tuple[str, ...]
    notes: list[Any]


@contextmanager
def opened(
    data: bytes, kind: SheetFormat, words: Iterable[str], names: str, seconds: float = WALL_SECONDS
) -> Iterator[tuple[SheetHead, Iterator[Row]]]:
    """The head of the sheet and its rows. ``words``: names of columns, folded; ``names``: some of them, for the reader.
    ``seconds``: how long the reading may take.

    Raises SheetRefused, also while the rows are read.
    """
    command = [sys.executable, "-E", "-s", "-m", "gi_registry.lib.spreadsheets.child"]
    # Nothing of our environment: the database's address and the keys stay here.
    process = subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={"LC_ALL": "C.UTF-8"},
    )
    end = Timer(seconds, process.kill)
    end.daemon = True
    end.start()
    try:
        lines = _lines(process, _asked(kind, words), data, names)
        head = next(lines)
        head["header"] = tuple((name or " ")[1:] for name in head["header"])
        yield SheetHead(**head), ((number, cells) for number, cells in lines)
    finally:
        end.cancel()
        process.kill()
        if process.stdout:
            process.stdout.close()
        process.wait()


def _asked(kind: SheetFormat, words: Iterable[str]) -> bytes:
    return json.dumps({"format": kind.value, "words": sorted(words)}).encode() + b"\n"


def _lines(process: "subprocess.Popen[bytes]", asked: bytes, data: bytes, names: str) -> Iterator[Any]:
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("a process without pipes")
    try:
        process.stdin.write(asked + data)
        process.stdin.close()
    except BrokenPipeError:
        raise SheetRefused("file_too_heavy") from None
    for line in process.stdout:
        told = json.loads(line)
        if isinstance(told, dict) and "refused" in told:
            code, values = told["refused"]
            raise SheetRefused(code, **({"names": names} if code == "no_header" else values))
        yield told
    if process.wait() != 0:
        raise SheetRefused("file_too_heavy")
