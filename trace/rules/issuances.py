"""Unit codes of a batch: how many may be issued and when, and what may be said of a range of them.

Guards take facts and give refusals; an empty list is a yes. A unit is named by its index in the issuance, from 0.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from gi_registry.lib.texts import Refusal, Text, Word
from trace.codes.layout import MOST_ISSUANCES, MOST_UNITS
from trace.rules.batches import MAX_REASON, BatchState

# Up to so many codes their root is computed while the request waits (a fifth of a second), beyond that by a job.
AT_ONCE = 20_000
# Each takes a worker minutes at worst; more at a time from one producer would keep the others waiting.
MOST_PREPARING = 4
# Packs torn in the machine and samples: usual, and not worth a question.
SPARE = 0.05
# Ranges of one issuance, of one kind: nobody reads more, and each is looked up in every check of its units.
MOST_RANGES = 10_000


class Job(StrEnum):
    """What is put off (``gi_registry.lib.jobs``)."""

    PREPARE_ISSUANCE = "trace.prepare_issuance"


class IssuanceState(Word):
    PREPARING = "preparing", "准备中", "Being prepared"
    ISSUED = "issued", "已签发", "Issued"
    VOID = "void", "作废", "Void"


_I = IssuanceState
ISSUANCE_STEPS = {_I.PREPARING: (_I.ISSUED, _I.VOID), _I.ISSUED: (_I.VOID,), _I.VOID: ()}


class Activation(Word):
    """What makes a unit code good: the release of its batch, or beside it that its range was activated."""

    WITH_BATCH = "with_batch", "随批次放行激活", "With the release of the batch"
    BY_RANGE = "by_range", "按号段激活", "By range"


class RangeKind(Word):
    ACTIVATED = "activated", "已激活", "Activated"
    PRINTED = "printed", "已打印", "Printed"
    SPOILED = "spoiled", "损耗", "Spoiled"
    RETURNED = "returned", "退回", "Returned"
    DESTROYED = "destroyed", "销毁", "Destroyed"
    VOID = "void", "作废", "Void"


# Units that should be on no shelf: whoever holds such a code learns that it was withdrawn.
WITHDRAWN = (RangeKind.SPOILED, RangeKind.RETURNED, RangeKind.DESTROYED, RangeKind.VOID)
# A reprint is recorded again; anything else is said of a unit once.
SAID_ONCE = tuple(kind for kind in RangeKind if kind is not RangeKind.PRINTED)
MUST_GIVE_REASON = (RangeKind.RETURNED, RangeKind.DESTROYED, RangeKind.VOID)
# Codes are made and handed out for goods that are being packed or sold.
ISSUED_FOR = (BatchState.REGISTERED, BatchState.RELEASED, BatchState.ON_HOLD)

_REASON_MISSING = Refusal("reason_missing", Text("请写明原因。", "Give the reason."), "/reason")
_REASON_LONG = Refusal(
    "reason_too_long",
    Text(f"原因不超过 {MAX_REASON} 字。", f"A reason has at most {MAX_REASON} characters."),
    "/reason",
)
_COUNT = Refusal(
    "count",
    Text(f"数量应为 1 至 {MOST_UNITS:,}。", f"The number of codes is from 1 to {MOST_UNITS:,}."),
    "/count",
)
_NO_MORE = Refusal(
    "no_more_issuances",
    Text(
        f"一个批次最多签发 {MOST_ISSUANCES} 次，已用完。",
        f"A batch has at most {MOST_ISSUANCES} issuances, and all are used.",
    ),
)
_BUSY = Refusal(
    "still_preparing",
    Text(
        f"您已有 {MOST_PREPARING} 次签发在准备中，请等其中一次完成。",
        f"{MOST_PREPARING} issuances of yours are being prepared: wait for one of them.",
    ),
)
_MORE_THAN_PACKS = Text(
    "连同本次，有效的单件码为 {codes:,} 个，而该批次登记的件数是 {packs:,}。如确有需要，请写明原因。",
    "With these there would be {codes:,} valid unit codes for {packs:,} registered packs. If they are needed, give the reason.",
)


@dataclass(frozen=True, slots=True)
class IssueFacts:
    """``issuances``: of the batch so far. ``valid``: units of them that are not withdrawn. ``preparing``: of the producer."""

    batch_state: BatchState
    issuances: int
    valid: int
    preparing: int
    pack_count: int | None


def count_faults(count: int, reason: str = "") -> list[Refusal]:
    """What is wrong in the request itself."""
    return [*([] if 1 <= count <= MOST_UNITS else [_COUNT]), *reason_faults(reason)]


def reason_faults(reason: str) -> list[Refusal]:
    return [_REASON_LONG] if len(reason) > MAX_REASON else []


def issue_refusals(facts: IssueFacts, count: int, reason: str) -> list[Refusal]:
    """Whether so many codes may be issued for the batch as it is."""
    if facts.batch_state not in ISSUED_FOR:
        return [_wrong_state(facts.batch_state)]
    if facts.issuances >= MOST_ISSUANCES:
        return [_NO_MORE]
    if count > AT_ONCE and facts.preparing >= MOST_PREPARING:
        return [_BUSY]
    if not reason.strip() and exceeds_packs(facts.valid + count, facts.pack_count):
        text = _MORE_THAN_PACKS.format(codes=facts.valid + count, packs=facts.pack_count)
        return [Refusal("more_codes_than_packs", text, "/reason")]
    return []


def exceeds_packs(codes: int, pack_count: int | None) -> bool:
    """Whether the codes are more than the packs explain. Without a pack count nobody can say."""
    return pack_count is not None and codes > pack_count + pack_count * SPARE


def handing_out_refusals(state: IssuanceState, batch_state: BatchState) -> list[Refusal]:
    """Whether codes may be handed out: as a file, or on labels."""
    if state is IssuanceState.PREPARING:
        words = Text("单件码还在准备中，请稍后再试。", "The unit codes are still being prepared; try again shortly.")
        return [Refusal("still_preparing", words)]
    if state is IssuanceState.VOID:
        return [Refusal("issuance_void", Text("本次签发已作废。", "This issuance is void."))]
    return [] if batch_state in ISSUED_FOR else [_wrong_state(batch_state)]


def _wrong_state(state: BatchState) -> Refusal:
    words = Text(
        f"“{state.text.zh}”状态的批次不能签发或领取单件码。",
        f"No unit codes are issued or handed out for a batch that is {state.text.en.lower()}.",
    )
    return Refusal("wrong_state", words)


# --- ranges ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """Units ``first`` to ``last``, both included."""

    first: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first + 1

    def __str__(self) -> str:
        return f"{self.first}–{self.last}" if self.last > self.first else str(self.first)


@dataclass(frozen=True, slots=True)
class RangeFacts:
    """``same``: ranges of this kind that share units with the new one. ``withdrawn``: those of a withdrawn kind that do.
    ``count`` of the issuance; ``ranges``: how many of this kind it has."""

    state: IssuanceState
    activation: Activation
    count: int
    ranges: int
    same: tuple[Span, ...] = ()
    withdrawn: tuple[Span, ...] = ()


def span_faults(span: Span, count: int, kind: RangeKind, reason: str) -> list[Refusal]:
    """What is wrong in the request itself."""
    faults = reason_faults(reason)
    if not 0 <= span.first < count:
        words = Text(f"起始序号应为 0 至 {count - 1}。", f"The first index is from 0 to {count - 1}.")
        faults.append(Refusal("first", words, "/first"))
    if not span.first <= span.last < count:
        words = Text(
            f"末尾序号不小于起始序号，且不大于 {count - 1}。",
            f"The last index is at least the first and at most {count - 1}.",
        )
        faults.append(Refusal("last", words, "/last"))
    if kind in MUST_GIVE_REASON and not reason.strip():
        faults.append(_REASON_MISSING)
    return faults


def range_refusals(kind: RangeKind, facts: RangeFacts) -> list[Refusal]:
    """Whether this may be said of the range as things are."""
    if facts.state is not IssuanceState.ISSUED:
        words = Text(f"本次签发的状态是“{facts.state.text.zh}”。", f"The issuance is {facts.state.text.en.lower()}.")
        return [Refusal("issuance_not_issued", words)]
    if kind is RangeKind.ACTIVATED and facts.activation is not Activation.BY_RANGE:
        words = Text(
            "这些码随批次放行激活，无需按号段激活。", "These codes are activated by the release of their batch."
        )
        return [Refusal("activated_with_batch", words)]
    if facts.ranges >= MOST_RANGES:
        words = Text(f"同类号段最多 {MOST_RANGES:,} 个。", f"There are at most {MOST_RANGES:,} ranges of one kind.")
        return [Refusal("too_many_ranges", words)]
    if facts.same and kind in SAID_ONCE:
        said = _listed(facts.same)
        words = Text(
            f"这些序号已记录为“{kind.text.zh}”：{said}。", f"These units are already {kind.text.en.lower()}: {said}."
        )
        return [Refusal("range_overlaps", words, "/first")]
    if facts.withdrawn and kind in (RangeKind.ACTIVATED, RangeKind.PRINTED):
        said = _listed(facts.withdrawn)
        words = Text(f"这些序号已停用：{said}。", f"These units were withdrawn: {said}.")
        return [Refusal("range_withdrawn", words, "/first")]
    return []


def _listed(spans: Iterable[Span], most: int = 5) -> str:
    told = [str(span) for span in spans]
    return ", ".join(told[:most]) + (" …" if len(told) > most else "")


def void_refusals(state: IssuanceState, reason: str) -> list[Refusal]:
    """Whether a whole issuance may be withdrawn."""
    if state is IssuanceState.VOID:
        return [Refusal("already_void", Text("本次签发已经作废。", "The issuance is void already."))]
    return [] if reason.strip() else [_REASON_MISSING]
