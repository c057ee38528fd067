"""Whether the code of one pack was copied: what is kept of its checks, and what is concluded from it.

A valid code on a copied label is still valid, so a copy shows itself only by use: one pack cannot be opened twice, nor
stand in three far parts of the country. The state of a unit has a fixed size however often it is checked; each event
advances it, and the same events give the same state and the same grade at any later time. A grade is a lead for a
person, never a verdict about somebody; grade 3 is given by a person alone.

Places count by province (``rules.provinces``), because addresses of phones tell no more. All that is counted only
grows, so a grade never falls with more evidence. Checks of one hour may arrive in any order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from typing import Any

from gi_registry.lib.texts import Word
from trace.rules.provinces import are_near, far_apart, is_one_home
from trace.rules.verdicts import Grade, Verdict

# Raise it with every change of a threshold or a rule: it is stored beside each grade and each alert.
RULE_VERSION = 1

# A pack is checked by its buyer, the family, a guest. From here on the page says that it was checked often.
OFTEN = 6
# Both together make a lead: of uncopied packs that were checked, fewer than three in a thousand show them.
LEAD_PLACES = 3
LEAD_DEVICES = 5
# A person mistypes eight scratched digits once or twice.
WRONG_PINS = 3
MAX_PIN_TRIES = 5
# After the hidden PIN was given the household may look again: so often it is not counted against the code.
CHECKS_OF_A_HOUSEHOLD = 2


class Reason(Word):
    """Why a unit has its grade. The order is that of weight; codes are stored and never renamed."""

    MANY_PLACES = "many_places", "三个以上相距较远的省份查询过", "Checked in three or more provinces far apart"
    PIN_AGAIN = "pin_again", "验证码被再次使用", "The PIN was given again"
    WRONG_PINS = "wrong_pins", "多次输错验证码", "Several wrong PINs"
    AFTER_OPENED = "after_opened", "开启之后仍在别处查询", "Checked elsewhere or again and again after it was opened"
    WITHDRAWN = "withdrawn", "已作废的码仍被查询", "Checked although the code was withdrawn"
    AFTER_RECALL = "after_recall", "召回之后仍被查询", "Checked after the recall"
    BEFORE_RELEASE = "before_release", "放行之前已被查询", "Checked before its release"
    MANY_CHECKS = "many_checks", "查询次数偏多", "Checked often"
    FAR_APART = "far_apart", "在相距较远的省份查询过", "Checked in provinces far apart"
    FAR_IN_AN_HOUR = "far_in_an_hour", "一小时内在相距较远的省份查询", "Checked in provinces far apart within an hour"
    REPORTED = "reported", "有消费者举报", "Reported by a consumer"


# What is not named here is told beside the grade, and raises none by itself: a gift travels, a phone is misplaced.
GRADES = {
    Reason.MANY_PLACES: Grade.UNDER_REVIEW,
    Reason.PIN_AGAIN: Grade.UNDER_REVIEW,
    Reason.WRONG_PINS: Grade.UNDER_REVIEW,
    Reason.AFTER_OPENED: Grade.UNDER_REVIEW,
    Reason.WITHDRAWN: Grade.UNDER_REVIEW,
    Reason.AFTER_RECALL: Grade.UNDER_REVIEW,
    Reason.BEFORE_RELEASE: Grade.UNDER_REVIEW,
    Reason.MANY_CHECKS: Grade.CHECKED_OFTEN,
}
# What everybody may read: how often, and that it was opened before. The rest would teach a copier what gives him away.
PUBLIC_REASONS = (Reason.MANY_CHECKS, Reason.AFTER_OPENED, Reason.PIN_AGAIN)

# What a single event shows is kept as a bit, because the state does not remember events.
_SIGNS = {
    Reason.PIN_AGAIN: 1,
    Reason.AFTER_RECALL: 2,
    Reason.WITHDRAWN: 4,
    Reason.BEFORE_RELEASE: 8,
    Reason.FAR_IN_AN_HOUR: 16,
    Reason.REPORTED: 32,
    Reason.AFTER_OPENED: 64,
}
_SIGN_OF_VERDICT = {
    Verdict.NOT_ACTIVATED: _SIGNS[Reason.BEFORE_RELEASE],
    Verdict.RECALLED: _SIGNS[Reason.AFTER_RECALL],
    Verdict.VOIDED: _SIGNS[Reason.WITHDRAWN],
}


@dataclass(frozen=True, slots=True)
class Checked:
    """One distinct check: one device on one day. ``hour``: hours since 1970 in China; ``province``: its bit or 0."""

    hour: int
    province: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class PinTried:
    """One try of the hidden PIN. ``device``: the token that this device has for this unit on this day."""

    hour: int
    province: int
    device: int
    is_right: bool


@dataclass(frozen=True, slots=True)
class Reported:
    """A consumer reported the pack: one device on one day."""


Event = Checked | PinTried | Reported


@dataclass(frozen=True, slots=True)
class State:
    """All that is kept of a unit. A check is one device on one day, so their count is that of device tokens.

    ``provinces``: those seen; ``last_provinces``: those of ``last_hour``; ``signs``: bits of reasons shown by one event.
    """

    count: int = 0
    first_hour: int | None = None
    first_province: int = 0
    provinces: int = 0
    last_hour: int | None = None
    last_provinces: int = 0
    pin_tries: int = 0
    wrong_pins: int = 0
    opened_hour: int | None = None
    opened_province: int = 0
    opened_device: int | None = None
    checks_since_opened: int = 0
    signs: int = 0

    @property
    def first_on(self) -> date | None:
        return None if self.first_hour is None else day_of_hour(self.first_hour)

    @property
    def opened_on(self) -> date | None:
        return None if self.opened_hour is None else day_of_hour(self.opened_hour)


UNCHECKED = State()


@dataclass(frozen=True, slots=True)
class Judgement:
    grade: Grade
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What the register keeps of a unit. ``version`` tells one writing of it from the next; None where nobody asked yet."""

    version: str | None
    state: State
    judged: Judgement

    @classmethod
    def of(cls, values: Sequence[Any]) -> "Kept":
        """From the version, the fields of a state, the grade and the codes of its reasons."""
        version, *state, grade, reasons = values
        return cls(version, State(*state), Judgement(Grade(grade), tuple(Reason(word) for word in reasons)))


def hour_of(day: date, hour: int) -> int:
    """Hours since 1970 of an hour of a day, both in China."""
    return (day.toordinal() - _EPOCH) * 24 + hour


def day_of_hour(hour: int) -> date:
    return date.fromordinal(hour // 24 + _EPOCH)


_EPOCH = date(1970, 1, 1).toordinal()


def advance(state: State, event: Event) -> State:
    """The state after one more event. Costs the same whatever came before."""
    match event:
        case Checked():
            return _checked(state, event)
        case PinTried():
            return _pin_tried(state, event)
        case Reported():
            return replace(state, signs=state.signs | _SIGNS[Reason.REPORTED])


def replay(events: list[Event]) -> State:
    """The state after all events from the first check on."""
    return reduce(advance, events, UNCHECKED)


def judge(state: State) -> Judgement:
    """The grade, and every reason that holds, the weightiest first."""
    reasons = tuple(reason for reason in Reason if _holds(reason, state))
    return Judgement(max((GRADES.get(reason, Grade.USUAL) for reason in reasons), default=Grade.USUAL), reasons)


def _holds(reason: Reason, state: State) -> bool:
    if reason in _SIGNS:
        return bool(state.signs & _SIGNS[reason])
    if reason is Reason.MANY_PLACES:
        return _is_in_many_places(state)
    if reason is Reason.WRONG_PINS:
        return state.wrong_pins >= WRONG_PINS
    if reason is Reason.MANY_CHECKS:
        return state.count >= OFTEN
    return far_apart(state.provinces) >= 2


def _is_in_many_places(state: State) -> bool:
    """Three provinces of which no two are neighbours, which no single home with its neighbours explains, five devices."""
    if state.count < LEAD_DEVICES or far_apart(state.provinces) < LEAD_PLACES:
        return False
    return not is_one_home(state.provinces)


def _checked(state: State, event: Checked) -> State:
    signs = state.signs | _SIGN_OF_VERDICT.get(event.verdict, 0)
    last_hour, last_provinces = _latest(state, event)
    if event.hour == last_hour and far_apart(last_provinces) >= 2:
        signs |= _SIGNS[Reason.FAR_IN_AN_HOUR]
    since = state.checks_since_opened
    if state.opened_hour is not None and event.hour > state.opened_hour:
        since += 1
        if since > CHECKS_OF_A_HOUSEHOLD or _is_elsewhere(event.province, state.opened_province):
            signs |= _SIGNS[Reason.AFTER_OPENED]
    is_first = state.first_hour is None or (event.hour, event.province) < (state.first_hour, state.first_province)
    return replace(
        state,
        count=state.count + 1,
        first_hour=event.hour if is_first else state.first_hour,
        first_province=event.province if is_first else state.first_province,
        provinces=state.provinces | event.province,
        last_hour=last_hour,
        last_provinces=last_provinces,
        checks_since_opened=since,
        signs=signs,
    )


def _latest(state: State, event: Checked) -> tuple[int, int]:
    if state.last_hour is None or event.hour > state.last_hour:
        return event.hour, event.province
    if event.hour == state.last_hour:
        return event.hour, state.last_provinces | event.province
    return state.last_hour, state.last_provinces


def _is_elsewhere(one: int, other: int) -> bool:
    """Whether two places are known and far apart."""
    return bool(one and other) and not are_near(one, other)


def _pin_tried(state: State, event: PinTried) -> State:
    state = replace(state, pin_tries=state.pin_tries + 1)
    if not event.is_right:
        return replace(state, wrong_pins=state.wrong_pins + 1)
    if state.opened_hour is None:
        return replace(state, opened_hour=event.hour, opened_province=event.province, opened_device=event.device)
    # The same device on the same day has the same token: somebody sent the form twice.
    if event.device == state.opened_device:
        return state
    return replace(state, signs=state.signs | _SIGNS[Reason.PIN_AGAIN])


UNKEPT = Kept(None, UNCHECKED, judge(UNCHECKED))
