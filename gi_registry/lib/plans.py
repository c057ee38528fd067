"""Statements whose plan the connection keeps, asked of libpq itself.

The driver's own cursor works longer on a short statement than everything else between us and the database: it is made for
any statement, and looks each time whether to prepare this one.
"""

import re
from dataclasses import dataclass
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import Connection
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus

# Of one connection: each plan is memory of its backend. What comes after these is planned with every request.
MOST = 200
_PLACEHOLDER = re.compile("%[%s]")
# Names are never used twice: one may stand in the database although its statement failed.
_numbers = count()


@dataclass(frozen=True, slots=True)
class _Plan:
    """The name under which the connection keeps it, and what reads its rows: looking up who reads each column takes as
    long as reading some rows."""

    name: bytes
    reader: Transformer


_Plans = dict[tuple[str, tuple[int, ...]], _Plan]
_plans: WeakKeyDictionary[Connection[Any], _Plans] = WeakKeyDictionary()


def fetch(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement that is planned once: by an ordinary cursor where no plan can be kept, or Django looks on.
    Errors are Django's own."""
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    raw = database.connection
    known = _plans.setdefault(raw, {})
    # The driver begins a transaction with the first statement in it, so that one has to go through the driver.
    begins = not raw.autocommit and raw.pgconn.transaction_status == TransactionStatus.IDLE
    is_watched = database.queries_logged or database.execute_wrappers
    if raw.prepare_threshold is None or begins or is_watched or len(known) >= MOST:
        with database.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()
    database.validate_no_broken_transaction()
    with database.wrap_database_errors:
        return _asked(raw, known, sql, params)


def _asked(raw: Connection[Any], known: _Plans, sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    given = Transformer(raw)
    values = given.dump_sequence(params, [PyFormat.AUTO] * len(params))
    key = sql, given.types or ()
    plan = known.pop(key, None) or _planned(raw, *key)
    result = raw.pgconn.exec_prepared(plan.name, values, given.formats)
    if result.status != ExecStatus.TUPLES_OK:
        raise error_from_result(result, encoding=raw.info.encoding)
    known[key] = plan  # not after an error: whatever is wrong with the plan, the next one is new
    plan.reader.set_pgresult(result)
    try:
        return plan.reader.load_rows(0, result.ntuples, tuple)
    finally:
        plan.reader.set_pgresult(None)  # a page of outlines is not to stay in memory until the next one


def _planned(raw: Connection[Any], sql: str, types: tuple[int, ...]) -> _Plan:
    name, places = b"plan_%d" % next(_numbers), count(1)
    told = _PLACEHOLDER.sub(lambda found: "%" if found[0] == "%%" else f"${next(places)}", sql)
    result = raw.pgconn.prepare(name, told.encode(), types)
    if result.status != ExecStatus.COMMAND_OK:
        raise error_from_result(result, encoding=raw.info.encoding)
    # Of the adapters, not of the connection: what holds that would keep it from being forgotten once it is closed.
    return _Plan(name, Transformer(raw.adapters))
