"""Batches from the first draft to registration: what the producer states, and what the register holds against it.

One is written as many are: the rules are asked of each, and what the register holds is read once for all of them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Field

from gi_registry.lib.access import Actor
from gi_registry.lib.characters import unseen_faults
from gi_registry.lib.clock import day_of
from gi_registry.lib.history import remember
from gi_registry.lib.ids import new_number
from gi_registry.lib.problems import Invalid, Problem, Refused
from products.actions import note_use
from products.actions.rows import constraint_of, locked, locked_as_read, only_if, save
from products.models import Site
from regions.actions import keep_cells
from trace import policy
from trace.actions.content import Content
from trace.actions.debits import debit_batches, debits_refused
from trace.actions.facts import batch_facts, site_facts
from trace.actions.genealogy import hold_inputs, inputs_refused
from trace.actions.ground import Ground, RowsRefused
from trace.actions.logged import log_batches
from trace.actions.moves import Held
from trace.models import Batch
from trace.record import version_among
from trace.rules.batches import (
    BatchFacts,
    BatchState,
    Step,
    measure_refusals,
    ownership_refusals,
    registration_refusals,
    step_refusals,
)
from trace.rules.dates import BatchDates

# 45 random bits: at ten million batches one number in 3.5 million is taken. Five in a row is a broken source of chance.
NUMBER_TRIES = 5
_NUMBER_CONSTRAINT = "trace_batch_number_key"
# What policy and rules ask of a batch, fetched with it.
RELATED = ("producer__organisation", "form", "season", "indication")


@dataclass(frozen=True, slots=True)
class Weighed:
    """A batch as it would be written, or why it cannot be."""

    batch: Batch
    sites: tuple[Site, ...]
    problem: Problem | None


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
    try:
        return draft_batches(
            contents=[content], actor=actor, now=now, reason=reason, register=register, numbers=numbers
        )[0]
    except RowsRefused as no:
        raise no.first from None


@transaction.atomic
def draft_batches(
    *,
    contents: Sequence[Content],
    actor: Actor,
    now: datetime,
    reason: str = "",
    register: bool = False,
    numbers: Callable[[], str] = new_number,
) -> list[Batch]:
    """All of them or none. Raises RowsRefused.

    To be registered, their authorisations are locked first, so that none can be suspended between question and answer.
    """
    for form in {content.form.pk: content.form for content in contents}.values():
        only_if(policy.make(actor, form))
    ground = Ground.of(contents, day_of(now), is_held=register)
    weighed = [_weigh(content, ground, now, register=register) for content in contents]
    _stop({place: one.problem for place, one in enumerate(weighed) if one.problem})
    batches = [one.batch for one in weighed]
    keep_cells(cells={batch.cell_id for batch in batches if batch.cell_id is not None})
    with remember(actor, reason):
        _insert(batches, numbers)
        links = Batch.sites.through
        rows = (links(batch_id=one.batch.pk, site_id=site.pk) for one in weighed for site in one.sites)
        links.objects.bulk_create(rows)
    if register:
        _enter(batches, ground, actor=actor, now=now, reason=reason)
    return batches


def weigh_batches(*, contents: Sequence[Content], held: Held, now: datetime) -> dict[int, Problem]:
    """What would stand in the way of registering these, by their place; nothing is written and nothing locked.

    ``held`` carries the balances of quotas from one call to the next, as they would be.
    """
    ground = Ground.of(contents, day_of(now), is_held=False)
    weighed = [_weigh(content, ground, now, register=True) for content in contents]
    problems = {place: one.problem for place, one in enumerate(weighed) if one.problem}
    fit = {place: one.batch for place, one in enumerate(weighed) if not one.problem}
    return problems | debits_refused(batches=fit, quotas=ground.quotas, held=held)


@transaction.atomic
def change_draft(*, batch: Batch, content: Content, actor: Actor, now: datetime, reason: str = "") -> Batch:
    """Replace what a draft states, as it was read: a change made meanwhile by another makes this one stale."""
    row = locked_as_read(batch, *RELATED)
    only_if(policy.make(actor, row))
    if refusals := step_refusals(Step.CHANGE, BatchState(row.state)):
        raise Refused(refusals)
    ground = Ground.of([content], day_of(now), is_held=False)
    sites, _, problem = _fill(row, content, ground, now)
    if problem:
        raise problem
    keep_cells(cells=[row.cell_id] if row.cell_id is not None else [])
    with remember(actor, reason):
        save(row, now)
        row.sites.set(sites)
    return row


@transaction.atomic
def register_batch(*, batch: Batch, actor: Actor, now: datetime, reason: str = "") -> Batch:
    """Hold the draft against the register and enter it. Raises Refused with every fault.

    The authorisation is locked first, so that it cannot be suspended between the question and the answer; then the article,
    whose name, net content and GTIN are fixed from now on.
    """
    today = day_of(now)
    authorisation, form = locked(batch.authorisation, "title"), locked(batch.form)
    hold_inputs(batch)
    row = locked(batch, *RELATED)
    only_if(policy.make(actor, row))
    if (row.authorisation_id, row.form_id) != (authorisation.pk, form.pk):
        raise Problem("stale")
    row.authorisation = authorisation
    refusals = registration_refusals(BatchState(row.state), batch_facts(row, today), today)
    if refusals := [*refusals, *inputs_refused(row)]:
        raise Refused(refusals)
    try:
        _enter([row], Ground(today), actor=actor, now=now, reason=reason)
    except RowsRefused as no:
        raise no.first from None
    return row


def _weigh(content: Content, ground: Ground, now: datetime, *, register: bool) -> Weighed:
    """A fresh draft has no inputs yet: they are asked of drafts that are registered later."""
    form = ground.forms[content.form.pk]
    batch = Batch(producer=form.producer, created_at=now)
    sites, facts, problem = _fill(batch, content, ground, now)
    if register and problem is None and (refusals := registration_refusals(BatchState.DRAFT, facts, ground.today)):
        problem = Refused(refusals)
    return Weighed(batch, sites, problem)


def _fill(
    batch: Batch, content: Content, ground: Ground, now: datetime
) -> tuple[tuple[Site, ...], BatchFacts, Invalid | None]:
    """Write the content into the row, unsaved. What no later event can mend is refused in a draft too."""
    sites = tuple(ground.sites[site.pk] for site in content.sites)
    form = ground.forms[content.form.pk]
    batch.form, batch.indication = form, form.indication
    batch.authorisation = ground.authorisations[content.authorisation.pk]
    batch.season = ground.seasons[content.season.pk] if content.season else None
    batch.producer_lot = content.producer_lot.strip()
    for name in BatchDates.__slots__:
        setattr(batch, name, getattr(content.dates, name))
    batch.quantity, batch.quantity_unit, batch.pack_count = content.quantity, content.quantity_unit, content.pack_count
    # The county whose officials see the batch: that of the first site named, else of the producer's seat.
    batch.division_code = (sites[0] if sites else form.producer).division.code
    spot = ground.spot(sites)
    batch.place, batch.cell_id = (spot.point, spot.cell) if spot else (None, None)
    batch.updated_at = now
    told = site_facts(sites, form.producer, ground.covered[content.authorisation.pk])
    facts = batch_facts(batch, ground.today, told, ground.right(batch.authorisation, batch.produced_on))
    unseen = unseen_faults(producer_lot=batch.producer_lot)
    faults = [*unseen, *measure_refusals(facts, ground.today), *ownership_refusals(facts)]
    return sites, facts, Invalid(faults) if faults else None


def _enter(batches: Sequence[Batch], ground: Ground, *, actor: Actor, now: datetime, reason: str) -> None:
    """Drafts that may be registered are, and their seasons' books hear of it. Raises RowsRefused."""
    for batch in batches:
        batch.specification = version_among(ground.versions(batch.authorisation.title_id), batch)
        batch.state, batch.registered_at, batch.updated_at = BatchState.REGISTERED.value, now, now
        batch.version += 1
    changes = {"state": BatchState.REGISTERED.value, "registered_at": now, "updated_at": now}
    with remember(actor, reason):
        for version, rows in groupby(sorted(batches, key=_version), key=_version):
            drafts = Batch.objects.filter(pk__in=[row.pk for row in rows])
            drafts.update(**changes, specification=version or None, version=F("version") + 1)
        for authorisation in {batch.authorisation_id: batch.authorisation for batch in batches}.values():
            note_use(authorisation=authorisation, on=ground.today, actor=actor, now=now)
        debit_batches(batches=batches, quotas=ground.quotas, actor=actor, now=now)
    log_batches(Step.REGISTER, batches, actor=actor, now=now, reason=reason)


def _version(batch: Batch) -> int:
    return batch.specification_id or 0


def _stop(problems: Mapping[int, Problem]) -> None:
    if problems:
        raise RowsRefused(problems)


def _insert(batches: Iterable[Batch], numbers: Callable[[], str]) -> None:
    """Store under numbers that nobody has: a taken one (found by the unique index, so no race) is drawn again."""
    batches = list(batches)
    for last in range(NUMBER_TRIES - 1, -1, -1):
        for batch in batches:
            batch.number = numbers()
        try:
            with transaction.atomic():
                _write(batches)
            return
        except IntegrityError as error:
            if last == 0 or constraint_of(error) != _NUMBER_CONSTRAINT:
                raise


def _write(batches: Sequence[Batch]) -> None:
    """As ``bulk_create`` would, in a statement of one length however many rows there are: a column is an array. (A column
    of shapes makes Django write each value of each row as a parameter of its own, which takes longer than the rest.)"""
    fields = [field for field in Batch._meta.concrete_fields if not field.primary_key]
    columns = [_column(field, batches) for field in fields]
    names = ", ".join(field.column for field in fields)
    casts = ", ".join(f"{field.column}::{field.db_type(connection)}" for field in fields)
    arrays = ", ".join(f"%s::{kind}[]" for kind, _ in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO trace_batch ({names}) SELECT {casts} FROM unnest({arrays}) AS t ({names}) RETURNING id",  # noqa: S608
            [values for _, values in columns],
        )
        for batch, (key,) in zip(batches, cursor.fetchall(), strict=True):
            batch.pk, batch._state.adding = key, False  # noqa: SLF001 - as bulk_create leaves them


def _column(field: Field, batches: Sequence[Batch]) -> tuple[str, list[Any]]:
    """The type and the values of a column; shapes as text, which PostGIS reads back."""
    values = [getattr(batch, field.attname) for batch in batches]
    if field is Batch._meta.get_field("place"):
        return "text", [point.hexewkb.decode() if point else None for point in values]
    return field.db_type(connection) or "", [field.get_db_prep_save(value, connection) for value in values]
