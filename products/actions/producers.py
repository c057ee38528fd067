"""Entering producers, and what a producer chooses to show of itself."""

from datetime import datetime
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import IntegrityError, transaction

from gi_registry.accounts.models import Organisation
from gi_registry.accounts.rules import OrganisationKind
from gi_registry.lib.access import Actor, watcher
from gi_registry.lib.history import remember
from gi_registry.lib.problems import Refused
from gi_registry.lib.texts import Refusal, Text
from products import policy
from products.actions.rows import locked_as_read, only_if, save, stop
from products.models import Producer
from regions.models import Division
from regions.queries import divisions_at

_TAKEN = Refusal(
    "producer_taken", Text("该单位已登记为生产者。", "This organisation is a producer already."), "/organisation"
)


def _faults(producer: Producer) -> list[Refusal]:
    faults = []
    if producer.is_public and producer.organisation.kind == OrganisationKind.HOUSEHOLD:
        text = Text("农户信息属个人信息，不能公开。", "A household is personal data and is never shown in public.")
        faults.append(Refusal("household_stays_private", text, "/is_public"))
    if producer.public_point and not _lies_in(producer.public_point, producer.division):
        text = Text(
            f"公开位置不在{producer.division.name_zh}境内。", f"The public point is not in {producer.division.name_en}."
        )
        faults.append(Refusal("point_elsewhere", text, "/public_point"))
    return faults


def _lies_in(point: GEOSGeometry, division: Division) -> bool:
    chain = divisions_at(point)
    return division.pk in {row.pk for row in (chain.province, chain.city, chain.county) if row}


@transaction.atomic
def register_producer(
    *,
    organisation: Organisation,
    division: Division,
    actor: Actor,
    now: datetime,
    public_point: GEOSGeometry | None = None,
    intro_zh: str = "",
    intro_en: str = "",
    is_public: bool = False,
    reason: str = "",
) -> Producer:
    """Enter an organisation as a maker of goods in a division.

    By the registrar, or by a county on its own ground. Raises Forbidden, Invalid (a household shown, a point
    elsewhere), Refused (already a producer).
    """
    only_if(watcher(actor, division.code, *policy.LOCAL))
    producer = Producer(
        organisation=organisation,
        division=division,
        public_point=public_point,
        intro_zh=intro_zh,
        intro_en=intro_en,
        is_public=is_public,
        created_at=now,
        updated_at=now,
    )
    stop(_faults(producer))
    try:
        with remember(actor, reason), transaction.atomic():
            producer.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(_TAKEN) from error
    return producer


@transaction.atomic
def update_producer(
    *, producer: Producer, changes: dict[str, Any], actor: Actor, now: datetime, reason: str = ""
) -> Producer:
    """Change what is shown: public_point, intro_zh, intro_en, is_public."""
    row = locked_as_read(producer, "organisation", "division")
    only_if(policy.may_change_producer(actor, row))
    for name, value in changes.items():
        setattr(row, name, value)
    stop(_faults(row))
    with remember(actor, reason):
        save(row, now)
    return row
