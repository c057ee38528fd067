"""What goods are made of: which links between batches may be, what a blend may call itself, and how much can be used.

An input is registered before it is used, and inputs are stated while their batch is a draft. The days of registration
therefore only rise along links, and no circle can close, however many write at once. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from gi_registry.lib.texts import Refusal, Text, Word
from trace.rules.batches import BatchState
from trace.rules.quantities import OVERFILL, QuantityUnit, in_base, quantity_faults

# A mixed lot of a cooperative takes in a few hundred harvests; more is a slip or an attack.
MAX_INPUTS = 500


class InputKind(Word):
    """What was done with the input. A packing can be undone; nobody takes vinegar apart into sorghum."""

    TRANSFORMATION = "transformation", "加工", "Made from"
    BLEND = "blend", "拼配", "Blended from"
    PACKING = "packing", "装入", "Packed from"


# Goods that nobody has called back may be used, also where their maker has sold all of them.
USABLE = frozenset({BatchState.REGISTERED, BatchState.RELEASED, BatchState.CLOSED})
# The name stands on these goods as it came: each input must bear it itself.
SAME_NAME = frozenset({InputKind.BLEND, InputKind.PACKING})
# A batch in which goods that are stopped went in is stopped too.
STOPPED = frozenset({BatchState.ON_HOLD, BatchState.RECALLED})


@dataclass(frozen=True, slots=True)
class Goods:
    """A batch as far as a link asks."""

    number: str
    indication_id: int
    state: BatchState
    quantity: Decimal
    unit: QuantityUnit


@dataclass(frozen=True, slots=True)
class Input:
    """One link into a batch. ``parent`` is what was used, ``quantity`` how much of it."""

    parent: Goods
    kind: InputKind
    quantity: Decimal
    unit: QuantityUnit
    is_confirmed: bool = True


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """What is asked when a link is written. ``used``: of the parent, confirmed and not taken out again, in base units;
    ``inputs``: how many the child has; ``is_circle``: the parent was made of the child."""

    child: Goods
    used: Decimal
    inputs: int = 0
    is_named_already: bool = False
    is_circle: bool = False


def link_faults(link: Input) -> list[Refusal]:
    """What is wrong in the amount itself."""
    if faults := quantity_faults(link.quantity, link.unit):
        return faults
    if in_base(link.quantity, link.unit)[0] is not in_base(link.parent.quantity, link.parent.unit)[0]:
        words = Text(
            f"批次 {link.parent.number} 以“{link.parent.unit.text.zh}”计量，请用同类单位。",
            f"Batch {link.parent.number} is measured in {link.parent.unit.text.en.lower()}: give a unit of that kind.",
        )
        return [Refusal("unit_of_another_kind", words, "/unit")]
    return []


def link_refusals(link: Input, facts: LinkFacts) -> list[Refusal]:
    """Why a link may not be written in the present state, every reason at once."""
    refusals = circle_refusals(link, facts)
    if facts.child.state is not BatchState.DRAFT:
        words = Text(
            "投料只能在批次登记之前填写；登记后如需更正，请作废重填。",
            "Inputs are stated before a batch is registered. To correct them later, void it and write another.",
        )
        refusals.append(Refusal("inputs_settled", words))
    if facts.is_named_already:
        words = Text("该批次已列为投料，请先撤回再改。", "This batch is an input already; withdraw it to change it.")
        refusals.append(Refusal("input_named_already", words, "/parent"))
    if facts.inputs >= MAX_INPUTS:
        words = Text(f"一个批次最多 {MAX_INPUTS} 项投料。", f"A batch has at most {MAX_INPUTS} inputs.")
        refusals.append(Refusal("too_many_inputs", words))
    return [*refusals, *parent_refusals(link, facts.child), *amount_refusals(link, facts.used)]


def circle_refusals(link: Input, facts: LinkFacts) -> list[Refusal]:
    if link.parent.number == facts.child.number:
        return [Refusal("circle", Text("批次不能以自己为投料。", "A batch cannot be made of itself."), "/parent")]
    if facts.is_circle:
        words = Text(
            f"批次 {link.parent.number} 是由本批次制成的，不能再作它的投料。",
            f"Batch {link.parent.number} was made of this batch and cannot go into it.",
        )
        return [Refusal("circle", words, "/parent")]
    return []


def parent_refusals(link: Input, child: Goods, pointer: str = "/parent") -> list[Refusal]:
    """Whether an input may be used at all, and under the name of the goods made of it."""
    parent = link.parent
    if parent.state not in USABLE:
        words = Text(
            f"批次 {parent.number} 处于“{parent.state.text.zh}”状态，不能作投料。",
            f"Batch {parent.number} is {parent.state.text.en.lower()} and cannot be used.",
        )
        return [Refusal("input_not_usable", words, pointer)]
    if link.kind in SAME_NAME and parent.indication_id != child.indication_id:
        words = Text(
            f"批次 {parent.number} 属于另一地理标志：混入它的货品不能使用本名称。",
            f"Batch {parent.number} bears another name: goods mixed with it may not bear this one.",
        )
        return [Refusal("input_of_another_name", words, pointer)]
    return []


def amount_refusals(link: Input, used: Decimal) -> list[Refusal]:
    """No more can be used of a batch than there is of it."""
    (_, whole), (_, wanted) = in_base(link.parent.quantity, link.parent.unit), in_base(link.quantity, link.unit)
    if used + wanted <= whole:
        return []
    left = max(whole - used, Decimal(0)) / in_base(Decimal(1), link.unit)[1]
    words = Text(
        f"批次 {link.parent.number} 只剩 {left.normalize():f} {link.unit.text.zh}可用。",
        f"Only {left.normalize():f} {link.unit.text.en.lower()} of batch {link.parent.number} are left.",
    )
    return [Refusal("input_exceeds_batch", words, "/quantity")]


def end_refusals(kind: InputKind, child: BatchState, is_ended: bool) -> list[Refusal]:
    """A mistake in a draft is withdrawn; of registered goods only what was packed comes out again."""
    if is_ended:
        return [Refusal("already_ended", Text("该投料关系已结束。", "The link has ended already."))]
    if child is BatchState.DRAFT or kind is InputKind.PACKING:
        return []
    words = Text("登记之后只有“装入”可以拆出。", "Once registered, only what was packed can be taken out again.")
    return [Refusal("inputs_settled", words)]


def time_faults(at: datetime, begun_at: datetime, now: datetime, pointer: str) -> list[Refusal]:
    """An end follows its beginning, and neither is ahead of now."""
    if at > now:
        return [Refusal("in_the_future", Text("时间不能晚于现在。", "The time cannot be ahead of now."), pointer)]
    if at < begun_at:
        return [
            Refusal("ends_before_it_begins", Text("结束不能早于开始。", "It cannot end before it begins."), pointer)
        ]
    return []


def input_refusals(child: Goods, inputs: Sequence[Input]) -> list[Refusal]:
    """What its inputs say against registering or releasing a batch."""
    refusals = [fault for link in inputs for fault in parent_refusals(link, child, "")]
    for link in inputs:
        if not link.is_confirmed:
            words = Text(
                f"批次 {link.parent.number} 的生产者尚未确认这项投料。",
                f"The producer of batch {link.parent.number} has not confirmed this input.",
            )
            refusals.append(Refusal("input_not_confirmed", words))
    return [*refusals, *output_refusals(child, inputs)]


def output_refusals(child: Goods, inputs: Sequence[Input]) -> list[Refusal]:
    """Blending and packing make nothing: what comes out went in, but for what packs are filled over. Goods of another
    dimension (kilograms filled into pieces) cannot be compared and are let pass."""
    if not inputs or any(link.kind not in SAME_NAME for link in inputs):
        return []
    dimension, made = in_base(child.quantity, child.unit)
    amounts = [in_base(link.quantity, link.unit) for link in inputs]
    if any(one is not dimension for one, _ in amounts) or made <= sum(amount for _, amount in amounts) * OVERFILL:
        return []
    words = Text("本批数量多于投料之和。", "The batch is larger than all that went into it.")
    return [Refusal("output_exceeds_inputs", words, "/quantity")]


def stopped_refusals(stopped: Sequence[str]) -> list[Refusal]:
    """Goods in which, however many steps back, something went that is on hold or recalled."""
    return [
        Refusal(
            "input_stopped",
            Text(
                f"上游批次 {number} 已暂停或召回。", f"Batch {number}, from which it was made, is on hold or recalled."
            ),
        )
        for number in stopped
    ]
