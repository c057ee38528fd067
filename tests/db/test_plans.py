"""Statements asked of libpq itself answer, fail and recover as those of Django's own cursor do."""

import datetime as dt

import pytest
from django.db import DataError, ProgrammingError, connection, transaction

from gi_registry.lib import plans
from tests import cast as people
from tests.build_codes import an_issuance, code_of
from tests.build_trace import the_goods
from trace import queries
from trace.rules.typed import of_lot

pytestmark = pytest.mark.django_db(transaction=True)
SQL = "SELECT %s::text || '%%', %s::int + 1, %s::timestamptz, ARRAY['a', NULL], 1.5::numeric"
NOW = dt.datetime(2026, 7, 1, 8, 30, tzinfo=dt.UTC)


def kept():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        return cursor.fetchone()[0]


def test_rows_are_those_of_an_ordinary_cursor_whichever_values_come_after_the_first():
    for values in (["茶", 1, NOW], ["'; --", -5, None], [None, None, NOW]):
        with connection.cursor() as cursor:
            cursor.execute(SQL, values)
            assert plans.fetch(SQL, values) == cursor.fetchall()


def test_a_statement_is_planned_once_a_connection():
    before = kept()
    for number in range(10):
        assert plans.fetch("SELECT %s::int * 2", [number]) == [(number * 2,)]
    assert kept() == before + 1
    connection.close()
    assert plans.fetch("SELECT %s::int * 2", [4]) == [(8,)]
    assert kept() == 1


def test_the_first_statement_of_a_transaction_begins_it():
    with transaction.atomic():
        [(first,)] = plans.fetch("SELECT pg_current_xact_id()::text", [])
        [(second,)] = plans.fetch("SELECT pg_current_xact_id()::text", [])
    assert first == second


def test_errors_are_those_of_django_and_the_connection_goes_on():
    for _ in range(2):
        with pytest.raises(DataError):
            plans.fetch("SELECT 1 / %s::int", [0])
    assert plans.fetch("SELECT 1 / %s::int", [1]) == [(1,)]


def test_a_plan_that_the_database_has_forgotten_is_made_anew():
    assert plans.fetch("SELECT %s::int", [1]) == [(1,)]
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    with pytest.raises(ProgrammingError):
        plans.fetch("SELECT %s::int", [1])
    assert plans.fetch("SELECT %s::int", [1]) == [(1,)]


def test_a_look_up_is_planned_a_few_times_and_never_again(cast):
    """One plan for lots and units: PostgreSQL takes many times as long to plan it as to run it."""
    goods = the_goods(cast)
    issuance = an_issuance(goods, goods.batch())
    connection.close()
    for index in range(10):
        queries.check(of_lot(issuance.batch.number, code_of(issuance, index)), now=people.NOW)
        queries.check(of_lot(issuance.batch.number), now=people.NOW)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE '%trace_unittally%'"
        )
        assert cursor.fetchall() == [(15, 5)]
