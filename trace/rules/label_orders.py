"""Labels without unit codes of ours: ordered in tranches, approved, issued, and every one of them accounted for; and goods between parties.

Labels of an order are counted from 1. A unit code is a label too: an issuance for a batch of a season with a quota is an order of its
own, and what is said of its units is said of labels.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from gi_registry.lib.texts import Refusal, Text, Word
from trace.rules import ledger
from trace.rules.issuances import Span
from trace.rules.ledger import AccountKind, Key, Legs, PostingKind, Terms, merged, move

MOST_LABELS = 33_554_432
MAX_WITNESS = 60
# Orders of one producer in one season, or offers to one other, that wait for an answer: nobody reads more, and a season with open
# ones cannot be closed.
MOST_WAITING = 20
# Offers of one producer in one season, to whomever.
MOST_OFFERS = 1_000
_A = AccountKind


class OrderState(Word):
    REQUESTED = "requested", "已申领", "Requested"
    APPROVED = "approved", "已核准", "Approved"
    REFUSED = "refused", "未核准", "Refused"
    CANCELLED = "cancelled", "已取消", "Cancelled"
    ISSUED = "issued", "已发放", "Issued"
    CLOSED = "closed", "已结清", "Closed"


_O = OrderState
ORDER_STEPS = {
    _O.REQUESTED: (_O.APPROVED, _O.REFUSED, _O.CANCELLED),
    _O.APPROVED: (_O.ISSUED, _O.CANCELLED),
    _O.ISSUED: (_O.CLOSED,),
    # A closed order of unit codes is opened again by nothing: what is withdrawn later moves between its counts.
    _O.CLOSED: (),
    _O.REFUSED: (),
    _O.CANCELLED: (),
}
OPEN_ORDERS = (_O.REQUESTED, _O.APPROVED)


class LabelMove(Word):
    ACTIVATED = "activated", "启用", "Activated"
    SPOILED = "spoiled", "作废", "Spoiled"
    RETURNED = "returned", "退回", "Returned"
    LOST = "lost", "遗失", "Lost"
    DESTROYED = "destroyed", "销毁", "Destroyed"


_M = LabelMove
# move -> (account it leaves, account it comes to, kind of posting)
MOVES: dict[LabelMove, tuple[AccountKind, AccountKind, PostingKind]] = {
    _M.ACTIVATED: (_A.UNUSED, _A.ACTIVE, PostingKind.ACTIVATION),
    _M.SPOILED: (_A.UNUSED, _A.SPOILED, PostingKind.LABEL_VOID),
    _M.RETURNED: (_A.UNUSED, _A.RETURNED, PostingKind.LABEL_RETURN),
    _M.LOST: (_A.UNUSED, _A.LOST, PostingKind.LOSS),
    _M.DESTROYED: (_A.RETURNED, _A.DESTROYED, PostingKind.DESTRUCTION),
}
# A label leaves the roll once; only a returned one has a second way to go.
LEAVES_ONCE = tuple(kind for kind in _M if kind is not _M.DESTROYED)
MUST_GIVE_REASON = (_M.SPOILED, _M.LOST, _M.RETURNED, _M.DESTROYED)


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the labels of an order; those in none of these are unused."""

    active: int = 0
    spoiled: int = 0
    returned: int = 0
    destroyed: int = 0
    lost: int = 0

    def unused_of(self, count: int) -> int:
        return count - self.active - self.spoiled - self.returned - self.destroyed - self.lost

    @property
    def withdrawn(self) -> int:
        return self.spoiled + self.returned + self.destroyed

    def is_settled(self, count: int) -> bool:
        """None is unused and none lies returned and not destroyed."""
        return self.unused_of(count) == 0 and self.returned == 0

    def after(self, kind: LabelMove, labels: int) -> "Counts":
        fields = {name: getattr(self, name) for name in self.__slots__}
        giver, taker, _ = MOVES[kind]
        fields[taker.value] += labels
        if giver is not _A.UNUSED:
            fields[giver.value] -= labels
        return Counts(**fields)


# --- postings ----------------------------------------------------------------------------------------------------


def ordered(right: Decimal, producer: int) -> Legs:
    """Labels were approved: the goods for them are spoken for."""
    return move(right, Key(_A.LABEL_RIGHT, producer), Key(_A.RIGHT_OUTSIDE))


def issued(count: int, producer: int, form: int) -> Legs:
    return move(Decimal(count), Key(_A.PRESS), Key(_A.UNUSED, producer, form))


def moved(kind: LabelMove, count: int, right: Decimal, producer: int, form: int) -> Legs:
    """``right``: goods that those labels stand for. Only what was destroyed before witnesses can be ordered again."""
    giver, taker, _ = MOVES[kind]
    legs = move(Decimal(count), Key(giver, producer, form), Key(taker, producer, form))
    if kind is not LabelMove.DESTROYED:
        return legs
    return (*legs, *move(right, Key(_A.RIGHT_OUTSIDE), Key(_A.LABEL_RIGHT, producer)))


def recounted(before: Counts, after: Counts, count: int, net: Decimal, producer: int, form: int) -> Legs:
    """Labels with unit codes, as their ranges now have them. A withdrawn code answers as void from that moment, so the goods that it
    stood for may be labelled again at once."""
    legs = []
    for name in Counts.__slots__:
        change = Decimal(getattr(after, name) - getattr(before, name))
        legs += move(change, Key(_A.PRESS), Key(AccountKind(name), producer, form))
    unused = Decimal(after.unused_of(count) - before.unused_of(count))
    legs += move(unused, Key(_A.PRESS), Key(_A.UNUSED, producer, form))
    right = (after.withdrawn - before.withdrawn) * net
    legs += move(right, Key(_A.RIGHT_OUTSIDE), Key(_A.LABEL_RIGHT, producer))
    return merged(legs)


# --- refusals ----------------------------------------------------------------------------------------------------


def count_faults(count: int) -> list[Refusal]:
    if 1 <= count <= MOST_LABELS:
        return []
    text = Text(f"数量应为 1 至 {MOST_LABELS:,}。", f"The number of labels is from 1 to {MOST_LABELS:,}.")
    return [Refusal("count", text, "/count")]


def step_refusals(state: OrderState, to: OrderState) -> list[Refusal]:
    if to in ORDER_STEPS[state]:
        return []
    text = Text(
        f"申领单的状态是“{state.text.zh}”，不能变为“{to.text.zh}”。",
        f"The order is {state.text.en.lower()} and cannot become {to.text.en.lower()}.",
    )
    return [Refusal("order_state", text)]


def move_faults(
    kind: LabelMove, span: Span, count: int, reason: str, witnesses: tuple[str, ...], by: str
) -> list[Refusal]:
    """What is wrong in the request itself. Two witnesses, of whom neither is the other nor the one who records it."""
    faults = []
    if not 1 <= span.first <= span.last <= count:
        text = Text(
            f"标识序号应为 1 至 {count:,}，且先小后大。", f"Labels are counted from 1 to {count:,}, the lower first."
        )
        faults.append(Refusal("span", text, "/first"))
    if kind in MUST_GIVE_REASON and not reason.strip():
        faults.append(Refusal("reason_missing", Text("请写明原因。", "Give the reason."), "/reason"))
    if any(len(name.strip()) > MAX_WITNESS for name in witnesses):
        text = Text(f"姓名不超过 {MAX_WITNESS} 字。", f"A name has at most {MAX_WITNESS} characters.")
        faults.append(Refusal("name_too_long", text, "/witnesses"))
    if kind is LabelMove.DESTROYED and len(witnesses_of(witnesses, by)) < 2:
        text = Text(
            "销毁须有两名见证人，两人不同，也不是登记人本人。",
            "A destruction has two witnesses: two people, and neither is who records it.",
        )
        faults.append(Refusal("two_witnesses", text, "/witnesses"))
    return faults


def witnesses_of(names: Iterable[str], by: str) -> list[str]:
    """Different people of these names, none of them ``by``: spaces, unseen characters, width and case make nobody another."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(_person(name), name.strip())
    return [name for person, name in found.items() if person not in ("", _person(by))]


def _person(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc", "Mn"))


def queue_refusals(waiting: int) -> list[Refusal]:
    """``waiting``: orders of the producer in the season that nobody decided yet."""
    if waiting < MOST_WAITING:
        return []
    text = Text(
        f"已有 {waiting} 份申领等待核准，请等待答复，或先取消不需要的。",
        f"{waiting} orders wait to be approved already. Wait for the answer, or cancel those that are not needed.",
    )
    return [Refusal("orders_waiting", text)]


def out_refusals(state: OrderState) -> list[Refusal]:
    """Something is said of labels that are out: issued, and not all accounted for."""
    if state is OrderState.ISSUED:
        return []
    text = Text(
        f"申领单的状态是“{state.text.zh}”，没有可以登记去向的标识。",
        f"The order is {state.text.en.lower()}: it has no labels of which anything could be recorded.",
    )
    return [Refusal("order_state", text)]


def taken_refusal(kind: LabelMove, spans: tuple[Span, ...]) -> Refusal:
    """Labels of which it was said before: no range comes back, or goes anywhere, twice."""
    said = ", ".join(str(span) for span in spans)
    text = Text(
        f"这些标识已有记录，不能再次{kind.text.zh}：{said}。",
        f"These labels are on record already and cannot be {kind.text.en.lower()} again: {said}.",
    )
    return Refusal("labels_taken", text, "/first")


def packs_refusals(labels: int, active: int, pack_count: int | None) -> list[Refusal]:
    """A label goes on a registered pack: there are no more than the batch has."""
    if pack_count is not None and active + labels <= pack_count:
        return []
    packs = pack_count or 0
    text = Text(
        f"该批次登记 {packs:,} 件，已启用 {active:,} 枚标识，不能再启用 {labels:,} 枚。",
        f"The batch has {packs:,} packs and {active:,} activated labels; {labels:,} more are too many.",
    )
    return [Refusal("more_labels_than_packs", text, "/batch")]


# --- goods between parties ---------------------------------------------------------------------------------------


class TransferState(Word):
    OFFERED = "offered", "待对方确认", "Offered"
    ACCEPTED = "accepted", "已完成", "Accepted"
    DECLINED = "declined", "对方未接受", "Declined"
    WITHDRAWN = "withdrawn", "已撤回", "Withdrawn"


_T = TransferState
TRANSFER_STEPS = {
    _T.OFFERED: (_T.ACCEPTED, _T.DECLINED, _T.WITHDRAWN),
    _T.ACCEPTED: (),
    _T.DECLINED: (),
    _T.WITHDRAWN: (),
}


class GoodsKind(Word):
    RAW = "raw", "原料", "Raw goods"
    PROCESSED = "processed", "已加工成品", "Processed goods"


def transfer_legs(
    kind: GoodsKind, amount: Decimal, giver: int, taker: int, terms: Terms, balances: dict[Key, Decimal]
) -> Legs:
    """The same quantity from one to the other, and with it the right to labels: labels themselves never change hands."""
    right = terms.goods_from(amount) if kind is GoodsKind.RAW else amount
    labels = move(right, Key(_A.LABEL_RIGHT, giver), Key(_A.LABEL_RIGHT, taker))
    if kind is GoodsKind.PROCESSED:
        return (*move(amount, Key(_A.PROCESSED, giver), Key(_A.PROCESSED, taker)), *labels)
    in_hand = balances.get(Key(_A.RAW, giver), ledger.ZERO)
    return merged([*ledger.raw_taken(amount, giver, in_hand, Key(_A.RAW, taker)), *labels])


def transfer_keys(kind: GoodsKind, giver: int, taker: int) -> list[Key]:
    kinds = (_A.RAW, _A.ENTITLEMENT) if kind is GoodsKind.RAW else (_A.PROCESSED,)
    own = [Key(one, giver) for one in (*kinds, _A.LABEL_RIGHT)]
    return [*own, Key(kinds[0], taker), Key(_A.LABEL_RIGHT, taker)]


def offer_refusals(waiting: int, of_taker: int) -> list[Refusal]:
    """``waiting``: offers of the giver in the season that nobody answered yet; ``of_taker``: those of them to the same."""
    if waiting < MOST_OFFERS and of_taker < MOST_WAITING:
        return []
    count = of_taker if of_taker >= MOST_WAITING else waiting
    text = Text(
        f"已有 {count} 笔流转等待对方确认，请等待答复，或先撤回不需要的。",
        f"{count} transfers wait for the other party already. Wait for the answer, or withdraw those that are not needed.",
    )
    return [Refusal("offers_waiting", text)]


def transfer_step_refusals(state: TransferState, to: TransferState) -> list[Refusal]:
    if to in TRANSFER_STEPS[state]:
        return []
    text = Text(f"该流转的状态是“{state.text.zh}”。", f"The transfer is {state.text.en.lower()} already.")
    return [Refusal("transfer_state", text)]
