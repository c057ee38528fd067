"""Features in an order that was asked for: page by page none is lost or met twice, and nothing hidden is told by the order."""

import pytest

from gi_registry.maps import CATALOGUE
from regions.models import Division
from tests.build_regions import BOXES, the_divisions

pytestmark = pytest.mark.django_db
ITEMS = "/ogc/collections/divisions/items"


@pytest.fixture(autouse=True)
def divisions(db):
    return the_divisions()


def walk(client, query, limit):
    met, address = [], f"{ITEMS}?limit={limit}&{query}"
    while address:
        document = client.get(address).json()
        assert len(document["features"]) <= limit
        met += [feature["id"] for feature in document["features"]]
        address = next((link["href"] for link in document["links"] if link["rel"] == "next"), None)
    return met


def in_python(*orders):
    """The ids in the order of (name, is_down), missing values last, ties by id."""
    rows = sorted(Division.objects.values("code", "name_zh", "level", "parent__code"), key=lambda row: row["code"])
    for name, is_down in reversed(orders):
        known = sorted((row for row in rows if row[name] is not None), key=lambda row: row[name], reverse=is_down)
        if is_down:  # a stable sort the other way round turns ties round too
            known = sorted(known, key=lambda row: [-ord(letter) for letter in row[name]])
        rows = known + [row for row in rows if row[name] is None]
    return [row["code"] for row in rows]


@pytest.mark.parametrize("limit", [1, 2, 5, 100])
@pytest.mark.parametrize(
    ("sortby", "orders"),
    [
        ("name_zh", [("name_zh", False)]),
        ("-name_zh", [("name_zh", True)]),
        ("%2Blevel,-name_zh", [("level", False), ("name_zh", True)]),
        ("+level", [("level", False)]),
        ("parent_code", [("parent__code", False)]),
        ("-parent_code,level", [("parent__code", True), ("level", False)]),
        ("level,-parent_code", [("level", False), ("parent__code", True)]),
    ],
)
def test_every_feature_is_met_once_in_the_order_asked_for_missing_values_last(client, sortby, orders, limit):
    assert walk(client, f"sortby={sortby}", limit) == in_python(*orders)


def test_an_order_goes_with_a_box_a_filter_and_an_offset(client):
    assert walk(client, "sortby=-code&level=county&bbox=112.0,37.4,112.4,37.7", 1) == ["140727", "140121", "140110"]
    document = client.get(f"{ITEMS}?sortby=-code&offset=1&limit=2").json()
    assert [feature["id"] for feature in document["features"]] == sorted(BOXES, reverse=True)[1:3]


@pytest.mark.parametrize(
    "sortby",
    [
        "",
        "area_m2",
        "geom",
        "id",
        "nothing",
        "-",
        "code,,level",
        "code,-code",
        "code,level,name_zh",
        "code;",
        "--code",
        "parent__geom",
    ],
)
def test_only_properties_that_may_be_asked_for_can_be_sorted_by(client, sortby):
    response = client.get(ITEMS, {"sortby": sortby})
    assert response.status_code == 400
    assert [(each["pointer"], each["code"]) for each in response.json()["errors"]] == [("/sortby", "sortby")]


def test_a_hidden_property_is_refused_in_the_words_of_one_that_does_not_exist(client):
    hidden, absent = (client.get(ITEMS, {"sortby": name}).json()["errors"] for name in ("area_m2", "nothing"))
    assert hidden == absent


def test_a_cursor_of_one_order_is_of_no_use_in_another(client):
    first = client.get(f"{ITEMS}?limit=1&sortby=name_zh").json()
    (following,) = (link["href"] for link in first["links"] if link["rel"] == "next")
    for other in ("sortby=-name_zh", "sortby=level", "limit=1"):
        response = client.get(following.replace("sortby=name_zh", other))
        assert response.json()["errors"][0]["code"] == "cursor"


def test_a_cursor_of_an_order_survives_being_decoded_once(client):
    first = client.get(f"{ITEMS}?limit=1&sortby=name_zh").json()
    (following,) = (link["href"] for link in first["links"] if link["rel"] == "next")
    assert not set(following.split("cursor=")[1].split("&")[0]) & set("%+= ")


def test_lists_have_no_order():
    assert not CATALOGUE.get("producers").by_name["indications"].is_sortable
