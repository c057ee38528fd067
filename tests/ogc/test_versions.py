"""Data versions: whatever a layer shows cannot change without its version, and nobody waits for the counting."""

import threading

import pytest
from django.db import connection, transaction

from gi_registry.lib.access import Actor, Role, RoleKind
from gi_registry.maps import CATALOGUE
from gi_registry.ogc import statements, versions
from gi_registry.ogc.models import TableChange
from regions.features import DIVISIONS, REGIONS
from regions.models import Division
from tests.build_regions import the_divisions

EVERY_ROLE = Actor(
    user_id=1,
    name="everybody",
    roles=tuple(Role(kind, organisation_id=1, division_prefix="14") for kind in RoleKind),
)


def shown_sql(collection) -> str:
    return str(statements.shown(collection, collection.rows(EVERY_ROLE), collection.geometry).query)


@pytest.mark.django_db
@pytest.mark.parametrize("collection", list(CATALOGUE), ids=lambda item: item.id)
def test_a_layer_names_every_table_that_it_reads(collection):
    known = set(connection.introspection.table_names())
    sql = shown_sql(collection)
    read = {table for table in known if f'"{table}"' in sql}
    assert read <= set(collection.tables)
    assert set(collection.tables) <= known


@pytest.mark.django_db
def test_every_table_behind_the_map_carries_the_trigger():
    wanted = {table for collection in CATALOGUE for table in collection.tables}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'ogc_note_change'")
        carried = {name for (name,) in cursor.fetchall()}
    assert wanted <= carried


@pytest.mark.django_db
def test_a_change_moves_the_version_of_its_layer_and_of_no_other():
    the_divisions()
    before = versions.versions_of([DIVISIONS, REGIONS])
    Division.objects.filter(code="140121").update(name_en="Qingxu County")
    after = versions.versions_of([DIVISIONS, REGIONS])
    assert before[0] != after[0]
    assert before[1] == after[1]


@pytest.mark.django_db
def test_folding_keeps_every_version():
    the_divisions()
    before = versions.versions_of(CATALOGUE)
    assert versions.fold() > 1
    assert versions.versions_of(CATALOGUE) == before
    assert TableChange.objects.count() == TableChange.objects.values("table_name").distinct().count()


@pytest.mark.django_db
def test_a_reader_who_meets_many_notes_folds_them(monkeypatch):
    the_divisions()
    monkeypatch.setattr(versions, "FOLD_BEYOND", 0)
    before = versions.version_of(DIVISIONS)
    assert TableChange.objects.filter(table_name="regions_division").count() == 1
    assert versions.version_of(DIVISIONS) == before


@pytest.mark.django_db(transaction=True)
def test_a_writer_waits_for_no_other_and_its_version_shows_when_it_commits():
    the_divisions()
    before = versions.version_of(DIVISIONS)
    inside, go_on = threading.Event(), threading.Event()

    def slow_writer() -> None:
        with transaction.atomic():
            Division.objects.filter(code="140121").update(pinyin="qingxu")
            inside.set()
            go_on.wait(60)
        connection.close()

    slow = threading.Thread(target=slow_writer)
    slow.start()
    assert inside.wait(60)
    Division.objects.filter(code="140727").update(pinyin="qixian")
    between = versions.version_of(DIVISIONS)
    go_on.set()
    slow.join()
    assert len({before, between, versions.version_of(DIVISIONS)}) == 3


@pytest.mark.django_db(transaction=True)
def test_versions_only_rise_while_eight_write_and_one_folds():
    the_divisions()
    codes = list(Division.objects.values_list("code", flat=True)[:8])
    start = _sum()

    def write(code: str) -> None:
        for n in range(20):
            Division.objects.filter(code=code).update(initials=f"v{n}")
        connection.close()

    threads = [threading.Thread(target=write, args=(code,)) for code in codes]
    for thread in threads:
        thread.start()
    seen = []
    while any(thread.is_alive() for thread in threads):
        versions.fold()
        seen.append(_sum())
    for thread in threads:
        thread.join()
    assert [start, *seen, _sum()] == sorted([start, *seen, _sum()])
    assert _sum() >= start + 20 * len(codes), "each statement is a step of one at least"


def _sum() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(bumps) FROM ogc_tablechange WHERE table_name = 'regions_division'")
        return int(cursor.fetchone()[0])


def test_equal_roles_share_an_access_class_and_others_do_not():
    one, other = Role(RoleKind.COUNTY_REGULATOR, division_prefix="140121"), Role(RoleKind.PRODUCER, organisation_id=3)
    assert Actor(1, "a", (one, other)).access_class == Actor(2, "b", (other, one)).access_class
    classes = {Actor(1, "a", roles).access_class for roles in ((), (one,), (other,), (one, other))}
    assert len(classes | {Actor.ANONYMOUS.access_class}) == 5
    assert Actor.ANONYMOUS.access_class == "public"
