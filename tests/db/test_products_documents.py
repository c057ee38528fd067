"""Documents of an application in the database: as they were sent, once each, and settled when it is submitted."""

import hashlib

import pytest
from django.db import ProgrammingError, transaction

from gi_registry.lib.problems import Forbidden, Invalid, Missing, Refused
from products import actions
from products.models import ApplicationDocument
from products.rules.authorisations import Given
from products.rules.documents import MAX_DOCUMENTS
from products.rules.words import AuthorisationState, DocumentKind
from tests.build_products import QI_FIELD, REPORT, a_document, a_site, an_authorisation
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(register):
    """Feng's application, with a report."""
    site = a_site(register.feng, register.indication, box=QI_FIELD)
    return an_authorisation(register.feng, register.title, [site], state=AuthorisationState.DRAFT)


def submit(cast, draft):
    draft.refresh_from_db()
    return actions.move_authorisation(
        authorisation=draft, to=AuthorisationState.SUBMITTED, given=Given(), actor=cast.feng.actor, now=NOW
    )


def test_a_document_is_kept_as_it_was_sent_with_its_fingerprint(draft):
    (kept,) = draft.documents.all()
    assert (bytes(kept.data), kept.size, kept.media_type) == (REPORT, len(REPORT), "application/pdf")
    assert kept.sha256 == hashlib.sha256(REPORT).hexdigest()
    assert kept.events.get().sha256 == kept.sha256


def test_the_same_file_is_there_once_and_not_too_many(cast, draft):
    with pytest.raises(Refused) as refused:
        a_document(draft)
    assert refused.value.errors[0].code == "document_there"
    for place in range(MAX_DOCUMENTS - 1):
        a_document(draft, REPORT + bytes([place]), DocumentKind.OTHER)
    with pytest.raises(Refused) as refused:
        a_document(draft, REPORT + b"one more")
    assert refused.value.errors[0].code == "too_many_documents"


def test_an_application_without_a_report_is_not_submitted(cast, draft):
    actions.remove_document(document=draft.documents.get(), actor=cast.feng.actor)
    a_document(draft, REPORT, DocumentKind.OTHER)
    with pytest.raises(Refused) as refused:
        submit(cast, draft)
    assert [(each.code, each.pointer) for each in refused.value.errors] == [("needs_document", "/documents")]


def test_nothing_is_added_or_taken_once_it_was_submitted(cast, draft):
    report = draft.documents.get()
    submit(cast, draft)
    for attempt in (
        lambda: a_document(draft, REPORT + b"late", actor=cast.feng.actor),
        lambda: actions.remove_document(document=report, actor=cast.feng.actor),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.errors[0].code == "not_editable"
    for behind in (report.delete, lambda: ApplicationDocument.objects.filter(pk=report.pk).update(name="x")):
        with pytest.raises(ProgrammingError), transaction.atomic():
            behind()
    assert draft.documents.count() == 1


def test_what_was_taken_out_stays_in_the_history(cast, draft):
    report = draft.documents.get()
    number = report.pk
    actions.remove_document(document=report, actor=cast.feng.actor)
    events = ApplicationDocument.pgh_event_model.objects.filter(pgh_obj_id=number).order_by("pgh_id")
    assert [event.pgh_label for event in events] == ["insert", "delete"]
    report.pk = number
    with pytest.raises(Missing):
        actions.remove_document(document=report, actor=cast.feng.actor)


def test_a_rival_and_a_holder_add_nothing_and_bad_files_are_refused(cast, draft):
    for who in (cast.zhang, cast.chen, cast.sun):
        with pytest.raises(Forbidden):
            a_document(draft, REPORT + b"theirs", actor=who.actor)
    for data in (b"", b"<svg onload=alert(1)>", b"MZ"):
        with pytest.raises(Invalid):
            a_document(draft, data)
    a_document(draft, REPORT + b"named", name="../../\x00\u202eevil\n.pdf")
    assert draft.documents.latest("pk").name.isprintable()
