"""Certificates as people meet them: a page, a print, files; of what everybody may see and of nothing else; issued once, logged once."""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gi_registry.accounts.rules import OrganisationKind
from gi_registry.credentials import actions as issuing
from gi_registry.credentials.models import Credential
from gi_registry.credentials.status import SIZE, is_set
from gi_registry.openlog.actions import put_in_order
from gi_registry.openlog.models import Entry
from products.models import Authorisation, Producer
from products.rules.words import AuthorisationState
from tests.build_certificates import DID, HOST, an_issuer
from tests.build_labels import drawn_from_pdf, read_by_zxing
from tests.build_products import QI_FIELD, a_site, an_authorisation
from tests.cast import NOW
from trace import actions
from trace.certificates.issued import CertificateKind, certificate_of
from trace.rules.batches import BatchState

pytestmark = pytest.mark.django_db
FORMS = ("/", ".json", ".jwt", ".pdf")


@pytest.fixture(autouse=True)
def issuer(settings, tmp_path):
    an_issuer(settings, tmp_path)


def at(kind: str, number: str, form: str = "/") -> str:
    return f"/certificates/{kind}/{number}{form}"


def facts_of(client, kind, number):
    return json.loads(client.get(at(kind, number, ".json")).content)["credentialSubject"]


def test_the_page_says_what_stands_on_record_in_either_language_and_offers_the_files(client, goods):
    batch = goods.batch()
    zh, en = (client.get(at("batch", batch.number), headers={"Accept-Language": tag}) for tag in ("zh", "en"))
    for answer, words in ((zh, "批次证书"), (en, "Certificate of a batch")):
        page = answer.content.decode()
        assert answer.status_code == 200
        for told in (words, batch.number, "2026-09-10", DID, *(at("batch", batch.number, form) for form in FORMS[1:])):
            assert told in page
        assert "genuine" not in page.lower()


def test_a_print_holds_the_facts_in_chinese_and_a_code_that_leads_back(client, goods, tmp_path):
    number = goods.register.authorisation.number
    answer = client.get(at("authorisation", number, ".pdf"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    image = drawn_from_pdf(answer.content, tmp_path, 200, (1654, 2339), (0, 0))
    assert read_by_zxing(image) == f"{HOST}{at('authorisation', number)}"
    text = " ".join(words_in(answer.content, tmp_path).split())
    for told in ("专用标志使用核准证书", number, "晋知局核〔2026〕1号", "It tests no goods"):
        assert told in text


def words_in(pdf: bytes, folder) -> str:
    (folder / "paper.pdf").write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", folder / "paper.pdf", "-"], capture_output=True, check=True)
    return done.stdout.decode()


@pytest.mark.parametrize("state", [BatchState.DRAFT, BatchState.REGISTERED, BatchState.VOID])
def test_there_is_no_certificate_of_what_was_never_released(client, goods, state):
    batch = goods.batch(state)
    assert [client.get(at("batch", batch.number, form)).status_code for form in FORMS] == [404] * 4
    assert not Credential.objects.exists()


@pytest.mark.parametrize("number", ["0000000000", "7K3QX9PA28", "x", "a" * 200])
def test_what_does_not_exist_is_not_found_and_nothing_is_issued(client, goods, number):
    for kind in ("batch", "authorisation", "producer"):
        assert client.get(at(kind, number)).status_code == 404
    for path in ("status/revocation/1", "status/revocation/99999999999999999999", "status/else/1"):
        assert client.get(f"/certificates/{path}").status_code == 404
    assert not Credential.objects.exists()


def test_an_application_has_no_certificate(client, goods):
    register = goods.register
    field = a_site(register.feng, register.indication, box=QI_FIELD)
    row = an_authorisation(register.feng, register.title, [field], state=AuthorisationState.SUBMITTED)
    assert client.get(at("authorisation", row.number, ".json")).status_code == 404


def test_of_a_household_a_certificate_tells_only_who_vouches_for_it(client, cast, goods):
    batch = goods.batch()
    maker = batch.producer.organisation
    before = facts_of(client, "batch", batch.number)
    assert before["producer"]["label"]["zh"] == maker.name_zh
    maker.kind, maker.uscc, maker.sponsor = OrganisationKind.HOUSEHOLD, None, cast.feng.organisation
    maker.save()
    for form in FORMS[:2]:
        assert maker.name_zh not in client.get(at("batch", batch.number, form)).content.decode()
    assert facts_of(client, "batch", batch.number)["producer"]["label"]["zh"] == cast.feng.organisation.name_zh
    assert client.get(at("authorisation", batch.authorisation.number)).status_code == 404


def test_a_producer_that_is_not_listed_stands_in_no_certificate_by_its_page(client, goods):
    batch = goods.batch()
    Producer.objects.filter(pk=batch.producer_id).update(is_public=False)
    assert "id" not in facts_of(client, "batch", batch.number).get("producer", {})


def test_no_quantity_and_no_number_of_packs_stands_in_a_certificate(client, goods):
    told = client.get(at("batch", goods.batch().number, ".json")).content.decode()
    for private in ("1200", "2400", "ZJ-0910"):
        assert private not in told


def test_the_same_facts_are_the_same_certificate_however_often_it_is_asked_for(client, goods):
    batch = goods.batch()
    answers = [client.get(at("batch", batch.number, form)).content for form in (".json", ".jwt") for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[2] == answers[3]
    assert Credential.objects.count() == 1


def test_facts_that_return_bring_their_certificate_back(client, goods):
    row, told = goods.register.authorisation, []
    for reference in ("晋知局核〔2026〕1号", "晋知局核〔2026〕2号", "晋知局核〔2026〕1号"):
        Authorisation.objects.filter(pk=row.pk).update(approval_reference=reference)
        told.append(json.loads(client.get(at("authorisation", row.number, ".json")).content)["id"])
    assert told[0] == told[2] != told[1]
    assert Credential.objects.filter(superseded_at__isnull=True).count() == 1


def test_issuing_is_logged_once_with_the_digest_of_what_was_said(client, goods):
    batch = goods.batch()
    for _ in range(2):
        client.get(at("batch", batch.number))
    kept = Credential.objects.get()
    put_in_order(published=0)
    rows = [json.loads(bytes(row.data)) for row in Entry.objects.filter(object=f"certificate:{kept.serial}")]
    assert [row["type"] for row in rows] == ["certificate.issued"]
    assert rows[0]["facts"] == {
        "certificate": kept.serial,
        "of": f"batch:{batch.number}",
        "claims_sha256": kept.digest,
    }


@pytest.mark.parametrize("kind", CertificateKind)
def test_a_certificate_costs_few_questions_and_the_same_for_each(client, goods, kind):
    number = goods.batch().number if kind is CertificateKind.BATCH else goods.register.authorisation.number
    client.get(at(kind.value, number))
    counts = []
    for form in FORMS[1:3]:
        with CaptureQueriesContext(connection) as asked:
            client.get(at(kind.value, number, form))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 9, [one["sql"][:120] for one in asked.captured_queries]


def test_a_list_of_what_became_of_certificates_is_one_question_however_many_there_are(client, goods):
    batches = [goods.batch() for _ in range(3)]
    certificates = [certificate_of(CertificateKind.BATCH, batch.number, NOW) for batch in batches]
    actions.recall_batch(batch=batches[1], reason="封口不严", actor=goods.maker, now=NOW)
    with CaptureQueriesContext(connection) as asked:
        told = json.loads(client.get("/certificates/status/revocation/1").content)
    assert len(asked) <= 4
    coded = told["credentialSubject"]["encodedList"]
    assert [is_set(coded, one.kept.status_place) for one in certificates] == [False, True, False]
    assert told["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]


def test_places_are_drawn_by_chance_and_a_half_full_list_is_left(goods, monkeypatch):
    monkeypatch.setattr(issuing, "FULL", 2)
    kept = [certificate_of(CertificateKind.BATCH, goods.batch().number, NOW).kept for _ in range(5)]
    assert [one.status_list for one in kept] == [1, 1, 2, 2, 3]
    assert all(0 <= one.status_place < SIZE for one in kept)
    assert len({one.status_place for one in kept}) > 1


def test_others_may_fetch_the_files_from_their_own_pages_and_the_context_for_ever(client, goods):
    batch = goods.batch()
    types = {
        at("batch", batch.number, ".json"): "application/vc",
        at("batch", batch.number, ".jwt"): "application/vc+jwt",
        "/certificates/status/revocation/1": "application/vc",
        "/.well-known/did.json": "application/did+json",
        "/contexts/gi/v1.jsonld": "application/ld+json",
    }
    for path, media_type in types.items():
        answer = client.get(path)
        assert (answer.status_code, answer["Content-Type"]) == (200, media_type)
        assert answer["Access-Control-Allow-Origin"] == "*"
    assert "immutable" in answer["Cache-Control"]
    assert client.post(at("batch", batch.number, ".json")).status_code == 405


def test_without_its_key_the_service_says_so_and_checks_go_on(client, goods, settings):
    batch = goods.batch()
    settings.CREDENTIALS.key.unlink()
    for form in FORMS:
        answer = client.get(at("batch", batch.number, form))
        assert answer.status_code == 503
        assert str(settings.CREDENTIALS.key.parent) not in answer.content.decode()
    assert client.get("/.well-known/did.json").status_code == 503
    assert client.get(f"/c/{batch.number}").status_code == 200
    assert not Credential.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_whoever_asks_at_once_gets_one_certificate(goods):
    batch = goods.batch()

    def ask(_) -> tuple[int, bytes]:
        try:
            answer = Client().get(at("batch", batch.number, ".json"))
            return answer.status_code, answer.content
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        told = set(pool.map(ask, range(24)))
    assert len(told) == 1
    assert told.pop()[0] == 200
    assert Credential.objects.count() == 1


def test_what_was_issued_is_neither_changed_nor_deleted(goods):
    kept = certificate_of(CertificateKind.BATCH, goods.batch().number, NOW).kept

    for change in (kept.delete, lambda: Credential.objects.update(digest="0" * 64)):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()
    Credential.objects.update(superseded_at=NOW + timedelta(days=1))


def test_the_verdict_and_the_record_lead_to_the_certificate_of_what_was_released(client, goods):
    released, draft = goods.batch(), goods.batch(BatchState.REGISTERED)
    assert at("batch", released.number) in client.get(f"/c/{released.number}").content.decode()
    assert at("batch", draft.number) not in client.get(f"/c/{draft.number}").content.decode()
