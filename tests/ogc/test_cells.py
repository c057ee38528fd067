"""The two layers of cells: checks for those who watch or hold, sites for everybody but never so that one could be told."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from gi_registry.lib.access import RoleKind
from products.actions import count_site_cells, retire_site
from products.models import Site, SiteCell
from products.rules.sites import FEWEST_PRODUCERS
from regions.rules import CELLS_EXTENT
from tests.build_products import a_producer, a_site, an_indication, everybody
from tests.build_trace import a_check
from tests.cast import NOW, TODAY, a_person
from tests.conftest import WORLD
from tests.ogc.test_tiles import by_id, layer_on, over, path_of
from trace.actions import make_partitions
from trace.models import CheckCount

pytestmark = pytest.mark.django_db
CHECKS = "/ogc/collections/checks/items"
CELLS = "/ogc/collections/site_cells/items"
BESIDE = (112.056, 37.45, 112.057, 37.451)
BEYOND = (112.054, 37.45, 112.055, 37.451)


def found(client, url, **query):
    response = client.get(url, query)
    assert response.status_code == 200, response.content
    return {feature["id"]: feature for feature in response.json()["features"]}


@pytest.fixture
def world(db):
    """Two checks of Zhang's goods in Qingxu, three of Feng's in Qi, all under Chen's title."""
    make_partitions(today=TODAY)
    return WORLD()


def counted(features):
    return sorted((each["properties"]["division_code"], each["properties"]["count"]) for each in features.values())


QINGXU, QI = ("140121", 2), ("140727", 3)
SEEN = {
    "lin": [QINGXU, QI],
    "sun": [QINGXU, QI],
    "chen": [QINGXU, QI],
    "wang": [QINGXU],
    "li": [QINGXU],
    "gao": [QI],
    "zhao": [QI],
    "zhang": [],
    "feng": [],
    "ma": [],
    "hu": [],
}


def test_officials_see_the_checks_of_goods_of_their_places_and_holders_those_of_their_titles(world, as_machine):
    people = world.cast.everyone()
    assert {name: counted(found(as_machine(people[name]), CHECKS)) for name in people} == SEEN
    assert as_machine(None).get(CHECKS).status_code == 401


def test_the_holder_of_another_title_sees_none_of_these_checks(world, as_machine):
    other = world.things["growers.holder"].organisation
    growers = a_person("growers", "果农协会", RoleKind.HOLDER, organisation=other)
    assert found(as_machine(growers), CHECKS) == {}


def test_no_box_filter_or_address_shows_a_count_out_of_scope(world, as_machine):
    (hidden,) = CheckCount.objects.filter(division_code="140727")
    west, south, east, north = hidden.cell.geom.extent
    asked = (
        {"bbox": f"{west},{south},{east},{north}"},
        {"cell": hidden.cell.name},
        {"title": hidden.title_id, "division_code": "140727"},
        {"count": "3"},
        {"datetime": "2026-11-22", "division_code": "140727"},
    )
    for name, sees in SEEN.items():
        client = as_machine(world.cast.everyone()[name])
        may = QI in sees
        assert (client.get(f"{CHECKS}/{hidden.key}").status_code == 200) == may, name
        for query in asked:
            assert any(each["id"] == hidden.key for each in found(client, CHECKS, **query).values()) == may, (
                name,
                query,
            )


def test_a_feature_is_a_hexagon_with_the_day_and_the_verdict_and_no_person(world, as_machine):
    (feature,) = found(as_machine(world.cast.li), CHECKS).values()
    place = world.things["zhang.released"]
    place.refresh_from_db()
    assert feature["geometry"]["type"] == "Polygon"
    assert feature["properties"] == {
        "cell": place.cell.name,
        "day": "2026-11-22",
        "indication": world.things["public.vinegar"].slug,
        "title": world.things["chen.title"].number,
        "verdict": "registered",
        "division_code": "140121",
        "count": 2,
    }


def test_days_are_asked_for_and_pages_walked(world, as_machine):
    client = as_machine(world.cast.lin)
    a_check(world.things["zhang.released"], now=NOW + timedelta(days=1))
    assert counted(found(client, CHECKS, datetime="2026-11-23/..")) == [("140121", 1)]
    assert counted(found(client, CHECKS, verdict="recalled")) == []
    first = client.get(CHECKS, {"limit": 1}).json()
    assert first["numberMatched"] == 3
    walked, page = [first["features"][0]["id"]], first
    while following := [link["href"] for link in page["links"] if link["rel"] == "next"]:
        page = client.get(following[0]).json()
        walked += [feature["id"] for feature in page["features"]]
    assert walked == sorted(CheckCount.objects.values_list("key", flat=True))


def test_a_tile_shows_the_same_hexagons_to_the_same_people(world, as_machine):
    for name, person in world.cast.everyone().items():
        client, tile = as_machine(person), over(112.3, 37.5, 6)
        drawn = by_id(layer_on(client, "checks", tile)) if SEEN[name] else {}
        assert set(drawn) == set(found(client, CHECKS)), name
        told = [each["properties"] for each in drawn.values()]
        assert sorted(each["count"] for each in told) == [count for _, count in SEEN[name]], name
        assert {each["day"] for each in told} <= {"2026-11-22"}
    assert as_machine(None).get(path_of("checks", over(112.3, 37.5, 6))).status_code == 401
    (cell,) = by_id(layer_on(as_machine(None), "site_cells", over(112.05, 37.45, 8))).values()
    assert (cell["geometry"]["type"], cell["properties"]["site_count"]) == ("Polygon", 3)


@pytest.fixture
def three(cast, register):
    """A field of Zhang's, of Ma's and of Feng's, side by side in Qingxu under one name."""
    ma = a_producer(cast.ma.organisation)
    sites = [
        a_site(ma, register.indication, box=BESIDE, name="马家地"),
        a_site(register.feng, register.indication, box=BEYOND, name="租地"),
    ]
    count_site_cells(today=TODAY)
    return register, sites


def test_everybody_sees_how_many_sites_lie_in_a_cell_and_the_place_of_none(three, cast, as_machine):
    register, _ = three
    (feature,) = found(as_machine(None), CELLS).values()
    facts = feature["properties"]
    assert feature["id"] == f"{facts['cell']}-{register.indication.slug}"
    assert (facts["site_count"], facts["area_ha"], facts["counted_on"]) == (3, 3, "2026-11-22")
    assert feature["geometry"]["type"] == "Polygon"
    for name, person in cast.everyone().items():
        assert set(found(as_machine(person), CELLS)) == {feature["id"]}, name


def test_a_cell_of_two_producers_is_not_told_however_it_is_asked_for(three, client):
    register, (mas, _) = three
    (told,) = found(client, CELLS).values()
    maker = everybody(register.zhang.organisation, mas.producer.organisation)
    retire_site(site=mas, actor=maker, now=NOW)
    assert found(client, CELLS)
    assert count_site_cells(today=TODAY) == 0
    west, south, east, north = CELLS_EXTENT
    for query in (
        {},
        {"bbox": f"{west},{south},{east},{north}"},
        {"bbox": "112.05,37.45,112.0501,37.4501"},
        {"indication": register.indication.slug},
        {"cell": told["properties"]["cell"]},
        {"site_count": "3"},
    ):
        assert found(client, CELLS, **query) == {}, query
    assert client.get(f"{CELLS}/{told['id']}").status_code == 404


def test_sites_that_wait_for_a_person_or_make_another_name_are_not_counted_in(three, client):
    register, (mas, _) = three
    Site.objects.filter(pk=mas.pk).update(state="retired")
    other = an_indication("清徐葡萄")
    Site.objects.bulk_create(
        Site(
            producer=mas.producer,
            indication=indication,
            kind="workshop",
            name="门市",
            geom=register.works.geom,
            division=mas.division,
            state=state,
            created_at=NOW,
            updated_at=NOW,
        )
        for indication, state in ((other, "active"), (register.indication, "flagged"))
    )
    assert count_site_cells(today=TODAY) == 0


def test_a_count_replaces_the_one_before_it(three, capsys):
    assert count_site_cells(today=date(2026, 11, 24)) == 1
    assert SiteCell.objects.get().counted_on == date(2026, 11, 24)
    call_command("count_site_cells")
    assert "cells of sites: 1" in capsys.readouterr().out


def test_the_database_itself_keeps_no_cell_of_few(three):
    with pytest.raises(IntegrityError), transaction.atomic():
        SiteCell.objects.update(site_count=FEWEST_PRODUCERS - 1)


def test_every_hexagon_lies_within_the_extent_that_the_layer_names(three, client):
    west, south, east, north = CELLS_EXTENT
    assert found(client, CELLS)
    assert not found(client, CELLS, bbox=f"{east},{south},{west},{north}")
