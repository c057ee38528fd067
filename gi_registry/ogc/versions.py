"""Data versions: what tells a cache that a layer has changed.

Every table behind the map carries a statement trigger that adds a note in the writer's own transaction. The version is
the sum of the notes that a reader can see, so a change and its new version become visible in the same instant.
"""

from collections.abc import Iterable

from django.db import connection
from django.db.migrations.operations import RunSQL

from gi_registry.lib import clock
from gi_registry.lib.compiled import Hole, Statement
from gi_registry.ogc.collection import Collection

# Beyond so many notes the reader who meets them folds them: summing stays a matter of microseconds.
FOLD_BEYOND = 1_000


class _Hole(Hole):
    TABLES = "tables"


_SUMS = Statement(
    "SELECT table_name, sum(bumps)::bigint, count(*) FROM ogc_tablechange WHERE table_name = ANY(%s::text[])"
    " GROUP BY table_name",
    (_Hole.TABLES,),
    is_planned_once=True,
)
# For statements that read a layer and its version in one snapshot; the parameter is the list of its tables.
TOTAL = "(SELECT coalesce(sum(bumps), 0)::bigint FROM ogc_tablechange WHERE table_name = ANY(%s))"
# The same for statements that answer rows of their own beside it, with how many notes were summed (``version_read``).
STATE = "SELECT coalesce(sum(bumps), 0)::bigint, count(*) FROM ogc_tablechange WHERE table_name = ANY(%s)"
_TRIGGER = """
CREATE OR REPLACE TRIGGER ogc_note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION ogc_note_change();
"""


def version_of(collection: Collection) -> str:
    """A short text of letters, digits and ``-`` that differs whenever what the layer shows may differ. One statement.

    Holds for everybody: what one actor sees follows from the version and ``Actor.access_class``. It also changes with
    the layer's own description, and with the day (in China) where rows depend on it.
    """
    return versions_of([collection])[0]


def versions_of(collections: Iterable[Collection]) -> list[str]:
    """The versions of several layers, in one statement."""
    asked = list(collections)
    # As PostgreSQL writes a list: the driver takes longer to spell one out than the database to answer.
    tables = f"{{{','.join(sorted({table for item in asked for table in item.tables}))}}}"
    found = {table: (total, notes) for table, total, notes in _SUMS.fetch({_Hole.TABLES: tables})}
    _keep_few(sum(notes for _, notes in found.values()))
    return [version_at(item, sum(found.get(table, (0, 0))[0] for table in item.tables)) for item in asked]


def version_at(collection: Collection, total: int) -> str:
    """The version of a layer whose tables have that ``TOTAL`` of changes."""
    day = f"-{clock.today():%Y%m%d}" if collection.is_daily else ""
    return f"{collection.fingerprint}-{total:x}{day}"


def version_read(collection: Collection, total: int, notes: int) -> str:
    """The version of a layer whose tables are in that ``STATE``."""
    _keep_few(notes)
    return version_at(collection, total)


def _keep_few(notes: int) -> None:
    if notes > FOLD_BEYOND:
        fold()


def fold() -> int:
    """Fold the notes of every table into one; how many there were. Skipped (0) while another does it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN pg_try_advisory_xact_lock(hashtext('ogc_fold_changes')) THEN ogc_fold_changes() ELSE 0 END"
        )
        return int(cursor.fetchone()[0])


def watch(*tables: str) -> list[RunSQL]:
    """Migration operations that put the trigger on tables; the migration depends on ``("ogc", "0001_noted_changes")``."""
    return [
        RunSQL(_TRIGGER.format(table=table), f"DROP TRIGGER IF EXISTS ogc_note_change ON {table}") for table in tables
    ]
