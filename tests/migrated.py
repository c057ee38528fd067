"""A migrated database that the databases of a run are copies of: migrating takes the processor long, copying a second.

It stays in the cluster under the digest of all that migrating reads, so that a changed migration makes it anew.
Processes that start together wait for the one that makes it. Django still runs ``migrate`` on each copy, which does
what a template would lack.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations import AddConstraint, AddIndex, RemoveConstraint, RemoveIndex
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("gi_registry", "regions", "products", "trace")
IMPORTED = re.compile(rf"^from ((?:{'|'.join(ROOMS)})[\w.]*) import", re.MULTILINE)
LOCK = 7_281_430  # any number, the same for all who make templates in a cluster
NO_FIELD = (AddConstraint, RemoveConstraint, AddIndex, RemoveIndex, AddTrigger, RemoveTrigger)


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
        with drawing_little():
            call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = ours
    cursor.execute(f'ALTER DATABASE "{making}" RENAME TO "{name}"')


@contextmanager
def drawing_little() -> Iterator[None]:
    """Migrating sends the same SQL in a fraction of the time, most of which Django spends on model classes: after each
    operation it makes those anew that hang together with the model in any number of steps, here nearly all.

    Within this, only the model and its neighbours are made anew, and the model alone where no field changed. The state is
    marked as delayed, as Django itself does for fields that relate to nothing: who uses classes (``RunPython``) gets all anew.
    """
    reload_model = ProjectState.reload_model

    def near(state: ProjectState, app_label: str, model_name: str, delay: bool = True) -> None:
        reload_model(state, app_label, model_name, delay=True)

    with pytest.MonkeyPatch.context() as django:
        django.setattr(ProjectState, "reload_model", near)
        for operation in NO_FIELD:
            django.setattr(operation, "state_forwards", _alone(operation.state_forwards))
        yield


def _alone(state_forwards: Callable[..., None]) -> Callable[..., None]:
    def forwards(operation: Any, app_label: str, state: ProjectState) -> None:
        classes = state.__dict__.pop("apps", None)  # what a state does not have it does not make anew
        state_forwards(operation, app_label, state)
        if classes is not None:
            state.apps, state.is_delayed = classes, True
            state._reload({(app_label, operation.model_name_lower)})

    return forwards
