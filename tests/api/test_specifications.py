"""/api/v1/products/specifications/: drafted, reviewed by another, announced, then frozen."""

import pytest

from products.models import SpecificationVersion
from tests.api.asking import codes, send
from tests.build_products import DOCUMENT, a_specification, a_title

pytestmark = pytest.mark.django_db
SPECS = "/api/v1/products/specifications/"


DRAFT = {
    "label_zh": "2027 版",
    "effective_from": "2027-01-01",
    "standards": ["GB/T 19777-2013"],
    "facts": [{"key": "acid", "label_zh": "总酸", "operator": "min", "low": "6.0", "unit": "gram_per_100_ml"}],
}


def test_a_draft_is_edited_reviewed_by_another_and_announced(cast, register, as_machine):
    client = as_machine(cast.lin)
    answer = send(client, "post", SPECS, DRAFT | {"title": register.title.number})
    assert answer.status_code == 201, answer.content
    url = answer["Location"]
    assert as_machine(None).get(url).status_code == 404
    edited = send(client, "patch", url, {"label_en": "Version of 2027"}, If_Match='"v1"')
    assert edited.json()["label_en"] == "Version of 2027"
    own = send(client, "post", f"{url}move/", {"to": "reviewed"})
    assert (own.status_code, codes(own)) == (409, [("/to", "own_draft")])
    SpecificationVersion.objects.filter(label_zh="2027 版").update(drafted_by=cast.sun.user)
    assert send(client, "post", f"{url}move/", {"to": "reviewed"}).json()["status"] == "reviewed"
    assert codes(send(client, "post", f"{url}move/", {"to": "announced"})) == [
        ("/document_sha256", "missing_document_sha256")
    ]
    done = send(client, "post", f"{url}move/", {"to": "announced", "document_sha256": DOCUMENT})
    assert done.json()["status"] == "announced"
    before = as_machine(None).get(SPECS, {"title": register.title.number, "on": "2026-12-31"}).json()["results"]
    after = as_machine(None).get(SPECS, {"title": register.title.number, "on": "2027-01-01"}).json()["results"]
    assert [row["label_zh"] for row in before + after] == ["2014 版", "2027 版"]
    frozen = send(client, "patch", url, {"label_en": "x"}, If_Match="*")
    assert codes(frozen) == [("", "not_a_draft")]


@pytest.mark.parametrize(
    ("fact", "fault"),
    [
        ({"low": "1", "high": "2"}, ("/facts/0/high", "fact_bounds")),
        ({"low": None}, ("/facts/0/low", "fact_bounds")),
        ({"low": "NaN"}, ("/facts/0/low", "invalid")),
        ({"low": "1e99"}, ("/facts/0/low", "max_digits")),
        ({"unit": "furlong"}, ("/facts/0/unit", "invalid_choice")),
        ({"colour": 1}, ("/facts/0/colour", "unknown_field")),
    ],
)
def test_a_fact_with_a_mistake_is_named(cast, register, as_machine, fact, fault):
    data = DRAFT | {"title": register.title.number, "facts": [DRAFT["facts"][0] | fact]}
    answer = send(as_machine(cast.lin), "post", SPECS, data)
    assert answer.status_code == 400
    assert fault in codes(answer)
    assert SpecificationVersion.objects.count() == 1


def test_only_the_registrar_writes_specifications(cast, register, as_machine):
    for person in (cast.chen, cast.li, cast.zhang, cast.sun):
        answer = send(as_machine(person), "post", SPECS, DRAFT | {"title": register.title.number})
        assert answer.status_code == 403


def test_the_list_of_specifications_takes_a_fixed_number_of_queries(register, as_machine, django_assert_num_queries):
    for number in range(3):
        a_specification(a_title(register.indication, number=f"公告{number}"))
    with django_assert_num_queries(2):
        assert len(as_machine(None).get(SPECS).json()["results"]) == 4


def test_the_history_of_a_specification_is_kept(cast, register, as_machine):
    url = f"{SPECS}{register.specification.number}/history/"
    events = as_machine(cast.chen).get(url).json()
    assert [event["event"] for event in events][-1] == "insert"
    assert len(events) >= 4
