"""/regions/ and /regions/{code}/: places for everybody, whole without JavaScript, codes of any age."""

import pytest

from regions.models import Division
from tests.build_regions import a_change, the_divisions

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    the_divisions()
    a_change()
    return client


def page(client, path, **query):
    answer = client.get(path, query, headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def test_all_places_are_listed_under_their_cities(reader):
    text = page(reader, "/regions/")
    assert 'href="/regions/140100/"' in text
    assert text.index("太原市") < text.index("清徐县") < text.index("晋中市") < text.index("祁县")


def test_a_county_shows_its_code_area_outline_and_neighbours(reader):
    text = page(reader, "/regions/140121/")
    assert "清徐县" in text
    assert "1079 km²" in text
    assert text.count("Z") >= 1
    assert 'href="/regions/140727/"' in text
    assert 'href="/products/?division=140121"' in text
    assert "梗阳县" in text


def test_a_city_shows_what_lies_inside_it(reader):
    text = page(reader, "/regions/140100/")
    assert 'href="/regions/140121/"' in text
    assert 'href="/regions/140110/"' in text


def test_a_former_code_leads_to_its_successor(reader):
    text = page(reader, "/regions/140199/")
    assert "这个代码已停用" in text
    assert 'href="/regions/140121/"' in text


def test_the_page_reads_in_english(reader):
    text = page(reader, "/regions/140121/", lang="en")
    assert "Qingxu County" in text
    assert "Division code" in text


def test_a_place_that_never_was_is_a_plain_404(reader):
    assert reader.get("/regions/999999/", headers={"Accept": "text/html"}).status_code == 404


def test_a_hostile_name_is_text_and_nothing_else(reader):
    Division.objects.filter(code="140121").update(name_zh="<script>x</script>")
    for path in ("/regions/", "/regions/140121/"):
        assert "<script>x" not in page(reader, path)


@pytest.mark.parametrize(("path", "queries"), [("/regions/", 1), ("/regions/140121/", 4)])
def test_a_page_costs_a_fixed_number_of_queries(reader, django_assert_max_num_queries, path, queries):
    with django_assert_max_num_queries(queries):
        page(reader, path)
