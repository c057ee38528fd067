"""What checks are measured on is what the actions would have left."""

import psycopg
import pytest
from django.db import connection

from gi_registry.bench import units
from gi_registry.lib import clock
from tests.build_world import the_world
from trace import actions, queries
from trace.codes.sources import load_ring
from trace.models import UnitTally
from trace.rules.typed import of_lot

LOTS, CHECKED = 4, 9


@pytest.fixture
def asked(db, settings):
    """Lots with codes, the first half of each checked before; the ring that signed them."""
    the_world()
    with psycopg.Cursor(connection.connection) as cursor:
        lots = units.make_lots(cursor, LOTS)
        units.make_checks(cursor, range(CHECKED))
    with units.ring() as folder:
        settings.GI_CODE_KEYS = str(folder)
        yield units.codes(load_ring(folder), lots, CHECKED * units.LOTS)


def test_units_of_the_bench_are_told_as_checked_and_as_never_checked(asked):
    counts = [queries.check(of_lot(lot, code), now=clock.now())["checks"]["count"] for lot, code in asked]
    each = units.ASKED_A_LOT
    assert counts == ([2, 1, 1, 1, 2] + [0] * each) * LOTS


def test_replaying_the_checks_of_the_bench_gives_their_tallies(asked):
    replayed = actions.replay_grades()
    assert UnitTally.objects.count() >= LOTS * CHECKED
    assert not replayed.differences
