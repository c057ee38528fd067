"""/api/v1/products/producers/, /sites/ and /authorisations/: one's own, in one's care, or public; nothing else."""

import pytest

from gi_registry.accounts.rules import KeyScope
from products.models import Authorisation, Producer, Site
from tests.api.test_indications import codes, send
from tests.build_products import QI_FIELD, a_producer, a_site, an_authorisation, the_register
from tests.build_regions import a_ring, a_square

pytestmark = pytest.mark.django_db
PRODUCERS, SITES = "/api/v1/products/producers/", "/api/v1/products/sites/"
GRANTS = "/api/v1/products/authorisations/"


@pytest.fixture
def register(cast):
    return the_register(cast)


def statuses(cast, as_machine, call) -> dict[str, int]:
    people = {"nobody": None, **cast.everyone()}
    return {name: call(as_machine(person)).status_code for name, person in people.items()}


def those(said: dict[str, int], status: int) -> set[str]:
    return {name for name, value in said.items() if value == status}


# --- producers ---


def test_a_public_producer_is_known_to_all_with_its_grants(register, as_machine):
    data = as_machine(None).get(f"{PRODUCERS}{register.zhang.number}/").json()
    assert (data["name_zh"], data["division"]["code"]) == ("清徐张记醋厂", "140121")
    assert data["authorisations"][0]["stands"] is True
    assert data["public_point"]["coordinates"] == [112.06, 37.46]


def test_a_household_is_shown_to_its_own_its_sponsor_and_the_authorities(cast, register, as_machine):
    ma = a_producer(cast.ma.organisation)
    said = statuses(cast, as_machine, lambda client: client.get(f"{PRODUCERS}{ma.number}/"))
    assert those(said, 200) == {"ma", "zhang", "lin", "wang", "li", "sun"}
    assert those(said, 404) == {"nobody", "feng", "chen", "gao", "zhao", "hu"}
    assert "马家" not in as_machine(None).get(PRODUCERS).content.decode()


def test_producers_are_filtered_by_place_and_name(register, as_machine):
    client = as_machine(None)
    assert [p["number"] for p in client.get(PRODUCERS, {"division": "140700"}).json()["results"]] == [
        register.feng.number
    ]
    slug = register.indication.slug
    assert [p["number"] for p in client.get(PRODUCERS, {"indication": slug}).json()["results"]] == [
        register.zhang.number
    ]


def test_a_producer_changes_what_it_shows_and_a_rival_does_not(cast, register, as_machine):
    url = f"{PRODUCERS}{register.zhang.number}/"
    change = {"intro_zh": "百年老厂", "public_point": {"type": "Point", "coordinates": [112.07, 37.46]}}
    assert send(as_machine(cast.feng), "patch", url, change, If_Match="*").status_code == 403
    assert send(as_machine(cast.sun), "patch", url, change, If_Match="*").status_code == 403
    assert send(as_machine(None), "patch", url, change, If_Match="*").status_code == 401
    answer = send(as_machine(cast.zhang), "patch", url, change, If_Match='"v1"')
    assert (answer.status_code, answer["ETag"], answer.json()["intro_zh"]) == (200, '"v2"', "百年老厂")


@pytest.mark.parametrize(
    ("point", "fault"),
    [
        ({"type": "Point", "coordinates": [37.46, 112.07]}, "axes_swapped"),
        ({"type": "Point", "coordinates": [112.55, 37.55]}, "point_elsewhere"),
        ({"type": "Polygon", "coordinates": []}, "geometry_type"),
        ("POINT(1 2)", "geometry_not_object"),
    ],
)
def test_a_point_that_cannot_be_is_refused(cast, register, as_machine, point, fault):
    url = f"{PRODUCERS}{register.zhang.number}/"
    answer = send(as_machine(cast.zhang), "patch", url, {"public_point": point}, If_Match="*")
    assert answer.status_code == 400
    assert codes(answer)[0][1] == fault


def test_a_county_registers_producers_on_its_own_ground(cast, register, as_machine):
    data = {"organisation": cast.ma.organisation.number, "division": "140121"}
    assert send(as_machine(cast.zhang), "post", PRODUCERS, data).status_code == 403
    unseen = send(as_machine(cast.zhao), "post", PRODUCERS, data)
    assert codes(unseen) == [("/organisation", "unknown")]
    answer = send(as_machine(cast.li), "post", PRODUCERS, data)
    assert answer.status_code == 201
    again = send(as_machine(cast.li), "post", PRODUCERS, data)
    assert codes(again) == [("/organisation", "producer_taken")]
    assert Producer.objects.count() == 3


# --- sites ---


def a_request(register, **change):
    facts = {"producer": register.feng.number, "indication": register.indication.slug, "kind": "field", "name": "北坡"}
    return facts | {"geometry": a_square(*QI_FIELD)} | change


def test_a_producer_registers_its_own_site(cast, register, as_machine):
    answer = send(as_machine(cast.feng), "post", SITES, a_request(register))
    assert answer.status_code == 201, answer.content
    data = answer.json()
    assert (data["state"], data["placement"], data["division"]["code"]) == ("active", "inside", "140727")
    assert data["area_m2"] > 9000


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
    events = as_machine(cast.zhang).get(f"{url}history/").json()["events"]
    assert (events[0]["why"], events[0]["who"]) == ("退租", "张师傅")
    assert as_machine(cast.chen).get(f"{url}history/").status_code == 403


def test_lists_of_sites_take_a_fixed_number_of_queries(cast, register, as_machine, django_assert_max_num_queries):
    client = as_machine(cast.lin)
    for shift in range(4):
        a_site(register.feng, register.indication, box=(112.5 + shift / 100, 37.5, 112.501 + shift / 100, 37.501))
    client.get(SITES)
    with django_assert_max_num_queries(6):
        assert len(client.get(SITES, {"indication": register.indication.slug}).json()["results"]) == 6


# --- authorisations ---


def test_a_producer_applies_and_the_province_grants(cast, register, as_machine):
    site = a_site(register.feng, register.indication, box=QI_FIELD)
    data = {"producer": register.feng.number, "title": register.title.number, "sites": [site.number]}
    answer = send(as_machine(cast.feng), "post", GRANTS, data)
    assert answer.status_code == 201, answer.content
    move = f"{answer['Location']}move/"
    assert send(as_machine(cast.feng), "post", move, {"to": "submitted"}).json()["state"] == "submitted"
    assert send(as_machine(cast.zhao), "post", move, {"to": "origin_checked", "reason": "实地"}).status_code == 200
    assert send(as_machine(cast.lin), "post", move, {"to": "prov_ok"}).status_code == 200
    bare = send(as_machine(cast.lin), "post", move, {"to": "active"})
    assert codes(bare) == [
        ("/approval_reference", "missing_approval_reference"),
        ("/valid_from", "missing_valid_from"),
    ]
    grant = {"to": "active", "approval_reference": "1号", "valid_from": "2026-01-01"}
    assert send(as_machine(cast.feng), "post", move, grant).status_code == 403
    done = send(as_machine(cast.lin), "post", move, grant)
    assert (done.json()["state"], done.json()["stands"]) == ("active", True)


def test_an_authorisation_is_seen_by_its_own_its_holder_and_the_authorities(cast, register, as_machine):
    said = statuses(cast, as_machine, lambda client: client.get(f"{GRANTS}{register.authorisation.number}/"))
    assert those(said, 200) == {"lin", "wang", "li", "sun", "chen", "zhang"}
    assert those(said, 404) == {"feng", "ma", "gao", "zhao", "hu"}
    history = statuses(cast, as_machine, lambda client: client.get(f"{GRANTS}{register.authorisation.number}/history/"))
    assert those(history, 200) == {"lin", "wang", "li", "sun", "chen", "zhang"}


def test_the_holder_suspends_and_a_read_only_key_does_not(cast, register, as_machine):
    url = f"{GRANTS}{register.authorisation.number}/move/"
    body = {"to": "suspended", "reason": "抽检不合格"}
    reader = {"Authorization": f"Api-Key {cast.chen.key(KeyScope.READ)}", "Accept": "application/json"}
    client = as_machine(None)
    answer = client.post(url, body, content_type="application/json", headers=reader)
    assert (answer.status_code, codes(answer)) == (403, [("", "read_only_key")])
    assert send(as_machine(cast.chen), "post", url, body).json()["state"] == "suspended"
    again = send(as_machine(cast.chen), "post", url, body)
    assert (again.status_code, codes(again)) == (409, [("/to", "authorisation_move")])


def test_a_foreign_site_is_named_at_its_place(cast, register, as_machine):
    site = a_site(register.feng, register.indication, box=QI_FIELD)
    data = {
        "producer": register.feng.number,
        "title": register.title.number,
        "sites": [site.number, register.field.number],
    }
    answer = send(as_machine(cast.feng), "post", GRANTS, data)
    assert codes(answer) == [("/sites/1", "unknown")]
    assert Authorisation.objects.count() == 1


def test_sites_of_a_draft_are_replaced_with_what_was_read(cast, register, as_machine):
    site = a_site(register.feng, register.indication, box=QI_FIELD)
    works = a_site(register.feng, register.indication, point=(112.56, 37.56))
    draft = an_authorisation(register.feng, register.title, [site], state="draft")
    url = f"{GRANTS}{draft.number}/"
    assert send(as_machine(cast.feng), "patch", url, {"sites": [works.number]}).status_code == 428
    answer = send(as_machine(cast.feng), "patch", url, {"sites": [works.number]}, If_Match='"v1"')
    assert answer.json()["sites"] == [works.number]
    assert as_machine(cast.chen).get(url).status_code == 404  # a draft is nobody's business yet


def test_lists_of_authorisations_take_a_fixed_number_of_queries(
    cast, register, as_machine, django_assert_max_num_queries
):
    client = as_machine(cast.lin)
    client.get(GRANTS)
    with django_assert_max_num_queries(6):
        assert len(client.get(GRANTS, {"state": "active"}).json()["results"]) == 1
