"""The days of a batch, and the order they must stand in."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from gi_registry.lib.texts import Refusal, Text

# Before this there was no protection of geographical indications in China; an earlier day is a slip of the year.
EARLIEST = date(1990, 1, 1)
LONGEST_LIFE_YEARS = 50


@dataclass(frozen=True, slots=True)
class BatchDates:
    """Days as the producer states them. ``produced_from`` opens a production that took longer than a day."""

    produced_on: date
    harvested_on: date | None = None
    produced_from: date | None = None
    packed_on: date | None = None
    best_before_on: date | None = None


_NAMES = {
    "harvested_on": Text("采收日期", "harvest date"),
    "produced_from": Text("生产开始日期", "start of production"),
    "produced_on": Text("生产日期", "production date"),
    "packed_on": Text("包装日期", "packing date"),
    "best_before_on": Text("保质期至", "best-before date"),
}
_ORDER = tuple(_NAMES)
_FUTURE = Text("{name}晚于今天。", "The {name} is later than today.")
_ANCIENT = Text("{name}早于 1990 年，请核对年份。", "The {name} is before 1990; check the year.")
_DISORDER = Text("{later}早于{earlier}。", "The {later} is before the {earlier}.")
_LONG = Text("保质期超过五十年，请核对年份。", "The best-before date is more than fifty years away; check the year.")


def _with(text: Text, **names: str) -> Text:
    return Text(
        text.zh.format(**{key: _NAMES[name].zh for key, name in names.items()}),
        text.en.format(**{key: _NAMES[name].en for key, name in names.items()}),
    )


def date_faults(dates: BatchDates, today: date) -> list[Refusal]:
    """What is wrong with the days: in the future, before 1990, or out of order. ``today`` is the day in China."""
    stated = [(name, day) for name in _ORDER if (day := getattr(dates, name)) is not None]
    faults = []
    for name, day in stated:
        if day > today and name != "best_before_on":
            faults.append(Refusal("date_in_future", _with(_FUTURE, name=name), f"/{name}"))
        elif day < EARLIEST:
            faults.append(Refusal("date_too_early", _with(_ANCIENT, name=name), f"/{name}"))
    for (earlier, first), (later, second) in pairwise(stated):
        if second < first:
            faults.append(Refusal("dates_out_of_order", _with(_DISORDER, later=later, earlier=earlier), f"/{later}"))
    last = dates.best_before_on
    if last is not None and last.year - dates.produced_on.year > LONGEST_LIFE_YEARS:
        faults.append(Refusal("best_before_absurd", _LONG, "/best_before_on"))
    return faults
