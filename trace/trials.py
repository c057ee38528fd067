"""A version of a specification tried on past batches, before it takes effect or after: nothing is written."""

from collections import Counter
from dataclasses import dataclass

from gi_registry.lib.access import Actor
from gi_registry.lib.texts import Text
from products.models import SpecificationVersion
from products.rules.requirements import Requirement, release_faults
from products.rules.requirements.kinds import demanded
from products.rules.words import OutcomeResult
from trace.models import Batch
from trace.record import outcomes_of, rules_of
from trace.rules.batches import BatchState

MOST_BATCHES = 200
MOST_STOPPED = 100
# What was made and stayed made; a draft is not yet, and a void batch never was.
_MADE = [state.value for state in BatchState if state not in (BatchState.DRAFT, BatchState.VOID)]


@dataclass(frozen=True, slots=True)
class TrialRule:
    rule: Requirement
    demanded: Text
    passed: int
    failed: int
    not_applicable: int
    missing_evidence: int


@dataclass(frozen=True, slots=True)
class TrialBatch:
    number: str
    reasons: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    version: SpecificationVersion
    batches: int
    is_cut: bool
    releasable: int
    rules: tuple[TrialRule, ...]
    stopped: tuple[TrialBatch, ...]


def try_out(version: SpecificationVersion, actor: Actor) -> Trial:
    """Hold the rules of a version against the newest batches under its title that the actor may see, as if it had applied
    to them. A yield ceiling costs two queries a batch, everything else the same however many there are."""
    made = Batch.objects.visible_to(actor).filter(authorisation__title=version.title_id, state__in=_MADE)
    batches = list(made.select_related("season", "indication").order_by("-pk")[: MOST_BATCHES + 1])
    is_cut, batches = len(batches) > MOST_BATCHES, batches[:MOST_BATCHES]
    rules = [row.requirement for row in rules_of(version)]
    known = outcomes_of(batches, rules)
    counts: list[Counter[OutcomeResult]] = [Counter() for _ in rules]
    stopped = []
    for batch in batches:
        for count, outcome in zip(counts, known[batch.pk], strict=True):
            count[outcome.result] += 1
        if faults := release_faults(known[batch.pk]):
            stopped.append(TrialBatch(batch.number, tuple(fault.text for fault in faults)))
    told = tuple(
        TrialRule(rule, demanded(rule), **{result.value: count[result] for result in OutcomeResult})
        for rule, count in zip(rules, counts, strict=True)
    )
    releasable = len(batches) - len(stopped)
    return Trial(version, len(batches), is_cut, releasable, told, tuple(stopped[:MOST_STOPPED]))
