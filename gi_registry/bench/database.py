"""A database for measuring: the demo, and as many copies of one of its released batches as a measurement asks for."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection
from psycopg import sql

from gi_registry.lib.ids import new_number

NAME = "gi_bench"


def url_of(name: str) -> str:
    """DATABASE_URL with another database name."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{name}"))


@contextmanager
def fresh() -> Iterator[tuple[str, dict[str, Any]]]:
    """A new database with the register and the demo in it, dropped afterwards: its DATABASE_URL and the demo's card."""
    given = connection.get_connection_params()
    given.pop("cursor_factory", None)
    given.pop("context", None)
    with psycopg.connect(**given, autocommit=True) as server:
        name = sql.Identifier(NAME)
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        server.execute(sql.SQL("CREATE DATABASE {}").format(name))
        # As in our settings, but for whoever connects: compiling short statements costs more than it saves.
        server.execute(sql.SQL("ALTER DATABASE {} SET jit = off").format(name))
        try:
            environment = {**os.environ, "DATABASE_URL": url_of(NAME), "GI_DEMO": "1"}
            with tempfile.TemporaryDirectory() as folder:
                card = Path(folder, "card.json")
                for command in (["migrate"], ["load_register"], ["load_demo", "--card", str(card)], ["partitions"]):
                    subprocess.run(  # noqa: S603
                        [sys.executable, "manage.py", *command], env=environment, check=True, stdout=subprocess.DEVNULL
                    )
                told = json.loads(card.read_text(encoding="utf-8"))
            yield environment["DATABASE_URL"], told
        finally:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def connect(url: str) -> psycopg.Connection:
    """A plain connection to a database given as DATABASE_URL, socket folder in ``?host=``."""
    parts = urlsplit(url)
    return psycopg.connect(urlunsplit(parts._replace(scheme="postgresql")), autocommit=True)


def fill(url: str, total: int) -> list[str]:
    """Copies of a released batch until there are ``total``; a sample of at most 5,000 of their lot numbers comes back."""
    with connect(url) as server, server.transaction(), server.cursor() as cursor:
        return copy_batches(cursor, total)


def copy_batches(cursor: psycopg.Cursor[Any], total: int) -> list[str]:
    """Within the transaction of the cursor. Triggers are off for the copies: what is measured later is reading, and a
    million history rows would only take time."""
    cursor.execute("SET LOCAL session_replication_role = replica")
    cursor.execute("CREATE TEMP TABLE fresh (number text) ON COMMIT DROP")
    there = cursor.execute("SELECT count(*) FROM trace_batch").fetchone()
    with cursor.copy("COPY fresh FROM STDIN") as copy:
        for _ in range(max(0, total - (there[0] if there else 0))):
            copy.write_row([new_number()])
    cursor.execute(
        sql.SQL(
            "INSERT INTO trace_batch (number, {columns}) SELECT fresh.number, {columns} FROM fresh, LATERAL"
            " (SELECT * FROM trace_batch WHERE state = 'released' AND review_opened_at IS NULL ORDER BY id LIMIT 1) one"
        ).format(columns=_copied(cursor))
    )
    cursor.execute("SET LOCAL session_replication_role = origin")
    cursor.execute("ANALYZE trace_batch")
    cursor.execute("SELECT number FROM trace_batch WHERE state = 'released' ORDER BY random() LIMIT 5000")
    return [row[0] for row in cursor.fetchall()]


def copy_in_turns(cursor: psycopg.Cursor[Any], count: int) -> list[str]:
    """As many copies of the released batches, each in its turn: of several producers, titles and places. Their lot numbers."""
    numbers = [new_number() for _ in range(count)]
    cursor.execute(
        sql.SQL(
            "WITH model AS (SELECT *, row_number() OVER (ORDER BY id) AS turn, count(*) OVER () AS many FROM trace_batch"
            " WHERE state = 'released' AND review_opened_at IS NULL)"
            " INSERT INTO trace_batch (number, {columns}) SELECT fresh.number, {columns}"
            " FROM unnest(%s::text[]) WITH ORDINALITY AS fresh (number, copy) JOIN model ON turn = 1 + copy %% many"
        ).format(columns=_copied(cursor)),
        [numbers],
    )
    return numbers


def _copied(cursor: psycopg.Cursor[Any]) -> sql.Composed:
    """The columns that a copy of a batch shares with it."""
    cursor.execute(
        "SELECT array_agg(column_name::text) FROM information_schema.columns"
        " WHERE table_name = 'trace_batch' AND column_name NOT IN ('id', 'number') AND is_generated = 'NEVER'"
    )
    return sql.SQL(", ").join(sql.Identifier(name) for name in (cursor.fetchone() or [[]])[0])
