"""Search on the real table: everything people type for the vinegar finds it, and first what fits best."""

import pytest

from products.models import Indication
from products.queries import codes_touching, search
from products.rules.words import TitleKind
from tests.build_products import a_title, an_indication
from tests.build_regions import the_divisions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def names(db):
    the_divisions()
    vinegar = an_indication("山西老陈醋", name_en="Shanxi extra aged vinegar")
    a_title(vinegar, kind=TitleKind.CERTIFICATION_MARK, number="6173333")
    an_indication("清徐陈醋", name_en="Qingxu vinegar")
    an_indication("清徐葡萄", name_en="Qingxu grape", category="果品")
    an_indication("隰县梨", name_en="Xixian pear", category="果品")
    an_indication("隰县玉露香梨", name_en="Xixian Yuluxiang pear", category="果品")
    an_indication("长子大青椒", name_en="Zhangzi green pepper", category="蔬菜", division_codes=["140700"])
    an_indication("大同小明绿豆", name_en="Datong Xiaoming mung bean", category="粮食")


def found(text: str) -> list[str]:
    return [row.name_zh for row in search(text)]


@pytest.mark.parametrize(
    "typed",
    [
        "山西老陈醋",
        "老陈醋",
        "laochencu",
        "Lao Chen Cu",
        "shanxilaochencu",
        "lcc",
        "sxlcc",
        "extra aged",
        "ｖｉｎｅｇａｒ",
        "老陈酢",
        "6173333",
        "laochencv",
        "vineger",
    ],
)
def test_whatever_is_typed_for_the_vinegar_finds_it(typed):
    assert "山西老陈醋" in found(typed)


def test_one_character_finds_both_vinegars():
    assert found("醋") == ["清徐陈醋", "山西老陈醋"]


def test_the_exact_name_comes_before_names_that_contain_it():
    assert found("隰县梨")[0] == "隰县梨"
    assert found("梨") == ["隰县梨", "隰县玉露香梨"]


def test_the_beginning_of_a_name_comes_before_its_middle():
    assert found("qingxu")[:2] == ["清徐陈醋", "清徐葡萄"]
    assert found("chencu") == ["清徐陈醋", "山西老陈醋"]


def test_initials_keep_the_readings_of_places():
    assert found("zzdqj") == ["长子大青椒"]
    assert found("zhangzi") == ["长子大青椒"]


def test_the_umlaut_is_found_however_it_is_typed():
    assert found("lvdou") == found("ludou") == found("lüdou") == ["大同小明绿豆"]


def test_a_category_finds_what_is_in_it():
    assert set(found("果品")) == {"清徐葡萄", "隰县梨", "隰县玉露香梨"}


@pytest.mark.parametrize("typed", ["", "   ", "。，！", "%", "_", "'; DROP TABLE", "汾酒", "x" * 500, "\u202e"])
def test_nonsense_finds_nothing_and_breaks_nothing(typed):
    assert found(typed) == []


def test_answers_are_bounded():
    assert len(search("醋", limit=1)) == 1


def test_a_county_is_touched_by_areas_written_as_its_city_or_province():
    touching = Indication.objects.in_divisions(codes_touching("140727"))
    assert [row.name_zh for row in touching] == ["长子大青椒"]
    assert Indication.objects.in_divisions(codes_touching("140000")).count() == 7


def test_a_search_takes_one_query_when_something_fits(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert search("老陈醋")
