"""Steps through the lineages of batches and their recalls, against a plain model of them, and many writers at once.

``GI_LINEAGE_RUNS=200`` takes more than ten thousand of them.
"""

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from random import Random
from threading import Barrier

import pytest
from django.db import connection, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from gi_registry.lib.problems import Problem, Refused
from tests.build_genealogy import a_draft, a_link, a_lot, registered
from tests.cast import NOW
from trace import actions
from trace.lineage import genealogy_of
from trace.models import Batch, BatchLink
from trace.reach import Scope
from trace.rules.genealogy import InputKind
from trace.rules.recalls import RecallScope

RUNS, STEPS = int(os.environ.get("GI_LINEAGE_RUNS", "25")), 60
LITRES = 1_000
CLIENTS, BATCHES, TRIES = 16, 10, 12
kinds = st.sampled_from(InputKind)
places = st.integers(0, 30)
litres = st.integers(1, 700)


class Plain:
    """Batches by name, their states, and links as (from, to, kind, litres) with their end: nothing else."""

    def __init__(self) -> None:
        self.state: dict[int, str] = {}
        self.links: list[dict] = []
        self.called: set[int] = set()

    def used(self, parent: int) -> int:
        return sum(
            link["litres"]
            for link in self.links
            if link["parent"] == parent and not link["end"] and self.state[link["child"]] != "void"
        )

    def inputs(self, child: int) -> list[dict]:
        return [link for link in self.links if link["child"] == child and not link["end"]]

    def reach(self, start: int, one: str, other: str) -> set[int]:
        found, queue = set(), [start]
        while queue:
            here = queue.pop()
            fresh = {link[other] for link in self.links if link[one] == here and link["end"] != "never"} - found
            found |= fresh
            queue.extend(fresh)
        return found

    def may_register(self, child: int) -> bool:
        inputs = self.inputs(child)
        if any(self.state[link["parent"]] == "recalled" for link in inputs):
            return False
        above = self.reach(child, "child", "parent")
        if inputs and any(self.state[one] == "recalled" or one in self.called for one in above):
            return False
        if not inputs or any(link["kind"] == InputKind.TRANSFORMATION for link in inputs):
            return True
        return sum(link["litres"] for link in inputs) * 105 >= LITRES * 100


class LineageMachine(RuleBasedStateMachine):
    """Each rule asks both for the same thing: either both do it, or the register refuses and both stay as they are."""

    goods = None
    officials = ()
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.plain, self.rows, self.told = Plain(), [], []
        self.before = transaction.atomic()
        self.before.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.before.__exit__(None, None, None)

    def _asked(self, is_fine: bool, action, *args, **given):
        type(self).steps += 1
        if is_fine:
            return action(*args, **given)
        with pytest.raises(Refused), transaction.atomic():
            action(*args, **given)
        return None

    def _row(self, place: int) -> int:
        return place % len(self.rows)

    @rule()
    def draft(self) -> None:
        if len(self.rows) < 12:
            self.plain.state[len(self.rows)] = "draft"
            self.rows.append(a_draft(self.goods, LITRES))

    @precondition(lambda self: self.rows)
    @rule(one=places, other=places, kind=kinds, amount=litres)
    def link(self, one: int, other: int, kind: InputKind, amount: int) -> None:
        parent, child, plain = self._row(one), self._row(other), self.plain
        is_fine = (
            plain.state[child] == "draft"
            and plain.state[parent] in ("registered", "released")
            and not any(link["parent"] == parent for link in plain.inputs(child))
            and plain.used(parent) + amount <= LITRES
        )
        row = self._asked(is_fine, a_link, self.goods, self.rows[parent], self.rows[child], amount, kind)
        if row:
            self.told.append(row)
            plain.links.append({"parent": parent, "child": child, "kind": kind, "litres": amount, "end": ""})

    @precondition(lambda self: self.rows)
    @rule(one=places)
    def register(self, one: int) -> None:
        place = self._row(one)
        is_fine = self.plain.state[place] == "draft" and self.plain.may_register(place)
        if self._asked(is_fine, registered, self.goods, self.rows[place]):
            self.plain.state[place] = "registered"

    @precondition(lambda self: self.rows)
    @rule(one=places)
    def release(self, one: int) -> None:
        place = self._row(one)
        is_fine = self.plain.state[place] == "registered" and self.plain.may_register(place)
        is_fine = is_fine and place not in self.plain.called
        given = {"batch": self.rows[place], "actor": self.goods.maker, "now": NOW}
        if self._asked(is_fine, actions.release_batch, **given):
            self.plain.state[place] = "released"

    @precondition(lambda self: self.rows)
    @rule(one=places, verb=st.sampled_from(["void", "recall"]))
    def stop(self, one: int, verb: str) -> None:
        place = self._row(one)
        begins = {"void": ("draft", "registered"), "recall": ("released",)}[verb]
        is_fine = self.plain.state[place] in begins and (verb == "recall" or not self.plain.used(place))
        action = {"void": actions.void_batch, "recall": actions.recall_batch}[verb]
        given = {"batch": self.rows[place], "actor": self.goods.maker, "now": NOW, "reason": "测试"}
        if self._asked(is_fine, action, **given):
            self.plain.state[place] = {"void": "void", "recall": "recalled"}[verb]

    @precondition(lambda self: self.rows)
    @rule(one=places, then=st.sampled_from(["confirm", "confirm", "withdraw", "mock"]))
    def call_back(self, one: int, then: str) -> None:
        """With everything made of it. What is withdrawn or an exercise leaves all as it was."""
        type(self).steps += 1
        place, plain, (opener, other) = self._row(one), self.plain, self.officials
        if plain.state[place] == "draft":
            return
        goods = {
            one for one in {place} | plain.reach(place, "parent", "child") if plain.state[one] not in ("draft", "void")
        }
        moved = {one for one in goods if plain.state[one] == "released"}
        row = self.rows[place]
        scope = Scope(RecallScope.BATCH, row.producer, row.division_code, batch=row)
        given = {"now": NOW, "reason": "测试"}
        recall = actions.open_recall(scope=scope, actor=opener, is_mock=then == "mock", **given)
        if then == "mock":
            assert recall.batches == len(goods)
            return
        stopped = Batch.objects.filter(pk__in=[self.rows[one].pk for one in moved], state="on_hold")
        assert stopped.count() == len(moved)
        if then == "confirm" and self._asked(bool(moved), actions.confirm_recall, recall=recall, actor=other, now=NOW):
            plain.called |= goods
            plain.state |= dict.fromkeys(moved, "recalled")
        else:
            actions.withdraw_recall(recall=recall, actor=opener, **given)

    @precondition(lambda self: self.told)
    @rule(one=places)
    def end(self, one: int) -> None:
        place = one % len(self.told)
        link = self.plain.links[place]
        is_draft = self.plain.state[link["child"]] == "draft"
        is_fine = not link["end"] and (is_draft or link["kind"] == InputKind.PACKING)
        later = NOW.replace(hour=NOW.hour + 1)
        if self._asked(is_fine, actions.end_input, link=self.told[place], actor=self.goods.maker, now=later):
            link["end"] = "never" if is_draft else "out"

    @precondition(lambda self: self.rows)
    @rule(one=places)
    def look(self, one: int) -> None:
        """Both tell the same lineage, and no batch is above and below itself."""
        type(self).steps += 1
        place = self._row(one)
        names = {row.pk: at for at, row in enumerate(self.rows)}
        told = genealogy_of(self.rows[place], self.goods.maker)
        assert {names[one.batch.pk] for one in told.back} == self.plain.reach(place, "child", "parent")
        assert {names[one.batch.pk] for one in told.forward} == self.plain.reach(place, "parent", "child")
        assert place not in self.plain.reach(place, "parent", "child")

    @invariant()
    def both_tell_the_same_states(self) -> None:
        found = dict(Batch.objects.filter(pk__in=[row.pk for row in self.rows]).values_list("pk", "state"))
        assert {place: found[row.pk] for place, row in enumerate(self.rows)} == self.plain.state

    @invariant()
    def no_batch_is_used_beyond_itself(self) -> None:
        assert all(self.plain.used(place) <= LITRES for place in self.plain.state)


@pytest.mark.django_db
def test_the_register_and_a_plain_model_tell_the_same_lineages_step_by_step(goods, cast):
    LineageMachine.goods, LineageMachine.steps = goods, 0
    LineageMachine.officials = (cast.li.actor, cast.wang.actor)
    run_state_machine_as_test(
        LineageMachine, settings=settings(max_examples=RUNS, stateful_step_count=STEPS, deadline=None)
    )
    assert LineageMachine.steps > RUNS


def at_once(tasks) -> Counter:
    """Each task on a connection of its own, all let go together: how often each answer came."""
    gate = Barrier(len(tasks))

    def run(task):
        try:
            gate.wait()
            return task()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        answers: Counter = Counter()
        for told in pool.map(run, tasks):
            answers.update(told)
        return answers


def tried(action, *args, **given) -> str:
    try:
        action(*args, **given)
    except Problem as problem:
        return problem.errors[0].code if problem.errors else problem.code
    return "done"


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_use_no_batch_twice(goods):
    cask = a_lot(goods, 500)
    drafts = [a_draft(goods, 100) for _ in range(CLIENTS)]

    def task(draft: Batch):
        return lambda: [tried(a_link, goods, cask, draft, 100)]

    assert at_once([task(draft) for draft in drafts]) == {"done": 5, "input_exceeds_batch": CLIENTS - 5}


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_close_no_circle_and_none_waits_for_ever(goods):
    """Everybody links any batch to any other and registers them in any order; some hold them to each other both ways."""
    rows = [a_draft(goods, LITRES) for _ in range(BATCHES)]

    def task(seed: int):
        chance = Random(seed)

        def run() -> list[str]:
            told = []
            for _ in range(TRIES):
                one, other = chance.sample(rows, 2)
                if chance.random() < 0.3:
                    told.append(tried(registered, goods, one))
                else:
                    told.append(tried(a_link, goods, one, other, 10, InputKind.TRANSFORMATION))
            return told

        return run

    answers = at_once([task(seed) for seed in range(CLIENTS)])
    assert answers["done"] > BATCHES
    assert BatchLink.objects.count() > 0
    for row in rows:
        told = genealogy_of(row, goods.maker)
        assert {one.batch.pk for one in told.back}.isdisjoint({row.pk, *(one.batch.pk for one in told.forward)})
    uses = Counter()
    for link in BatchLink.objects.all():
        uses[link.parent_id] += link.quantity
    assert max(uses.values()) <= Decimal(LITRES)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_confirm_at_once_one_does_and_goods_are_moved_once(goods, cast):
    cask = actions.release_batch(batch=a_lot(goods), actor=goods.maker, now=NOW)
    recall = opened(cask, cast.zhang.actor)
    people = [cast.li.actor, cast.wang.actor, cast.lin.actor] * 3

    def task(actor):
        return lambda: [tried(actions.confirm_recall, recall=recall, actor=actor, now=NOW)]

    assert at_once([task(actor) for actor in people]) == {"done": 1, "wrong_state": 8}
    item = recall.items.get()
    assert (item.was, item.is_moved, recall.notices.count()) == ("released", True, 1)

    def told(litres: int):
        given = {"item": item, "quantity": Decimal(litres), "actor": cast.zhang.actor, "now": NOW}
        return lambda: [tried(actions.record_recovery, **given)]

    assert at_once([told(300)] * 6) == {"done": 3, "recovered_exceeds_batch": 3}


@pytest.mark.django_db(transaction=True)
def test_goods_made_while_a_recall_is_opened_or_confirmed_are_reached_or_refused(goods, cast):
    """Whoever comes first: no batch with called-back goods in it is on the market afterwards, and nobody waits for ever."""
    cask = actions.release_batch(batch=a_lot(goods), actor=goods.maker, now=NOW)
    drafts = [a_draft(goods, 50) for _ in range(8)]
    for draft in drafts[:4]:
        a_link(goods, cask, draft, 50)

    def making(draft: Batch, is_linked: bool):
        def run() -> list[str]:
            told = [] if is_linked else [tried(a_link, goods, cask, draft, 50)]
            told.append(tried(registered, goods, draft))
            return [*told, tried(actions.release_batch, batch=draft, actor=goods.maker, now=NOW)]

        return run

    def calling() -> list[str]:
        recall = opened(cask, cast.li.actor)
        return [tried(actions.confirm_recall, recall=recall, actor=cast.wang.actor, now=NOW)]

    answers = at_once([calling, *(making(draft, place < 4) for place, draft in enumerate(drafts))])
    assert set(answers) <= {"done", "input_not_usable", "input_stopped", "called_back", "wrong_state", "stale"}
    assert Batch.objects.get(pk=cask.pk).state == "recalled"
    with_it = BatchLink.objects.filter(parent=cask).values("child")
    assert set(Batch.objects.filter(pk__in=with_it).values_list("state", flat=True)) <= {
        "draft",
        "registered",
        "recalled",
    }


def opened(batch: Batch, actor):
    scope = Scope(RecallScope.BATCH, batch.producer, batch.division_code, batch=batch)
    return actions.open_recall(scope=scope, actor=actor, now=NOW, reason="检出超标")
