"""The database after a test that commits: as empty as one that was only migrated."""

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

# Written by migrating and by no test.
LASTING = ("django_migrations", "spatial_ref_sys", ContentType._meta.db_table, Permission._meta.db_table)
TABLES = """
SELECT oid::regclass::text FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> ALL(%s)
"""


def empty() -> None:
    """In place of Django's ``flush``, which passes over the tables that no model manages (checks, the cache, jobs) and empties
    all others, some hundred with thousands of files. These are those that hold rows."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES, [list(LASTING)])
        asked = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for (name,) in cursor.fetchall())  # noqa: S608
        cursor.execute(" UNION ALL ".join(asked))
        if filled := [name for (name,) in cursor.fetchall()]:
            # Triggers are set aside: checks may not be emptied by anybody else.
            with transaction.atomic():
                cursor.execute("SET LOCAL session_replication_role = replica")
                cursor.execute(f"TRUNCATE {', '.join(filled)} CASCADE")
