"""The books of a season: double entry over raw goods, finished goods, the right to labels, and labels.

Every posting is data: legs on accounts, which sum to zero in each book. Amounts are in base units (gram, millilitre, piece; labels
in pieces) with three decimals. No account but the outside of a book is ever below zero, and that is the whole of the control:
goods that never grew have no account to come from.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from gi_registry.lib.texts import Refusal, Text, Word

STEP = Decimal("0.001")
ZERO = Decimal(0)


class Book(Word):
    RAW = "raw", "原料", "Raw goods"
    GOODS = "goods", "成品", "Finished goods"
    RIGHT = "right", "标识额度", "Right to labels"
    LABELS = "labels", "标识", "Labels"


class AccountKind(Word):
    """``*_outside`` is where a book begins and ends: the fields, the market, the printer. It may be below zero."""

    RAW_OUTSIDE = "raw_outside", "原料外部", "Outside, raw goods"
    POOL = "pool", "全产季总量余额", "Left of the season's cap"
    ENTITLEMENT = "entitlement", "可采收余额", "Entitlement left"
    RAW = "raw", "原料库存", "Raw goods in hand"
    GOODS_OUTSIDE = "goods_outside", "成品外部", "Outside, finished goods"
    PROCESSED = "processed", "已加工未登记", "Processed, not yet in a batch"
    PACKED = "packed", "已登记批次", "In registered batches"
    RIGHT_OUTSIDE = "right_outside", "标识额度外部", "Outside, right to labels"
    LABEL_RIGHT = "label_right", "标识额度余额", "Goods for which labels may be ordered"
    PRESS = "press", "标识印制", "Printer of labels"
    UNUSED = "unused", "未使用标识", "Labels not used yet"
    ACTIVE = "active", "已启用标识", "Labels activated"
    SPOILED = "spoiled", "作废标识", "Labels void or spoiled"
    RETURNED = "returned", "已退回标识", "Labels returned"
    DESTROYED = "destroyed", "已销毁标识", "Labels destroyed"
    LOST = "lost", "遗失标识", "Labels lost"


_A = AccountKind
BOOK_OF: dict[AccountKind, Book] = {
    _A.RAW_OUTSIDE: Book.RAW, _A.POOL: Book.RAW, _A.ENTITLEMENT: Book.RAW, _A.RAW: Book.RAW,
    _A.GOODS_OUTSIDE: Book.GOODS, _A.PROCESSED: Book.GOODS, _A.PACKED: Book.GOODS,
    _A.RIGHT_OUTSIDE: Book.RIGHT, _A.LABEL_RIGHT: Book.RIGHT,
    _A.PRESS: Book.LABELS, _A.UNUSED: Book.LABELS, _A.ACTIVE: Book.LABELS, _A.SPOILED: Book.LABELS,
    _A.RETURNED: Book.LABELS, _A.DESTROYED: Book.LABELS, _A.LOST: Book.LABELS,
}  # fmt: skip
OUTSIDE = frozenset({_A.RAW_OUTSIDE, _A.GOODS_OUTSIDE, _A.RIGHT_OUTSIDE, _A.PRESS})
# Of the season as a whole; every other account is a producer's.
OF_SEASON = OUTSIDE | {_A.POOL}
GOODS_KINDS = (_A.ENTITLEMENT, _A.RAW, _A.PROCESSED, _A.PACKED, _A.LABEL_RIGHT)
LABEL_KINDS = tuple(kind for kind in _A if BOOK_OF[kind] is Book.LABELS and kind not in OUTSIDE)


class PostingKind(Word):
    CAP = "cap", "设定总量", "Cap set"
    GRANT = "grant", "核定额度", "Entitlement granted"
    PENALTY = "penalty", "扣减额度", "Penalty"
    HARVEST = "harvest", "申报采收", "Harvest declared"
    PROCESSING = "processing", "加工", "Processed"
    BATCH = "batch", "登记批次", "Batch registered"
    TRANSFER = "transfer", "流转", "Transfer"
    LABEL_ORDER = "label_order", "核准标识申领", "Label order approved"
    LABEL_ISSUE = "label_issue", "发放标识", "Labels issued"
    ACTIVATION = "activation", "启用标识", "Labels activated"
    LABEL_VOID = "label_void", "标识作废", "Labels voided"
    LABEL_RETURN = "label_return", "退回标识", "Labels returned"
    DESTRUCTION = "destruction", "销毁标识", "Labels destroyed"
    LOSS = "loss", "标识遗失", "Labels lost"
    REVERSAL = "reversal", "冲正", "Reversal"


# Once a season is closed nothing new is made of it, but what went wrong can still be put right.
AFTER_CLOSING = (
    PostingKind.REVERSAL,
    PostingKind.LABEL_VOID,
    PostingKind.LABEL_RETURN,
    PostingKind.DESTRUCTION,
    PostingKind.LOSS,
)


@dataclass(frozen=True, slots=True)
class Key:
    """Which account of a season: the season's own, a producer's, or a producer's labels of one article."""

    kind: AccountKind
    producer: int | None = None
    form: int | None = None


@dataclass(frozen=True, slots=True)
class Leg:
    key: Key
    amount: Decimal


Legs = tuple[Leg, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """``yield_raw`` of raw goods gives at most ``yield_goods`` of finished ones, both in base units (160,000 g : 102,000 ml)."""

    yield_raw: Decimal = Decimal(1)
    yield_goods: Decimal = Decimal(1)

    def goods_from(self, raw: Decimal) -> Decimal:
        return (raw * self.yield_goods / self.yield_raw).quantize(STEP, ROUND_FLOOR)

    def raw_for(self, goods: Decimal) -> Decimal:
        return (goods * self.yield_raw / self.yield_goods).quantize(STEP, ROUND_CEILING)


def move(amount: Decimal, giver: Key, taker: Key) -> Legs:
    return (Leg(giver, -amount), Leg(taker, amount))


def merged(legs: Iterable[Leg]) -> Legs:
    """One leg an account; those that come to nothing fall away."""
    sums: dict[Key, Decimal] = {}
    for leg in legs:
        sums[leg.key] = sums.get(leg.key, ZERO) + leg.amount
    return tuple(Leg(key, amount) for key, amount in sums.items() if amount)


def reversed_legs(legs: Iterable[Leg]) -> Legs:
    return tuple(Leg(leg.key, -leg.amount) for leg in legs)


def is_balanced(legs: Iterable[Leg]) -> bool:
    sums: dict[Book, Decimal] = {}
    for leg in legs:
        book = BOOK_OF[leg.key.kind]
        sums[book] = sums.get(book, ZERO) + leg.amount
    return not any(sums.values())


def overdrawn(balances: Mapping[Key, Decimal], legs: Iterable[Leg]) -> list[tuple[Leg, Decimal]]:
    """Legs that their account does not cover, each with the balance. The outside always covers."""
    return [
        (leg, balances.get(leg.key, ZERO))
        for leg in merged(legs)
        if leg.key.kind not in OUTSIDE and balances.get(leg.key, ZERO) + leg.amount < 0
    ]


# --- postings ----------------------------------------------------------------------------------------------------


def cap(amount: Decimal) -> Legs:
    return move(amount, Key(_A.RAW_OUTSIDE), Key(_A.POOL))


def grant(before: Decimal, after: Decimal, producer: int, terms: Terms, is_capped: bool) -> Legs:
    """What the land of a producer may yield, and labels for what can be made of it: the difference to what it had."""
    pool = Key(_A.POOL if is_capped else _A.RAW_OUTSIDE)
    labels = terms.goods_from(after) - terms.goods_from(before)
    return merged(
        [
            *move(after - before, pool, Key(_A.ENTITLEMENT, producer)),
            *move(labels, Key(_A.RIGHT_OUTSIDE), Key(_A.LABEL_RIGHT, producer)),
        ]
    )


def penalty(amount: Decimal, producer: int, terms: Terms) -> Legs:
    """Taken from what may yet be harvested, and from the labels for it; it comes back to nobody."""
    labels = terms.goods_from(amount)
    return merged(
        [
            *move(amount, Key(_A.ENTITLEMENT, producer), Key(_A.RAW_OUTSIDE)),
            *move(labels, Key(_A.LABEL_RIGHT, producer), Key(_A.RIGHT_OUTSIDE)),
        ]
    )


def harvest(amount: Decimal, producer: int) -> Legs:
    return move(amount, Key(_A.ENTITLEMENT, producer), Key(_A.RAW, producer))


def processing(raw: Decimal, goods: Decimal, producer: int) -> Legs:
    """Raw goods went in, finished ones came out; how many may come out is for ``processing_refusals``."""
    return (
        *move(raw, Key(_A.RAW, producer), Key(_A.RAW_OUTSIDE)),
        *move(goods, Key(_A.GOODS_OUTSIDE), Key(_A.PROCESSED, producer)),
    )


def batch(goods: Decimal, producer: int, terms: Terms, balances: Mapping[Key, Decimal]) -> Legs:
    """A batch takes what is processed first, then raw goods in hand, then it is a harvest of its own."""
    processed, raw = Key(_A.PROCESSED, producer), Key(_A.RAW, producer)
    packed = Key(_A.PACKED, producer)
    ready = min(goods, balances.get(processed, ZERO))
    needed = terms.raw_for(goods - ready)
    return merged(
        [
            *move(ready, processed, packed),
            *raw_taken(needed, producer, balances.get(raw, ZERO), Key(_A.RAW_OUTSIDE)),
            *move(goods - ready, Key(_A.GOODS_OUTSIDE), packed),
        ]
    )


def raw_taken(needed: Decimal, producer: int, in_hand: Decimal, taker: Key) -> Legs:
    """Raw goods from what is in hand, and what is missing from the land: a harvest of its own."""
    own = min(needed, in_hand)
    return (
        *move(own, Key(_A.RAW, producer), taker),
        *move(needed - own, Key(_A.ENTITLEMENT, producer), taker),
    )


# --- refusals ----------------------------------------------------------------------------------------------------


def processing_refusals(raw: Decimal, goods: Decimal, terms: Terms, unit: tuple[Text, int]) -> list[Refusal]:
    """Finished goods are at most what the inputs can give. ``unit``: what people count them in, and what one is in the base unit."""
    most = terms.goods_from(raw)
    if goods <= most:
        return []
    word, factor = unit
    gives, said = plain(most / factor), plain(goods / factor)
    text = Text(
        f"按本产季的折算比例，这些原料最多可加工 {gives} {word.zh}，不能登记 {said} {word.zh}。",
        f"By the season's conversion these inputs give at most {gives} {word.en}; {said} {word.en} cannot be recorded.",
    )
    return [Refusal("conversion_exceeded", text, "/goods")]


def overdraft_refusals(
    balances: Mapping[Key, Decimal], legs: Iterable[Leg], units: Mapping[Book, tuple[Text, int]], pointer: str = ""
) -> list[Refusal]:
    """Each account that does not cover what is asked of it, with what is left and what is missing.

    ``units``: what people count a book in, and what one of it is in its base unit.
    """
    return [_overdraft(leg, left, units[BOOK_OF[leg.key.kind]], pointer) for leg, left in overdrawn(balances, legs)]


def _overdraft(leg: Leg, left: Decimal, unit: tuple[Text, int], pointer: str) -> Refusal:
    account, (word, factor) = leg.key.kind.text, unit
    has, needs, lacks = (plain(amount / factor) for amount in (left, -leg.amount, -leg.amount - left))
    text = Text(
        f"{account.zh}不足：剩余 {has} {word.zh}，需要 {needs} {word.zh}，差 {lacks} {word.zh}。",
        f"Not enough ({account.en.lower()}): {has} {word.en} left, {needs} {word.en} needed, {lacks} {word.en} short.",
    )
    return Refusal(f"over_{leg.key.kind.value}", text, pointer)


def plain(amount: Decimal) -> str:
    """A figure as people write it: no exponent, no trailing zeros."""
    text = f"{amount:,.9f}"
    return text.rstrip("0").rstrip(".")
