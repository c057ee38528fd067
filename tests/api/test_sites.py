"""/api/v1/products/sites/: never public, measured and placed by the machine, judged by people where it cannot."""

import pytest

from products.models import Site
from regions.rules.gcj02 import gcj02_of
from tests.api.asking import codes, send, statuses, those
from tests.build_products import QI_FIELD, a_site
from tests.build_regions import a_ring, a_square

pytestmark = pytest.mark.django_db
SITES = "/api/v1/products/sites/"


def a_request(register, **change):
    facts = {"producer": register.feng.number, "indication": register.indication.slug, "kind": "field", "name": "北坡"}
    return facts | {"geometry": a_square(*QI_FIELD)} | change


def test_a_producer_registers_its_own_site(cast, register, as_machine):
    answer = send(as_machine(cast.feng), "post", SITES, a_request(register))
    assert answer.status_code == 201, answer.content
    data = answer.json()
    assert (data["state"], data["placement"], data["division"]["code"]) == ("active", "inside", "140727")
    assert data["area_m2"] > 9000


def test_a_site_drawn_on_a_shifted_map_is_converted_and_its_history_tells_from_what(cast, register, as_machine):
    ring = [list(gcj02_of(*corner)) for corner in a_square(*QI_FIELD)["coordinates"][0]]
    drawn = {"type": "Polygon", "coordinates": [ring]}
    client = as_machine(cast.feng)
    site = send(client, "post", SITES, a_request(register, geometry=drawn, crs="gcj02", reason="手机定位")).json()
    for corner, meant in zip(site["geometry"]["coordinates"][0], a_square(*QI_FIELD)["coordinates"][0], strict=True):
        assert corner == pytest.approx(meant, abs=1e-7)
    assert client.get(f"{SITES}{site['number']}/history/").json()[0]["why"] == "手机定位 [gcj02]"
    assert codes(send(client, "post", SITES, a_request(register, crs="wgs72"))) == [("/crs", "invalid_choice")]


def test_a_site_of_another_is_as_good_as_absent(cast, register, as_machine):
    said = statuses(cast, as_machine, lambda client: client.get(f"{SITES}{register.field.number}/"))
    assert those(said, 200) == {"lin", "wang", "li", "sun", "chen", "zhang"}
    assert those(said, 404) == {"feng", "ma", "gao", "zhao", "hu"}
    assert those(said, 401) == {"nobody"}
    foreign = a_request(register, producer=register.zhang.number)
    assert codes(send(as_machine(cast.feng), "post", SITES, foreign)) == [("/producer", "unknown")]


OPEN = {"type": "Polygon", "coordinates": [a_ring(112.5, 37.5, 112.501, 37.501)[:-1]]}
BOWTIE = [[112.5, 37.5], [112.501, 37.501], [112.501, 37.5], [112.5, 37.501], [112.5, 37.5]]


@pytest.mark.parametrize(
    ("geometry", "fault"),
    [
        (OPEN, "ring_open"),
        ({"type": "Polygon", "coordinates": [BOWTIE]}, "self_crossing"),
        ({"type": "Polygon", "coordinates": []}, "geometry_empty"),
        ({"type": "Polygon", "coordinates": [[[112.5, "x"]]]}, "position_shape"),
        (
            {"type": "Polygon", "coordinates": [[[y, x] for x, y in a_ring(112.5, 37.5, 112.501, 37.501)]]},
            "axes_swapped",
        ),
        ({"type": "Polygon", "coordinates": [a_ring(212.5, 37.5, 212.501, 37.501)]}, "out_of_range"),
        (a_square(*QI_FIELD) | {"crs": {"type": "name", "properties": {"name": "EPSG:3857"}}}, "foreign_crs"),
        ({"type": "GeometryCollection", "geometries": []}, "geometry_type"),
        (None, "null"),
        ([1, 2], "geometry_not_object"),
        (a_square(112.41, 37.41, 112.79, 37.69), "site_too_large"),
        (a_square(112.5, 37.5, 112.50001, 37.50001), "site_too_small"),
        ({"type": "Point", "coordinates": [112.5, 37.5]}, "site_needs_polygon"),
    ],
)
def test_a_geometry_that_cannot_be_is_refused_by_name(cast, register, as_machine, geometry, fault):
    answer = send(as_machine(cast.feng), "post", SITES, a_request(register, geometry=geometry))
    assert answer.status_code == 400
    assert fault in [code for _, code in codes(answer)]
    assert Site.objects.count() == 2


def test_an_area_cannot_be_sent(cast, register, as_machine):
    answer = send(as_machine(cast.feng), "post", SITES, a_request(register, area_m2=1))
    assert codes(answer) == [("/area_m2", "unknown_field")]


def test_not_a_number_is_not_json(cast, as_machine, register):
    body = '{"geometry": {"type": "Point", "coordinates": [NaN, 1]}}'
    answer = as_machine(cast.feng).post(SITES, body, content_type="application/json")
    assert answer.status_code == 400


def test_a_site_outside_and_one_that_overlaps_are_refused(cast, register, as_machine):
    outside = a_square(112.22, 37.54, 112.221, 37.541)
    answer = send(as_machine(cast.feng), "post", SITES, a_request(register, geometry=outside))
    assert (answer.status_code, codes(answer)) == (409, [("/geometry", "site_outside")])
    same = a_request(register, geometry=a_square(112.05, 37.45, 112.051, 37.451))
    answer = send(as_machine(cast.feng), "post", SITES, same)
    assert codes(answer) == [("/geometry", "site_overlap")]
    assert register.field.number not in answer.content.decode()


def test_the_county_reviews_a_flagged_site(cast, register, as_machine):
    site = a_site(register.zhang, register.indication, box=(112.1, 37.4001, 112.101, 37.401))
    url = f"{SITES}{site.number}/review/"
    body = {"is_accepted": True, "note": "已核"}
    said = statuses(cast, as_machine, lambda client: send(client, "post", url, {"is_accepted": True}))
    assert those(said, 400) == {"lin", "wang", "li"}  # the note is missing
    assert those(said, 403) == {"sun", "zhang"}  # it is in an application of nobody yet, so Chen does not see it
    assert send(as_machine(cast.li), "post", url, body).json()["state"] == "active"
    assert codes(send(as_machine(cast.li), "post", url, body)) == [("", "site_move")]


def test_a_producer_retires_its_site_and_reads_its_history(cast, register, as_machine):
    url = f"{SITES}{register.field.number}/"
    assert send(as_machine(cast.chen), "post", f"{url}retire/", {}).status_code == 403
    answer = send(as_machine(cast.zhang), "post", f"{url}retire/", {"reason": "退租"})
    assert answer.json()["state"] == "retired"
    events = as_machine(cast.zhang).get(f"{url}history/").json()
    assert (events[0]["why"], events[0]["who"]) == ("退租", "张师傅")
    assert as_machine(cast.chen).get(f"{url}history/").status_code == 403


def test_lists_of_sites_take_a_fixed_number_of_queries(cast, register, as_machine, django_assert_max_num_queries):
    client = as_machine(cast.lin)
    for shift in range(4):
        a_site(register.feng, register.indication, box=(112.5 + shift / 100, 37.5, 112.501 + shift / 100, 37.501))
    client.get(SITES)
    with django_assert_max_num_queries(6):
        assert len(client.get(SITES, {"indication": register.indication.slug}).json()["results"]) == 6
