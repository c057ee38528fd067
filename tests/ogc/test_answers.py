"""Pages that are kept: the same bytes until something changes, and for nobody but those who see the same."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gi_registry.ogc.answers import FIRST, FURTHER
from products.models import Site

pytestmark = pytest.mark.django_db
SITES = "/ogc/collections/sites/items?limit=10"
REGIONS = "/ogc/collections/regions/items?limit=10"


@pytest.fixture
def asked(world):
    FIRST.clear()
    FURTHER.clear()

    def ask(who, path=SITES, **headers):
        with CaptureQueriesContext(
            connection,
        ) as statements:
            response = Client(headers=world.headers(who) | headers).get(path)
        assert response.status_code == 200, response.content
        return response, [statement["sql"] for statement in statements]

    return ask


def reads_rows(statements):
    return [sql for sql in statements if "products_site" in sql and "LIMIT" in sql]


def test_a_first_page_is_read_once_and_then_told_again(asked):
    first, statements = asked("lin")
    again, fewer = asked("lin")
    assert reads_rows(statements)
    assert not reads_rows(fewer)
    assert again.content == first.content
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Content-Crs"] == first.headers["Content-Crs"]


def test_it_is_read_anew_once_anything_has_changed(asked):
    before, _ = asked("lin")
    site = Site.objects.get(number=before.json()["features"][0]["id"])
    Site.objects.filter(pk=site.pk).update(name="改了名的地块")
    after, statements = asked("lin")
    assert reads_rows(statements)
    assert after.json()["features"][0]["properties"]["name"] == "改了名的地块"


def test_nobody_meets_what_was_kept_for_another(asked):
    told = {
        who: {feature["id"] for feature in asked(who)[0].json()["features"]} for who in ("lin", "zhang", "lin", "zhang")
    }
    assert told["lin"] > told["zhang"]


def test_languages_and_packing_are_kept_apart(asked):
    plain, _ = asked("lin", REGIONS)
    packed, _ = asked("lin", REGIONS, **{"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    english, _ = asked("lin", REGIONS, **{"Accept-Language": "en"})
    assert english.headers["ETag"] != plain.headers["ETag"]


@pytest.mark.parametrize("more", ["&cursor={cursor}", "&bbox=110,34,115,41", "&offset=1", "&kind=orchard"])
def test_another_page_is_told_again_too_and_puts_no_first_page_out(asked, more):
    first, _ = asked("lin", SITES.replace("10", "1"))
    following = next(link["href"] for link in first.json()["links"] if link["rel"] == "next")
    other = SITES.replace("10", "1") + more.format(cursor=following.partition("cursor=")[2].partition("&")[0])
    told, statements = asked("lin", other)
    again, fewer = asked("lin", other)
    assert reads_rows(statements)
    assert not reads_rows(fewer)
    assert again.content == told.content
    assert (len(FIRST), len(FURTHER)) == (1, 1)
    Site.objects.update(name="改了名的地块")
    assert reads_rows(asked("lin", other)[1])


def test_nobody_meets_another_page_that_was_kept_for_another(asked):
    box = SITES + "&bbox=100,30,120,45"
    told = {who: {feature["id"] for feature in asked(who, box)[0].json()["features"]} for who in ("lin", "zhang")}
    assert told["lin"] > told["zhang"]


def test_an_answer_that_is_too_heavy_is_not_kept(asked, monkeypatch):
    monkeypatch.setattr("gi_registry.ogc.answers.HEAVIEST_BYTES", 600)
    asked("lin")
    assert len(FIRST) == 0


def test_a_long_address_takes_no_more_of_the_memory_than_its_answer(asked):
    """A limit given again is no fault, so an address may be as long as the server takes; packed, it weighs little."""
    path = f"/ogc/collections/divisions/items?limit={'9' * 30_000}&limit=1"
    asked("lin", path, **{"Accept-Encoding": "gzip"})
    assert [len(repr(key)) < 200 for key in FIRST._kept] == [True]
