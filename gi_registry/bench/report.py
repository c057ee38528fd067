"""The figures as a table, as JSON under var/bench/, and as the page docs/performance.md."""

import json
import os
import platform
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from django.db import connection

PAGE_HEAD = """# Performance

Made by `./gi bench --write` from what was measured last; do not edit by hand. Machines differ and are noisy, so look at the
ratios: both sides of each were measured in turns, in one run, with the load on the same machine. Ours is served as
`./gi demo` does (granian, 2 workers of 4 threads).
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report; ``ratio`` is to what ``beside`` tells."""

    name: str
    value: float
    unit: str
    ratio: float | None = None
    target: str = ""
    beside: str = ""


def table(figures: list[Figure]) -> str:
    """A Markdown table."""
    rows = ["| what | figure | beside | ratio | target |", "|---|---:|---|---:|---|"]
    for figure in figures:
        ratio = "" if figure.ratio is None else f"{figure.ratio:.{3 if figure.ratio < 1 else 1}f}"
        value = f"{figure.value:,.{0 if figure.value >= 100 else 1}f} {figure.unit}"
        rows.append(f"| {figure.name} | {value} | {figure.beside} | {ratio} | {figure.target} |")
    return "\n".join(rows) + "\n"


def save(name: str, figures: list[Figure], day: date, folder: Path) -> None:
    """Keep a measurement with its day and machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        postgres = cursor.fetchone()[0].split()[0]
    machine = f"{day.isoformat()}, {os.cpu_count()} cores, Python {platform.python_version()}, PostgreSQL {postgres}."
    told = {"machine": machine, "figures": [asdict(figure) for figure in figures]}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def page(abouts: Mapping[str, str], folder: Path, before: str) -> str:
    """The whole of docs/performance.md: each measurement as it was last kept on this machine; one that never was here stays as the
    page ``before`` has it, and is left out where that has none."""
    told = re.split(r"^## (\w+)\n", before, flags=re.MULTILINE)
    sections = dict(zip(told[1::2], told[2::2], strict=True))
    for name, about in abouts.items():
        if (kept := folder / f"{name}.json").is_file():
            measured = json.loads(kept.read_text(encoding="utf-8"))
            rows = table([Figure(**figure) for figure in measured["figures"]])
            sections[name] = f"\n{about}\n{rows}\n{measured['machine']}\n"
    return "\n".join([PAGE_HEAD, *(f"## {name}\n{sections[name].rstrip()}\n" for name in abouts if name in sections)])
