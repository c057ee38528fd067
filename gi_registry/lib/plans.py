"""Statements whose plan the connection keeps, asked of libpq itself.

The driver's own cursor works three times as long on a short statement as everything else between us and the database:
it is made for any statement, and looks each time whether to prepare this one. Django's wrapper stays round this one, so
errors are its errors.
"""

import re
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import Connection
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus

# Of one connection: each plan is memory of its backend. What comes after these is planned with every request.
MOST = 200
_PLACEHOLDER = re.compile("%[%s]")
# Names are never used twice: one may stand in the database although its statement failed.
_numbers = count()
_Names = dict[tuple[str, tuple[int, ...]], bytes]
_names: WeakKeyDictionary[Connection[Any], _Names] = WeakKeyDictionary()


def cursor() -> CursorWrapper:
    """Django's cursor for statements to be planned once; an ordinary one where no plan can be kept, or Django writes them down."""
    connection.ensure_connection()
    raw = connection.connection
    known = _names.setdefault(raw, {})
    # The driver begins a transaction with the first statement in it, so that one has to go through the driver.
    begins = not raw.autocommit and raw.pgconn.transaction_status == TransactionStatus.IDLE
    if raw.prepare_threshold is None or begins or len(known) >= MOST or connection.queries_logged:
        return connection.cursor()
    return connection.make_cursor(_Cursor(raw, known))


class _Cursor:
    """As much of a cursor as Django's wrapper needs."""

    def __init__(self, raw: Connection[Any], known: _Names) -> None:
        self._raw, self._known = raw, known
        self._rows: list[tuple[Any, ...]] = []

    def execute(self, sql: str, params: list[Any]) -> None:
        given = Transformer(self._raw)
        values = given.dump_sequence(params, [PyFormat.AUTO] * len(params))
        key = sql, given.types or ()
        name = self._known.pop(key, None) or self._prepared(*key)
        result = self._raw.pgconn.exec_prepared(name, values, given.formats)
        if result.status != ExecStatus.TUPLES_OK:
            raise error_from_result(result, encoding=self._raw.info.encoding)
        self._known[key] = name  # not after an error: whatever is wrong with the plan, the next one is new
        given.set_pgresult(result)
        self._rows = given.load_rows(0, result.ntuples, tuple)

    def _prepared(self, sql: str, types: tuple[int, ...]) -> bytes:
        name, places = b"plan_%d" % next(_numbers), count(1)
        told = _PLACEHOLDER.sub(lambda found: "%" if found[0] == "%%" else f"${next(places)}", sql)
        result = self._raw.pgconn.prepare(name, told.encode(), types)
        if result.status != ExecStatus.COMMAND_OK:
            raise error_from_result(result, encoding=self._raw.info.encoding)
        return name

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self._rows

    def close(self) -> None:
        """Nothing is held open."""
