"""/api/v1/products/indications/: public to read, the registrar's to change."""

import pytest

from products.models import Indication
from tests.api.asking import codes, send
from tests.build_products import an_indication
from tests.build_regions import the_divisions

pytestmark = pytest.mark.django_db
URL = "/api/v1/products/indications/"
NEW = {
    "name_zh": "清徐葡萄",
    "name_en": "Qingxu grape",
    "category": "果品",
    "main_division_code": "140121",
    "division_codes": ["140121"],
    "confidence": "high",
    "sources": [{"label_zh": "公告", "url": "https://example.org/a"}],
    "reason": "补录",
}


def test_anybody_reads_the_list_page_by_page(as_machine):
    the_divisions()
    for name in ("甲", "乙", "丙"):
        an_indication(name)
    first = as_machine(None).get(URL, {"page_size": 2}).json()
    second = as_machine(None).get(first["next"]).json()
    assert [row["name_zh"] for row in first["results"] + second["results"]] == ["丙", "乙", "甲"]
    assert second["next"] is None


def test_a_list_of_any_length_takes_the_same_queries(as_machine, django_assert_num_queries):
    the_divisions()
    for number in range(12):
        an_indication(f"名称{number}")
    with django_assert_num_queries(1):
        as_machine(None).get(URL)


@pytest.mark.parametrize("typed", ["清徐陈醋", "醋", "qxcc", "qingxu", "vinegar"])
def test_it_is_searched_as_people_type(register, as_machine, typed):
    answer = as_machine(None).get(URL, {"search": typed}).json()
    assert [row["name_zh"] for row in answer["results"]] == ["清徐陈醋"]


def test_it_is_narrowed_by_division_and_category(register, as_machine):
    an_indication("祁县酥梨", category="果品", main_division_code="140727", division_codes=["140727"])
    client = as_machine(None)
    by_place = client.get(URL, {"division": "140727"}).json()["results"]
    assert {row["name_zh"] for row in by_place} == {"清徐陈醋", "祁县酥梨"}
    by_both = client.get(URL, {"division": "140727", "category": "果品"}).json()["results"]
    assert [row["name_zh"] for row in by_both] == ["祁县酥梨"]


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ({"division": "1401"}, ("/division", "invalid")),
        ({"serach": "x"}, ("/serach", "unknown_field")),
        ({"search": "x" * 101}, ("/search", "max_length")),
        ({"search": "\x00"}, ("/search", "null_characters_not_allowed")),
        ({"page_size": "1001"}, ("/page_size", "page_size")),
    ],
)
def test_a_wrong_parameter_is_named(as_machine, query, fault):
    answer = as_machine(None).get(URL, query)
    assert answer.status_code == 400
    assert codes(answer) == [fault]


def test_the_detail_holds_titles_specification_and_sources_and_no_plot(
    register, as_machine, django_assert_max_num_queries
):
    with django_assert_max_num_queries(9):
        answer = as_machine(None).get(f"{URL}{register.indication.slug}/")
    data = answer.json()
    assert answer["ETag"] == '"v1"'
    title = data["titles"][0]
    assert (title["status"], title["stands"], title["holder"]["name_zh"]) == ("recognised", True, "清徐县陈醋协会")
    assert title["specifications"][0]["facts"][0]["low"] == "12"
    assert register.field.number not in answer.content.decode()


def test_an_unknown_name_is_not_found(as_machine):
    assert as_machine(None).get(f"{URL}nothing/").status_code == 404


def test_the_registrar_enters_a_name_once(cast, as_machine):
    the_divisions()
    client = as_machine(cast.lin)
    answer = send(client, "post", URL, NEW)
    assert answer.status_code == 201, answer.content
    assert answer["Location"] == f"{URL}qing-xu-pu-tao/"
    assert answer.json()["initials"] == "qxpt"
    again = send(client, "post", URL, NEW)
    assert (again.status_code, codes(again)) == (409, [("/name_zh", "name_taken")])


def test_the_same_key_enters_it_once_and_answers_twice(cast, as_machine):
    the_divisions()
    client = as_machine(cast.lin)
    answers = [send(client, "post", URL, NEW, Idempotency_Key="k1") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Indication.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"name_zh": ""}, ("/name_zh", "blank")),
        ({"colour": "red"}, ("/colour", "unknown_field")),
        ({"division_codes": ["999999"]}, ("/division_codes/0", "division_unknown")),
        ({"division_codes": []}, ("/division_codes", "min_length")),
        ({"slug": "producers"}, ("/slug", "slug_reserved")),
        ({"slug": "Bad Slug"}, ("/slug", "invalid")),
        ({"name_zh": "。。。"}, ("/slug", "slug_needed")),
        ({"confidence": "certain"}, ("/confidence", "invalid_choice")),
        ({"sources": [{"label_zh": "x", "url": "javascript:alert(1)"}]}, ("/sources/0/url", "invalid")),
        ({"sources": [{"label_zh": "x", "why": 1}]}, ("/sources/0/why", "unknown_field")),
        ({"sources": [{"label_zh": "x"}] * 2}, ("/sources", "source_repeated")),
    ],
)
def test_a_mistake_is_named_and_nothing_is_written(cast, as_machine, change, fault):
    the_divisions()
    answer = send(as_machine(cast.lin), "post", URL, NEW | change)
    assert answer.status_code in (400, 409)
    assert fault in codes(answer)
    assert not Indication.objects.exists()


@pytest.mark.parametrize("who", ["chen", "zhang", "li", "wang", "sun", "hu"])
def test_nobody_else_enters_or_changes_a_name(cast, register, as_machine, who):
    client = as_machine(getattr(cast, who))
    assert send(client, "post", URL, NEW).status_code == 403
    url = f"{URL}{register.indication.slug}/"
    assert send(client, "patch", url, {"name_en": "x"}, If_Match="*").status_code == 403


def test_without_a_key_one_is_asked_to_sign_in(as_machine):
    assert send(as_machine(None), "post", URL, NEW).status_code == 401


def test_an_edit_needs_what_was_read_and_stands_in_the_history(cast, register, as_machine):
    url, client = f"{URL}{register.indication.slug}/", as_machine(cast.lin)
    assert send(client, "patch", url, {"name_en": "x"}).status_code == 428
    assert send(client, "patch", url, {"name_en": "x"}, If_Match='"v9"').status_code == 412
    answer = send(client, "patch", url, {"name_zh": "清徐老陈醋", "reason": "更正"}, If_Match='"v1"')
    assert (answer.status_code, answer["ETag"], answer.json()["initials"]) == (200, '"v2"', "qxlcc")
    assert send(client, "patch", url, {"name_en": "y"}, If_Match='"v1"').status_code == 412
    events = as_machine(cast.sun).get(f"{url}history/").json()
    assert (events[0]["who"], events[0]["why"]) == ("林登记", "更正")
    assert {"field": "name_zh", "before": "清徐陈醋", "after": "清徐老陈醋"} in events[0]["changes"]


def test_history_is_for_the_authorities(cast, register, as_machine):
    url = f"{URL}{register.indication.slug}/history/"
    said = {name: as_machine(person).get(url).status_code for name, person in cast.everyone().items()}
    assert {name for name, status in said.items() if status == 200} == {"lin", "wang", "li", "sun"}
    assert as_machine(None).get(url).status_code == 401
