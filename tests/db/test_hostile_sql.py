"""A hand at the console, or a fault in our own code: what was registered and what was remembered still stand."""

import pytest
from django.db import DatabaseError, connection, transaction

pytestmark = pytest.mark.django_db


def run(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


@pytest.mark.parametrize(
    "change",
    [
        "produced_on = produced_on - 1",
        "quantity = quantity + 1",
        "producer_lot = 'another'",
        "registered_at = registered_at - interval '1 day'",
        "division_code = '140100'",
    ],
)
def test_what_was_registered_of_a_batch_is_never_changed(goods, change):
    goods.batch()
    with pytest.raises(DatabaseError, match="a registered batch is never changed"):
        run(f"UPDATE trace_batch SET {change} WHERE state <> 'draft'")  # noqa: S608 - our own words


@pytest.mark.parametrize(
    "statement", ["DELETE FROM trace_batch_sites", "UPDATE trace_batch_sites SET site_id = site_id"]
)
def test_the_sites_of_a_registered_batch_are_never_changed(goods, statement):
    goods.batch()
    with pytest.raises(DatabaseError, match="the sites of a registered batch"):
        run(statement)


@pytest.mark.django_db(transaction=True)
def test_who_and_why_of_a_change_are_never_rewritten(cast):
    for statement in ("UPDATE pghistory_context SET metadata = '{}'", "DELETE FROM pghistory_context"):
        with pytest.raises(DatabaseError, match="a history is never rewritten"):
            run(statement)
