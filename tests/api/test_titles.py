"""/api/v1/products/titles/ and /specifications/: nothing is recognised by a bare click."""

import pytest

from products.models import SpecificationVersion, Title
from products.rules.words import TitleStatus
from tests.api.test_indications import codes, send
from tests.build_products import DOCUMENT, a_specification, a_title, the_register

pytestmark = pytest.mark.django_db
URL = "/api/v1/products/titles/"
SPECS = "/api/v1/products/specifications/"
PROOF = {"to": "recognised", "announcement_number": "104", "recognised_on": "2004-08-09", "document_sha256": DOCUMENT}


@pytest.fixture
def register(cast):
    return the_register(cast)


def test_a_bare_click_does_not_recognise_a_title(cast, register, as_machine):
    title = a_title(register.indication, number="另一公告", status=TitleStatus.REPORTED)
    url = f"{URL}{title.number}/move/"
    answer = send(as_machine(cast.lin), "post", url, {"to": "recognised"})
    assert answer.status_code == 400
    assert codes(answer) == [
        ("/announcement_number", "missing_announcement_number"),
        ("/recognised_on", "missing_recognised_on"),
        ("/document_sha256", "missing_document_sha256"),
    ]
    assert send(as_machine(cast.lin), "post", url, PROOF).json()["status"] == "recognised"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"document_sha256": "abc"}, ("/document_sha256", "invalid")),
        ({"recognised_on": "2999-01-01"}, ("/recognised_on", "date_in_future")),
        ({"recognised_on": "yesterday"}, ("/recognised_on", "invalid")),
        ({"to": "genius"}, ("/to", "invalid_choice")),
        ({"stamp": True}, ("/stamp", "unknown_field")),
        ({"to": "draft"}, ("/to", "title_move")),
    ],
)
def test_a_proof_with_a_mistake_names_it(cast, register, as_machine, change, fault):
    title = a_title(register.indication, number="另一公告", status=TitleStatus.REPORTED)
    answer = send(as_machine(cast.lin), "post", f"{URL}{title.number}/move/", PROOF | change)
    assert answer.status_code in (400, 409)
    assert fault in codes(answer)
    title.refresh_from_db()
    assert title.status == "reported"


def test_every_role_but_the_registrar_is_kept_from_recognition(cast, register, as_machine):
    title = a_title(register.indication, number="另一公告", status=TitleStatus.REPORTED, holder=register.holder)
    url = f"{URL}{title.number}/move/"
    others = {name: person for name, person in cast.everyone().items() if name != "lin"}
    said = {name: send(as_machine(person), "post", url, PROOF).status_code for name, person in others.items()}
    assert set(said.values()) == {403}
    assert send(as_machine(None), "post", url, PROOF).status_code == 401
    assert send(as_machine(cast.lin), "post", url, PROOF).status_code == 200


def test_an_application_is_seen_by_its_holder_and_the_authorities_only(cast, register, as_machine):
    data = {
        "indication": register.indication.slug,
        "kind": "gi_product",
        "status": "draft",
        "holder": register.holder.number,
    }
    answer = send(as_machine(cast.chen), "post", URL, data)
    assert answer.status_code == 201, answer.content
    url = answer["Location"]
    said = {name: as_machine(person).get(url).status_code for name, person in cast.everyone().items()}
    assert {name for name, status in said.items() if status == 200} == {"lin", "wang", "li", "sun", "chen"}
    assert as_machine(None).get(url).status_code == 404
    assert send(as_machine(cast.chen), "post", f"{url}move/", {"to": "submitted"}).json()["status"] == "submitted"
    assert send(as_machine(cast.feng), "post", f"{url}move/", {"to": "withdrawn"}).status_code == 404


def test_a_title_that_stands_cannot_be_entered(cast, register, as_machine):
    data = {"indication": register.indication.slug, "kind": "gi_product", "status": "recognised"} | {
        name: value for name, value in PROOF.items() if name != "to"
    }
    answer = send(as_machine(cast.lin), "post", URL, data)
    assert codes(answer) == [("/status", "title_start")]
    assert Title.objects.count() == 1


def test_titles_are_filtered(register, as_machine):
    client = as_machine(None)
    assert len(client.get(URL, {"kind": "gi_product", "status": "recognised"}).json()["results"]) == 1
    assert client.get(URL, {"kind": "foreign"}).json()["results"] == []
    assert client.get(URL, {"kind": "other"}).status_code == 400


def test_region_and_confidence_are_corrected_with_what_was_read(cast, register, as_machine):
    url = f"{URL}{register.title.number}/"
    etag = as_machine(None).get(url)["ETag"]
    answer = send(as_machine(cast.lin), "patch", url, {"confidence": "low", "region": None}, If_Match=etag)
    assert (answer.status_code, answer.json()["region"]) == (200, None)
    bad = send(as_machine(cast.lin), "patch", url, {"region": "0000000000"}, If_Match=answer["ETag"])
    assert codes(bad) == [("/region", "unknown")]
    status = send(as_machine(cast.lin), "patch", url, {"status": "cancelled"}, If_Match=answer["ETag"])
    assert codes(status) == [("/status", "unknown_field")]
    assert send(as_machine(cast.chen), "patch", url, {"confidence": "high"}, If_Match="*").status_code == 403


def test_the_history_of_a_title_is_for_its_holder_and_the_authorities(cast, register, as_machine):
    url = f"{URL}{register.title.number}/history/"
    said = {name: as_machine(person).get(url).status_code for name, person in cast.everyone().items()}
    assert {name for name, status in said.items() if status == 200} == {"lin", "wang", "li", "sun", "chen"}


# --- specifications ---

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
    events = as_machine(cast.chen).get(url).json()["events"]
    assert [event["event"] for event in events][-1] == "insert"
    assert len(events) >= 4
