"""The figures as a table, as JSON under var/bench/, and as the page docs/performance.md."""

import json
import os
import platform
from datetime import date
from pathlib import Path

from django.db import connection

from gi_registry.bench.measure import Figure

PAGE_HEAD = """# Performance

Made by `./gi bench --write`; do not edit by hand. Machines differ and are noisy, so look at the ratios: both sides of each were
measured in turns, in one run, on one server (granian, 2 workers of 4 threads), with the load on the same machine.

"""


def table(figures: list[Figure]) -> str:
    """A Markdown table."""
    rows = ["| what | figure | ratio to an empty view | target |", "|---|---:|---:|---|"]
    for figure in figures:
        ratio = "" if figure.ratio is None else f"{figure.ratio:.3f}"
        rows.append(f"| {figure.name} | {figure.value:,.0f} {figure.unit} | {ratio} | {figure.target} |")
    return "\n".join(rows) + "\n"


def save(name: str, figures: list[Figure], folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.json"
    rows = [{slot: getattr(figure, slot) for slot in Figure.__slots__} for figure in figures]
    file.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return file


def page(figures: list[Figure], day: date) -> str:
    """The whole of docs/performance.md."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        postgres = cursor.fetchone()[0].split()[0]
    machine = f"{day.isoformat()}, {os.cpu_count()} cores, Python {platform.python_version()}, PostgreSQL {postgres}."
    return PAGE_HEAD + table(figures) + "\n" + machine + "\n"
