"""Issuing: once for each version of the facts, whoever asks first and however many ask at once."""

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from secrets import randbelow
from typing import Any

import rfc8785
from django.db import connection, transaction

from gi_registry.credentials.models import Credential
from gi_registry.credentials.status import SIZE

# A list is left when so much of it is drawn: places drawn by chance then still are found at once.
FULL = SIZE // 2
_ISSUING = "SELECT pg_advisory_xact_lock(hashtext('credentials_credential'))"
Issued = Callable[[Credential], None]


def standing(*, kind: str, number: str, claims: dict[str, Any], now: datetime, issued: Issued) -> Credential:
    """The credential of these facts: the one that stands, or a fresh one in the place of that of other facts. ``issued`` is called for a
    fresh one, in the same transaction. ``claims`` hold no date of issue: they are the facts."""
    digest = digest_of(claims)
    found = Credential.objects.filter(kind=kind, number=number, superseded_at__isnull=True).first()
    if found and found.digest == digest:
        return found
    return _issue(kind, number, digest, claims, now, issued)


def digest_of(claims: dict[str, Any]) -> str:
    """Over the canonical JSON (RFC 8785): the database gives keys back in another order."""
    return sha256(rfc8785.dumps(claims)).hexdigest()


@transaction.atomic
def _issue(kind: str, number: str, digest: str, claims: dict[str, Any], now: datetime, issued: Issued) -> Credential:
    with connection.cursor() as cursor:
        cursor.execute(_ISSUING)
    of_object = Credential.objects.filter(kind=kind, number=number)
    known = of_object.filter(digest=digest).first()
    if known and known.superseded_at is None:
        return known  # another was first
    of_object.filter(superseded_at__isnull=True).update(superseded_at=now)
    if known:  # the facts are again what they were: the credential over them stands again
        of_object.filter(pk=known.pk).update(superseded_at=None)
        known.superseded_at = None
        return known
    number_of_list, place = _place()
    fresh = Credential.objects.create(
        kind=kind,
        number=number,
        digest=digest,
        claims=claims,
        status_list=number_of_list,
        status_place=place,
        issued_at=now.astimezone(UTC).replace(microsecond=0),
    )
    issued(fresh)
    return fresh


def _place() -> tuple[int, int]:
    """A place that nobody has, by chance, so that neighbours say nothing of each other. The lock is held."""
    last = Credential.objects.order_by("-status_list").values_list("status_list", flat=True).first() or 1
    taken = Credential.objects.filter(status_list=last)
    if taken.count() >= FULL:
        last, taken = last + 1, Credential.objects.filter(status_list=last + 1)
    while taken.filter(status_place=(place := randbelow(SIZE))).exists():
        pass
    return last, place
