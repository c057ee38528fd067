"""A try of the hidden PIN, as page and API have it: the code is verified, the digits compared, the try recorded."""

import logging
from datetime import datetime

from django.http import HttpRequest

from gi_registry.lib.addresses import address_of, network_of
from gi_registry.lib.keyfaults import KeyFault
from gi_registry.lib.limits import require
from trace import actions, limits, queries
from trace.actions.checks import Sender
from trace.actions.pins import PinTold
from trace.codes.verify import is_pin
from trace.models import Issuance
from trace.places import province_of
from trace.rules.pins import PinOutcome
from trace.rules.typed import Typed
from trace.rules.verdicts import Verdict

log = logging.getLogger("gi.trace")
_WITHOUT_UNIT = {
    Verdict.MISTYPED: PinOutcome.MISTYPED,
    Verdict.UNAVAILABLE: PinOutcome.UNAVAILABLE,
}


def tried(request: HttpRequest, typed: Typed, pin: str, *, now: datetime) -> PinTold:
    """The outcome of trying eight digits for a unit code. Raises TooOften.

    Only a code that was issued has tries to lose: guesses at others are not recorded, and are limited by network.
    """
    address = address_of(request)
    require(limits.PINS, network_of(address), now=now)
    asked = queries.asked(typed, now=now)
    verdict = Verdict(asked.answer["verdict"])
    limits.told(request, verdict, now=now)
    if asked.unit is None:
        return PinTold(_WITHOUT_UNIT.get(verdict, PinOutcome.NOT_ISSUED))
    issuance_id, index = asked.unit
    issuance = Issuance.objects.select_related("batch").get(pk=issuance_id)
    if not issuance.has_pin:
        return PinTold(PinOutcome.NO_PIN)
    try:
        is_right = is_pin(pin, issuance.unit_keys, index)
    except KeyFault as fault:
        log.error("a PIN cannot be compared: %s", fault)
        return PinTold(PinOutcome.UNAVAILABLE)
    sender = Sender(address, request.headers.get("User-Agent", ""), province_of(address))
    return actions.try_pin(lot=typed.lot, unit=asked.unit, is_right=is_right, sender=sender, now=now)
