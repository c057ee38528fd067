"""Recalls: which goods are called back, who must agree, and what is owed until they are. Pure."""

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal

from gi_registry.lib.texts import Refusal, Text, Word
from trace.rules.batches import MAX_REASON, STEPS, BatchState, Step


class RecallScope(Word):
    """What the goods have in common. Everything made of them follows."""

    BATCH = "batch", "一个批次", "One batch"
    INPUT = "input", "用了某一批次的货品", "Goods in which a batch was used"
    SITE = "site", "某一场地的批次", "Batches of a site"
    DAYS = "days", "某段日期的批次", "Batches of some days"
    LABORATORY = "laboratory", "某一检验机构检测的批次", "Batches that a laboratory measured"


class RecallState(Word):
    OPENED = "opened", "待确认", "Awaits confirmation"
    CONFIRMED = "confirmed", "召回中", "Under way"
    CLOSED = "closed", "已结束", "Closed"
    WITHDRAWN = "withdrawn", "已撤回", "Withdrawn"
    DRILLED = "drilled", "演练", "Exercise"


_R = RecallState
RECALL_STEPS: dict[RecallState, tuple[RecallState, ...]] = {
    _R.OPENED: (_R.CONFIRMED, _R.WITHDRAWN),
    _R.CONFIRMED: (_R.CLOSED,),
    _R.CLOSED: (),
    _R.WITHDRAWN: (),
    _R.DRILLED: (),
}
RECALLABLE = STEPS[Step.RECALL][0]
# Goods that are not on the market, but could come there: they are kept from it while a recall names them.
STOPPABLE = frozenset({BatchState.REGISTERED, BatchState.RELEASED})
# The days of one recall: a season and what was stored of the one before.
MOST_DAYS = 366
_EMPTY = Refusal("nothing_to_recall", Text("此范围内没有可召回的批次。", "There is nothing to recall in this scope."))
_OWN = Refusal("two_persons", Text("召回须由另一人确认。", "A recall is confirmed by another person than opened it."))
_FAR = Refusal(
    "beyond_your_place",
    Text(
        "受影响的批次有的不在您的管辖范围内，请由上一级确认。",
        "Some of the batches lie outside your jurisdiction: the level above confirms.",
    ),
)


def reason_faults(reason: str) -> list[Refusal]:
    if not reason.strip():
        return [Refusal("reason_missing", Text("请写明原因。", "Give the reason."), "/reason")]
    if len(reason) > MAX_REASON:
        words = Text(f"原因不超过 {MAX_REASON} 字。", f"A reason has at most {MAX_REASON} characters.")
        return [Refusal("reason_too_long", words, "/reason")]
    return []


def day_faults(first_on: date | None, last_on: date | None) -> list[Refusal]:
    """Days in their order, and no more of them than a recall means."""
    if not (first_on and last_on) or first_on <= last_on <= first_on + timedelta(days=MOST_DAYS):
        return []
    words = Text("结束日期应在开始日期之后一年内。", "The last day follows the first within a year.")
    return [Refusal("days_out_of_order", words, "/last_on")]


def area_of(division_code: str) -> str:
    """The prefix of every code in a place: ``1401`` for the city ``140100``."""
    return division_code[:2] if division_code.endswith("0000") else division_code.removesuffix("00")


def code_of(prefix: str) -> str:
    """The code of the place that a prefix watches."""
    return prefix[:6].ljust(6, "0")


def size_refusals(is_truncated: bool) -> list[Refusal]:
    """A scope that reaches more than is ever walked is named more narrowly: half a recall would look like a whole one."""
    words = Text("范围过大，请缩小后分几次召回。", "The scope is too wide: narrow it and recall in parts.")
    return [Refusal("too_many_batches", words)] if is_truncated else []


def confirm_refusals(
    state: RecallState, is_opener: bool, moved: int, divisions: Collection[str], watched: Collection[str]
) -> list[Refusal]:
    """``moved``: how many batches are to be recalled; ``divisions``: where the goods were made; ``watched``: those of them that
    whoever confirms watches."""
    if RecallState.CONFIRMED not in RECALL_STEPS[state]:
        return [_wrong(state)]
    refusals = [_OWN] if is_opener else []
    if not moved:
        refusals.append(_EMPTY)
    if set(divisions) - set(watched):
        refusals.append(_FAR)
    return refusals


def move_refusals(state: RecallState, to: RecallState) -> list[Refusal]:
    return [] if to in RECALL_STEPS[state] else [_wrong(state)]


def _wrong(state: RecallState) -> Refusal:
    return Refusal(
        "wrong_state",
        Text(f"召回处于“{state.text.zh}”状态。", f"The recall is in the state “{state.text.en.lower()}”."),
    )


def recovery_refusals(
    state: RecallState, is_moved: bool, out: Decimal, recovered: Decimal, more: Decimal
) -> list[Refusal]:
    """No more comes back than was out, and only of what was recalled."""
    if state is not RecallState.CONFIRMED:
        return [_wrong(state)]
    if not is_moved:
        words = Text(
            "该批次当时未上市，没有可追回的货品。", "The batch was not on the market: nothing of it can come back."
        )
        return [Refusal("not_recalled", words, "/batch")]
    if recovered + more > out:
        left = f"{max(out - recovered, Decimal(0)).normalize():f}"
        words = Text(
            f"追回的数量多于在外的数量：还有 {left} 未追回。",
            f"More would have come back than is out: {left} are left.",
        )
        return [Refusal("recovered_exceeds_batch", words, "/quantity")]
    return []
