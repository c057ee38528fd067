"""/api/v1/products/titles/: nothing is recognised by a bare click."""

import pytest

from products.models import Title
from products.rules.words import TitleStatus
from tests.api.asking import codes, send
from tests.build_products import DOCUMENT, a_title

pytestmark = pytest.mark.django_db
URL = "/api/v1/products/titles/"
PROOF = {"to": "recognised", "announcement_number": "104", "recognised_on": "2004-08-09", "document_sha256": DOCUMENT}


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
