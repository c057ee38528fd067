"""/api/v1/products/producers/: one's own, in one's care, or public; nothing else."""

import pytest

from products.models import Producer
from tests.api.asking import codes, send, statuses, those
from tests.build_products import a_producer

pytestmark = pytest.mark.django_db
PRODUCERS = "/api/v1/products/producers/"


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
