"""Several postings to the books, asked or made together: by season and producer in the order in which accounts are locked, each on
what those before it leave."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from gi_registry.lib.access import Actor
from gi_registry.lib.problems import Problem, Refused
from products.models import SeasonQuota
from trace.actions.ground import RowsRefused
from trace.actions.ledger import Posting, balances_of, moves_of, post_all, season_refusals
from trace.models import LedgerTransaction
from trace.rules.ledger import Key, PostingKind

_POINTER = "/quantity"


class Held(defaultdict[tuple[int, int], dict[Key, Decimal]]):
    """Balances by quota and producer as they would be after what was weighed so far."""

    def __init__(self) -> None:
        super().__init__(dict)


@dataclass(frozen=True, slots=True)
class Move:
    """``keys``: the accounts of the producer, and of the season, that the posting may touch."""

    quota: SeasonQuota
    producer: int
    keys: tuple[Key, ...]
    posting: Posting


def post_moves(
    *, moves: Mapping[int, Move], kind: PostingKind, actor: Actor, now: datetime
) -> dict[int, LedgerTransaction]:
    """By the place of each. Raises RowsRefused, by place too, and Refused for a season that is not open."""
    posted: dict[int, LedgerTransaction] = {}
    for group in _grouped(moves).values():
        first, told = moves[group[0]], {"kind": kind, "actor": actor, "now": now, "pointer": _POINTER}
        try:
            rows = post_all(
                quota=first.quota, keys=first.keys, postings=[moves[place].posting for place in group], **told
            )
        except RowsRefused as no:
            raise RowsRefused({group[place]: problem for place, problem in no.problems.items()}) from None
        posted |= dict(zip(group, rows, strict=True))
    return posted


def moves_refused(*, moves: Mapping[int, Move], kind: PostingKind, held: Held) -> dict[int, Problem]:
    """The same asked and not done: on the balances of ``held``, read where they are missing."""
    problems: dict[int, Problem] = {}
    for whose, group in _grouped(moves).items():
        first = moves[group[0]]
        if refusals := season_refusals(first.quota, kind):
            problems |= dict.fromkeys(group, Refused(refusals))
            continue
        if whose not in held:
            held[whose] = balances_of(first.quota, first.keys)
        _, no = moves_of([moves[place].posting for place in group], held[whose], first.quota, _POINTER)
        problems |= {group[place]: problem for place, problem in no.items()}
    return problems


def _grouped(moves: Mapping[int, Move]) -> dict[tuple[int, int], list[int]]:
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, move in moves.items():
        groups[move.quota.pk, move.producer].append(place)
    return dict(sorted(groups.items()))
