"""What happens to titles, specifications, authorisations and outlines is said to the log, as far as everybody may read of it."""

import json
from datetime import date

import pytest

from gi_registry.openlog.actions import put_in_order
from gi_registry.openlog.models import Disclosure, Entry, Waiting
from products import actions
from products.actions.authorisations import Given
from products.actions.logged import log_authorisations
from products.rules.titles import TitleFacts
from products.rules.words import AuthorisationState, TitleStatus
from regions.actions import end_boundary
from tests.build_products import (
    DOCUMENT,
    QI_FIELD,
    a_site,
    a_specification,
    a_title,
    an_authorisation,
    an_indication,
    everybody,
)
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_log(register):
    Waiting.objects.all().delete()
    Disclosure.objects.all().delete()


def told() -> list[dict]:
    put_in_order(published=0)
    return [json.loads(bytes(data)) for data in Entry.objects.order_by("index").values_list("data", flat=True)]


def test_an_authorisation_is_told_of_from_the_day_it_stands_and_never_before(register):
    row = an_authorisation(register.feng, register.title, [a_site(register.feng, register.indication, box=QI_FIELD)])
    entries = told()
    assert [(entry["type"], entry["facts"]["state"]) for entry in entries] == [("authorisation.state", "active")]
    assert entries[0]["object"] == f"authorisation:{row.number}"
    assert entries[0]["facts"]["title"] == register.title.number
    given = Given(reason="现场检查发现问题")
    actions.move_authorisation(
        authorisation=row, to=AuthorisationState.SUSPENDED, given=given, actor=everybody(), now=NOW
    )
    suspended = told()[-1]
    assert (suspended["facts"]["state"], suspended["sequence"]) == ("suspended", 1)
    assert "现场" not in json.dumps(suspended, ensure_ascii=False)
    kept = Disclosure.objects.get(event=suspended["event"])
    assert json.loads(bytes(kept.payload)) == {"producer": row.producer.number, "reason": "现场检查发现问题"}


def test_a_household_is_committed_to_and_not_named(register):
    row = register.authorisation
    row.producer.organisation.kind = "household"
    log_authorisations([row], actor=everybody(), now=NOW)
    assert told()[-1]["facts"]["producer"] is None


def test_an_outline_is_told_of_by_its_digest_and_when_it_ends(register):
    region = register.title.region
    end_boundary(region=region, ended_on=date(2026, 12, 1), actor=everybody(), now=NOW, reason="范围调整")
    (entry,) = told()
    assert (entry["type"], entry["object"]) == ("region.boundary_ended", f"region:{region.number}")
    assert entry["facts"]["valid_until"] == "2026-12-01"
    assert len(entry["facts"]["geometry_sha256"]) == 64
    assert "coordinates" not in json.dumps(entry)


def test_a_title_is_told_of_once_it_is_public(register):
    title = a_title(an_indication("阳泉连翘"), status=TitleStatus.DRAFT, number="")
    assert told() == []
    title = a_title(an_indication("沁州黄小米"), status=TitleStatus.REPORTED)
    given = TitleFacts(
        announcement_number="104", recognised_on=date(2004, 8, 9), document_sha256=DOCUMENT, reason="核对公告"
    )
    actions.move_title(title=title, to=TitleStatus.RECOGNISED, given=given, actor=everybody(), now=NOW)
    reported, recognised = told()
    assert (reported["type"], reported["object"]) == ("title.status", f"title:{title.number}")
    assert (reported["facts"]["status"], recognised["facts"]["status"]) == ("reported", "recognised")
    assert recognised["facts"]["document_sha256"] == DOCUMENT
    assert recognised["before"]
    assert "核对" not in json.dumps(recognised, ensure_ascii=False)


def test_a_specification_is_told_of_from_its_announcement_with_a_digest_of_its_demands(register):
    title = a_title(an_indication("沁州黄小米"))
    Waiting.objects.all().delete()
    version = a_specification(title)
    entries = told()
    assert [entry["facts"]["status"] for entry in entries] == ["announced", "in_force"]
    assert {entry["object"] for entry in entries} == {f"specification:{version.number}"}
    assert entries[0]["facts"]["begins_on"] == "2014-10-01"
    assert entries[0]["facts"]["rules_sha256"] == entries[1]["facts"]["rules_sha256"]
