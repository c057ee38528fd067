"""Statements compiled once and filled in for each request.

Django takes longer to put a usual statement together than PostgreSQL to answer it, and PostgreSQL longer to plan it than
to run it. Where the same question is asked with every request, the text is kept here and the plan in the connection, and
only the values go in anew. Rules stay where they are: in the querysets.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Self

from django.db import connection
from django.db.models import Field, QuerySet, TextField
from django.db.models.expressions import Expression
from psycopg.sql import Literal

from gi_registry.lib import plans

_PLACEHOLDER = re.compile("%[%s]")


class Hole(Enum):
    """What a statement leaves open. Each module that compiles one names its own: ``class _Hole(Hole): NOW = "now"``."""


class Given(Expression):
    """SQL of our own with holes in it, a hole alone unless told; stands where a value would in a filter."""

    def __init__(self, *holes: Hole, sql: str = "%s", output_field: Field | None = None) -> None:
        super().__init__(output_field=output_field or TextField())
        self.sql, self.holes = sql, holes

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Hole]]:
        return self.sql, list(self.holes)


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL and its parameters, of which some are holes."""

    sql: str
    params: tuple[Any, ...]
    is_planned_once: bool = False

    @classmethod
    def of(cls, rows: QuerySet[Any]) -> Self:
        """Raises ``EmptyResultSet`` where Django knows already that there are none."""
        return cls(*rows.query.sql_with_params())

    def planned_once(self) -> "Statement":
        """The same, of which each connection keeps the plan (``GI_PREPARE_AFTER``). Only where the best plan is the same
        whatever fills the holes: not for boxes, small or large, nor for how many rows. All else goes into the text, where
        the planner sees it."""
        params = iter(self.params)
        with connection.cursor() as cursor:
            raw = cursor.connection

        def put(found: re.Match[str]) -> str:
            if found[0] == "%%" or isinstance(param := next(params), Hole):
                return found[0]
            return Literal(param).as_string(raw).replace("%", "%%")

        sql = _PLACEHOLDER.sub(put, self.sql)
        return Statement(sql, tuple(param for param in self.params if isinstance(param, Hole)), is_planned_once=True)

    def filled(self, values: Mapping[Any, Any]) -> list[Any]:
        return [values[param] if isinstance(param, Hole) else param for param in self.params]

    def fetch(self, values: Mapping[Any, Any]) -> list[tuple[Any, ...]]:
        """The rows, as the database gives them: no field converts them on the way."""
        filled = self.filled(values)
        if self.is_planned_once:
            return plans.fetch(self.sql, filled)
        with connection.cursor() as cursor:
            cursor.execute(self.sql, filled)
            return cursor.fetchall()
