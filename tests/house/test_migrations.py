"""Migrations are named by intent, can be taken back, and nothing is left unmigrated."""

import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.special import RunPython, RunSQL

from tests.house.tree import ROOMS
from tests.migrated import drawing_little

OURS = {*ROOMS, "accounts", "lib", "ogc"}


def _ours():
    return {key: m for key, m in MigrationLoader(None).disk_migrations.items() if key[0] in OURS}


def test_migrations_are_named_by_intent():
    assert [key for key in _ours() if re.search(r"auto|\d{8}", key[1])] == []


def test_migrations_can_be_taken_back():
    stuck = [
        key
        for key, migration in _ours().items()
        for operation in migration.operations
        if (isinstance(operation, RunPython) and operation.reverse_code is None)
        or (isinstance(operation, RunSQL) and operation.reverse_sql is None)
    ]
    assert stuck == []


@pytest.mark.django_db
def test_the_models_are_what_the_migrations_make():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_the_rooms_can_be_emptied_and_built_again():
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    with drawing_little():
        executor.migrate([("trace", None), ("products", None), ("regions", None)])
        executor.loader.build_graph()
        executor.migrate(leaves)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM trace_batch")
        assert cursor.fetchone() == (0,)
