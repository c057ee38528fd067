"""Sites on real PostGIS: placement, area, overlap, and two rivals at once."""

import threading

import pytest
from django.db import DatabaseError, connection, connections, transaction
from shapely.geometry import Point

from gi_registry.lib.problems import Forbidden, Invalid, Refused
from products import actions
from products.models import Site
from products.rules.words import SiteKind
from regions.geometry import read_geometry, to_geos
from tests.build_products import (
    QI_FIELD,
    QINGXU_FIELD,
    QINGXU_FIELD_BESIDE,
    a_producer,
    a_site,
    a_title,
    an_indication,
    the_register,
)
from tests.build_regions import a_boundary, a_region, a_square, the_divisions
from tests.cast import NOW, assemble

pytestmark = pytest.mark.django_db
# Overlaps QINGXU_FIELD by its right half.
HALF = (112.0505, 37.45, 112.0515, 37.451)


def refusal_of(call) -> tuple[str, str]:
    with pytest.raises((Refused, Invalid)) as no:
        call()
    return no.value.errors[0].code, no.value.errors[0].text.en


def test_the_area_is_computed_on_the_ellipsoid_and_cannot_be_written(register):
    assert register.field.area_m2 == pytest.approx(88.4 * 111.0, rel=0.01)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE products_site SET area_m2 = 1")


def test_a_site_inside_is_active_and_knows_its_county(register):
    site = a_site(register.feng, register.indication, box=QI_FIELD)
    assert (site.state, site.placement, site.division.code) == ("active", "inside", "140727")


def test_a_site_near_the_line_is_flagged_for_a_person_who_may_accept_it(cast, register):
    site = a_site(register.zhang, register.indication, box=(112.1, 37.4001, 112.101, 37.401))
    assert (site.state, site.placement) == ("flagged", "near_boundary")
    with pytest.raises(Forbidden):
        actions.review_site(site=site, is_accepted=True, note="已实地核验", actor=cast.zhang.actor, now=NOW)
    with pytest.raises(Forbidden):
        actions.review_site(site=site, is_accepted=True, note="已实地核验", actor=cast.zhao.actor, now=NOW)
    site = actions.review_site(site=site, is_accepted=True, note="已实地核验", actor=cast.li.actor, now=NOW)
    assert (site.state, site.reviewed_note) == ("active", "已实地核验")
    with pytest.raises(Refused):
        actions.review_site(site=site, is_accepted=False, note="再看", actor=cast.li.actor, now=NOW)


def test_a_site_far_outside_is_refused_with_its_distance(register):
    code, text = refusal_of(lambda: a_site(register.zhang, register.indication, box=(112.22, 37.54, 112.221, 37.541)))
    assert code == "site_outside"
    assert "m from its boundary" in text


def test_a_site_outside_every_division_is_refused(register):
    code, _ = refusal_of(lambda: a_site(register.zhang, register.indication, box=(116.0, 39.9, 116.001, 39.901)))
    assert code == "outside_divisions"


def test_without_a_boundary_a_person_decides(cast):
    the_divisions()
    indication = an_indication()
    a_title(indication)
    site = a_site(a_producer(cast.zhang.organisation), indication)
    assert (site.state, site.placement) == ("proposed", "")


def test_without_a_standing_title_there_is_nothing_to_lie_in(cast):
    the_divisions()
    indication = an_indication()
    code, _ = refusal_of(lambda: a_site(a_producer(cast.zhang.organisation), indication))
    assert code == "no_standing_title"


def test_a_site_in_the_region_of_one_title_is_enough(cast, register):
    wider = a_region(slug="qi-only", division_codes=["140727"], source_text="祁县")
    a_boundary(wider, division_codes=["140727"])
    a_title(register.indication, number="第二号公告", region=wider)
    assert a_site(register.feng, register.indication, box=QI_FIELD).state == "active"


def test_an_absurd_area_is_refused_by_kind(register):
    county = (112.01, 37.41, 112.19, 37.49)
    code, _ = refusal_of(lambda: a_site(register.zhang, register.indication, box=county))
    assert code == "site_too_large"


def test_a_field_is_not_a_point(register):
    call = lambda: a_site(register.zhang, register.indication, point=(112.1, 37.45), kind=SiteKind.FIELD)  # noqa: E731
    assert refusal_of(call)[0] == "site_needs_polygon"


def test_land_of_one_indication_is_registered_once(cast, register):
    code, text = refusal_of(lambda: a_site(register.feng, register.indication, box=HALF))
    assert code == "site_overlap"
    assert register.field.number in text  # the system may see it
    half = read_geometry(a_square(*HALF))
    with pytest.raises(Refused) as no:
        actions.register_site(
            producer=register.feng,
            indication=register.indication,
            kind=SiteKind.FIELD,
            name="西地",
            geometry=half,
            actor=cast.feng.actor,
            now=NOW,
        )
    assert register.field.number not in no.value.errors[0].text.en


def test_neighbours_may_touch_and_other_names_may_share_the_ground(register):
    west, south, east, north = QINGXU_FIELD
    touching = (east, south, east + 0.001, north)
    assert a_site(register.feng, register.indication, box=touching).state == "active"
    grapes = an_indication("清徐葡萄", name_en="Qingxu grape")
    a_title(grapes, number="AGI01055公告", region=register.region)
    assert a_site(register.feng, grapes, box=(west, south, east, north)).state == "active"


def test_a_retired_site_frees_its_ground(cast, register):
    actions.retire_site(site=register.field, actor=cast.zhang.actor, now=NOW, reason="退租")
    assert a_site(register.feng, register.indication, box=HALF).state == "active"


def test_the_wall_refuses_an_overlap_that_the_action_never_saw(register):
    geometry = to_geos(read_geometry(a_square(*HALF)))
    with pytest.raises(DatabaseError, match="overlaps"), transaction.atomic():
        Site.objects.create(
            producer=register.feng,
            indication=register.indication,
            kind="field",
            name="x",
            geom=geometry,
            division=register.field.division,
            placement="inside",
            state="active",
            created_at=NOW,
            updated_at=NOW,
        )


def test_an_outline_is_never_redrawn(register):
    rows = Site.objects.filter(pk=register.field.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(geom=to_geos(read_geometry(a_square(*QINGXU_FIELD_BESIDE))))
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()


def test_a_rival_registers_nothing_for_another(cast, register):
    with pytest.raises(Forbidden):
        actions.register_site(
            producer=register.zhang,
            indication=register.indication,
            kind=SiteKind.WORKSHOP,
            name="x",
            geometry=Point(112.1, 37.45),
            actor=cast.feng.actor,
            now=NOW,
        )


@pytest.mark.django_db(transaction=True)
def test_of_two_rivals_at_once_only_one_gets_the_ground():
    register = the_register(assemble())
    boxes = [(112.15 + shift, 37.45, 112.151 + shift, 37.451) for shift in (0.0, 0.0002, 0.0004, 0.0006)]
    outcomes, gate = [], threading.Barrier(len(boxes))

    def claim(box):
        try:
            gate.wait(timeout=20)
            a_site(register.zhang, register.indication, box=box)
            outcomes.append("registered")
        except Refused as no:
            outcomes.append(no.errors[0].code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=claim, args=(box,)) for box in boxes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["registered", "site_overlap", "site_overlap", "site_overlap"]
    connection.ensure_connection()
    assert Site.objects.filter(geom__intersects=to_geos(read_geometry(a_square(*boxes[1])))).count() == 1
