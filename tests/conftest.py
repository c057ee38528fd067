"""What every test may lean on: the cast, a client that is somebody, and a network that is closed."""

import gc
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client, TransactionTestCase, override_settings
from django.utils import translation
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Playwright

from gi_registry.lib.limits import shares
from gi_registry.ogc.cache import Memory
from gi_registry.openlog import keys
from gi_registry.openlog.conf import OpenLogSettings
from tests.browser import PLAIN, WEBGL, launch, playing
from tests.build_products import Register, the_register
from tests.build_trace import Goods, the_goods
from tests.build_world import World, the_world
from tests.cast import NOW, Cast, Person, assemble
from tests.database import empty
from tests.kept import Kept
from tests.migrated import template
from trace.actions.day_keys import held_keys

settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.load_profile("suite")

_LOCAL = {"127.0.0.1", "::1", "localhost"}
CAST, REGISTER, GOODS, WORLD = Kept(assemble), Kept(the_register), Kept(the_goods), Kept(the_world)
# Given out before all others, so that no worker sits over one of them while the others have gone home.
SLOWEST = (
    "api/test_schema_fuzz.py",
    "rules/test_codes.py",  # asks for no database: for the worker that would wait while another migrates the first
    "api/test_matrix.py",
    "journeys/test_verdict.py",
    "api/test_map_leaks.py",
    "house/test_migrations.py",
    "clients/test_maplibre.py",
    "clients/test_qgis.py",
    "clients/test_gdal.py",
    "ogc/test_html.py",
    "pages/test_reports.py",
    "journeys/test_quota.py",
    "pages/test_look.py",
    "journeys/test_producer_and_buyer.py",
    "house/test_query_counts.py",
    "journeys/test_first_season.py",
    "journeys/test_units.py",
    "journeys/test_marking_a_site.py",
    "ogc/test_cql2_meaning.py",
    "journeys/test_sheets.py",
    "db/test_limits.py",
    "db/test_points_and_lines.py",
    "journeys/test_desk.py",
    "db/test_trace_genealogy_model.py",
    "api/test_prints.py",
    "db/test_load_demo.py",
    "db/test_trace_quota_at_once.py",
    "db/test_trace_quota_model.py",
    "journeys/test_recalls.py",
    "api/test_rows.py",
    "db/test_trace_prints.py",
    "db/test_trace_imports.py",
    "db/test_bench_units.py",
    "journeys/test_site_file.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow files first; else they stay in their order, with what commits after what is taken back (pytest-django)."""
    rank = {Path(__file__).parent / name: place for place, name in enumerate(SLOWEST)}
    items.sort(key=lambda item: rank.get(item.path, len(rank)))


def pytest_collection_finish() -> None:
    """What is there by now stays to the end: the collector need not walk thousands of tests and modules again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def _closed_network() -> Iterator[None]:
    """Nothing that is tested may call out: only sockets in the file system and loopback connect."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family != socket.AF_UNIX and address[0] not in _LOCAL:
            raise AssertionError(f"a test tried to reach {address!r}")
        return connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, django_db_blocker: Any, django_db_keepdb: bool, django_db_createdb: bool
) -> None:
    """The database of this process begins as a copy; one that is kept from the run before is there already."""
    if not django_db_keepdb or django_db_createdb:
        with django_db_blocker.unblock():
            connection.settings_dict["TEST"]["TEMPLATE"] = template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A browser may still be fetching when the last test ends; its session would keep the database from being dropped."""
    TransactionTestCase._fixture_teardown = lambda test: empty()  # type: ignore[method-assign]
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Every test starts its data versions anew, so what an earlier one left in memory would be taken for its own.

    Nor is a language left over of the last page that an earlier test asked for.
    """
    Memory.clear_all()
    shares.forget()
    held_keys.forget()
    translation.deactivate()


@pytest.fixture
def cast(db: None) -> Cast:
    return CAST()


@pytest.fixture
def register(cast: Cast) -> Register:
    return REGISTER(cast)


@pytest.fixture
def goods(cast: Cast) -> Goods:
    """The register and what Zhang makes; not for a test that also asks for ``register``: it would be there twice."""
    return GOODS(cast)


@pytest.fixture(scope="module")
def _world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic(), tempfile.TemporaryDirectory() as folder:
        world = WORLD()
        log = OpenLogSettings(Path(folder, "log"), Path(folder, "key.pem"), "gi.example/log")
        with override_settings(OPENLOG=log):
            keys.make(log.key)
            keys.our_log().go_on(NOW)
            yield world
        transaction.set_rollback(True)


@pytest.fixture
def world(_world: World, db: None) -> World:
    """The world for those who walk all of it: built once a file, what a test changes in it is taken back after the test."""
    return _world


@pytest.fixture
def as_machine() -> Callable[[Person | None], Client]:
    """A test client that sends the person's API key with every request; None sends nothing."""

    def client_for(person: Person | None) -> Client:
        return Client(headers={"Accept": "application/json", **(person.headers if person else {})})

    return client_for


@pytest.fixture
def as_person() -> Callable[[Person | None], Client]:
    """A test client signed in by session, as in a browser."""

    def client_for(person: Person | None) -> Client:
        client = Client(headers={"Accept": "text/html"})
        if person:
            client.force_login(person.user)
        return client

    return client_for


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with playing() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One browser for all: every test opens windows (contexts) of its own, which share nothing, and closes them."""
    browser = launch(playwright, PLAIN)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def webgl(playwright: Playwright) -> Iterator[Browser]:
    """The same for pages with maps."""
    browser = launch(playwright, WEBGL)
    yield browser
    browser.close()
