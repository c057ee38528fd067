"""Harvests and what was made of them at the producers' desk: said on one page, looked at with what it leaves, kept under a number."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.language import say
from gi_registry.lib.problems import Invalid, Missing
from gi_registry.lib.texts import Refusal, Text
from products.models import SeasonQuota
from products.rules.seasons import QuotaState
from products.rules.words import Unit
from trace import actions, policy
from trace.actions.ledger import by_hand_refusals, legs_of, terms_of, units_of
from trace.actions.quota import base_amount
from trace.books import balances_of
from trace.models import Entitlement, LedgerTransaction
from trace.portal.asking import Matter, Question, answers_in, ask
from trace.portal.doors import for_people, for_producers, permit
from trace.portal.forms import AmountField, Words
from trace.portal.meters import in_words
from trace.portal.quota import entitlement_or_404, keeps
from trace.rules import ledger
from trace.rules.batches import MAX_REASON
from trace.rules.ledger import BOOK_OF, OUTSIDE, ZERO, AccountKind, Book, Key, Legs, PostingKind

_NOTE = Words(Text("说明", "Note"), Text("例如地块或磅单号。", "Such as the plot, or the number of a weighing."))


class GoodsQuestion(Question):
    """Amounts in the units of the season. What they would leave comes from the rule that posts them, and so does a refusal."""

    beside = "trace/portal/balance_changes.html"
    # Name of the field -> the book whose unit it is in.
    books: ClassVar[dict[str, Book]] = {}
    # The field that is at fault where a balance does not cover it.
    pointer: ClassVar[str] = ""

    def __init__(self, *args: Any, row: Entitlement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        own = balances_of([row]).get((row.quota_id, row.producer_id), {})
        self.balances = {Key(AccountKind(kind), row.producer_id): amount for kind, amount in own.items()}
        for name, book in self.books.items():
            self.fields[name].label = f"{say(self.words[name].label)} ({say(Unit(_unit(row.quota, book)))})"

    def clean(self) -> None:
        if self.errors:
            return
        try:
            amounts = {name: self._base(name, book) for name, book in self.books.items()}
        except Invalid as wrong:
            self.take(wrong.errors)
            return
        self.legs = self.legs_of(amounts)
        over = ledger.overdraft_refusals(self.balances, self.legs, units_of(self.row.quota), f"/{self.pointer}")
        self.take([*over, *self.refusals(amounts)])

    def _base(self, name: str, book: Book) -> Decimal:
        return base_amount(self.cleaned_data[name], _unit(self.row.quota, book), f"/{name}")

    def legs_of(self, amounts: dict[str, Decimal]) -> Legs:
        raise NotImplementedError

    def refusals(self, amounts: dict[str, Decimal]) -> list[Refusal]:
        return []

    def read_out(self, name: str) -> str:
        if name not in self.books:
            return super().read_out(name)
        unit = Unit(_unit(self.row.quota, self.books[name]))
        return f"{self.cleaned_data[name].normalize():,f} {say(unit)}"

    @property
    def changes(self) -> Iterator[tuple[str, str, str]]:
        """Each balance that it moves: what it was and what it will be."""
        for leg in ledger.merged(self.legs):
            if leg.key.kind not in OUTSIDE:
                before, unit = self.balances.get(leg.key, ZERO), _unit(self.row.quota, BOOK_OF[leg.key.kind])
                yield say(leg.key.kind), in_words(before, unit), in_words(before + leg.amount, unit)


class HarvestQuestion(GoodsQuestion):
    quantity = AmountField()
    reason = forms.CharField(required=False, max_length=MAX_REASON)
    books: ClassVar = {"quantity": Book.RAW}
    pointer = "quantity"
    words: ClassVar = {"quantity": Words(Text("采收数量", "Quantity harvested")), "reason": _NOTE}

    def legs_of(self, amounts: dict[str, Decimal]) -> Legs:
        return ledger.harvest(amounts["quantity"], self.row.producer_id)


class ProcessingQuestion(GoodsQuestion):
    raw = AmountField()
    goods = AmountField()
    reason = forms.CharField(required=False, max_length=MAX_REASON)
    books: ClassVar = {"raw": Book.RAW, "goods": Book.GOODS}
    pointer = "raw"
    words: ClassVar = {
        "raw": Words(Text("用去的原料", "Raw goods that went in")),
        "goods": Words(Text("得到的成品", "Finished goods that came out")),
        "reason": _NOTE,
    }

    def legs_of(self, amounts: dict[str, Decimal]) -> Legs:
        return ledger.processing(amounts["raw"], amounts["goods"], self.row.producer_id)

    def refusals(self, amounts: dict[str, Decimal]) -> list[Refusal]:
        unit = units_of(self.row.quota)[Book.GOODS]
        return ledger.processing_refusals(amounts["raw"], amounts["goods"], terms_of(self.row.quota), unit)


@dataclass(frozen=True, slots=True)
class Saying:
    question: type[GoodsQuestion]
    act: Callable[..., LedgerTransaction]
    title: Text
    button: Text
    effect: Text


SAYINGS = {
    PostingKind.HARVEST: Saying(
        HarvestQuestion, actions.declare_harvest, Text("申报采收", "Report a harvest"), Text("提交申报", "Send the report"),
        Text(
            "提交后即入账。写错了请联系权利人冲正，不能自行修改。",
            "It is in the books at once. You cannot change it: the holder of the name reverses a mistake.",
        ),
    ),
    PostingKind.PROCESSING: Saying(
        ProcessingQuestion, actions.process_goods, Text("申报加工", "Report processing"), Text("提交申报", "Send the report"),
        Text(
            "提交后即入账：原料减少，成品增加。写错了请联系权利人冲正，不能自行修改。",
            "It is in the books at once: fewer raw goods, more finished ones. You cannot change it: the holder of the name reverses a mistake.",
        ),
    ),
}  # fmt: skip
_NOT_OPEN = Text(
    "该产季没有执行中的配额，不能记账。", "The season's quota is not in force: nothing can be posted to it."
)


def _unit(quota: SeasonQuota, book: Book) -> str:
    return quota.raw_unit if book is Book.RAW else quota.goods_unit


@for_producers
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, number: str, kind: PostingKind) -> HttpResponse:
    """Say what was harvested, or what was made of it."""
    row, saying = entitlement_or_404(request.actor, number), SAYINGS[kind]
    permit(policy.make(request.actor, row))
    form = saying.question(answers_in(request), row=row)
    is_open = row.quota.state == QuotaState.OPEN
    back, effect = reverse("portal-quota", args=[row.number]), saying.effect if is_open else _NOT_OPEN
    matter = Matter(saying.title, saying.button, back, row.quota.season.name, effect, is_open=is_open)

    def send(told: dict[str, Any]) -> str:
        given = {name: told[name] for name in (*form.books, "reason")}
        made = saying.act(row=row, actor=request.actor, now=clock.now(), **given)
        return reverse("portal-posting", args=[row.number, made.number])

    return ask(request, form, matter, send)


def posting_or_404(row: Entitlement, number: str) -> LedgerTransaction:
    """A posting to the accounts of one producer in one season."""
    found = LedgerTransaction.objects.of(row.quota_id, row.producer_id).told().filter(number=number).first()
    if found is None:
        raise Missing
    return found


@for_people
@require_safe
def posting(request: HttpRequest, number: str, posting: str) -> HttpResponse:
    """The confirmation: the number of the posting, what it moved, and what is left now."""
    row = entitlement_or_404(request.actor, number)
    found = posting_or_404(row, posting)
    context = {"row": row, "posting": found, "kind": PostingKind(found.kind), "moved": _moved(row, found)}
    context["may_reverse"] = is_reversible(row, found) and keeps(request.actor, row.quota)
    return render(request, "trace/portal/posting.html", {**context, "is_own": _is_own(request.actor, row)})


def is_reversible(row: Entitlement, found: LedgerTransaction) -> bool:
    """Whether there is anything to reverse by hand; the action asks again."""
    return row.quota.state == QuotaState.OPEN and not found.is_reversed and not by_hand_refusals(found)


def _is_own(actor: Actor, row: Entitlement) -> bool:
    return bool(policy.make(actor, row))


def _moved(row: Entitlement, found: LedgerTransaction) -> list[tuple[str, str, str]]:
    """Each account of the producer that it moved: by how much, and what is in it now."""
    own = balances_of([row]).get((row.quota_id, row.producer_id), {})
    legs = [leg for leg in legs_of(found) if leg.key.producer == row.producer_id and leg.key.kind.value in own]
    told = []
    for leg in legs:
        unit, sign = _unit(row.quota, BOOK_OF[leg.key.kind]), "+" if leg.amount > 0 else "−"
        told.append(
            (say(leg.key.kind), sign + in_words(abs(leg.amount), unit), in_words(own[leg.key.kind.value], unit))
        )
    return told
