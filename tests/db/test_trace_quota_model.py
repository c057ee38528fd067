"""Steps through the books, against a plain model of them that was written without them: integers in thousandths.

``GI_LEDGER_RUNS=70`` takes ten thousand of them, in four minutes.
"""

import os
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from gi_registry.lib.problems import Refused
from products.rules.words import Unit
from tests.build_products import QI_FIELD, a_site, an_authorisation, everybody
from tests.build_quota import a_ceiling, a_quota, an_entitlement
from tests.cast import NOW
from trace import actions
from trace.actions.ledger import post, terms_of
from trace.books import balances_of
from trace.models import LedgerTransaction
from trace.rules import ledger
from trace.rules.ledger import AccountKind, Key, PostingKind

RUNS, STEPS = int(os.environ.get("GI_LEDGER_RUNS", "5")), 200
IN, OUT = 160_000, 102_000
CAP = 5_000_000_000  # thousandths of a gram
amounts = st.integers(1, 2_500_000).map(lambda milligrams: milligrams * 100)
whose = st.integers(0, 1)
factors = st.sampled_from(["0", "0.25", "0.5", "1"])


class Plain:
    """What the books of one producer must say."""

    def __init__(self) -> None:
        self.granted = self.land = self.raw = self.processed = self.packed = self.right = self.penalties = 0

    def told(self) -> dict[str, int]:
        every = {
            "entitlement": self.land,
            "raw": self.raw,
            "processed": self.processed,
            "packed": self.packed,
            "label_right": self.right,
        }
        return {name: amount for name, amount in every.items() if amount}


def goods_from(raw: int) -> int:
    return raw * OUT // IN


def raw_for(goods: int) -> int:
    return -(-goods * IN // OUT)


class BooksMachine(RuleBasedStateMachine):
    """Each rule asks both for the same thing: either both do it, or the books refuse and both stay as they are."""

    setting: dict = {}
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.rows, self.quota, self.sites = (self.setting[name] for name in ("rows", "quota", "sites"))
        self.plain = [Plain(), Plain()]
        self.pool = CAP
        self.done: list[tuple[LedgerTransaction, int, dict[str, int]]] = []
        for at, row in enumerate(self.rows):
            self._granted(at, int(row.quantity * 1000))
        self.before = transaction.atomic()
        self.before.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.before.__exit__(None, None, None)

    def _granted(self, at: int, to: int) -> None:
        one = self.plain[at]
        self.pool -= to - one.granted
        one.land += to - one.granted
        one.right += goods_from(to) - goods_from(one.granted)
        one.granted = to

    def _asked(self, is_covered: bool, action, **given):
        """The posting, or None where both refuse."""
        type(self).steps += 1
        given = {"now": NOW, **given}
        if not is_covered:
            with pytest.raises(Refused):
                action(**given)
            return None
        return action(**given)

    def _moved(self, at: int, posting: LedgerTransaction, **by: int) -> None:
        for name, amount in by.items():
            setattr(self.plain[at], name, getattr(self.plain[at], name) + amount)
        self.done.append((posting, at, by))

    @rule(at=whose, amount=amounts)
    def harvest(self, at: int, amount: int) -> None:
        given = {"row": self.rows[at], "quantity": Decimal(amount) / 10**6, "actor": everybody_of(self.rows[at])}
        posting = self._asked(amount <= self.plain[at].land, actions.declare_harvest, **given)
        if posting:
            self._moved(at, posting, land=-amount, raw=amount)

    @rule(at=whose, amount=amounts, share=st.integers(1, 110))
    def process(self, at: int, amount: int, share: int) -> None:
        goods = max(goods_from(amount) * share // 100 // 1_000 * 1_000, 1_000)
        raw = amount // 1_000 * 1_000
        is_covered = raw <= self.plain[at].raw and goods <= goods_from(raw)
        if raw:
            given = {"row": self.rows[at], "raw": Decimal(raw) / 10**6, "goods": Decimal(goods) / 10**6}
            posting = self._asked(is_covered, actions.process_goods, actor=everybody_of(self.rows[at]), **given)
            if posting:
                self._moved(at, posting, raw=-raw, processed=goods)

    @rule(at=whose, goods=amounts)
    def batch(self, at: int, goods: int) -> None:
        one, producer = self.plain[at], self.rows[at].producer_id
        ready = min(goods, one.processed)
        needed = raw_for(goods - ready)
        own = min(needed, one.raw)
        kinds = (AccountKind.PROCESSED, AccountKind.RAW, AccountKind.ENTITLEMENT, AccountKind.PACKED)
        posting = self._asked(
            needed - own <= one.land,
            post,
            quota=self.quota,
            kind=PostingKind.BATCH,
            keys=[
                Key(AccountKind.RAW_OUTSIDE),
                Key(AccountKind.GOODS_OUTSIDE),
                *(Key(kind, producer) for kind in kinds),
            ],
            legs=lambda balances: ledger.batch(Decimal(goods) / 1000, producer, terms_of(self.quota), balances),
            actor=everybody(),
        )
        if posting:
            self._moved(at, posting, processed=-ready, raw=-own, land=own - needed, packed=goods)

    @rule(at=whose, amount=amounts)
    def penalise(self, at: int, amount: int) -> None:
        one = self.plain[at]
        given = {
            "row": self.rows[at],
            "quantity": Decimal(amount) / 10**6,
            "actor": everybody(),
            "reason": "抽检不合格",
        }
        is_covered = amount <= one.land and goods_from(amount) <= one.right
        posting = self._asked(is_covered, actions.penalise, **given)
        if posting:
            self._moved(at, posting, land=-amount, right=-goods_from(amount), penalties=amount)

    @rule(at=whose, factor=factors)
    def grant_anew(self, at: int, factor: str) -> None:
        one = self.plain[at]
        most = min(int(self.setting["full"][at] * Decimal(factor)), self.pool + one.granted)
        is_covered = one.land + most - one.granted >= 0
        is_covered = is_covered and one.right + goods_from(most) - goods_from(one.granted) >= 0
        given = {
            "quota": self.quota,
            "producer": self.rows[at].producer,
            "factors": {self.sites[at].number: Decimal(factor)},
        }
        if self._asked(is_covered, actions.grant_entitlement, actor=everybody(), **given):
            self._granted(at, most)

    @rule(place=st.integers(0, 50))
    def reverse(self, place: int) -> None:
        by_hand = [one for one in self.done if one[0].kind != PostingKind.BATCH]
        if not by_hand:
            return
        posting, at, by = by_hand[place % len(by_hand)]
        one = self.plain[at]
        is_covered = all(getattr(one, name) - amount >= 0 for name, amount in by.items())
        given = {"row": self.rows[at], "posting": posting, "actor": everybody(), "reason": "误报"}
        if self._asked(is_covered, actions.reverse_posting, **given):
            self.done.remove((posting, at, by))
            for name, amount in by.items():
                setattr(one, name, getattr(one, name) - amount)

    @invariant()
    def both_say_the_same(self) -> None:
        found = balances_of(self.rows)
        for one, row in zip(self.plain, self.rows, strict=True):
            told = found[row.quota_id, row.producer_id]
            assert {name: int(amount * 1000) for name, amount in told.items() if amount} == one.told()


def everybody_of(row):
    return everybody(row.producer.organisation)


@pytest.fixture
def setting(goods) -> dict:
    field = a_site(goods.register.feng, goods.register.indication, box=QI_FIELD)
    an_authorisation(goods.register.feng, goods.register.title, [field])
    litres = {
        "raw_unit": Unit.KILOGRAM,
        "goods_unit": Unit.LITRE,
        "yield_raw": Decimal(160),
        "yield_goods": Decimal(102),
    }
    ceilings = (a_ceiling(2_000, division_code="140121"), a_ceiling(4_000, division_code="140727"))
    quota = a_quota(goods.register.indication, *ceilings, cap=Decimal(5_000), **litres)
    rows = [an_entitlement(quota, producer) for producer in (goods.register.zhang, goods.register.feng)]
    # A ceiling per producer goes with the first of its sites.
    sites = [row.lines.filter(quantity__gt=0).get().site for row in rows]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return {"rows": rows, "quota": quota, "sites": sites, "full": [2_000_000_000, 4_000_000_000]}


@pytest.mark.django_db
def test_whatever_is_asked_of_the_books_they_say_what_a_plain_model_says(setting):
    BooksMachine.setting, BooksMachine.steps = setting, 0
    run_state_machine_as_test(BooksMachine, settings=settings(max_examples=RUNS, stateful_step_count=STEPS))
    # A run ends early where its generator says so: two thirds of the steps asked for is what is usual.
    assert BooksMachine.steps >= STEPS // 2 * RUNS
