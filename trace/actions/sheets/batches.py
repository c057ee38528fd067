"""Rows of a spreadsheet as batches, registered as by a form: looked up among the producer's own, weighed, entered together."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from gi_registry.lib.access import Actor
from gi_registry.lib.clock import day_of
from gi_registry.lib.language import name_of
from gi_registry.lib.problems import Refused
from gi_registry.lib.texts import Refusal, Text
from products.models import Authorisation, Producer, Season, Site
from trace.actions.batches import draft_batches, weigh_batches
from trace.actions.content import Content
from trace.actions.ground import RowsRefused
from trace.actions.moves import Held
from trace.actions.sheets.kind import Faults, Names, SheetKind, in_list, reasons_of
from trace.models import Batch, ProductForm
from trace.rules import sheet_cells as cells
from trace.rules.batches import BatchState
from trace.rules.dates import BatchDates
from trace.rules.sheet_columns import CHOOSE, MOST_LISTED, QUANTITY, UNIT, Column, chosen, day

COLUMNS = (
    chosen(
        "form", Text("产品", "Product"), CHOOSE, "产品规格", "规格", "品名",
        is_required=True,
    ),
    Column(
        "sites", Text("生产场地", "Sites"),
        Text("从下拉列表中选；几处场地用分号隔开。", "Choose from the list; put semicolons between several."),
        cells.references, True, ("场地", "地块", "site"), is_listed=True, is_text=True,
    ),
    day("produced_on", "生产日期", "Production date", "生产结束日期", is_required=True),
    day("best_before_on", "保质期至", "Best before", "保质期", "到期日期"),
    day("harvested_on", "采收日期", "Harvest date", "采摘日期"),
    day("produced_from", "生产开始日期", "Production began"),
    day("packed_on", "包装日期", "Packing date", "分装日期"),
    QUANTITY,
    UNIT,
    Column(
        "pack_count", Text("包装件数", "Packs"), Text("整数，可以不填。", "A whole number; may stay empty."), cells.count, False,
        ("件数", "瓶数", "袋数"),
    ),
    Column(
        "producer_lot", Text("自编批号", "Own lot"), Text("您自己的批号，可以不填。", "Your own lot number; may stay empty."),
        cells.text(60), False, ("生产批号", "批号", "内部批号"), is_text=True,
    ),
    chosen(
        "season", Text("产季", "Season"), Text("执行配额的产季必须填写。", "Owed where the season has a quota."), "季节",
    ),
    chosen(
        "authorisation", Text("核准", "Authorisation"),
        Text("只有一个核准时可以不填。", "May stay empty where you have one."), "核准编号", "授权",
    ),
)  # fmt: skip

_WHICH = Refusal(
    "authorisation_needed",
    Text(
        "对该地理标志没有核准，或有多个核准，请写明编号。",
        "There is no authorisation for this indication, or several: give its number.",
    ),
    "/authorisation",
)
_LOT_HERE = Text("自编批号与第 {row} 行相同。", "It has the own lot of row {row}.")
_LOT_THERE = Text(
    "自编批号“{lot}”已登记为批次 {number}。", "The own lot “{lot}” is registered already, as batch {number}."
)
MOST_SITES = 200
_TOO_MANY_SITES = Refusal(
    "too_many_sites", Text(f"最多 {MOST_SITES} 处场地。", f"At most {MOST_SITES} sites."), "/sites"
)


def forms_of(producer: Producer) -> QuerySet[ProductForm]:
    return ProductForm.objects.filter(producer=producer).select_related("indication", "producer").order_by("pk")


def sites_of(producer: Producer) -> QuerySet[Site]:
    """Its own, and for a sponsor those of its households."""
    own = Site.objects.filter(producer=producer) | Site.objects.filter(
        producer__organisation__sponsor=producer.organisation_id
    )
    return own.defer("geom").order_by("pk")


def seasons_of(producer: Producer) -> QuerySet[Season]:
    return Season.objects.filter(indication__in=forms_of(producer).values("indication")).order_by("-opens_on", "pk")


def rights_of(producer: Producer) -> QuerySet[Authorisation]:
    return Authorisation.objects.filter(producer=producer).select_related("title").order_by("pk")


class BatchRows:
    """One file of batches."""

    def __init__(self, producer: Producer, now: datetime) -> None:
        self.producer, self.now, self.held = producer, now, Held()
        self.forms = Names((row, row.number, (row.name_zh, row.name_en)) for row in forms_of(producer))
        self.sites = Names((row, row.number, (row.name,)) for row in sites_of(producer))
        self.seasons = Names((row, row.number, (row.name,)) for row in seasons_of(producer))
        self.rights = Names((row, row.number, ()) for row in rights_of(producer))
        self.lots: dict[tuple[int, str], int] = {}

    def read(self, values: Mapping[str, Any]) -> tuple[Content | None, list[Refusal]]:
        """A row whose cells are what their columns ask for, as the action takes it."""
        faults: list[Refusal] = []
        form = self.forms.find(values["form"], "/form", faults)
        sites = [self.sites.find(told, "/sites", faults) for told in values["sites"][:MOST_SITES]]
        if len(values["sites"]) > MOST_SITES:
            faults.append(_TOO_MANY_SITES)
        season = self.seasons.find(values["season"], "/season", faults) if "season" in values else None
        right = self._right(values.get("authorisation"), form, faults)
        if faults:
            return None, faults
        dates = BatchDates(**{name: values.get(name) for name in BatchDates.__slots__})
        said = {
            name: values[name] for name in ("quantity", "quantity_unit", "pack_count", "producer_lot") if name in values
        }
        return Content(form=form, authorisation=right, sites=tuple(sites), season=season, dates=dates, **said), []

    def _right(self, told: str | None, form: ProductForm | None, faults: list[Refusal]) -> Authorisation | None:
        """The one named, or the only one of the producer for the indication that stands."""
        if told is not None:
            return self.rights.find(told, "/authorisation", faults)
        if form is None:
            return None
        today = day_of(self.now)
        found = [
            row
            for row in self.rights.by_number.values()
            if row.title.indication_id == form.indication_id and row.stands_on(today)
        ]
        if len(found) == 1:
            return found[0]
        faults.append(_WHICH)
        return None

    def weigh(self, contents: Mapping[int, Content]) -> Faults:
        """By the number of the row: what stands in the way of registering it, after all that came before it in the file."""
        faults = self._lots_taken(contents)
        fit = {row: content for row, content in contents.items() if row not in faults}
        problems = weigh_batches(contents=list(fit.values()), held=self.held, now=self.now)
        rows = list(fit)
        return faults | {rows[place]: reasons_of(problem) for place, problem in problems.items()}

    def _lots_taken(self, contents: Mapping[int, Content]) -> Faults:
        """An own lot names one batch of an article: what is there already, in the file or in the register, came twice."""
        faults: Faults = {}
        known = self._known_lots(contents.values())
        for row, content in contents.items():
            if not content.producer_lot:
                continue
            key = (content.form.pk, content.producer_lot)
            if key in known:
                text = _LOT_THERE.format(lot=content.producer_lot, number=known[key])
                faults[row] = [Refusal("lot_registered", text, "/producer_lot")]
            elif (first := self.lots.setdefault(key, row)) != row:
                faults[row] = [Refusal("row_repeated", _LOT_HERE.format(row=first), "/producer_lot")]
        return faults

    def _known_lots(self, contents: Iterable[Content]) -> dict[tuple[int, str], str]:
        lots = {content.producer_lot for content in contents if content.producer_lot}
        rows = Batch.objects.filter(producer=self.producer, producer_lot__in=lots).exclude(state=BatchState.VOID.value)
        return {(form, lot): number for form, lot, number in rows.values_list("form_id", "producer_lot", "number")}

    def enter(self, contents: Mapping[int, Content], *, actor: Actor, reason: str) -> dict[int, str]:
        """The lot numbers by the rows. Raises RowsRefused, by the rows too."""
        if faults := self._lots_taken(contents):
            raise RowsRefused({row: Refused(refusals) for row, refusals in faults.items()})
        rows, given = list(contents), {"actor": actor, "now": self.now, "reason": reason, "register": True}
        try:
            batches = draft_batches(contents=list(contents.values()), **given)
        except RowsRefused as no:
            raise RowsRefused({rows[place]: problem for place, problem in no.problems.items()}) from None
        return {row: batch.number for row, batch in zip(rows, batches, strict=True)}


BATCHES = SheetKind(
    columns=COLUMNS,
    rows=BatchRows,
    enter=Text("登记这 {n} 批", "Register these {n} batches"),
    see=Text("查看批次", "See the batches"),
    page="portal-batches",
    lists={
        "form": lambda producer: [
            in_list(name_of(row), row.number) for row in forms_of(producer)[:MOST_LISTED] if row.is_active
        ],
        "sites": lambda producer: [in_list(row.name, row.number) for row in sites_of(producer)[:MOST_LISTED]],
        "season": lambda producer: [in_list(row.name, row.number) for row in seasons_of(producer)[:MOST_LISTED]],
        "authorisation": lambda producer: [in_list("", row.number) for row in rights_of(producer)[:MOST_LISTED]],
    },
)
