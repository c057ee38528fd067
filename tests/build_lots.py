"""Many odd rows for the map's filters: divisions with strange names, lots with every kind of value, and holes in most of them."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, F, FloatField, Func, TextField, Value
from django.db.models.functions import Cast, NullIf

from gi_registry.lib.access import Actor
from gi_registry.lib.texts import Text
from gi_registry.ogc.collection import Collection, Kind, Property
from regions.models import Division
from regions.rules import DivisionLevel
from tests.build_filters import CELLS, SOUTH, STEP, WEST
from tests.build_trace import MADE, Goods
from tests.cast import NOW
from trace.features import BATCHES, registered_batches
from trace.models import Batch
from trace.rules.batches import BatchState
from trace.rules.quantities import QuantityUnit

NAMES = (
    "清徐县", "祁县", "100%", "a_b", "it's", 'say "hi"', "back\\slash", "Qíxiàn", "QIXIAN", "qixian", "", " ", "é", "E\u0301",
    "太谷区 (旧)", "1=1; --", "x' OR 'x'='x", "%", "_", "𠮷", "产\n地",
)  # fmt: skip
_TAGS = ("", "-", "醋", "酒", "醋,酒", "醋,酒,100%", "it's", "a b,酒")
_WORDS = ArrayField(TextField())

# The map's own layer of batches, open to everybody and with more of their facts, so that every kind of value is there and
# missing somewhere.
LOTS: Collection = replace(
    BATCHES,
    id="lots",
    rows=lambda actor: registered_batches(Actor.SYSTEM),
    is_public=True,
    properties=(
        *(item for item in BATCHES.properties if item.name != "quantity"),
        Property("lot", Kind.TEXT, Text("批", "Lot"), NullIf("producer_lot", Value("-"))),
        Property("spec", Kind.TEXT, Text("规范", "Specification"), "specification__label_zh"),
        Property("harvested_on", Kind.DATE, Text("采收", "Harvested")),
        Property("packed_on", Kind.DATE, Text("包装", "Packed")),
        Property("packs", Kind.INTEGER, Text("件数", "Packs"), "pack_count"),
        Property("litres", Kind.NUMBER, Text("升", "Litres"), Cast("quantity", FloatField())),
        Property(
            "is_many",
            Kind.BOOLEAN,
            Text("多", "Many"),
            Func(F("pack_count"), template="(%(expressions)s > 100)", output_field=BooleanField()),
        ),
        Property(
            "tags",
            Kind.TEXTS,
            Text("标签", "Tags"),
            Func(NullIf("state_reason", Value("-")), Value(","), function="string_to_array", output_field=_WORDS),
        ),
    ),
)


def odd_divisions(seed: int, count: int) -> None:
    """Divisions in squares of a grid, some with a hole, some under another; the usual ones must be there."""
    chance = random.Random(seed)
    parents = [*Division.objects.filter(code__in=["140100", "140700"]), None]
    Division.objects.bulk_create(
        Division(
            code=str(149000 + place),
            name_zh=chance.choice(NAMES),
            name_en=chance.choice(NAMES),
            pinyin="x",
            initials="x",
            level=chance.choice(list(DivisionLevel)),
            parent=chance.choice(parents),
            geom=_outline(chance),
        )
        for place in range(count)
    )


def _outline(chance: random.Random) -> MultiPolygon:
    west, south = (chance.randint(0, CELLS - 4) for _ in range(2))
    width, height = (chance.randint(1, 4) for _ in range(2))
    rings = [_ring(west, south, west + width, south + height)]
    if width > 2 and height > 2:
        rings.append(_ring(west + 1, south + 1, west + width - 1, south + height - 1))
    return MultiPolygon(Polygon(*rings), srid=4326)


def _corner(chance: random.Random) -> Point:
    return Point(WEST + chance.randint(0, CELLS) * STEP, SOUTH + chance.randint(0, CELLS) * STEP, srid=4326)


def _ring(west: int, south: int, east: int, north: int) -> list[tuple[float, float]]:
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return [(WEST + x * STEP, SOUTH + y * STEP) for x, y in corners]


def odd_lots(goods: Goods, seed: int, count: int) -> None:
    """Registered batches whose values are drawn at random; some have no place."""
    chance = random.Random(seed)
    whole = goods.batch(BatchState.REGISTERED)
    Batch.objects.bulk_create(_lot(chance, whole, place) for place in range(count))
    Batch.objects.filter(state=BatchState.DRAFT).update(state=BatchState.REGISTERED, registered_at=NOW)


def _lot(chance: random.Random, whole: Batch, place: int) -> Batch:
    """A draft like the whole one, but for chance."""
    made = MADE + timedelta(days=chance.randint(-9, 9))
    spot = chance.choice((None, _corner(chance), _corner(chance), _corner(chance)))
    packs = chance.choice((None, chance.randint(1, 200)))
    facts: dict[str, Any] = {
        "number": f"{place:010d}",
        "specification_id": chance.choice((None, whole.specification_id)),
        "division_code": chance.choice(("140121", "140727", "140100")),
        "producer_lot": chance.choice((*NAMES, "-", "-")),
        "harvested_on": chance.choice((None, made - timedelta(days=chance.randint(0, 5)))),
        "produced_on": made,
        "packed_on": chance.choice((None, made, made + timedelta(days=chance.randint(0, 5)))),
        "quantity": chance.choice((1, 12.5, 120, 1200.125)),
        "quantity_unit": chance.choice(list(QuantityUnit)),
        "pack_count": packs,
        "place": spot,
        "cell_id": whole.cell_id if spot else None,
        "state_reason": chance.choice(_TAGS),
    }
    same = ("producer_id", "form_id", "indication_id", "authorisation_id")
    return Batch(**{name: getattr(whole, name) for name in same}, **facts, created_at=NOW, updated_at=NOW)
