"""System checks of this room: without PostGIS and friends nothing here can work, and the reason should be plain."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import connections

ENCODING = "SELECT pg_encoding_to_char(encoding), datctype FROM pg_database WHERE datname = current_database()"
NEEDED = ("postgis", "btree_gist", "pg_trgm")


def extensions_are_installed(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """Run by ``manage.py check --database default`` and by every ``migrate``."""
    told: list[checks.CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT name FROM pg_available_extensions WHERE name = ANY(%s)", [list(NEEDED)])
            missing = set(NEEDED) - {name for (name,) in cursor.fetchall()}
            cursor.execute(ENCODING)
            encoding, ctype = cursor.fetchone()
        if missing:
            hint = "Debian: apt-get install postgresql-15-postgis-3 postgresql-contrib"
            told.append(checks.Error(f"PostgreSQL lacks: {', '.join(sorted(missing))}.", hint=hint, id="regions.E001"))
        if encoding != "UTF8" or ctype in ("C", "POSIX"):
            hint = "Create it with: createdb --encoding UTF8 --locale C.UTF-8 --template template0"
            said = f"The database is {encoding}/{ctype}; Chinese names cannot be searched in it."
            told.append(checks.Warning(said, hint=hint, id="regions.W001"))
    return told
