"""Turning the pages of a list by number: no page number, so that a long list is as quick at its end as at its head."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from gi_registry.lib.ids import is_well_formed

ROWS = 20


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page, newest first; ``previous`` and ``next`` are query strings, "" at the ends."""

    rows: list[Any]
    previous: str
    next: str


def leaf_of(things: QuerySet[Any], asked: Mapping[str, str], rows: int = ROWS) -> Leaf:
    """The page after or before a number; one outside the list begins at its head."""
    older, newer = _place(things, asked.get("after", "")), _place(things, asked.get("before", ""))
    if newer is not None:
        found = list(things.filter(pk__gt=newer).order_by("pk")[: rows + 1])
        more_newer, more_older = len(found) > rows, True
        found = found[:rows][::-1]
    else:
        page = things.filter(pk__lt=older) if older is not None else things
        found = list(page.order_by("-pk")[: rows + 1])
        more_newer, more_older = older is not None, len(found) > rows
        found = found[:rows]
    kept = {name: asked[name] for name in ("state", "q", "year") if asked.get(name)}
    ends = (found[0].number, found[-1].number) if found else ("", "")
    return Leaf(
        found,
        "?" + urlencode({**kept, "before": ends[0]}) if found and more_newer else "",
        "?" + urlencode({**kept, "after": ends[1]}) if found and more_older else "",
    )


def _place(things: QuerySet[Any], number: str) -> int | None:
    if not is_well_formed(number):
        return None
    return things.filter(number=number).values_list("pk", flat=True).first()
