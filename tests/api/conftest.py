"""The world that the tests of the whole API walk through: built once a file, taken back at its end."""

import pytest
from django.db import transaction

from tests.build_world import World, the_world


@pytest.fixture(scope="module")
def _world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield the_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(_world, db) -> World:
    """What a test changes in it is taken back after the test."""
    return _world
