"""Where a batch stands on the map: stored once, in step with its sites while it is a draft, and never changed after."""

import json
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.gis.geos import Point
from django.db import DatabaseError, connection, transaction

from gi_registry.lib.history import history_of
from regions.models import Cell
from regions.rules import cell_at
from tests.build_trace import a_check
from tests.cast import NOW
from trace import actions, queries
from trace.models import Batch, CheckCount
from trace.rules.batches import CELL_RESOLUTION, BatchState
from trace.rules.typed import read_typed

fill_places = import_module("trace.migrations.0005_places_of_batches").fill_places
FIRST_COUNTS = import_module("trace.migrations.0006_check_counts").FIRST_COUNTS


@pytest.mark.django_db
def test_a_batch_stands_within_the_first_of_its_sites_and_its_cell_holds_it(goods):
    batch = goods.batch(sites=(goods.register.works, goods.register.field))
    batch.refresh_from_db()
    assert goods.register.field.geom.contains(batch.place)
    assert batch.cell_id == cell_at(batch.place.x, batch.place.y, CELL_RESOLUTION)
    assert batch.cell.geom.contains(batch.place)


@pytest.mark.django_db
def test_a_draft_moves_with_its_sites_and_stands_nowhere_without(goods):
    draft = goods.batch(BatchState.DRAFT)
    moved = actions.change_draft(
        batch=draft, content=goods.content(sites=(goods.register.works,)), actor=goods.maker, now=NOW
    )
    moved.refresh_from_db()
    assert moved.place.tuple == goods.register.works.geom.tuple
    bare = actions.change_draft(batch=moved, content=goods.content(sites=()), actor=goods.maker, now=NOW)
    bare.refresh_from_db()
    assert (bare.place, bare.cell_id) == (None, None)


@pytest.mark.django_db
def test_a_second_batch_of_a_cell_writes_no_cell(goods, django_assert_max_num_queries):
    goods.batch()
    with django_assert_max_num_queries(200) as seen:
        goods.batch()
    assert Cell.objects.count() == 1
    assert not [query for query in seen.captured_queries if 'INSERT INTO "regions_cell"' in query["sql"]]


@pytest.mark.django_db
@pytest.mark.parametrize("place", [Point(113.0, 37.0, srid=4326), None])
def test_a_registered_batch_never_moves(goods, place):
    batch = goods.batch()
    with pytest.raises(DatabaseError), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(place=place, cell=batch.cell_id if place else None)


@pytest.mark.django_db
def test_a_place_always_comes_with_its_cell(goods):
    draft = goods.batch(BatchState.DRAFT)
    with pytest.raises(DatabaseError), transaction.atomic():
        Batch.objects.filter(pk=draft.pk).update(cell=None)


@pytest.mark.django_db
def test_nothing_public_tells_the_place(goods, client):
    batch = goods.batch()
    batch.refresh_from_db()
    told = [
        json.dumps(queries.check(read_typed(batch.number), now=NOW), default=str),
        client.get(f"/c/{batch.number}").content.decode(),
        client.get(f"/api/v1/trace/check?code={batch.number}").content.decode(),
        json.dumps(history_of(batch), default=str),
    ]
    secrets = (f"{batch.place.x:.4f}"[:-1], f"{batch.place.y:.4f}"[:-1], str(batch.cell_id), batch.cell.name)
    assert [secret for text in told for secret in secrets if secret in text] == []


@pytest.mark.django_db
def test_batches_registered_before_places_were_kept_get_theirs_and_checks_their_counts(goods):
    # What the two migrations run, on rows as they were before: to go back there by migrations takes minutes.
    batches = [goods.batch(state) for state in (BatchState.DRAFT, BatchState.RELEASED, BatchState.VOID)]
    goods.batch(BatchState.DRAFT, sites=())
    for network in range(3):
        a_check(batches[1], network)
    with connection.cursor() as cursor:
        cursor.execute(FIRST_COUNTS)
        before, events = stored(), event_count()
        assert len(before[0]) >= 4
        assert before[1]
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE trace_batch SET place = NULL, cell_id = NULL; DELETE FROM trace_checkcount")
        cursor.execute("DELETE FROM regions_cell WHERE true; SET CONSTRAINTS ALL DEFERRED")
        fill_places(apps, SimpleNamespace(connection=connection))
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        cursor.execute(FIRST_COUNTS)
    assert stored() == before
    assert event_count() == events


def stored():
    rows = Batch.objects.order_by("pk").values_list("pk", "place", "cell", "version", "updated_at")
    return list(rows), list(CheckCount.objects.values_list("key", "count")), list(Cell.objects.values_list())


def event_count():
    return Batch.events.rel.related_model.objects.count()
