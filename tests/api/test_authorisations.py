"""/api/v1/products/authorisations/: applied for, checked, granted, interrupted, each step by its own people."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gi_registry.accounts.rules import KeyScope
from products.models import Authorisation
from tests.api.asking import codes, send, statuses, those
from tests.build_products import QI_FIELD, REPORT, a_site, an_authorisation

pytestmark = pytest.mark.django_db
GRANTS = "/api/v1/products/authorisations/"


def test_a_producer_applies_and_the_province_grants(cast, register, as_machine):
    site = a_site(register.feng, register.indication, box=QI_FIELD)
    data = {"producer": register.feng.number, "title": register.title.number, "sites": [site.number]}
    answer = send(as_machine(cast.feng), "post", GRANTS, data)
    assert answer.status_code == 201, answer.content
    move, documents = f"{answer['Location']}move/", f"{answer['Location']}documents/"
    assert codes(send(as_machine(cast.feng), "post", move, {"to": "submitted"})) == [("/documents", "needs_document")]
    for name, data, status in (
        ("a.pdf", b"MZ", 400),
        ("a.pdf", b"", 400),
        ("报告.pdf", REPORT, 201),
        ("b.pdf", REPORT, 409),
    ):
        told = {"kind": "test_report", "file": SimpleUploadedFile(name, data)}
        added = as_machine(cast.feng).post(documents, told)
        assert added.status_code == status, added.content
        if status == 201:
            kept = added.json()
            assert as_machine(cast.zhang).get(added["Location"]).status_code == 404
            file = as_machine(cast.feng).get(f"{added['Location']}file/")
            assert (file.content, file["Content-Type"], file["X-Content-Type-Options"]) == (
                REPORT,
                "application/pdf",
                "nosniff",
            )
    assert as_machine(cast.feng).get(documents).json()["results"] == [kept]
    assert send(as_machine(cast.feng), "post", move, {"to": "submitted"}).json()["state"] == "submitted"
    assert as_machine(cast.feng).delete(f"/api/v1/products/documents/{kept['number']}/").status_code == 409
    assert send(as_machine(cast.zhao), "post", move, {"to": "origin_checked", "reason": "实地"}).status_code == 200
    assert send(as_machine(cast.lin), "post", move, {"to": "prov_ok"}).status_code == 200
    bare = send(as_machine(cast.lin), "post", move, {"to": "active"})
    assert codes(bare) == [
        ("/approval_reference", "missing_approval_reference"),
        ("/valid_from", "missing_valid_from"),
    ]
    grant = {"to": "active", "approval_reference": "1号", "valid_from": "2026-01-01"}
    assert send(as_machine(cast.feng), "post", move, grant).status_code == 403
    done = send(as_machine(cast.lin), "post", move, grant)
    assert (done.json()["state"], done.json()["stands"]) == ("active", True)


def test_an_authorisation_is_seen_by_its_own_its_holder_and_the_authorities(cast, register, as_machine):
    said = statuses(cast, as_machine, lambda client: client.get(f"{GRANTS}{register.authorisation.number}/"))
    assert those(said, 200) == {"lin", "wang", "li", "sun", "chen", "zhang"}
    assert those(said, 404) == {"feng", "ma", "gao", "zhao", "hu"}
    history = statuses(cast, as_machine, lambda client: client.get(f"{GRANTS}{register.authorisation.number}/history/"))
    assert those(history, 200) == {"lin", "wang", "li", "sun", "chen", "zhang"}


def test_the_holder_suspends_and_a_read_only_key_does_not(cast, register, as_machine):
    url = f"{GRANTS}{register.authorisation.number}/move/"
    body = {"to": "suspended", "reason": "抽检不合格"}
    reader = {"Authorization": f"Api-Key {cast.chen.key(KeyScope.READ)}", "Accept": "application/json"}
    client = as_machine(None)
    answer = client.post(url, body, content_type="application/json", headers=reader)
    assert (answer.status_code, codes(answer)) == (403, [("", "read_only_key")])
    assert send(as_machine(cast.chen), "post", url, body).json()["state"] == "suspended"
    again = send(as_machine(cast.chen), "post", url, body)
    assert (again.status_code, codes(again)) == (409, [("/to", "authorisation_move")])


def test_a_foreign_site_is_named_at_its_place(cast, register, as_machine):
    site = a_site(register.feng, register.indication, box=QI_FIELD)
    data = {
        "producer": register.feng.number,
        "title": register.title.number,
        "sites": [site.number, register.field.number],
    }
    answer = send(as_machine(cast.feng), "post", GRANTS, data)
    assert codes(answer) == [("/sites/1", "unknown")]
    assert Authorisation.objects.count() == 1


def test_sites_of_a_draft_are_replaced_with_what_was_read(cast, register, as_machine):
    site = a_site(register.feng, register.indication, box=QI_FIELD)
    works = a_site(register.feng, register.indication, point=(112.56, 37.56))
    draft = an_authorisation(register.feng, register.title, [site], state="draft")
    url = f"{GRANTS}{draft.number}/"
    assert send(as_machine(cast.feng), "patch", url, {"sites": [works.number]}).status_code == 428
    answer = send(as_machine(cast.feng), "patch", url, {"sites": [works.number]}, If_Match='"v1"')
    assert answer.json()["sites"] == [works.number]
    assert as_machine(cast.chen).get(url).status_code == 404  # a draft is nobody's business yet


def test_lists_of_authorisations_take_a_fixed_number_of_queries(
    cast, register, as_machine, django_assert_max_num_queries
):
    client = as_machine(cast.lin)
    client.get(GRANTS)
    with django_assert_max_num_queries(6):
        assert len(client.get(GRANTS, {"state": "active"}).json()["results"]) == 1
