"""A migration may take longer than any request may."""

import pytest
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection


@pytest.mark.django_db
def test_a_statement_of_a_migration_is_not_stopped_and_one_of_a_request_is():
    def limit():
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            return cursor.fetchone()[0]

    usual, told = limit(), {"verbosity": 0, "interactive": False, "db": "default"}
    assert usual != "0"
    emit_pre_migrate_signal(**told)
    assert limit() == "0"
    emit_post_migrate_signal(**told)
    assert limit() == usual
