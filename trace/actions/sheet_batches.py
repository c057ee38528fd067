"""Rows of a spreadsheet as batches, registered as by a form: looked up among the producer's own, weighed, entered together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from gi_registry.lib.access import Actor
from gi_registry.lib.clock import day_of
from gi_registry.lib.problems import Problem, Refused
from gi_registry.lib.spreadsheets.folding import folded
from gi_registry.lib.texts import Refusal, Text
from products.models import Authorisation, Producer, Season, Site
from trace.actions.batches import draft_batches, weigh_batches
from trace.actions.content import Content
from trace.actions.debits import Held
from trace.actions.ground import RowsRefused
from trace.models import Batch, ProductForm
from trace.rules.batches import BatchState
from trace.rules.dates import BatchDates

_UNKNOWN = Text("名下没有“{name}”。请从下拉列表中选。", "You have no “{name}”. Choose from the list.")
_SEVERAL = Text(
    "有几个“{name}”，请写编号：{numbers}。", "There are several called “{name}”: give the number, {numbers}."
)
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


class Names:
    """Rows of the producer's own by their number, and by their name where one alone bears it."""

    def __init__(self, rows: Iterable[tuple[Any, Sequence[str]]]) -> None:
        self.by_number: dict[str, Any] = {}
        self.by_name: dict[str, list[Any]] = defaultdict(list)
        for row, names in rows:
            self.by_number[row.number] = row
            for name in {folded(name) for name in names if name}:
                self.by_name[name].append(row)

    def find(self, told: str, pointer: str, faults: list[Refusal]) -> Any:
        """The row meant; else None, with the reason among the faults."""
        if told in self.by_number:
            return self.by_number[told]
        found = self.by_name.get(folded(told), [])
        if len(found) == 1:
            return found[0]
        name = told[:40]
        if found:
            numbers = ", ".join(row.number for row in found[:5])
            faults.append(Refusal("name_shared", _SEVERAL.format(name=name, numbers=numbers), pointer))
        else:
            faults.append(Refusal("not_yours", _UNKNOWN.format(name=name), pointer))
        return None


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
        self.forms = Names((row, (row.name_zh, row.name_en)) for row in forms_of(producer))
        self.sites = Names((row, (row.name,)) for row in sites_of(producer))
        self.seasons = Names((row, (row.name,)) for row in seasons_of(producer))
        self.rights = Names((row, ()) for row in rights_of(producer))
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

    def weigh(self, contents: Mapping[int, Content]) -> dict[int, list[Refusal]]:
        """By the number of the row: what stands in the way of registering it, after all that came before it in the file."""
        faults = self._lots_taken(contents)
        fit = {row: content for row, content in contents.items() if row not in faults}
        problems = weigh_batches(contents=list(fit.values()), held=self.held, now=self.now)
        rows = list(fit)
        return faults | {rows[place]: reasons_of(problem) for place, problem in problems.items()}

    def _lots_taken(self, contents: Mapping[int, Content]) -> dict[int, list[Refusal]]:
        """An own lot names one batch of an article: what is there already, in the file or in the register, came twice."""
        faults: dict[int, list[Refusal]] = {}
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


def reasons_of(problem: Problem) -> list[Refusal]:
    return list(problem.errors) or [Refusal(problem.code, problem.detail)]
