"""The life of a batch: which step may follow which state, and what each step asks before it is taken.

Guards take facts and give a list of refusals; an empty list is a yes. The database holds the states too (a check
constraint), and policy has already said who may ask.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gi_registry.lib.texts import Refusal, Text, Word
from products.rules.requirements import Outcome, release_faults
from trace.rules.dates import BatchDates, date_faults
from trace.rules.quantities import QuantityUnit, pack_faults, packs_fit, quantity_faults

# Checks are counted for the place of the goods in hexagons of some 253 km2 (H3 resolution 5): about a fifth of a county.
CELL_RESOLUTION = 5


class BatchState(Word):
    DRAFT = "draft", "草稿", "Draft"
    REGISTERED = "registered", "已登记", "Registered"
    RELEASED = "released", "已放行", "Released"
    ON_HOLD = "on_hold", "暂停", "On hold"
    RECALLED = "recalled", "召回", "Recalled"
    CLOSED = "closed", "已结束", "Closed"
    VOID = "void", "作废", "Void"


# Of these there are certificates: they were released once.
CERTIFIED = frozenset(BatchState) - {BatchState.DRAFT, BatchState.REGISTERED, BatchState.VOID}


class Step(Word):
    """What can be done to a batch."""

    CHANGE = "change", "修改", "Change"
    REGISTER = "register", "登记", "Register"
    RELEASE = "release", "放行", "Release"
    HOLD = "hold", "暂停", "Hold"
    RESUME = "resume", "恢复", "Resume"
    RECALL = "recall", "召回", "Recall"
    CLOSE = "close", "结束", "Close"
    VOID = "void", "作废", "Void"
    OPEN_REVIEW = "open_review", "开始核查", "Open a review"
    CLOSE_REVIEW = "close_review", "结束核查", "Close a review"


_S = BatchState
_LIVE = frozenset({_S.REGISTERED, _S.RELEASED, _S.ON_HOLD, _S.CLOSED})

# step -> (states it may be taken from, state it leads to; None leaves the state as it is)
STEPS: dict[Step, tuple[frozenset[BatchState], BatchState | None]] = {
    Step.CHANGE: (frozenset({_S.DRAFT}), None),
    Step.REGISTER: (frozenset({_S.DRAFT}), _S.REGISTERED),
    Step.RELEASE: (frozenset({_S.REGISTERED}), _S.RELEASED),
    Step.HOLD: (frozenset({_S.RELEASED}), _S.ON_HOLD),
    Step.RESUME: (frozenset({_S.ON_HOLD}), _S.RELEASED),
    # Goods sold out long ago may still stand in a kitchen: a closed batch can be recalled.
    Step.RECALL: (frozenset({_S.RELEASED, _S.ON_HOLD, _S.CLOSED}), _S.RECALLED),
    Step.CLOSE: (frozenset({_S.RELEASED}), _S.CLOSED),
    # A released lot is on goods in shops; it can be recalled, never voided.
    Step.VOID: (frozenset({_S.DRAFT, _S.REGISTERED}), _S.VOID),
    Step.OPEN_REVIEW: (_LIVE, None),
    Step.CLOSE_REVIEW: (_LIVE, None),
}

MUST_GIVE_REASON = frozenset(
    {Step.HOLD, Step.RESUME, Step.RECALL, Step.CLOSE, Step.VOID, Step.OPEN_REVIEW, Step.CLOSE_REVIEW}
)
MAX_REASON = 500


@dataclass(frozen=True, slots=True)
class AuthorisationFacts:
    """A right to use the special mark, as far as a batch asks: whether it stood on the day of production, whether it
    stands today, and whether the protection title behind it stands today."""

    producer_id: int
    indication_id: int
    stood_at_production: bool
    stands_now: bool
    title_stands: bool


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """``is_own``: the producer's, or of a household that it vouches for. ``is_covered``: named in the authorisation."""

    number: str
    is_own: bool
    indication_id: int
    is_active: bool
    is_covered: bool


@dataclass(frozen=True, slots=True)
class SeasonFacts:
    indication_id: int
    opens_on: date
    closes_on: date


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """Everything that registration looks at."""

    producer_id: int
    indication_id: int
    authorisation: AuthorisationFacts
    sites: tuple[SiteFacts, ...]
    season: SeasonFacts | None
    dates: BatchDates
    quantity: Decimal
    unit: QuantityUnit
    pack_count: int | None
    form_is_active: bool
    net_content: Decimal
    net_unit: QuantityUnit


def step_refusals(step: Step, state: BatchState, reason: str = "") -> list[Refusal]:
    """Whether the step may follow the state, with its reason where one is owed."""
    allowed_from, leads_to = STEPS[step]
    if leads_to is not None and state is leads_to:
        words = Text(f"该批次已是“{state.text.zh}”状态。", f"The batch is already {state.text.en.lower()}.")
        return [Refusal(f"already_{state.value}", words)]
    if state not in allowed_from:
        words = Text(
            f"“{state.text.zh}”状态的批次不能{step.text.zh}。",
            f"A batch that is {state.text.en.lower()} cannot take the step “{step.text.en.lower()}”.",
        )
        return [Refusal("wrong_state", words)]
    if step in MUST_GIVE_REASON and not reason.strip():
        return [Refusal("reason_missing", Text("请写明原因。", "Give the reason."), "/reason")]
    return []


def measure_refusals(facts: BatchFacts, today: date) -> list[Refusal]:
    """What is wrong in the numbers and days themselves: wrong for a draft too, since no later event can mend them."""
    return [
        *date_faults(facts.dates, today),
        *quantity_faults(facts.quantity, facts.unit),
        *pack_faults(facts.pack_count),
    ]


def authorisation_refusals(facts: AuthorisationFacts) -> list[Refusal]:
    """The right to use the mark must stand today and have stood on the day of production."""
    pointer = "/authorisation"
    refusals = []
    if not facts.stands_now:
        words = Text("专用标志使用核准目前无效。", "The authorisation to use the mark does not stand at present.")
        refusals.append(Refusal("authorisation_not_active", words, pointer))
    if not facts.stood_at_production:
        words = Text("生产日期当天核准无效。", "The authorisation did not stand on the production date.")
        refusals.append(Refusal("authorisation_not_in_force", words, pointer))
    if not facts.title_stands:
        words = Text(
            "该核准所依据的地理标志保护不在有效状态。", "The protection title behind the authorisation does not stand."
        )
        refusals.append(Refusal("title_not_standing", words, pointer))
    return refusals


def ownership_refusals(facts: BatchFacts) -> list[Refusal]:
    """Form, authorisation, season and batch must speak of one producer and one indication."""
    authorisation = facts.authorisation
    if authorisation.producer_id != facts.producer_id:
        words = Text("该核准属于另一生产者。", "The authorisation belongs to another producer.")
        return [Refusal("authorisation_of_another_producer", words, "/authorisation")]
    if authorisation.indication_id != facts.indication_id:
        words = Text("该核准针对另一地理标志。", "The authorisation is for another indication.")
        return [Refusal("authorisation_for_another_indication", words, "/authorisation")]
    if facts.season is not None and facts.season.indication_id != facts.indication_id:
        words = Text("该产季属于另一地理标志。", "The season belongs to another indication.")
        return [Refusal("season_of_another_indication", words, "/season")]
    return []


def site_refusals(facts: BatchFacts) -> list[Refusal]:
    """At least one site, and each the producer's own, active, for this indication, and named in the authorisation."""
    if not facts.sites:
        return [Refusal("no_site", Text("请选择至少一处生产场地。", "Name at least one production site."), "/sites")]
    refusals = []
    for place, site in enumerate(facts.sites):
        if not site.is_own or site.indication_id != facts.indication_id:
            code, zh, en = "site_foreign", "不属于本生产者和本地理标志", "is not this producer's for this indication"
        elif not site.is_active:
            code, zh, en = "site_not_active", "未处于启用状态", "is not active"
        elif not site.is_covered:
            code, zh, en = "site_not_authorised", "不在核准所列场地中", "is not named in the authorisation"
        else:
            continue
        words = Text(f"场地 {site.number} {zh}。", f"Site {site.number} {en}.")
        refusals.append(Refusal(code, words, f"/sites/{place}"))
    return refusals


def season_refusals(facts: BatchFacts) -> list[Refusal]:
    """A batch of a season is harvested (or, where nothing is harvested, produced) inside it."""
    if facts.season is None:
        return []
    name = "harvested_on" if facts.dates.harvested_on else "produced_on"
    day = facts.dates.harvested_on or facts.dates.produced_on
    if facts.season.opens_on <= day <= facts.season.closes_on:
        return []
    words = Text("该日期不在所选产季内。", "This day lies outside the season chosen.")
    return [Refusal("outside_season", words, f"/{name}")]


def registration_refusals(state: BatchState, facts: BatchFacts, today: date) -> list[Refusal]:
    """All that stands between a draft and a registered batch; every fault at once, so that a form is mended in one go."""
    if refusals := step_refusals(Step.REGISTER, state):
        return refusals
    refusals = [
        *measure_refusals(facts, today),
        *ownership_refusals(facts),
        *authorisation_refusals(facts.authorisation),
        *site_refusals(facts),
        *season_refusals(facts),
    ]
    if not facts.form_is_active:
        refusals.append(
            Refusal("form_not_active", Text("该产品规格已停用。", "The product form is no longer in use."), "/form")
        )
    if not packs_fit(facts.quantity, facts.unit, facts.pack_count, facts.net_content, facts.net_unit):
        words = Text("按净含量计算，包装总量超过本批数量。", "By their net content the packs hold more than the batch.")
        refusals.append(Refusal("packs_exceed_quantity", words, "/pack_count"))
    return refusals


def release_refusals(
    state: BatchState,
    authorisation: AuthorisationFacts,
    best_before_on: date | None,
    today: date,
    outcomes: Sequence[Outcome] = (),
) -> list[Refusal]:
    """Release sends the goods to market: the right must still stand, the goods must not be out of date, and they meet
    what their specification demands (``outcomes``).

    A season that has not opened yet does not stop release (labels are printed and goods shipped ahead); until its day
    the verdict on the code is "season not open".
    """
    if refusals := step_refusals(Step.RELEASE, state):
        return refusals
    refusals = authorisation_refusals(authorisation)
    if best_before_on is not None and best_before_on < today:
        words = Text("已超过保质期，不能放行。", "The batch is past its best-before date and cannot be released.")
        refusals.append(Refusal("past_best_before", words, "/best_before_on"))
    return refusals + release_faults(outcomes)
