"""Trying the hidden PIN of a unit: five tries for ever, however many come at once."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from gi_registry.lib.clock import CHINA, day_of
from trace.actions import units
from trace.actions.alerts import Unit
from trace.actions.checks import Sender, device_token
from trace.actions.day_keys import day_key
from trace.rules.copies import MAX_PIN_TRIES, PinTried, hour_of
from trace.rules.pins import PinOutcome
from trace.rules.provinces import bit_of

_TRY = """
INSERT INTO trace_pintry (issuance_id, unit_index, number, tried_hour, province, device_token, is_right)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class PinTold:
    """``opened_on``: the day on which the right PIN was first given, told to whoever knows it or has no tries left."""

    outcome: PinOutcome
    tries_left: int | None = None
    opened_on: date | None = None


@transaction.atomic
def try_pin(*, lot: str, unit: Unit, is_right: bool, sender: Sender, now: datetime) -> PinTold:
    """Record one try of a unit's PIN, already compared. What was typed is not kept.

    The row of the unit is locked before the tries are counted, and their number is part of a key: no sixth is written.
    """
    day, hour = day_of(now), now.astimezone(CHINA).hour
    device = device_token(day_key(day=day), sender, unit)
    kept = units.lock(unit)
    before = kept.state
    if before.pin_tries >= MAX_PIN_TRIES:
        return PinTold(PinOutcome.NO_TRIES_LEFT, 0, before.opened_on)
    event = PinTried(hour_of(day, hour), bit_of(sender.province), device, is_right)
    number = before.pin_tries + 1
    with connection.cursor() as cursor:
        cursor.execute(_TRY, [*unit, number, event.hour, event.province, device, is_right])
    state = units.keep(unit, kept, event, lot=lot, now=now)
    left = MAX_PIN_TRIES - number
    if not is_right:
        return PinTold(PinOutcome.WRONG if left else PinOutcome.NO_TRIES_LEFT, left)
    is_first = before.opened_hour is None
    return PinTold(PinOutcome.OPENED if is_first else PinOutcome.OPENED_BEFORE, left, state.opened_on)
