"""Rows of a spreadsheet as harvests, declared to the books of their seasons as by a form."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from gi_registry.lib.access import Actor
from gi_registry.lib.texts import Refusal, Text
from products.models import Producer
from trace.actions.harvests import Harvest, declare_harvests, weigh_harvests
from trace.actions.moves import Held
from trace.actions.sheets.kind import Faults, SheetKind, noted, reasons_of
from trace.actions.sheets.seasons import NOT_GRANTED, SEASON, season_choices, season_names
from trace.rules.quantities import QuantityUnit, quantity_faults, unit_refusals
from trace.rules.sheet_columns import QUANTITY, UNIT, note

COLUMNS = (
    SEASON,
    QUANTITY,
    UNIT,
    note(
        Text(
            "日期、地块或单据号，用来区分内容相同的行；可以不填。",
            "A day, plot or ticket, to tell rows alike apart; may stay empty.",
        )
    ),
)


class HarvestRows:
    """One file of harvests."""

    def __init__(self, producer: Producer, now: datetime) -> None:
        self.now, self.held, self.seasons = now, Held(), season_names(producer)

    def read(self, values: Mapping[str, Any]) -> tuple[Harvest | None, list[Refusal]]:
        faults: list[Refusal] = []
        row = self.seasons.find(values["season"], "/season", faults, NOT_GRANTED)
        if row is None:
            return None, faults
        unit, raw = values["quantity_unit"], QuantityUnit(row.quota.raw_unit)
        if refusals := quantity_faults(values["quantity"], unit) or unit_refusals(unit, raw):
            return None, refusals
        return Harvest(row, values["quantity"], unit.value, values.get("note", "")), []

    def weigh(self, contents: Mapping[int, Harvest]) -> Faults:
        problems = weigh_harvests(harvests=contents, held=self.held)
        return {row: reasons_of(problem) for row, problem in problems.items()}

    def enter(self, contents: Mapping[int, Harvest], *, actor: Actor, reason: str) -> dict[int, str]:
        told = {row: replace(one, reason=noted(one.reason, reason)) for row, one in contents.items()}
        posted = declare_harvests(harvests=told, actor=actor, now=self.now)
        return {row: posting.number for row, posting in posted.items()}


HARVESTS = SheetKind(
    columns=COLUMNS,
    rows=HarvestRows,
    enter=Text("申报这 {n} 笔采收", "Declare these {n} harvests"),
    see=Text("查看配额", "See the quota"),
    page="portal-quotas",
    lists={"season": season_choices},
)
