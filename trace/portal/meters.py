"""How much of something is used and left, as a bar of a few stretches, each with its figure in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from gi_registry.lib.language import say
from gi_registry.lib.texts import Text
from products.models import SeasonQuota
from products.rules.words import Unit
from trace.actions.ledger import in_base
from trace.models import Entitlement
from trace.reach import Amount
from trace.rules.annual_figures import SeasonOfYear
from trace.rules.ledger import ZERO, AccountKind

WIDTH = 1000
# A stretch of one label in ten thousand is still seen.
_LEAST = 6
_USED, _TAKEN, _LEFT = Text("已用", "Used"), Text("已扣减", "Taken off"), Text("还剩", "Left")
_GRANTED = Text("已核定", "Granted")
_HARVESTED = Text("已采收", "Harvested")
_BACK, _OPEN = Text("已追回", "Back"), Text("未追回", "Still out")
_LABELS = (
    (AccountKind.ACTIVE, "used", Text("已启用", "Activated")),
    (AccountKind.UNUSED, "left", Text("未使用", "Not used yet")),
    (AccountKind.RETURNED, "back", Text("已退回、待销毁", "Returned, to be destroyed")),
    (AccountKind.DESTROYED, "gone", Text("已销毁", "Destroyed")),
    (AccountKind.SPOILED, "gone", Text("作废", "Spoiled or void")),
    (AccountKind.LOST, "taken", Text("遗失", "Lost")),
)


@dataclass(frozen=True, slots=True)
class Part:
    """``tone``: how it is drawn; ``x``, ``width``: in thousandths of the bar."""

    tone: str
    label: str
    shown: str
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Meter:
    parts: tuple[Part, ...]

    @property
    def said(self) -> str:
        """The drawing in words."""
        return " · ".join(f"{part.label} {part.shown}" for part in self.parts)


def land_meter(row: Entitlement, balances: dict[str, Decimal]) -> Meter | None:
    """What the land was granted: used, taken off, left. None where nothing was granted."""
    left = balances.get(AccountKind.ENTITLEMENT.value, ZERO)
    used = max(row.quantity - row.penalties - left, ZERO)
    stretches = (("used", _USED, used), ("taken", _TAKEN, row.penalties), ("left", _LEFT, left))
    unit = row.quota.raw_unit
    return _meter((tone, say(text), amount, in_words(amount, unit)) for tone, text, amount in stretches)


def cap_meter(quota: SeasonQuota, whole: Decimal, left: Decimal) -> Meter | None:
    """What of a season's cap was granted, and what is left of it."""
    stretches = (("used", _GRANTED, whole - left), ("left", _LEFT, left))
    return _meter((tone, say(text), amount, in_words(amount, quota.raw_unit)) for tone, text, amount in stretches)


def season_meter(season: SeasonOfYear) -> Meter | None:
    """What a season granted: harvested, taken off, left. None where nothing was granted."""
    left = max(season.granted - season.penalties - season.harvested, ZERO)
    stretches = (("used", _HARVESTED, season.harvested), ("taken", _TAKEN, season.penalties), ("left", _LEFT, left))
    unit = say(Unit(season.unit))
    return _meter((tone, say(text), part, f"{part.normalize():,f} {unit}") for tone, text, part in stretches)


def label_meter(balances: dict[str, Decimal]) -> Meter | None:
    """Where the labels of a season are. None where none were issued."""
    found = ((tone, text, balances.get(kind.value, ZERO)) for kind, tone, text in _LABELS)
    return _meter((tone, say(text), amount, f"{int(amount):,}") for tone, text, amount in found)


def back_meter(amount: Amount) -> Meter | None:
    """How much of the goods of a recall came back."""
    unit, open_ = amount.unit, amount.out - amount.recovered
    stretches = (("used", _BACK, amount.recovered), ("left", _OPEN, open_))
    return _meter((tone, say(text), part, f"{part.normalize():,f} {say(unit)}") for tone, text, part in stretches)


def _meter(stretches: Iterable[tuple[str, str, Decimal, str]]) -> Meter | None:
    shown = [one for one in stretches if one[2] > 0]
    total = sum(amount for _, _, amount, _ in shown)
    if not total:
        return None
    widths = [max(int(amount * WIDTH / total), _LEAST) for _, _, amount, _ in shown]
    widths[widths.index(max(widths))] += WIDTH - sum(widths)
    places = [sum(widths[:place]) for place in range(len(widths))]
    parts = zip(shown, places, widths, strict=True)
    return Meter(tuple(Part(tone, label, figure, x, width) for (tone, label, _, figure), x, width in parts))


def in_words(amount: Decimal, unit: str) -> str:
    """``1,200 千克`` of an amount in base units."""
    return f"{(amount / in_base(unit)).normalize():,f} {say(Unit(unit))}"


def goods_in_hand(quota: SeasonQuota, balances: dict[str, Decimal]) -> list[tuple[str, str]]:
    """Goods beside the land, each with its figure."""
    found = (
        (kind, balances.get(kind.value, ZERO)) for kind in (AccountKind.RAW, AccountKind.PROCESSED, AccountKind.PACKED)
    )
    units = {AccountKind.RAW: quota.raw_unit}
    return [(say(kind), in_words(amount, units.get(kind, quota.goods_unit))) for kind, amount in found]
