"""What is on record of batches, gathered for the demands of a specification: rows in, pure values out."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import Q

from products.models import Site, SpecificationRule, SpecificationVersion
from products.rules import requirements
from products.rules.requirements import Attestation, Measurement, Outcome, Place, Requirement, StepDone
from products.rules.words import OutcomeResult, RuleKind, Sex, SiteState, TransitionRule, Unit
from trace.models import Batch, Evidence, RuleOutcome
from trace.rules.batches import BatchState
from trace.rules.evidence import Declared, EvidenceKind

# A retired site was accepted once, and what was made of it then is judged by then.
_WITHIN = {SiteState.ACTIVE: True, SiteState.RETIRED: True, SiteState.REFUSED: False}
_NOT_MADE = (BatchState.DRAFT.value, BatchState.VOID.value)


@dataclass(frozen=True, slots=True)
class Judged:
    """The demands of a version with what became of each for a batch. ``at``: when it was released, None for "as it stands"."""

    version: SpecificationVersion | None
    outcomes: tuple[Outcome, ...]
    at: datetime | None = None


def version_for(title_id: int, batch: Batch) -> SpecificationVersion | None:
    """The version of the title under which the batch was made; None where the register holds none for its days."""
    return version_among(binding_versions(title_id), batch)


def binding_versions(title_id: int) -> list[SpecificationVersion]:
    """The newest first."""
    return list(SpecificationVersion.objects.filter(title_id=title_id).binding().order_by("-effective"))


def version_among(versions: Iterable[SpecificationVersion], batch: Batch) -> SpecificationVersion | None:
    """Across a change of version, the newer one's own transition rule says which day decides."""
    days = {
        TransitionRule.PRODUCTION_START: batch.produced_from or batch.produced_on,
        TransitionRule.PRODUCTION_END: batch.produced_on,
        TransitionRule.PACKING: batch.packed_on or batch.produced_on,
    }
    for version in versions:
        if days[TransitionRule(version.transition_rule)] in version.effective:
            return version
    return None


def rules_of(version: SpecificationVersion | None) -> list[SpecificationRule]:
    """In the order of entry, with the facts that they rest on."""
    return list(version.rules.select_related("fact").order_by("place")) if version else []


def judge(batch: Batch) -> Judged:
    """The demands on a batch: as they were at its release, else as the evidence stands now. ``batch`` comes with
    authorisation, indication, season and specification."""
    if batch.released_at:
        kept = RuleOutcome.objects.filter(batch=batch).select_related("rule__fact").order_by("rule__place")
        told = tuple(
            Outcome(row.rule.requirement, OutcomeResult(row.result), row.demanded, row.measured, row.why)
            for row in kept
        )
        return Judged(batch.specification, told, batch.released_at)
    version = batch.specification or version_for(batch.authorisation.title_id, batch)
    rules = [rule.requirement for rule in rules_of(version)]
    return Judged(version, outcomes_of([batch], rules)[batch.pk])


def outcomes_of(batches: Sequence[Batch], rules: Sequence[Requirement]) -> dict[int, tuple[Outcome, ...]]:
    """For each batch the outcomes of the rules, in a fixed number of queries; a yield ceiling costs two more a batch."""
    if not rules:
        return {batch.pk: () for batch in batches}
    with_harvest = any(rule.kind is RuleKind.YIELD_MAX for rule in rules)
    known = evidence_of(batches, with_harvest=with_harvest)
    return {pk: requirements.evaluate(rules, evidence) for pk, evidence in known.items()}


def evidence_of(batches: Sequence[Batch], *, with_harvest: bool = False) -> dict[int, requirements.Evidence]:
    """Everything that demands look at. ``batches`` come with season and indication."""
    pks = [batch.pk for batch in batches]
    sites = _sites(pks)
    items: dict[int, list[Evidence]] = defaultdict(list)
    told = Evidence.objects.filter(batch__in=pks).standing().select_related("site").defer("site__geom")
    for item in told.order_by("pk"):
        items[item.batch_id].append(item)
    known = {batch.pk: _evidence(batch, sites[batch.pk], items[batch.pk]) for batch in batches}
    if with_harvest:
        known = {batch.pk: replace(known[batch.pk], harvest=_harvest(batch)) for batch in batches}
    return known


def _sites(batches: Iterable[int]) -> dict[int, list[Place]]:
    places: dict[int, list[Place]] = defaultdict(list)
    links = Batch.sites.through.objects.filter(batch__in=batches).order_by("site_id")
    for batch, number, code, state, area in links.values_list(
        "batch_id", "site__number", "site__division__code", "site__state", "site__area_m2"
    ):
        exact = Decimal(str(area)) if area is not None else None
        places[batch].append(Place(number, code, _WITHIN.get(SiteState(state)), exact))
    return places


def _evidence(batch: Batch, sites: Sequence[Place], items: Sequence[Evidence]) -> requirements.Evidence:
    declared: dict[str, list[str]] = defaultdict(list)
    for item in items:
        if item.kind == EvidenceKind.DECLARATION:
            declared[item.key].append(item.text)
    latest = {key: texts[-1] for key, texts in declared.items()}
    return requirements.Evidence(
        produced_on=batch.produced_on,
        harvested_on=batch.harvested_on,
        opens_on=batch.season.opens_on if batch.season else None,
        sites=tuple(sites),
        varieties=tuple(dict.fromkeys(declared[Declared.VARIETY])),
        zones=tuple(dict.fromkeys(declared[Declared.ZONE])),
        grade=latest.get(Declared.GRADE, ""),
        sexes=tuple(Sex(text) for text in dict.fromkeys(declared[Declared.SEX])),
        measurements=tuple(_measurement(item) for item in items if item.kind == EvidenceKind.MEASUREMENT),
        steps=tuple(
            StepDone(item.text, item.began_on, item.ended_on)
            for item in items
            if item.kind == EvidenceKind.STEP and item.began_on
        ),
        attestations=tuple(
            Attestation(item.key, bool(item.is_met), item.by_name)
            for item in items
            if item.kind == EvidenceKind.ATTESTATION
        ),
        output=(batch.quantity, Unit(batch.quantity_unit)),
        packed_in=latest.get(Declared.PACKED_IN, ""),
        region_codes=tuple(batch.indication.division_codes),
    )


def _measurement(item: Evidence) -> Measurement:
    return Measurement(
        key=item.key,
        value=item.value if item.value is not None else Decimal(0),
        unit=Unit(item.unit),
        site=item.site.number if item.site else "",
        sex=Sex(item.sex) if item.sex else None,
        has_report=bool(item.laboratory and item.document_sha256),
    )


def _harvest(batch: Batch) -> tuple[Decimal, Unit, Decimal] | None:
    """What these sites gave in the year, with those harvested in one batch with them, in grams and m2."""
    year = (batch.harvested_on or batch.produced_on).year
    beside = Q(indication=batch.indication_id, sites__in=batch.sites.all()) & ~Q(state__in=_NOT_MADE)
    gathered = Q(harvested_on__year=year) | Q(harvested_on__isnull=True, produced_on__year=year)
    together = Batch.objects.filter(pk__in=Batch.objects.filter(Q(pk=batch.pk) | beside & gathered).values("pk"))
    total = Decimal(0)
    for quantity, unit in together.values_list("quantity", "quantity_unit"):
        if unit not in _GRAMS:
            return None
        total += quantity * _GRAMS[unit]
    links = Batch.sites.through.objects.filter(batch__in=together)
    areas = Site.objects.filter(pk__in=links.values("site_id"), area_m2__isnull=False)
    area = sum(Decimal(str(value)) for value in areas.values_list("area_m2", flat=True))
    return (total, Unit.GRAM, area) if area else None


_GRAMS = {Unit.GRAM.value: Decimal(1), Unit.KILOGRAM.value: Decimal(1_000), Unit.TONNE.value: Decimal(1_000_000)}
