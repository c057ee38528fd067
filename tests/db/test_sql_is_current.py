"""What stands in every room's ``sql/`` is what the migrated database holds: a change to one without the other is told."""

from pathlib import Path

import pytest
from django.db import connection

from tests.house.tree import ROOMS

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = sorted(path for room in (*ROOMS, "gi_registry/ogc") for path in (ROOT / room / "sql").glob("*.sql"))

DEFINITIONS = """
    SELECT 'function ' || p.oid::regprocedure::text, pg_get_functiondef(p.oid)
    FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.prokind IN ('f', 'p')
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    UNION ALL
    SELECT 'trigger ' || t.tgname || ' on ' || t.tgrelid::regclass::text, pg_get_triggerdef(t.oid)
    FROM pg_trigger t WHERE NOT t.tgisinternal
    UNION ALL
    SELECT 'view ' || c.oid::regclass::text, pg_get_viewdef(c.oid)
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('v', 'm')
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
"""


def definitions() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(DEFINITIONS)
        return dict(cursor.fetchall())


@pytest.mark.django_db
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_replaying_a_file_changes_nothing(path):
    before = definitions()
    with connection.cursor() as cursor:
        cursor.execute(path.read_text("utf-8"))
    after = definitions()
    assert {name: text for name, text in after.items() if before.get(name) != text} == {}
