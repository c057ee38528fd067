"""What the verdict page tells beside the answer itself: band, timeline, history, and the picture of origin."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError

from gi_registry.lib.clock import day_of
from gi_registry.lib.texts import Text
from trace.outline import Picture, picture_of
from trace.rules import provinces
from trace.rules.verdicts import Verdict
from trace.rules.wording import MADE_WHILE_AUTHORISED, MADE_WITHOUT, WORDINGS

# Stroked paths in a box of 24: the shape says what the colour says, for those who see no colour.
ICONS = {
    "check": "M4 12.5l5 5L20 6.5",
    "repeat": "M4 9a8 8 0 0 1 14-3l2 2M20 4v4h-4M20 15a8 8 0 0 1-14 3l-2-2M4 20v-4h4",
    "magnifier": "M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M15.5 15.5L21 21",
    "clock": "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 7v5l3.5 2",
    "calendar": "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
    "document": "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
    "pause": "M8 5v14M16 5v14",
    "back": "M9 4L4 9l5 5M4 9h10a5.5 5.5 0 0 1 0 11h-3",
    "cross": "M6 6l12 12M18 6L6 18",
    "pencil": "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
    "question": "M8.5 9a3.5 3.5 0 1 1 5.2 3c-1.2.7-1.7 1.3-1.7 2.6M12 18.5v.5",
    "cloud": "M7 18a4 4 0 0 1-.5-8A6 6 0 0 1 18 9.5a4.2 4.2 0 0 1-.5 8.5zM4 4l16 16",
}
_PLACE = Text("{}；深色为生产者所在的{}。", "{}; the darker area is {}, where the producer is. ")
_DAYS = (
    ("harvested_on", Text("采收", "Harvested")),
    ("produced_from", Text("开始生产", "Production began")),
    ("produced_on", Text("生产", "Produced")),
    ("packed_on", Text("包装", "Packed")),
    ("registered_at", Text("登记", "Registered")),
    ("released_at", Text("放行", "Released for sale")),
    ("best_before_on", Text("保质期至", "Best before")),
)


def story_of(told: dict[str, Any], today: date) -> dict[str, Any]:
    """The template's view of an answer. Words come from the answer, so that page and machine read the same."""
    batch = told["batch"]
    texts = {name: Text(**told[name]) for name in ("title", "statement", "advice")}
    lists = {name: [Text(**text) for text in told[name]] for name in ("proves", "does_not_prove")}
    return {
        **texts,
        **lists,
        **(_names(told) if batch else {}),
        "icon": ICONS[WORDINGS[Verdict(told["verdict"])].icon],
        "host": urlsplit(settings.GI_PUBLIC_URL).netloc,
        "timeline": list(_timeline(batch)) if batch else [],
        "made": _made(told),
        "asked_at": datetime.fromisoformat(told["as_of"]).strftime("%Y-%m-%d %H:%M"),
        "picture": _picture(told, today),
        "notes": [Text(note["zh"], note["en"]) for note in told["notes"]],
    }


def _names(told: dict[str, Any]) -> dict[str, Text | None]:
    """Names as both kinds of reader read them; Chinese stands in where English is missing."""
    region, county = _both(told["region"]), _both(told["producer"]["county"])
    place = region and Text(_PLACE.zh.format(region.zh, county.zh), _PLACE.en.format(region.en, county.en))
    return {
        "product": _both(told["product"]),
        "indication": _both(told["indication"]),
        "producer": _both(told["producer"]),
        "county": county,
        "specification": _both(told["specification"]),
        "net_content_unit": Text(**told["product"]["net_content_text"]),
        "place": place,
        "first_province": _province(told["checks"]["first_province"]),
        "photo_path": urlsplit((told["product"]["photo"] or {}).get("url", "")).path,
    }


def _province(name_zh: str | None) -> Text | None:
    """Kept by its Chinese name; an old name that is not in the table any more is told as it stands."""
    known = provinces.named(name_zh or "")
    return known.name if known else name_zh and Text(name_zh, name_zh)


def _both(named: dict[str, Any] | None) -> Text | None:
    return Text(named["name"], named["name_en"] or named["name"]) if named else None


def _timeline(batch: dict[str, Any]) -> Any:
    """Days in the order in which they came; instants by their day in China."""
    for name, label in _DAYS:
        value = batch[name]
        if value:
            yield label, day_of(datetime.fromisoformat(value)) if name.endswith("_at") else date.fromisoformat(value)


def _made(told: dict[str, Any]) -> Text | None:
    if told["verdict"] != Verdict.AUTHORISATION_ENDED or not told["authorisation"]:
        return None
    return MADE_WHILE_AUTHORISED if told["authorisation"]["stood_at_production"] else MADE_WITHOUT


def _picture(told: dict[str, Any], today: date) -> Picture | None:
    """Without its picture the page still says all: a drawing that fails is left out."""
    if not told["region"]:
        return None
    try:
        return picture_of(told["region"]["number"], told["producer"]["county"]["code"], today)
    except DatabaseError:
        return None
