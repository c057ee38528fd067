"""A lineage as a sheet to sort and hand over: one line for each link, with both ends."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from gi_registry.lib.clock import CHINA
from gi_registry.lib.language import name_of, say
from gi_registry.lib.sheets import csv_of
from gi_registry.lib.texts import Text
from trace.lineage import Genealogy, Link, party_of
from trace.rules.genealogy import InputKind
from trace.rules.quantities import QuantityUnit

_HEADER = (
    Text("方向", "Direction"),
    Text("步数", "Steps"),
    Text("来源批次", "From lot"),
    Text("来源产品", "From product"),
    Text("来源生产者", "From producer"),
    Text("方式", "How"),
    Text("数量", "Quantity"),
    Text("单位", "Unit"),
    Text("去向批次", "To lot"),
    Text("去向产品", "To product"),
    Text("去向生产者", "To producer"),
    Text("开始", "Since"),
    Text("结束", "Until"),
)
_BACK, _FORWARD = Text("向上", "Back"), Text("向下", "Forward")


def sheet_of(genealogy: Genealogy) -> bytes:
    """Near links first; a quantity is a bare number, its unit beside it."""
    rows = sorted(_rows(genealogy), key=lambda row: (row[0], row[1], row[2], row[8]))
    return csv_of([say(text) for text in _HEADER], rows)


def _rows(genealogy: Genealogy) -> Iterator[list[Any]]:
    back = {one.batch.pk: -one.level for one in genealogy.back}
    forward = {one.batch.pk: one.level for one in genealogy.forward}
    for link in genealogy.links:
        if link.parent_id in back:
            yield [say(_BACK), back[link.parent_id], *_cells(link)]
        elif link.child_id in forward:
            yield [say(_FORWARD), forward[link.child_id], *_cells(link)]


def _cells(link: Link) -> list[Any]:
    parent, child = ([end.number, name_of(end.form), party_of(end)] for end in (link.parent, link.child))
    how = [say(InputKind(link.kind)), link.quantity, say(QuantityUnit(link.unit))]
    return [*parent, *how, *child, _told(link.valid_from), _told(link.valid_to)]


def _told(at: datetime | None) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if at else ""
