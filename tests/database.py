"""The database after a test that commits: as empty as one that was only migrated."""

import os
from urllib.parse import urlsplit

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, connection, transaction

# Written by migrating and by no test.
LASTING = ("django_migrations", "spatial_ref_sys", ContentType._meta.db_table, Permission._meta.db_table)
TRIES = 100
TABLES = """
SELECT oid::regclass::text FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> ALL(%s)
"""


def environment() -> dict[str, str]:
    """For a process of its own: the same server, and the database of this test."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    return {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "gi_registry.settings"}


def empty() -> None:
    """In place of Django's ``flush``, which passes over the tables that no model manages (checks, the cache, jobs) and empties
    all others, some hundred with thousands of files. These are those that hold rows."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES, [list(LASTING)])
        asked = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for (name,) in cursor.fetchall())  # noqa: S608
        cursor.execute(" UNION ALL ".join(asked))
        filled = [name for (name,) in cursor.fetchall()]
    for tries_left in range(TRIES, -1, -1):
        try:
            _truncate(filled)
            return
        except OperationalError:  # a browser may still be fetching: its request has what we wait for, or waits for us
            if not tries_left:
                raise


def _truncate(tables: list[str]) -> None:
    if not tables:
        return
    # Triggers are set aside: checks may not be emptied by anybody else.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL lock_timeout = '500ms'")
        # Whoever waits so long makes an autovacuum that is in the way go; by default that would be later than we give up.
        cursor.execute("SET LOCAL deadlock_timeout = '200ms'")
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
