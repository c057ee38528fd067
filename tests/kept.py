"""What many tests begin with is made once a process by the real actions, and put back from then on by COPY.

Making the register takes half a second and the world two; putting either back takes a few hundredths. What is put back
are the rows that the making added, under the same keys; it must change no row that was there before. A role that may not
set triggers aside (``DATABASE_URL`` of somebody who is no superuser) makes everything anew each time.
"""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

TABLES = """
SELECT oid::regclass::text FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'spatial_ref_sys' ORDER BY 1
"""
# Sequences stand where they stood or further on, but for a test of migrations, which makes some of them anew.
SEQUENCES = """
SELECT s.seqrelid::regclass::text FROM pg_sequence AS s
  JOIN pg_depend AS d ON d.objid = s.seqrelid AND d.deptype IN ('a', 'i') WHERE d.refobjid::regclass::text = ANY(%s)
"""


@dataclass(frozen=True)
class Made:
    """``value``: what the making gave back. ``rows``: table -> the rows it added, as COPY has them."""

    value: Any
    rows: dict[str, bytes]
    sequences: str


class Kept:
    """Call it like the function that makes the thing; what it is given must have been put back or made before."""

    def __init__(self, make: Callable[..., Any]) -> None:
        self._make = make
        self._made: Made | None = None

    def __call__(self, *needs: Any) -> Any:
        with transaction.atomic(), connection.cursor() as cursor:
            if self._made:
                _put_back(cursor, self._made)
            elif not _may_put_back(cursor):
                return self._make(*needs)
            else:
                before = _everything(cursor)
                value = self._make(*needs)
                rows = _added(before, _everything(cursor))
                self._made = Made(value, rows, _positions(cursor, list(rows)))
        return deepcopy(self._made.value)


def _may_put_back(cursor: Any) -> bool:
    cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
    return cursor.fetchone()[0]


def _everything(cursor: Any) -> dict[str, list[bytes]]:
    cursor.execute(TABLES)
    return {table: _read(cursor, table) for (table,) in cursor.fetchall()}


def _read(cursor: Any, table: str) -> list[bytes]:
    with cursor.copy(f"COPY {table} TO STDOUT") as copy:
        return b"".join(bytes(block) for block in copy).splitlines(keepends=True)


def _added(before: dict[str, list[bytes]], after: dict[str, list[bytes]]) -> dict[str, bytes]:
    rows = {}
    for table, lines in after.items():
        had, has = Counter(before[table]), Counter(lines)
        assert not had - has, f"making changed rows of {table} that were there before: it cannot be put back"
        if has - had:
            rows[table] = b"".join((has - had).elements())
    return rows


def _positions(cursor: Any, tables: list[str]) -> str:
    """SQL that puts the sequences of the tables no earlier than they are now."""
    cursor.execute(SEQUENCES, [tables])
    parts = []
    for (name,) in cursor.fetchall():
        cursor.execute(f"SELECT last_value FROM {name}")  # noqa: S608 - a name from the catalogue
        last = cursor.fetchone()[0]
        parts.append(f"SELECT setval('{name}', {last}) FROM {name} WHERE last_value < {last}")  # noqa: S608
    return " UNION ALL ".join(parts)


def _put_back(cursor: Any, made: Made) -> None:
    # No trigger runs and no reference is checked: all of that happened when the rows were made.
    cursor.execute("SET LOCAL session_replication_role = replica")
    for table, rows in made.rows.items():
        with cursor.copy(f"COPY {table} FROM STDIN") as copy:
            copy.write(rows)
    if made.sequences:
        cursor.execute(made.sequences)
    cursor.execute("SET LOCAL session_replication_role = DEFAULT")
