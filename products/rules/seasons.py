"""What a season allows: ceilings by place and kind of site, a cap on the whole, and how raw goods become finished ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from gi_registry.lib.texts import Refusal, Text, Word
from products.rules.words import SiteKind, Unit

# Units in which goods are weighed, filled or counted: what one is in the base unit of its dimension (gram, millilitre, piece).
QUOTA_UNITS: dict[Unit, tuple[str, int]] = {
    Unit.GRAM: ("mass", 1),
    Unit.KILOGRAM: ("mass", 1_000),
    Unit.TONNE: ("mass", 1_000_000),
    Unit.MILLILITRE: ("volume", 1),
    Unit.LITRE: ("volume", 1_000),
    Unit.PIECE: ("count", 1),
}
MAX_CEILINGS = 100
# A season of a whole country's tea is under 10^7 t; more is a slip of the unit.
MOST = Decimal(10) ** 13


class QuotaState(Word):
    """``draft``: nothing is held against it yet. ``closed``: nothing more is made or labelled of this season."""

    DRAFT = "draft", "草稿", "Draft"
    OPEN = "open", "执行中", "Open"
    CLOSED = "closed", "已关闭", "Closed"


QUOTA_STEPS = {
    QuotaState.DRAFT: (QuotaState.OPEN,),
    QuotaState.OPEN: (QuotaState.CLOSED,),
    QuotaState.CLOSED: (),
}


class CeilingBasis(Word):
    PER_MU = "per_mu", "每亩", "Per mu"
    PER_HECTARE = "per_hectare", "每公顷", "Per hectare"
    PER_PRODUCER = "per_producer", "每个生产者", "Per producer"


class CeilingOrigin(Word):
    """Where a figure comes from. Few announcements state a yield: elsewhere the holder sets one, and says on what ground."""

    ANNOUNCED = "announced", "公告或标准规定", "Stated in the announcement or standard"
    DERIVED = "derived", "由统计数据推算", "Derived from statistics"
    HOLDER_SET = "holder_set", "管理人当季核定", "Set by the holder for the season"


@dataclass(frozen=True, slots=True)
class Ceiling:
    """``amount`` in the raw unit of the quota. Empty ``division_code`` and ``site_kind``: everywhere, every kind of land."""

    amount: Decimal
    basis: CeilingBasis
    division_code: str = ""
    site_kind: SiteKind | None = None


def amount_faults(amount: Decimal, pointer: str) -> list[Refusal]:
    if amount.is_finite() and 0 < amount <= MOST:
        return []
    return [Refusal("amount", Text("数值应大于零且合理。", "The figure must be above zero and sensible."), pointer)]


def quota_faults(
    raw_unit: Unit, goods_unit: Unit, yield_raw: Decimal, yield_goods: Decimal, cap: Decimal | None
) -> list[Refusal]:
    """What is wrong in units, yield or cap. Without conversion the two units are of one dimension and the yield is even."""
    faults = [*amount_faults(yield_raw, "/yield_raw"), *amount_faults(yield_goods, "/yield_goods")]
    for unit, pointer in ((raw_unit, "/raw_unit"), (goods_unit, "/goods_unit")):
        if unit not in QUOTA_UNITS:
            text = Text("配额只能用质量、容积或件数单位。", "A quota is in units of mass, volume or count.")
            faults.append(Refusal("quota_unit", text, pointer))
    if cap is not None:
        faults += amount_faults(cap, "/cap")
    if not faults and is_more_than_went_in(raw_unit, goods_unit, yield_raw, yield_goods):
        text = Text("成品不能多于投入的原料。", "No more goods can come out than raw material went in.")
        faults.append(Refusal("yield_above_input", text, "/yield_goods"))
    return faults


def is_more_than_went_in(raw_unit: Unit, goods_unit: Unit, yield_raw: Decimal, yield_goods: Decimal) -> bool:
    """Of one dimension, what comes out is never more; of two (kilograms of grapes, litres of must) nobody can say here."""
    (kind, factor), (goods_kind, goods_factor) = QUOTA_UNITS[raw_unit], QUOTA_UNITS[goods_unit]
    return kind == goods_kind and yield_goods * goods_factor > yield_raw * factor


def ceiling_faults(ceilings: Sequence[Ceiling]) -> list[Refusal]:
    if not ceilings:
        text = Text("至少列出一项当季限额及其来源。", "State at least one ceiling, with its source.")
        return [Refusal("no_ceiling", text, "/ceilings")]
    faults, seen = [], set()
    for place, ceiling in enumerate(ceilings):
        faults += amount_faults(ceiling.amount, f"/ceilings/{place}/amount")
        name = (ceiling.division_code, ceiling.site_kind)
        if name in seen:
            text = Text("同一地域和场地类型有两项限额。", "This place and kind of site has a ceiling already.")
            faults.append(Refusal("ceiling_repeated", text, f"/ceilings/{place}"))
        seen.add(name)
    return faults


def ceiling_for(ceilings: Sequence[Ceiling], division_code: str, kind: SiteKind) -> Ceiling | None:
    """The ceiling of a site: the one of the narrowest place that holds it, and there that of its own kind; None without one."""
    fitting = [one for one in ceilings if division_code.startswith(one.division_code) and one.site_kind in (None, kind)]
    return max(fitting, key=lambda one: (len(one.division_code), one.site_kind is not None), default=None)
