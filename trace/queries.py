"""Questions about goods: the check of a code, and the lists that people filter."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import orjson
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Q, QuerySet

from gi_registry.lib.ids import normalise
from trace import answers
from trace.models import Batch
from trace.rules.typed import Typed


def facts_of(lot: str) -> answers.Facts | None:
    """Everything registered about a lot, by one statement; None where there is no such lot."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT trace_check_facts(%s)", [lot])
        (found,) = cursor.fetchone()
    return orjson.loads(found) if found else None


def check(typed: Typed, *, now: datetime) -> dict[str, Any]:
    """The answer to a check. One statement whatever was typed, so that a wrong code takes as long as a right one.

    Never raises for a database that cannot be asked: the answer then is ``unavailable``.
    """
    try:
        # Only a lot that could exist reaches the database; anything else asks for the empty one.
        facts = facts_of(typed.lot if typed.lot.isascii() and typed.lot.isalnum() else "")
    except (OperationalError, InterfaceError):
        return answers.unavailable(typed, now=now)
    url = settings.GI_PUBLIC_URL
    return answers.answer_of(typed, facts, now=now, our_host=urlsplit(url).netloc, public_url=url)


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
