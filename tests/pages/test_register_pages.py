"""The public pages of the register, in both languages and without a script."""

import pytest

from regions.models import Region
from tests.build_products import a_producer, a_season
from tests.build_regions import a_change

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["醋", "qxcc", "vinegar", "陈醋"])
def test_the_register_is_searched_on_the_page(register, client, typed):
    page = client.get("/products/", {"q": typed}).content.decode()
    assert f"/products/{register.indication.slug}/" in page


@pytest.mark.parametrize("typed", ["太谷县", "140726", "taigu"])
def test_a_former_name_or_code_leads_to_the_place_of_today(register, client, typed):
    a_change(old_code="140726", old_name_zh="太谷县", old_name_en="Taigu County", new_code="140121")
    page = client.get("/products/", {"q": typed}).content.decode()
    assert 'href="/regions/140121/"' in page


def test_a_county_that_narrows_the_list_is_the_one_shown_as_chosen(register, client):
    page = client.get("/products/", {"division": "140121"}).content.decode()
    assert '<option value="140121" selected>清徐县</option>' in page


def test_the_printed_box_is_shown_as_printed_with_what_became_of_it(register, client):
    Region.objects.filter(pk=register.title.region_id).update(declared_west="112°18′", declared_check="wrong")
    page = client.get(f"/products/{register.indication.slug}/").content.decode()
    for said in ("112°18′", "有误", "照录，不用作边界"):
        assert said in page


def test_the_register_is_narrowed_and_says_when_it_is_empty(register, client):
    assert register.indication.slug in client.get("/products/", {"division": "140100"}).content.decode()
    assert "Nothing found" in client.get("/products/", {"category": "none", "lang": "en"}).content.decode()


@pytest.mark.parametrize(
    "query", [{"q": "x" * 500}, {"division": "'"}, {"page": "-1"}, {"page": "9999"}, {"q": "\x00"}]
)
def test_odd_queries_are_answered_plainly(register, client, query):
    assert client.get("/products/", query).status_code == 200


def test_the_page_of_a_name_tells_all_there_is(register, client, django_assert_max_num_queries):
    a_season(register.indication)
    url = f"/products/{register.indication.slug}/"
    client.get(url)
    with django_assert_max_num_queries(16):
        chinese = client.get(url).content.decode()
    for said in (
        "清徐陈醋",
        "2004年第104号公告",
        "清徐县陈醋协会",
        "不低于 12 个月",
        "清徐张记醋厂",
        "2026 年产季",
        "data-map",
        "<path",
    ):
        assert said in chinese
    english = client.get(url, {"lang": "en"}).content.decode()
    for said in ("Qingxu vinegar", "Recognised", "at least 12 months", "Zhang Vinegar Works", "Support by sources"):
        assert said in english
    assert register.field.number not in chinese


def test_a_producer_has_a_page_and_a_household_has_none(cast, register, client):
    page = client.get(f"/products/producers/{register.zhang.number}/", {"lang": "en"}).content.decode()
    for said in ("Zhang Vinegar Works", cast.zhang.organisation.uscc, "Active"):
        assert said in page
    ma = a_producer(cast.ma.organisation)
    assert client.get(f"/products/producers/{ma.number}/").status_code == 404


def test_what_is_not_there_is_not_found(client):
    assert client.get("/products/nothing/").status_code == 404
    assert client.get("/products/producers/0000000000/").status_code == 404


def test_a_hostile_name_is_shown_as_text(register, client):
    type(register.holder).objects.update(name_zh="<script>alert(1)</script>")
    page = client.get(f"/products/{register.indication.slug}/").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page
