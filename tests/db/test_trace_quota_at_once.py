"""Sixty-four at once on one balance: what there is goes out once, and nobody waits for ever."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from threading import Barrier

import pytest
from django.db import connection, transaction

from gi_registry.lib.problems import Refused
from tests.build_products import QI_FIELD, a_site, an_authorisation, everybody
from tests.build_quota import a_ceiling, a_quota, an_entitlement, left, the_books
from tests.cast import NOW
from trace import actions
from trace.actions.ledger import post
from trace.models import LabelOrder, LedgerAccount, LedgerEntry, Transfer
from trace.rules import ledger
from trace.rules.label_orders import GoodsKind, OrderState, TransferState
from trace.rules.ledger import AccountKind, PostingKind

CLIENTS = 64
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*tasks) -> Counter:
    """Each task on a connection of its own, all let go together: how often each answer came."""
    gate = Barrier(len(tasks))

    def run(task):
        try:
            gate.wait()
            return task()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return Counter(pool.map(run, tasks))


def tried(action, **given) -> str:
    try:
        action(**{"actor": everybody(), "now": NOW, **given})
    except Refused as refused:
        return refused.errors[0].code
    return "done"


@transaction.atomic
def moved(row, other, amount: Decimal, **given) -> None:
    """Goods from one producer to another, as a transfer moves them."""
    giver, taker = (ledger.Key(AccountKind.ENTITLEMENT, one.producer_id) for one in (row, other))
    legs = ledger.move(amount, giver, taker)
    kind = PostingKind.TRANSFER
    post(quota=row.quota, kind=kind, keys=[giver, taker], legs=lambda balances: legs, **given)


def zhang_and_feng(goods) -> list:
    """Two producers in one season, 1,000 L each."""
    field = a_site(goods.register.feng, goods.register.indication, box=QI_FIELD)
    an_authorisation(goods.register.feng, goods.register.title, [field])
    quota = a_quota(goods.register.indication, a_ceiling(1_000))
    return [an_entitlement(quota, producer) for producer in (goods.register.zhang, goods.register.feng)]


def test_64_registrations_of_a_hundredth_of_the_balance_each_pass_and_more_than_it_holds_do_not(goods):
    books = the_books(goods, a_ceiling(500))

    def one() -> str:
        return tried(lambda **given: books.batch(10))

    assert at_once(*[one] * CLIENTS) == {"done": 50, "over_entitlement": 14}
    assert left(books.row) == {"packed": 500_000, "label_right": 500_000}


def test_64_transfers_both_ways_penalties_and_harvests_end_at_nothing_and_none_waits_for_ever(goods):
    rows = zhang_and_feng(goods)

    def task(n):
        row, other = rows[n % 2], rows[(n + 1) % 2]
        if n % 4 < 2:
            return lambda: tried(moved, row=row, other=other, amount=Decimal(1_000))
        action = actions.penalise if n % 8 < 4 else actions.declare_harvest
        maker = everybody(row.producer.organisation)
        return lambda: tried(action, row=row, quantity=Decimal(90), actor=maker, reason="抽检")

    answers = at_once(*[task(n) for n in range(CLIENTS)])
    assert sum(answers.values()) == CLIENTS
    assert set(answers) == {"done", "over_entitlement"}
    the_books_are_right()


def test_32_offers_crosswise_accepted_by_two_clerks_each_move_once_and_nothing_is_lost(goods):
    rows = zhang_and_feng(goods)
    tasks = []
    for n in range(CLIENTS // 2):
        row, other = rows[n % 2], rows[(n + 1) % 2]
        given = {"taker": other.producer, "kind": GoodsKind.RAW, "quantity": Decimal(100), "now": NOW}
        offer = actions.offer_transfer(row=row, actor=everybody(row.producer.organisation), **given)
        given = {"transfer": offer, "actor": everybody(other.producer.organisation)}
        tasks += [partial(tried, actions.accept_transfer, **given)] * 2
    answers = at_once(*tasks)
    assert set(answers) <= {"done", "transfer_state", "over_entitlement"}
    assert answers["done"] == Transfer.objects.filter(state=TransferState.ACCEPTED.value).count() > 0
    # Raw goods leave what was harvested or what may be, and arrive as harvested.
    held = LedgerAccount.objects.filter(kind__in=[AccountKind.ENTITLEMENT.value, AccountKind.RAW.value])
    assert sum(account.balance for account in held) == 2_000_000
    the_books_are_right()


def test_64_approvals_of_20_label_orders_speak_for_what_there_is_and_no_label_more(goods):
    books = the_books(goods, a_ceiling(150))
    given = {"quota": books.quota, "form": goods.form, "count": 20, "actor": books.maker, "now": NOW}
    orders = [actions.request_labels(**given) for _ in range(20)]
    answers = at_once(*[partial(tried, actions.approve_labels, order=orders[n % 20]) for n in range(CLIENTS)])
    assert sum(answers.values()) == CLIENTS
    assert answers["done"] == LabelOrder.objects.filter(state=OrderState.APPROVED.value).count() == 15
    assert "label_right" not in left(books.row)
    the_books_are_right()


def the_books_are_right() -> None:
    """No balance below nothing, and each what its entries come to."""
    for account in LedgerAccount.objects.exclude(kind__endswith="outside"):
        entries = LedgerEntry.objects.filter(account=account).values_list("amount", flat=True)
        assert account.balance == sum(entries) >= 0


def test_of_64_grants_at_once_all_come_to_the_same_and_the_cap_holds(goods):
    quota = a_quota(goods.register.indication, a_ceiling(3_000), cap=Decimal(2_000))

    def one() -> str:
        return tried(actions.grant_entitlement, quota=quota, producer=goods.register.zhang)

    assert at_once(*[one] * CLIENTS) == {"done": CLIENTS}
    assert LedgerAccount.objects.get(kind=AccountKind.ENTITLEMENT.value).balance == 2_000_000
    assert LedgerAccount.objects.get(kind=AccountKind.POOL.value).balance == 0
