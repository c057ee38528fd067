"""Titles and specifications against the walls of the database."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from gi_registry.lib.history import history_of
from gi_registry.lib.problems import Forbidden, Invalid, Problem, Refused
from products import actions
from products.models import SpecificationFact, SpecificationVersion, Title
from products.queries import specification_in_force, standing_titles
from products.rules.titles import MACHINES, PROVEN, TitleFacts
from products.rules.words import Confidence, SpecificationStatus, TitleKind, TitleStatus
from tests.build_products import DOCUMENT, a_holder, a_specification, a_title, an_indication, everybody
from tests.build_regions import the_divisions
from tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db
PROOF = TitleFacts(announcement_number="104", recognised_on=date(2004, 8, 9), document_sha256=DOCUMENT)


@pytest.fixture
def indication(db):
    the_divisions()
    return an_indication()


def refused_by_the_database(change):
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


@pytest.mark.parametrize("kind", TitleKind)
def test_the_database_refuses_to_insert_a_title_that_stands(indication, kind):
    proof = {"announcement_number": "1", "title_number": "2", "recognised_on": TODAY, "document_sha256": DOCUMENT}
    for status in PROVEN:
        refused_by_the_database(
            lambda status=status: Title.objects.create(
                indication=indication, kind=kind, status=status, created_at=NOW, updated_at=NOW, **proof
            )
        )


@pytest.mark.parametrize("missing", ["announcement_number", "recognised_on", "document_sha256"])
def test_the_database_refuses_recognition_with_a_proof_that_lacks_something(indication, missing):
    title = a_title(indication, status=TitleStatus.REPORTED)
    proof = {"announcement_number": "1", "recognised_on": TODAY, "document_sha256": DOCUMENT}
    proof[missing] = None if missing == "recognised_on" else ""
    rows = Title.objects.filter(pk=title.pk)
    refused_by_the_database(lambda: rows.update(status="recognised", **proof))


def test_the_database_knows_no_step_that_the_rules_do_not_know(indication):
    title = a_title(indication, status=TitleStatus.DRAFT, holder=a_holder())
    allowed = MACHINES[TitleKind.GI_PRODUCT][TitleStatus.DRAFT]
    for status in TitleStatus:
        if status not in allowed and status is not TitleStatus.DRAFT:
            rows = Title.objects.filter(pk=title.pk)
            refused_by_the_database(lambda rows=rows, status=status: rows.update(status=status))


def test_a_title_is_never_deleted_nor_turned_into_another_kind(indication):
    title = a_title(indication)
    refused_by_the_database(title.delete)
    refused_by_the_database(lambda: Title.objects.filter(pk=title.pk).update(kind="foreign"))


def test_a_step_that_brings_its_proof_is_taken_and_remembered(indication):
    title = a_title(indication, status=TitleStatus.REPORTED)
    given = TitleFacts(
        announcement_number="104", recognised_on=date(2004, 8, 9), document_sha256=DOCUMENT, reason="核对公告"
    )
    title = actions.move_title(title=title, to=TitleStatus.RECOGNISED, given=given, actor=everybody(), now=NOW)
    event = history_of(title)[0]
    assert (event["who"], event["why"]) == ("builder", "核对公告")
    assert {"field": "status", "before": "reported", "after": "recognised"} in event["changes"]


def test_an_application_walks_the_whole_road_of_order_80(cast, indication):
    holder = a_holder(organisation=cast.chen.organisation)
    chen, lin = cast.chen.actor, cast.lin.actor
    title = actions.open_title(
        indication=indication,
        kind=TitleKind.GI_PRODUCT,
        status=TitleStatus.DRAFT,
        holder=holder,
        actor=chen,
        now=NOW,
    )
    document = TitleFacts(document_sha256=DOCUMENT, reason="r")
    published = TitleFacts(announcement_number="1", published_on=date(2026, 9, 1), document_sha256=DOCUMENT)
    road = [
        ("submitted", chen, TitleFacts()),
        ("returned", lin, TitleFacts(reason="补材料")),
        ("submitted", chen, TitleFacts()),
        ("prelim_ok", lin, TitleFacts()),
        ("forwarded", lin, document),
        ("accepted", lin, document),
        ("announced_prelim", lin, published),
        ("opposed", lin, TitleFacts(reason="异议")),
        ("announced_prelim", lin, document),
        (
            "recognised",
            lin,
            TitleFacts(announcement_number="2", recognised_on=date(2026, 11, 1), document_sha256=DOCUMENT),
        ),
    ]
    for to, actor, given in road:
        title = actions.move_title(title=title, to=TitleStatus(to), given=given, actor=actor, now=NOW)
    assert title.stands_on(TODAY)
    assert title.published_on == date(2026, 9, 1)


def test_a_step_of_somebody_else_is_forbidden_and_says_whose_it_is(cast, indication):
    title = a_title(indication, status=TitleStatus.REPORTED, holder=a_holder(organisation=cast.chen.organisation))
    with pytest.raises(Forbidden) as no:
        actions.move_title(title=title, to=TitleStatus.RECOGNISED, given=PROOF, actor=cast.chen.actor, now=NOW)
    assert no.value.errors[0].code == "not_your_step"
    assert "registrar" in no.value.errors[0].text.en


def test_a_holder_cannot_report_a_title_nor_draft_for_another(cast, indication):
    ours, theirs = a_holder(organisation=cast.chen.organisation), a_holder("别家协会")
    for holder, status in ((ours, TitleStatus.REPORTED), (theirs, TitleStatus.DRAFT), (None, TitleStatus.DRAFT)):
        with pytest.raises(Forbidden):
            actions.open_title(
                indication=indication,
                kind=TitleKind.GI_PRODUCT,
                status=status,
                holder=holder,
                actor=cast.chen.actor,
                now=NOW,
            )


def test_one_number_belongs_to_one_title_of_its_kind(indication):
    a_title(indication, kind=TitleKind.CERTIFICATION_MARK, number="6173333")
    with pytest.raises(Refused) as taken:
        a_title(indication, kind=TitleKind.CERTIFICATION_MARK, number="6173333")
    assert taken.value.errors[0].code == "title_number_taken"


def test_an_edit_of_what_has_moved_on_is_refused(indication):
    title = a_title(indication)
    actions.update_title(title=title, changes={"source_note_zh": "甲"}, actor=everybody(), now=NOW)
    with pytest.raises(Problem) as stale:
        actions.update_title(title=title, changes={"source_note_zh": "乙"}, actor=everybody(), now=NOW)
    assert stale.value.code == "stale"


def test_the_queryset_and_the_rule_agree_on_what_stands(indication):
    titles = [
        a_title(indication, number="1"),
        a_title(indication, number="2", status=TitleStatus.REPORTED, confidence=Confidence.LOW),
        a_title(indication, number="3", status=TitleStatus.REPORTED, confidence=Confidence.MEDIUM),
        a_title(indication, number="4", kind=TitleKind.CERTIFICATION_MARK, expires_on=TODAY),
        a_title(indication, number="5", kind=TitleKind.COLLECTIVE_MARK, expires_on=TODAY - timedelta(days=1)),
        a_title(indication, kind=TitleKind.CERTIFICATION_MARK, number="6", status=TitleStatus.FILED),
    ]
    for day in (TODAY, TODAY + timedelta(days=1), date(2000, 1, 1)):
        by_rule = {title.pk for title in titles if title.stands_on(day)}
        assert set(Title.objects.standing(day).values_list("pk", flat=True)) == by_rule
    assert {title.pk for title in standing_titles(indication, TODAY)} == {titles[0].pk, titles[2].pk, titles[3].pk}


# --- specifications ---


def test_the_version_in_force_is_found_by_the_day(indication):
    title = a_title(indication)
    old = a_specification(title, label_zh="2004 版", effective_from=date(2004, 8, 9))
    new = a_specification(title, label_zh="2014 版", effective_from=date(2014, 10, 1))
    assert specification_in_force(title, date(2004, 8, 8)) is None
    assert specification_in_force(title, date(2014, 9, 30)) == old
    assert specification_in_force(title, date(2014, 10, 1)) == new
    old.refresh_from_db()
    assert (old.status, new.status) == ("superseded", "in_force")


def test_two_versions_never_hold_on_one_day(indication):
    title = a_title(indication)
    a_specification(title, effective_from=date(2014, 10, 1))
    with pytest.raises(Refused) as overlap:
        a_specification(title, effective_from=date(2010, 1, 1))
    assert overlap.value.errors[0].code == "specification_overlap"


def test_an_announced_version_and_its_facts_are_frozen(indication):
    version = a_specification(a_title(indication))
    rows = SpecificationVersion.objects.filter(pk=version.pk)
    for change in ({"label_zh": "x"}, {"standards": ["x"]}, {"document_sha256": "0" * 64}, {"effective": None}):
        refused_by_the_database(lambda change=change: rows.update(**change))
    refused_by_the_database(lambda: version.facts.update(low=1))
    refused_by_the_database(lambda: version.facts.all().delete())
    refused_by_the_database(
        lambda: SpecificationFact.objects.create(
            specification=version, key="x", label_zh="x", operator="text", text="x", unit="none"
        )
    )
    with pytest.raises(Refused):
        actions.redraft_specification(specification=version, changes={"label_zh": "x"}, actor=everybody(), now=NOW)


def test_a_reported_version_holds_on_its_days_until_it_is_announced(indication):
    title = a_title(indication)
    reported = a_specification(title, announced=False, status=SpecificationStatus.REPORTED, effective_from=None)
    assert specification_in_force(title, date(1999, 1, 1)) == reported
    announced = actions.announce_specification(
        specification=reported, document_sha256=DOCUMENT, actor=everybody(), now=NOW
    )
    assert announced.status == "in_force"


def test_the_drafter_is_not_the_reviewer(cast, indication):
    draft = actions.draft_specification(
        title=a_title(indication), label_zh="草稿", actor=cast.lin.actor, now=NOW, effective_from=TODAY
    )
    with pytest.raises(Refused) as own:
        actions.move_specification(specification=draft, to=SpecificationStatus.REVIEWED, actor=cast.lin.actor, now=NOW)
    assert own.value.errors[0].code == "own_draft"


def test_a_version_of_tomorrow_waits_for_its_day(indication):
    version = a_specification(a_title(indication), effective_from=TODAY + timedelta(days=1))
    assert version.status == "announced"
    assert actions.turn_specifications(actor=everybody(), now=NOW + timedelta(days=1)) == 1
    version.refresh_from_db()
    assert version.status == "in_force"


def test_facts_that_make_no_sense_are_told_with_their_place(indication):
    fact = {"key": "ph", "label_zh": "酸碱度", "operator": "between", "low": 8, "high": 7, "unit": "ph"}
    with pytest.raises(Invalid) as wrong:
        a_specification(a_title(indication), facts=[fact, fact])
    assert [(e.code, e.pointer) for e in wrong.value.errors] == [
        ("fact_bounds_crossed", "/facts/0/high"),
        ("fact_bounds_crossed", "/facts/1/high"),
        ("fact_repeated", "/facts/1/key"),
    ]
