"""A migrated database that the databases of a run are copies of: migrating takes minutes of the processor, copying a second.

It stays in the cluster under the digest of all that migrating reads, so that a changed migration makes it anew.
Processes that start together wait for the one that makes it. Django still runs ``migrate`` on each copy, which does
what a template would lack.
"""

import hashlib
import re
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("gi_registry", "regions", "products", "trace")
IMPORTED = re.compile(rf"^from ((?:{'|'.join(ROOMS)})[\w.]*) import", re.MULTILINE)
LOCK = 7_281_430  # any number, the same for all who make templates in a cluster


def template() -> str:
    """The name of the migrated database, which is made if it is not there; those of older digests are dropped."""
    family = f"test_{connection.settings_dict['NAME']}_of_"
    name = family + _digest()
    with connection._nodb_cursor() as cursor:  # as Django's own making of test databases does
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])  # given back with the connection
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [family])
        there = {row[0] for row in cursor.fetchall()}
        if name not in there:
            for old in there:
                cursor.execute(f'DROP DATABASE "{old}"')
            _make(cursor, name, family + "making")
    return name


def _digest() -> str:
    """Of migrations, SQL, the modules that migrations import, and the releases of what we build on."""
    migrations = [path for room in ROOMS for path in (ROOT / room).rglob("migrations/*.py")]
    imported = {module for path in migrations for module in IMPORTED.findall(path.read_text())}
    modules = [path for module in imported if (path := ROOT / f"{module.replace('.', '/')}.py").exists()]
    sql = [path for room in ROOMS for path in (ROOT / room).rglob("sql/*.sql")]
    said = hashlib.sha256()
    for path in sorted([*migrations, *modules, *sql, ROOT / "requirements.lock"]):
        said.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return said.hexdigest()[:16]


def _make(cursor: Any, name: str, making: str) -> None:
    """Under another name until it is whole: a run that is broken off leaves nothing that could be taken for a template."""
    ours = connection.settings_dict["NAME"]
    cursor.execute(f'CREATE DATABASE "{making}"')
    connection.close()
    connection.settings_dict["NAME"] = making
    try:
        call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = ours
    cursor.execute(f'ALTER DATABASE "{making}" RENAME TO "{name}"')
