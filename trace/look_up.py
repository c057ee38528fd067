"""Everything that the answer to a check needs, by one statement with one indexed look-up of the lot.

Facts only: the verdict, and what of a household may be told, is decided in ``answers``. Plain columns, as PostgreSQL
takes longer to write them as JSON than to find them; whoever scans a pack of a lot is told the same of the lot, so that
what follows from its columns is worked out once for equal ones.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson
from django.conf import settings

from gi_registry.lib.clock import day_of
from gi_registry.lib.compiled import Hole, Statement
from gi_registry.ogc.cache import Memory
from trace import answers
from trace.rules.copies import UNKEPT, Kept
from trace.units import Signed

# Nothing in it can be stale: the key is all that it follows from, asked for anew each time.
LOTS: Memory[answers.Lot] = Memory("trace_lots", 2_000)


class _Hole(Hole):
    LOT, ORDINAL, INDEX = "lot", "ordinal of the issuance", "index in it"


# What is read of each table, by its alias in the statement. A group is absent where its first column is NULL.
_GROUPS = {
    "batch": "b number state state_reason producer_lot harvested_on produced_from produced_on packed_on best_before_on"
    " registered_at released_at review_opened_at pack_count",
    "form": "f name_zh name_en net_content net_content_unit packing gtin",
    "photo": "h digest width height",
    "indication": "i slug name_zh name_en category",
    "authorisation": "a number title_id state valid_until ended_on approval_reference",
    "producer": "p number is_public",
    "organisation": "o kind name_zh name_en uscc is_demo",
    "sponsor": "s name_zh name_en uscc",
    "division": "d code name_zh name_en",
    "region": "r number slug name_zh name_en",
    "specification": "v number label_zh label_en",
    "season": "n name opens_on closes_on",
}
# Lists, as JSON: text that two lots can be compared by.
_LISTS = {
    "titles": """(
        SELECT json_agg(json_build_object(
            'id', t.id, 'number', t.number, 'kind', t.kind, 'status', t.status, 'confidence', t.confidence,
            'title_number', t.title_number, 'announcement_number', t.announcement_number,
            'recognised_on', t.recognised_on, 'expires_on', t.expires_on, 'ended_on', t.ended_on) ORDER BY t.id)::text
        FROM products_title t WHERE t.indication_id = b.indication_id)""",
    "spells": "(SELECT json_agg(json_build_array(lower(spell), upper(spell)))::text FROM unnest(a.spells) spell)",
    "standards": "to_json(v.standards)::text",
}
# The newest entry of the lot in the open log.
_ENTRY = """(
    SELECT e.index FROM openlog_entry e WHERE e.object = 'batch:' || b.number ORDER BY e.sequence DESC LIMIT 1)"""
_CHECKS = "c.count", "c.first_on", "nullif(c.first_province, '')"
_UNIT = {
    "issuance_id": "u.id",
    "count": "u.count",
    "epoch": "u.epoch",
    "state": "u.state",
    "has_pin": "u.has_pin",
    "is_activated": """u.activation = 'with_batch' OR EXISTS (
        SELECT FROM trace_issuancerange l WHERE l.issuance_id = u.id AND l.kind = 'activated'
        AND int4range(l.first, l.last, '[]') @> %s::integer)""",
    "is_withdrawn": """EXISTS (
        SELECT FROM trace_issuancerange l WHERE l.issuance_id = u.id
        AND l.kind IN ('spoiled', 'returned', 'destroyed', 'void') AND int4range(l.first, l.last, '[]') @> %s::integer)""",
}
# As ``actions.units`` writes it: the version of the row, its state field by field, grade and reasons.
_KEPT = (
    "xmin::text count first_hour first_province provinces last_hour last_provinces pin_tries wrong_pins opened_hour"
    " opened_province opened_device checks_since_opened signs grade reasons"
)
_ALIASED = {group: told.split() for group, told in _GROUPS.items()}
_OF_KEPT = [f"t.{name}" for name in _KEPT.split()]
_COLUMNS = (
    *(f"{alias}.{name}" for alias, *names in _ALIASED.values() for name in names),
    _ENTRY,
    *_LISTS.values(),
    *_CHECKS,
    *_UNIT.values(),
    *_OF_KEPT,
)
_FACTS = Statement(
    f"""
    SELECT {", ".join(_COLUMNS)}
    FROM trace_batch b
    JOIN trace_productform f ON f.id = b.form_id
    JOIN products_indication i ON i.id = b.indication_id
    JOIN products_authorisation a ON a.id = b.authorisation_id
    JOIN products_title g ON g.id = a.title_id
    JOIN products_producer p ON p.id = b.producer_id
    JOIN accounts_organisation o ON o.id = p.organisation_id
    JOIN regions_division d ON d.id = p.division_id
    LEFT JOIN trace_formphoto h ON h.form_id = f.id
    LEFT JOIN accounts_organisation s ON s.id = o.sponsor_id
    LEFT JOIN regions_region r ON r.id = g.region_id
    LEFT JOIN products_specificationversion v ON v.id = b.specification_id
    LEFT JOIN products_season n ON n.id = b.season_id
    LEFT JOIN trace_batchtally c ON c.batch_id = b.id
    LEFT JOIN trace_issuance u ON u.batch_id = b.id AND u.ordinal = %s::integer
    LEFT JOIN trace_unittally t ON t.issuance_id = u.id AND t.unit_index = %s::integer
    WHERE b.number = %s::text
    """,  # noqa: S608 - our own names
    (_Hole.INDEX, _Hole.INDEX, _Hole.ORDINAL, _Hole.INDEX, _Hole.LOT),
    is_planned_once=True,
)
# Of no issuance. Not NULL: PostgreSQL would find a plan for NULL so much cheaper that it plans every time, for many times longer.
_NO_UNIT = "-1", "-1"
_END_OF_UNIT = len(_COLUMNS) - len(_OF_KEPT)
_END_OF_CHECKS = _END_OF_UNIT - len(_UNIT)
_END_OF_LOT = _END_OF_CHECKS - len(_CHECKS)


def look_up(lot: str, unit: Signed | None = None, *, now: datetime) -> answers.Found | None:
    """What is registered about a lot, and about one unit of it, by one statement; None where there is no such lot."""
    # As text: numbers of different sizes would be parameters of different types, each with a plan of its own.
    ordinal, index = (str(unit.ordinal), str(unit.index)) if unit else _NO_UNIT
    rows = _FACTS.fetch({_Hole.LOT: lot, _Hole.ORDINAL: ordinal, _Hole.INDEX: index})
    if not rows:
        return None
    row, today, url = rows[0], day_of(now), settings.GI_PUBLIC_URL
    told = row[:_END_OF_LOT]
    known = LOTS.recall((told, today, url), lambda: answers.Lot.of(_facts(told), today, url))
    count, first_on, first_province = row[_END_OF_LOT:_END_OF_CHECKS]
    checks = {"count": count or 0, "first_on": _plain(first_on), "first_province": first_province}
    return answers.Found(known, checks, _unit(row))


def _facts(told: Sequence[Any]) -> answers.Facts:
    """The columns of a lot by group and name, with days and numbers as text."""
    values = map(_plain, told)
    facts: dict[str, Any] = {}
    for group, (_, *names) in _ALIASED.items():
        found = dict(zip(names, values, strict=False))  # the next group reads on where this one ends
        facts[group] = found if found[names[0]] is not None else None
    facts["entry"] = next(values)
    return facts | {name: orjson.loads(text) if text else [] for name, text in zip(_LISTS, values, strict=True)}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _unit(row: Sequence[Any]) -> answers.Facts | None:
    if row[_END_OF_CHECKS] is None:
        return None
    kept = row[_END_OF_UNIT:]
    made = dict(zip(_UNIT, row[_END_OF_CHECKS:_END_OF_UNIT], strict=True))
    return made | {"kept": Kept.of(kept) if kept[0] is not None else UNKEPT}
