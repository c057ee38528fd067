"""Questions about goods: the check of a code, and the lists that people filter."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.db.models import Q, QuerySet

from gi_registry.lib import plans
from gi_registry.lib.ids import normalise
from gi_registry.lib.keyfaults import KeyFault
from gi_registry.ogc.cache import Memory
from trace import answers
from trace.codes.keyring import NO_GTIN
from trace.look_up import look_up
from trace.models import Batch
from trace.rules.copies import UNKEPT, Kept
from trace.rules.typed import Typed
from trace.units import signed

log = logging.getLogger("gi.trace")


# Lot -> GTIN of its goods (``-`` for none), as it stands in the keys of its units: never changed once it is registered. Lots
# that are not are not remembered, else invented ones would push out the real.
GTINS: Memory[str] = Memory("trace_gtins", 20_000)
# Asked of libpq itself, as the facts: the driver's cursor would take a good part of the time of a check.
_GTIN = """
SELECT coalesce(form.gtin, '-') FROM trace_batch batch JOIN trace_productform form ON form.id = batch.form_id
WHERE batch.number = %s::text AND batch.registered_at IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """``answer`` as it is told. Where an issued unit was asked about: ``unit``, its issuance and index in it (both of the
    database), and what is ``kept`` of it."""

    answer: dict[str, Any]
    unit: tuple[int, int] | None = None
    kept: Kept = UNKEPT


def check(typed: Typed, *, now: datetime) -> dict[str, Any]:
    """The answer to a check. A wrong code takes as long as a right one."""
    return asked(typed, now=now).answer


def asked(typed: Typed, *, now: datetime) -> Asked:
    """The answer, and which unit it is about. Never raises for a database or keys that cannot be asked: the answer then is
    ``unavailable``.

    A lot costs one statement, whatever was typed. A unit code costs none while it is a guess about a lot that was asked about
    before, one where the lot is new here, and one more where a key of ours signed it.
    """
    # Only a lot that could exist reaches the database; anything else asks for the empty one.
    lot = typed.lot if typed.lot.isascii() and typed.lot.isalnum() else ""
    unit = None
    try:
        if typed.code:
            unit = signed(typed.code, gtin=_gtin_of(lot), lot=lot)
            known = look_up(lot, unit, now=now) if unit else None
        else:
            known = look_up(lot, now=now)
    except KeyFault as fault:
        log.error("unit codes cannot be checked: %s", fault)
        return Asked(answers.unavailable(typed, now=now))
    except (OperationalError, InterfaceError):
        return Asked(answers.unavailable(typed, now=now))
    url = settings.GI_PUBLIC_URL
    if not answers.is_issued(typed, known, unit):
        known = None
    answer = answers.answer_of(typed, known, now=now, our_host=urlsplit(url).netloc, public_url=url, unit=unit)
    if not (known and known.unit and unit):
        return Asked(answer)
    return Asked(answer, (known.unit["issuance_id"], unit.index), known.unit["kept"])


def _gtin_of(lot: str) -> str:
    known = GTINS.get(lot)
    if known is not None:
        return known
    for (gtin,) in plans.fetch(_GTIN, [lot]):
        GTINS.put(lot, gtin)
        return str(gtin)
    return NO_GTIN


def filtered(
    batches: QuerySet[Batch], *, state: str = "", indication: str = "", producer: str = "", q: str = ""
) -> QuerySet[Batch]:
    """Batches narrowed by state, indication slug, producer number, and words: lot, producer's own lot, product name."""
    if state:
        batches = batches.filter(state=state)
    if indication:
        batches = batches.filter(indication__slug=indication)
    if producer:
        batches = batches.filter(producer__number=producer)
    if q:
        lot = normalise(q)
        words = Q(producer_lot__icontains=q) | Q(form__name_zh__icontains=q) | Q(form__name_en__icontains=q)
        batches = batches.filter(words | Q(number__startswith=lot) if lot else words)
    return batches
