"""The batches of a recall as a sheet to sort and hand over: one line for each."""

from collections.abc import Iterator
from typing import Any

from gi_registry.lib.access import Actor
from gi_registry.lib.language import name_of, say
from gi_registry.lib.sheets import csv_of
from gi_registry.lib.texts import Text
from products.models import Producer
from trace.lineage import told_name
from trace.models import ProductForm, Recall
from trace.rules.batches import BatchState
from trace.rules.quantities import QuantityUnit

_HEADER = (
    Text("批次", "Lot"),
    Text("产品", "Product"),
    Text("生产者", "Producer"),
    Text("区划代码", "Division code"),
    Text("生产日期", "Produced on"),
    Text("召回前状态", "State before"),
    Text("已召回", "Recalled"),
    Text("数量", "Quantity"),
    Text("在外", "Out"),
    Text("追回", "Recovered"),
    Text("单位", "Unit"),
)
_YES, _NO = Text("是", "yes"), Text("否", "no")


# What is asked of each line: two hundred thousand rows are read as they are, makers and articles once each.
_COLUMNS = (
    "batch__number", "batch__form", "batch__producer", "batch__division_code", "batch__produced_on", "was", "is_moved",
    "batch__quantity", "out", "recovered", "batch__quantity_unit",
)  # fmt: skip


def sheet_of(recall: Recall, actor: Actor) -> bytes:
    """All lines that the actor may see, by lot."""
    return csv_of([say(text) for text in _HEADER], _rows(recall, actor))


def _rows(recall: Recall, actor: Actor) -> Iterator[list[Any]]:
    items = recall.items.visible_to(actor)
    forms = ProductForm.objects.filter(pk__in=items.values("batch__form")).in_bulk()
    makers = Producer.objects.filter(pk__in=items.values("batch__producer"))
    names = {row.pk: told_name(row) for row in makers.select_related("organisation__sponsor")}
    told = items.counted().order_by("batch__number").values_list(*_COLUMNS)
    for number, form, maker, division, made_on, was, is_moved, quantity, out, came, unit in told.iterator():
        whose = [number, name_of(forms[form]), names[maker], division, made_on.isoformat()]
        what = [say(BatchState(was)), say(_YES if is_moved else _NO), quantity, out, came, say(QuantityUnit(unit))]
        yield [*whose, *what]
