"""Rows of a spreadsheet as offers of goods to other producers, made as by a form. Nothing moves before they accept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gi_registry.lib.access import Actor
from gi_registry.lib.ids import is_well_formed
from gi_registry.lib.language import name_of
from gi_registry.lib.texts import Refusal, Text
from products.models import Producer
from trace.actions.moves import Held
from trace.actions.sheets.kind import Faults, SheetKind, in_list, reasons_of
from trace.actions.sheets.seasons import NOT_GRANTED, SEASON, season_choices, season_names
from trace.actions.transfers import Offer, offer_transfers, unit_of, weigh_transfers
from trace.models import Transfer
from trace.rules import sheet_cells as cells
from trace.rules.label_orders import GoodsKind
from trace.rules.quantities import QuantityUnit, quantity_faults, unit_refusals
from trace.rules.sheet_columns import CHOOSE, MOST_LISTED, QUANTITY, UNIT, Column, chosen, note

_NOBODY = Text(
    "没有编号为“{name}”的生产者。请写对方的登记编号。",
    "There is no producer “{name}”. Give its number in the register.",
)
COLUMNS = (
    SEASON,
    chosen(
        "taker", Text("转入方", "To"),
        Text("对方的登记编号；以前转给过的可以从下拉列表中选。", "Its number in the register; those you gave to before are in the list."),
        "接收方", "对方", "收货方", is_required=True,
    ),
    Column(
        "kind", Text("货品", "Goods"), CHOOSE, cells.word(GoodsKind), True, ("货品类型",), GoodsKind,
    ),
    QUANTITY,
    UNIT,
    note(Text("对方会看到，例如合同号；可以不填。", "The other party sees it; may stay empty.")),
)  # fmt: skip


def taker_choices(producer: Producer) -> list[str]:
    """Whom the producer gave to before: nobody is listed whom it does not know."""
    known = Transfer.objects.filter(giver__producer=producer).values("taker")
    rows = Producer.objects.filter(pk__in=known).select_related("organisation__sponsor").order_by("pk")
    return [in_list(name_of(row.organisation.sponsor or row.organisation), row.number) for row in rows[:MOST_LISTED]]


class TransferRows:
    """One file of offers."""

    def __init__(self, producer: Producer, now: datetime) -> None:
        self.now, self.held, self.seasons = now, Held(), season_names(producer)
        self.takers: dict[str, Producer | None] = {}

    def read(self, values: Mapping[str, Any]) -> tuple[Offer | None, list[Refusal]]:
        faults: list[Refusal] = []
        row = self.seasons.find(values["season"], "/season", faults, NOT_GRANTED)
        taker = self._taker(values["taker"])
        if taker is None:
            faults.append(Refusal("taker_unknown", _NOBODY.format(name=values["taker"][:40]), "/taker"))
        unit, kind = values["quantity_unit"], values["kind"]
        faults += quantity_faults(values["quantity"], unit)
        if row is not None:
            faults += unit_refusals(unit, QuantityUnit(unit_of(row, kind)))
        if faults:
            return None, faults
        return Offer(row, taker, kind, values["quantity"], unit.value, values.get("note", "")), []

    def _taker(self, told: str) -> Producer | None:
        """By number alone: names of others are not searched."""
        if told not in self.takers:
            rows = Producer.objects.select_related("organisation")
            self.takers[told] = rows.filter(number=told).first() if is_well_formed(told) else None
        return self.takers[told]

    def weigh(self, contents: Mapping[int, Offer]) -> Faults:
        problems = weigh_transfers(offers=contents, held=self.held, now=self.now)
        return {row: reasons_of(problem) for row, problem in problems.items()}

    def enter(self, contents: Mapping[int, Offer], *, actor: Actor, reason: str) -> dict[int, str]:
        made = offer_transfers(offers=contents, held=self.held, actor=actor, now=self.now, reason=reason)
        return {row: transfer.number for row, transfer in made.items()}


TRANSFERS = SheetKind(
    columns=COLUMNS,
    rows=TransferRows,
    enter=Text("发出这 {n} 笔流转", "Send these {n} offers"),
    see=Text("查看流转", "See the transfers"),
    page="portal-transfers",
    lists={"season": season_choices, "taker": taker_choices},
)
