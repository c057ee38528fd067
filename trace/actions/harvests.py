"""What was harvested, into the books of a season: one declared by a form, or ten thousand by a spreadsheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from gi_registry.lib.access import Actor
from gi_registry.lib.problems import Problem
from products.actions.rows import only_if
from trace import policy
from trace.actions.ground import RowsRefused
from trace.actions.ledger import Posting
from trace.actions.moves import Held, Move, moves_refused, post_moves
from trace.actions.quota import base_amount, stop_long
from trace.models import Entitlement, LedgerTransaction
from trace.rules import ledger
from trace.rules.ledger import AccountKind, Key, PostingKind


@dataclass(frozen=True, slots=True)
class Harvest:
    """``quantity`` in ``unit``, which is of the dimension in which the season counts raw goods."""

    row: Entitlement
    quantity: Decimal
    unit: str
    reason: str = ""


@transaction.atomic
def declare_harvest(
    *, row: Entitlement, quantity: Decimal, actor: Actor, now: datetime, reason: str = ""
) -> LedgerTransaction:
    """Say what was harvested, in the raw unit of the season; never more than the land is entitled to."""
    harvest = Harvest(row, quantity, row.quota.raw_unit, reason)
    try:
        return declare_harvests(harvests={0: harvest}, actor=actor, now=now)[0]
    except RowsRefused as no:
        raise no.first from None


@transaction.atomic
def declare_harvests(*, harvests: Mapping[int, Harvest], actor: Actor, now: datetime) -> dict[int, LedgerTransaction]:
    """Several, each on what those before it left; by place. Raises RowsRefused, by place too, Forbidden, Invalid, Refused."""
    for row in {harvest.row.pk: harvest.row for harvest in harvests.values()}.values():
        only_if(policy.make(actor, row))
    return post_moves(moves=_moves(harvests), kind=PostingKind.HARVEST, actor=actor, now=now)


def weigh_harvests(*, harvests: Mapping[int, Harvest], held: Held) -> dict[int, Problem]:
    """The same asked and not done, on the balances of ``held``."""
    return moves_refused(moves=_moves(harvests), kind=PostingKind.HARVEST, held=held)


def _moves(harvests: Mapping[int, Harvest]) -> dict[int, Move]:
    return {place: _move(harvest) for place, harvest in harvests.items()}


def _move(harvest: Harvest) -> Move:
    row, producer = harvest.row, harvest.row.producer_id
    stop_long(harvest.reason)
    legs = ledger.harvest(base_amount(harvest.quantity, harvest.unit), producer)
    keys = (Key(AccountKind.ENTITLEMENT, producer), Key(AccountKind.RAW, producer))
    return Move(row.quota, producer, keys, Posting(lambda balances: legs, {"reason": harvest.reason.strip()}))
