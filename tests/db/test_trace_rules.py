"""Batches held against the rules of their version: at release, as the transition rule says, and kept for good."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from gi_registry.lib.problems import Forbidden, Invalid, Refused
from products.rules.words import OutcomeResult, RuleKind, Severity, TransitionRule, Unit
from tests.build_rules import (
    ACID,
    TASTE,
    a_draft_with_rules,
    a_signature,
    a_test,
    a_version_with_rules,
    ageing,
    an_ageing,
    on_record,
)
from tests.cast import NOW
from trace import actions
from trace.models import Evidence, RuleOutcome
from trace.record import judge
from trace.rules.batches import BatchState
from trace.rules.dates import BatchDates
from trace.rules.evidence import EvidenceItem, EvidenceKind
from trace.rules.quantities import QuantityUnit
from trace.trials import try_out

pytestmark = pytest.mark.django_db
BEGUN, READY = date(2025, 10, 10), date(2026, 9, 10)
ELEVEN_MONTHS = an_ageing(BEGUN, READY)
LONG_MADE = BatchDates(produced_on=READY, produced_from=BEGUN, packed_on=READY)
R = OutcomeResult


def release(cast, batch):
    return actions.release_batch(batch=batch, actor=cast.zhang.actor, now=NOW)


def results(batch):
    return [outcome.result for outcome in judge(batch).outcomes]


@pytest.mark.parametrize(
    ("decides", "months", "result"),
    [
        (TransitionRule.PRODUCTION_START, 10, R.PASSED),
        (TransitionRule.PRODUCTION_END, 12, R.FAILED),
        (TransitionRule.PACKING, 12, R.FAILED),
    ],
)
def test_an_eleven_month_vinegar_passes_or_fails_as_the_transition_rule_says(cast, goods, decides, months, result):
    title = goods.register.title
    a_version_with_rules(cast, title, ageing(10), label_zh="十个月版")
    a_version_with_rules(
        cast, title, ageing(12), label_zh="十二个月版", effective_from=date(2026, 6, 1), transition_rule=decides
    )
    batch = goods.batch(BatchState.REGISTERED, dates=LONG_MADE)
    on_record(cast, batch, ELEVEN_MONTHS)
    (outcome,) = judge(batch).outcomes
    assert (outcome.result, outcome.demanded.en) == (result, f"at least {months} months")
    assert outcome.measured.en == "11 months (2025-10-10 to 2026-09-10)"
    if result is R.PASSED:
        assert release(cast, batch).state == BatchState.RELEASED
        return
    with pytest.raises(Refused) as refused:
        release(cast, batch)
    (fault,) = refused.value.errors
    assert (fault.code, fault.pointer) == ("requirement_failed", "/rules/0")
    assert fault.text.en.startswith("Ageing (demanded: at least 12 months): not met. It would be enough on 2026-10-10.")
    assert RuleOutcome.objects.count() == 0


def test_release_waits_for_evidence_and_keeps_every_outcome(cast, goods):
    a_version_with_rules(
        cast, goods.register.title, ageing(10), ACID, TASTE, ageing(24, Severity.WARN) | {"key": "long"}
    )
    batch = goods.batch(BatchState.REGISTERED)
    with pytest.raises(Refused) as refused:
        release(cast, batch)
    codes = [(fault.code, fault.pointer) for fault in refused.value.errors]
    assert codes == [("requirement_without_evidence", "/rules/0"), ("requirement_without_evidence", "/rules/1")]
    on_record(cast, batch, ELEVEN_MONTHS, a_test("acid", Decimal("6.2"), Unit.GRAM_PER_100_ML))
    released = release(cast, batch)
    told = [R.PASSED, R.PASSED, R.MISSING_EVIDENCE, R.FAILED]
    assert [R(row.result) for row in released.outcomes.order_by("rule__place")] == told
    judged = judge(released)
    assert (judged.at, [one.result for one in judged.outcomes]) == (NOW, told)
    assert judged.outcomes[1].measured.zh == "6.2 克/100毫升"
    with pytest.raises(DatabaseError), transaction.atomic():
        RuleOutcome.objects.update(result="passed")


def test_a_version_without_rules_asks_nothing(cast, goods):
    batch = goods.batch(BatchState.RELEASED)
    assert judge(batch).outcomes == ()


def test_a_figure_without_a_laboratory_report_is_no_proof(cast, goods):
    a_version_with_rules(cast, goods.register.title, ACID)
    batch = goods.batch(BatchState.REGISTERED)
    on_record(cast, batch, a_test("acid", Decimal("6.2"), Unit.GRAM_PER_100_ML, laboratory="", document_sha256=""))
    assert results(batch) == [R.MISSING_EVIDENCE]
    on_record(cast, batch, a_test("acid", Decimal("5.9"), Unit.GRAM_PER_100_ML))
    assert results(batch) == [R.FAILED]


def test_evidence_taken_back_counts_no_more_and_stays_on_record(cast, goods):
    a_version_with_rules(cast, goods.register.title, ACID)
    batch = goods.batch(BatchState.REGISTERED)
    low, _ = on_record(
        cast,
        batch,
        a_test("acid", Decimal("5.9"), Unit.GRAM_PER_100_ML),
        a_test("acid", Decimal("6.1"), Unit.GRAM_PER_100_ML),
    )
    assert results(batch) == [R.FAILED]
    with pytest.raises(Invalid):
        actions.withdraw_evidence(evidence=low, actor=cast.zhang.actor, now=NOW, reason=" ")
    actions.withdraw_evidence(evidence=low, actor=cast.zhang.actor, now=NOW, reason="样品取错")
    assert results(batch) == [R.PASSED]
    assert Evidence.objects.get(pk=low.pk).withdrawn_reason == "样品取错"
    with pytest.raises(Refused):
        actions.withdraw_evidence(evidence=low, actor=cast.zhang.actor, now=NOW, reason="再撤")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Evidence.objects.update(value=9)


def test_evidence_closes_with_the_release(cast, goods):
    batch = goods.batch(BatchState.RELEASED)
    with pytest.raises(Refused) as refused:
        on_record(cast, batch, ELEVEN_MONTHS)
    assert [fault.code for fault in refused.value.errors] == ["evidence_closed"]
    with pytest.raises(DatabaseError, match="closed with its release"), transaction.atomic():
        Evidence.objects.create(
            batch=batch, kind="step", text="陈酿", began_on=BEGUN, by="user:1", by_name="张师傅", at=NOW
        )


def test_taste_is_signed_for_by_a_person_and_a_signature_against_stops_the_release(cast, goods):
    a_version_with_rules(cast, goods.register.title, TASTE)
    batch = goods.batch(BatchState.REGISTERED)
    assert results(batch) == [R.MISSING_EVIDENCE]
    signed = {"batch": batch, "actor": cast.chen.actor, "now": NOW}
    actions.add_evidence(items=[a_signature("taste", is_met=False)], **signed)
    (outcome,) = judge(batch).outcomes
    assert (outcome.result, outcome.measured.zh) == (R.FAILED, "陈会长")
    with pytest.raises(Refused):
        release(cast, batch)
    actions.withdraw_evidence(evidence=Evidence.objects.get(), actor=cast.chen.actor, now=NOW, reason="复评")
    actions.add_evidence(items=[a_signature("taste", is_met=True)], **signed)
    assert release(cast, batch).state == BatchState.RELEASED
    with pytest.raises(Forbidden):
        actions.add_evidence(items=[ELEVEN_MONTHS], **{**signed, "batch": goods.batch(BatchState.REGISTERED)})


def test_nobody_without_a_name_signs(cast, goods):
    batch = goods.batch(BatchState.REGISTERED)
    with pytest.raises(Invalid) as invalid:
        actions.add_evidence(batch=batch, items=[a_signature("taste", is_met=True)], actor=goods.maker, now=NOW)
    assert [fault.code for fault in invalid.value.errors] == ["evidence_unsigned"]


def test_the_yield_of_the_year_counts_every_batch_of_the_same_land(cast, goods):
    ceiling = {"kind": RuleKind.YIELD_MAX, "key": "yield", "label_zh": "产量", "severity": Severity.BLOCK}
    bound = {"operator": "max", "high": 1_000, "unit": Unit.KILOGRAM_PER_HECTARE}
    a_version_with_rules(cast, goods.register.title, ceiling | bound)
    made = {"quantity_unit": QuantityUnit.KILOGRAM, "pack_count": None, "sites": (goods.register.field,)}
    hectares = Decimal(str(goods.register.field.area_m2)) / 10_000
    first = goods.batch(BatchState.REGISTERED, quantity=round(hectares * 600, 3), **made)
    assert results(first) == [R.PASSED]
    second = goods.batch(BatchState.REGISTERED, quantity=round(hectares * 600, 3), **made)
    assert results(second) == [R.FAILED]
    actions.void_batch(batch=first, actor=cast.zhang.actor, now=NOW, reason="记错")
    assert results(second) == [R.PASSED]


def test_a_draft_is_tried_on_past_batches_and_changes_none(cast, goods):
    good = goods.batch(BatchState.REGISTERED)
    bare = goods.batch(BatchState.RELEASED)
    goods.batch(BatchState.DRAFT)
    on_record(cast, good, ELEVEN_MONTHS)
    draft = a_draft_with_rules(cast, goods.register.title, ageing(10), ACID | {"severity": Severity.WARN})
    trial = try_out(draft, cast.chen.actor)
    assert (trial.batches, trial.releasable, trial.is_cut) == (2, 1, False)
    assert [(rule.passed, rule.failed, rule.missing_evidence) for rule in trial.rules] == [(1, 0, 1), (0, 0, 2)]
    assert [row.number for row in trial.stopped] == [bare.number]
    assert trial.stopped[0].reasons[0].en.startswith("Ageing (demanded: at least 10 months): no evidence.")
    assert RuleOutcome.objects.count() == 0
    assert try_out(draft, cast.feng.actor).batches == 0


@pytest.mark.parametrize(
    ("item", "fault"),
    [
        (EvidenceItem(EvidenceKind.MEASUREMENT, key="acid"), ("evidence_needs", "/items/0/value")),
        (a_test("acid", Decimal("NaN"), Unit.GRAM), ("evidence_value", "/items/0/value")),
        (a_test("acid", Decimal(101), Unit.PERCENT), ("evidence_value", "/items/0/value")),
        (a_test("Acid!", Decimal(1), Unit.GRAM), ("evidence_key", "/items/0/key")),
        (a_test("acid", Decimal(1), Unit.GRAM, site="XXXXXXXXXX"), ("evidence_site", "/items/0/site")),
        (an_ageing(READY, BEGUN), ("evidence_days_crossed", "/items/0/ended_on")),
        (an_ageing(date(2027, 1, 1), None), ("evidence_day", "/items/0/began_on")),
        (EvidenceItem(EvidenceKind.STEP, text="蒸", began_on=BEGUN, is_met=True), ("evidence_takes_no", "/items/0/is_met")),
        (EvidenceItem(EvidenceKind.DECLARATION, key="colour", text="红"), ("evidence_key", "/items/0/key")),
        (EvidenceItem(EvidenceKind.DECLARATION, key="sex", text="雄"), ("evidence_text", "/items/0/text")),
        (EvidenceItem(EvidenceKind.ATTESTATION, key="taste", is_met=True), ("evidence_needs", "/items/0/document_sha256")),
    ],
)  # fmt: skip
def test_evidence_with_a_mistake_is_named_and_none_of_it_is_kept(cast, goods, item, fault):
    batch = goods.batch(BatchState.DRAFT)
    with pytest.raises(Invalid) as invalid:
        on_record(cast, batch, item, ELEVEN_MONTHS)
    assert fault in [(one.code, one.pointer) for one in invalid.value.errors]
    assert Evidence.objects.count() == 0
