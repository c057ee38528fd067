"""Batches from the first draft to registration: what the producer states, and what the register holds against it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction

from gi_registry.lib.access import Actor
from gi_registry.lib.characters import unseen_faults
from gi_registry.lib.clock import day_of
from gi_registry.lib.history import remember
from gi_registry.lib.ids import new_number
from gi_registry.lib.problems import Invalid, Problem, Refused
from products.actions import note_use
from products.actions.rows import constraint_of, locked, locked_as_read, only_if, save
from products.models import Authorisation, Season, Site
from regions.actions import keep_cells
from regions.geometry import point_at
from regions.rules import cell_at
from trace import policy
from trace.actions.facts import batch_facts
from trace.actions.genealogy import hold_inputs, inputs_refused
from trace.actions.quota import debit_batch
from trace.models import Batch, ProductForm
from trace.record import version_for
from trace.rules.batches import (
    CELL_RESOLUTION,
    BatchState,
    Step,
    measure_refusals,
    ownership_refusals,
    registration_refusals,
    step_refusals,
)
from trace.rules.dates import BatchDates
from trace.rules.quantities import QuantityUnit

# 45 random bits: at ten million batches one number in 3.5 million is taken. Five in a row is a broken source of chance.
NUMBER_TRIES = 5
_NUMBER_CONSTRAINT = "trace_batch_number_key"
# What policy and rules ask of a batch, fetched with it.
RELATED = ("producer__organisation", "form", "season")


@dataclass(frozen=True, slots=True)
class Content:
    """What a producer states of a batch. Rows belong to the producer: views look them up among its own."""

    form: ProductForm
    authorisation: Authorisation
    sites: tuple[Site, ...]
    dates: BatchDates
    quantity: Decimal
    quantity_unit: QuantityUnit
    pack_count: int | None = None
    season: Season | None = None
    producer_lot: str = ""


@transaction.atomic
def draft_batch(
    *,
    content: Content,
    actor: Actor,
    now: datetime,
    reason: str = "",
    register: bool = False,
    numbers: Callable[[], str] = new_number,
) -> Batch:
    """Write a draft under a fresh random lot number; with ``register``, register it in the same breath or not at all.

    Raises Invalid for dates and quantities that cannot be right, Refused when registration is refused.
    """
    only_if(policy.make(actor, content.form))
    batch = Batch(producer=content.form.producer, created_at=now)
    _fill(batch, content, now)
    with remember(actor, reason):
        _insert(batch, numbers)
        batch.sites.set(content.sites)
    return register_batch(batch=batch, actor=actor, now=now, reason=reason) if register else batch


@transaction.atomic
def change_draft(*, batch: Batch, content: Content, actor: Actor, now: datetime, reason: str = "") -> Batch:
    """Replace what a draft states, as it was read: a change made meanwhile by another makes this one stale."""
    row = locked_as_read(batch, *RELATED)
    only_if(policy.make(actor, row))
    if refusals := step_refusals(Step.CHANGE, BatchState(row.state)):
        raise Refused(refusals)
    _fill(row, content, now)
    with remember(actor, reason):
        save(row, now)
        row.sites.set(content.sites)
    return row


@transaction.atomic
def register_batch(*, batch: Batch, actor: Actor, now: datetime, reason: str = "") -> Batch:
    """Hold the draft against the register and enter it. Raises Refused with every fault.

    The authorisation is locked first, so that it cannot be suspended between the question and the answer.
    """
    today = day_of(now)
    authorisation = locked(batch.authorisation, "title")
    hold_inputs(batch)
    row = locked(batch, *RELATED)
    only_if(policy.make(actor, row))
    if row.authorisation_id != authorisation.pk:
        raise Problem("stale")
    row.authorisation = authorisation
    refusals = registration_refusals(BatchState(row.state), batch_facts(row, today), today)
    if refusals := [*refusals, *inputs_refused(row)]:
        raise Refused(refusals)
    with remember(actor, reason):
        specification = version_for(authorisation.title_id, row)
        save(row, now, state=BatchState.REGISTERED.value, registered_at=now, specification=specification)
        note_use(authorisation=authorisation, on=today, actor=actor, now=now)
        debit_batch(batch=row, actor=actor, now=now)
    return row


def _fill(batch: Batch, content: Content, now: datetime) -> None:
    """Write the content into the row, unsaved. What no later event can mend is refused in a draft too."""
    batch.form, batch.indication = content.form, content.form.indication
    batch.authorisation, batch.season = content.authorisation, content.season
    batch.producer_lot = content.producer_lot.strip()
    for name in BatchDates.__slots__:
        setattr(batch, name, getattr(content.dates, name))
    batch.quantity, batch.quantity_unit, batch.pack_count = content.quantity, content.quantity_unit, content.pack_count
    batch.division_code = _division_of(content)
    batch.updated_at = now
    today = day_of(now)
    facts = batch_facts(batch, today, sites=())
    unseen = unseen_faults(producer_lot=batch.producer_lot)
    if faults := [*unseen, *measure_refusals(facts, today), *ownership_refusals(facts)]:
        raise Invalid(faults)
    batch.place, batch.cell_id = _place_of(content)


def _division_of(content: Content) -> str:
    """The county whose officials see the batch: that of the first site named, else of the producer's seat."""
    place = content.sites[0] if content.sites else content.form.producer
    return place.division.code


def _place_of(content: Content) -> tuple[Point | None, int | None]:
    """A point within the site that was entered first, and the cell that it lies in; nothing while no site is named."""
    if not content.sites:
        return None, None
    first = min(site.pk for site in content.sites)
    longitude, latitude = Site.objects.filter(pk=first).placed().values_list("longitude", "latitude").get()
    cell = cell_at(longitude, latitude, CELL_RESOLUTION)
    keep_cells(cells=[cell])
    return point_at(longitude, latitude), cell


def _insert(batch: Batch, numbers: Callable[[], str]) -> None:
    """Store under a number that nobody has: a taken one (found by the unique index, so no race) is drawn again."""
    for last in range(NUMBER_TRIES - 1, -1, -1):
        batch.number = numbers()
        try:
            with transaction.atomic():
                batch.save(force_insert=True)
            return
        except IntegrityError as error:
            if last == 0 or constraint_of(error) != _NUMBER_CONSTRAINT:
                raise
            batch.pk = None
