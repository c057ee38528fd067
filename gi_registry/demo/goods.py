"""Product forms and batches: one batch for each verdict that a batch can have, and a few more to fill the lists."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from gi_registry.demo.pictures import PICTURES
from gi_registry.demo.register import authorisation_of, indication_of
from gi_registry.demo.stage import REASON, Row, Stage, read
from gi_registry.lib.clock import day_of
from products.models import Season, Site
from products.rules.words import Unit
from trace import actions
from trace.actions import Content, FormContent, TargetContent, Wish
from trace.actions.checks import Sender
from trace.models import Batch, FormPhoto, Issuance, LinkTarget, ProductForm, UnitTally
from trace.rules.copies import OFTEN
from trace.rules.dates import BatchDates
from trace.rules.evidence import EvidenceItem, EvidenceKind
from trace.rules.issuances import RangeKind, Span
from trace.rules.link_targets import TargetKind, TargetLanguage
from trace.rules.quantities import QuantityUnit
from trace.rules.verdicts import Verdict

STEPS: dict[str, Callable[..., Any]] = {
    "hold": actions.hold_batch,
    "recall": actions.recall_batch,
    "review": actions.open_review,
    "void": actions.void_batch,
    "close": actions.close_batch,
}
# Unit codes of a batch that is the sample of a unit's verdict: one to be good, one that was withdrawn, one that
# was checked often, and some to spare.
UNITS, GOOD_UNIT, VOID_UNIT, OFTEN_UNIT = 12, 0, 2, 3
# Where checks of the demo seem to come from; the networks are those kept for tests (RFC 2544).
PROVINCES = ("山西", "北京", "河北", "陕西", "河南", "上海")


def put_form(key: str, row: Row, stage: Stage) -> ProductForm:
    """An article by its producer and name."""
    producer = stage.producers[key]
    known = ProductForm.objects.filter(producer=producer, name_zh=row["name_zh"]).first()
    form = known or actions.create_form(
        producer=producer,
        indication=indication_of(row["indication"]),
        content=FormContent(
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            net_content=Decimal(row["net_content"]),
            net_content_unit=QuantityUnit(row["unit"]),
            packing=row["packing"],
            gtin=row["gtin"],
        ),
        actor=stage.maker(key),
        now=stage.now,
        reason=REASON,
    )
    if "picture" in row and not FormPhoto.objects.filter(form=form).exists():
        drawn = PICTURES[row["picture"]]()
        form = actions.set_photo(form=form, photo=drawn, actor=stage.maker(key), now=stage.now, reason=REASON)
    return form


def put_links(stage: Stage) -> None:
    """Addresses elsewhere, each by its article and address: proposed by the maker, and accepted where the row says by whom."""
    for row in read("links"):
        form = ProductForm.objects.select_related("producer__organisation", "producer__division", "indication").get(
            producer=stage.producers[row["producer"]], name_zh=row["form"]
        )
        if LinkTarget.objects.filter(form=form, href=row["href"]).exists():
            continue
        content = TargetContent(
            kind=TargetKind(row["kind"]),
            href=row["href"],
            language=TargetLanguage(row["language"]),
            label_zh=row["label_zh"],
            label_en=row["label_en"],
            form=form,
        )
        target = actions.propose_target(
            content=content, actor=stage.maker(row["producer"]), now=stage.at(row["proposed"])
        )
        if "accepted" in row:
            actor = stage.actor(row["by"], row["producer"])
            actions.review_target(
                target=target, is_accepted=True, actor=actor, now=stage.at(row["accepted"]), reason=REASON
            )


def put_batches(stage: Stage) -> tuple[dict[Verdict, Batch], dict[Verdict, Issuance]]:
    """All batches, each by its producer and the producer's own lot text; the samples among them by verdict, and the unit
    codes of those that are samples of a unit's verdict."""
    samples, unit_samples = {}, {}
    for row in read("batches"):
        producer = stage.producers[row["producer"]]
        batch = Batch.objects.filter(producer=producer, producer_lot=row["lot"]).first() or _make(row, stage)
        if "sample" in row:
            samples[Verdict(row["sample"])] = batch
        if "unit_sample" in row:
            unit_samples[Verdict(row["unit_sample"])] = _put_codes(batch, row, stage)
    _check_often(unit_samples[Verdict.REGISTERED], stage)
    return samples, unit_samples


def _make(row: Row, stage: Stage) -> Batch:
    """One batch led through its life, each step on its own day."""
    actor = stage.maker(row["producer"])
    begun = stage.at(row.get("registered", 0))
    batch = actions.draft_batch(
        content=_content(row, stage), actor=actor, now=begun, reason=REASON, register="registered" in row
    )
    if "unit_sample" in row:
        _put_codes(batch, row, stage)
    if "evidence" in row:
        actions.add_evidence(
            batch=batch, items=[_item(item, stage) for item in row["evidence"]], actor=actor, now=begun
        )
    if "released" in row:
        batch = actions.release_batch(batch=batch, actor=actor, now=stage.at(row["released"]), reason=REASON)
    for step in row.get("then", ()):
        batch = STEPS[step["do"]](
            batch=batch,
            actor=stage.actor(step["by"], row["producer"]),
            now=stage.at(step["at"]),
            reason=step["reason"],
        )
    for number in range(row.get("checks", 0)):
        _check(batch, number, stage)
    return batch


def _item(row: Row, stage: Stage) -> EvidenceItem:
    """One piece of evidence; days count from the day of loading, like all others. Laboratory and report are invented."""
    said = {name: row[name] for name in ("key", "text", "laboratory", "document_sha256") if name in row}
    if "value" in row:
        said |= {"value": Decimal(row["value"]), "unit": Unit(row["unit"])}
    days = {"began_on": stage.on(row.get("began")), "ended_on": stage.on(row.get("ended"))}
    return EvidenceItem(EvidenceKind(row["kind"]), **said, **days)


def _put_codes(batch: Batch, row: Row, stage: Stage) -> Issuance:
    """A few unit codes, made on the day of registration; one unit is void, so that there is a sample of that too."""
    known = Issuance.objects.filter(batch=batch, ordinal=0).select_related("batch").first()
    if known:
        return known
    given = {"actor": stage.maker(row["producer"]), "now": stage.at(row["registered"]), "reason": REASON}
    issuance = actions.issue_codes(batch=batch, wish=Wish(count=UNITS), **given)
    void = Span(VOID_UNIT, VOID_UNIT)
    actions.record_range(issuance=issuance, kind=RangeKind.VOID, span=void, **given)
    return issuance


def _content(row: Row, stage: Stage) -> Content:
    producer = stage.producers[row["producer"]]
    form = ProductForm.objects.select_related("producer__division", "indication").get(
        producer=producer, name_zh=row["form"]
    )
    season = Season.objects.get(indication=form.indication, name=row["season"]) if "season" in row else None
    sites = {site.name: site for site in Site.objects.filter(producer=producer).select_related("division")}
    return Content(
        form=form,
        authorisation=authorisation_of(producer, form.indication),
        sites=tuple(sites[name] for name in row["sites"]),
        dates=BatchDates(
            produced_on=day_of(stage.at(row["produced"])),
            produced_from=stage.on(row.get("produced_from")),
            harvested_on=stage.on(row.get("harvested")),
            packed_on=stage.on(row.get("packed")),
            best_before_on=stage.on(row.get("best_before")),
        ),
        quantity=Decimal(row["quantity"]),
        quantity_unit=QuantityUnit(row["unit"]),
        pack_count=row.get("packs"),
        season=season,
        producer_lot=row["lot"],
    )


def _check_often(issuance: Issuance, stage: Stage) -> None:
    """So many checks of one unit, all at home, that it reads as checked often."""
    if not UnitTally.objects.filter(issuance=issuance, unit_index=OFTEN_UNIT).exists():
        for number in range(OFTEN):
            _check(issuance.batch, number, stage, unit=(issuance.pk, OFTEN_UNIT))


def _check(batch: Batch, number: int, stage: Stage, unit: tuple[int, int] | None = None) -> None:
    """A check by a device of its own: only the number of devices counts, so each gets another address."""
    address = f"198.18.{number}.1"
    actions.record_check(
        lot=batch.number,
        verdict=Verdict.REGISTERED,
        sender=Sender(address, f"demo/{number}", PROVINCES[0 if unit else number * number % len(PROVINCES)]),
        now=stage.now - timedelta(seconds=number),
        unit=unit,
    )
