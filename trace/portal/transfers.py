"""Goods between producers at the desk: offered by one, accepted or declined by the other."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.ids import grouped, normalise
from gi_registry.lib.language import say
from gi_registry.lib.problems import Missing
from gi_registry.lib.texts import Text
from products.models import Producer
from products.rules.words import Unit
from trace import actions, policy
from trace.books import balances_of
from trace.lineage import told_name
from trace.models import Entitlement, Transfer
from trace.portal.asking import Matter, Question, ReasonAsked, answers_in, ask
from trace.portal.choices import Choice
from trace.portal.doors import for_people, for_producers, is_producer, permit
from trace.portal.forms import AmountField, RadioCards, Words
from trace.portal.leaves import leaf_of
from trace.portal.meters import in_words
from trace.portal.quota import entitlement_or_404
from trace.rules.batches import MAX_REASON
from trace.rules.label_orders import GoodsKind, TransferState
from trace.rules.ledger import ZERO, AccountKind

_HAND = Text("库存 {raw}，未采收余额 {land}", "{raw} in hand, {land} of the land's right")
_MADE = Text("库存 {made}", "{made} in hand")
_UNKNOWN = Text("没有这个编号的生产者，请向对方核对。", "No producer has this number; ask the other party.")


class OfferQuestion(Question):
    """What goes to whom."""

    taker = forms.CharField(max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off", "class": "code"}))
    kind = forms.ChoiceField(widget=RadioCards)
    quantity = AmountField()
    reason = forms.CharField(required=False, max_length=MAX_REASON)
    words: ClassVar = {
        "taker": Words(
            Text("对方的生产者编号", "Number of the other producer"),
            Text("10 位，在对方“配额”页面上。", "Ten characters, on the other's page “Quota”."),
        ),
        "kind": Words(Text("什么货品", "Which goods"), missing=Text("请选择货品。", "Choose the goods.")),
        "quantity": Words(Text("数量", "Quantity")),
        "reason": Words(Text("说明", "Note"), Text("对方会看到，例如合同号。", "The other party sees it.")),
    }

    def __init__(self, *args: Any, row: Entitlement, balances: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        raw, goods = row.quota.raw_unit, row.quota.goods_unit
        land, hand, made = (
            balances.get(kind.value, ZERO) for kind in (AccountKind.ENTITLEMENT, AccountKind.RAW, AccountKind.PROCESSED)
        )
        lines = {
            GoodsKind.RAW: say(_HAND).format(raw=in_words(hand, raw), land=in_words(land, raw)),
            GoodsKind.PROCESSED: say(_MADE).format(made=in_words(made, goods)),
        }
        cards = [Choice(kind.value, say(kind), (line,)) for kind, line in lines.items()]
        self.fields["kind"].choices = [(card.value, card) for card in cards]
        self.units = {GoodsKind.RAW.value: raw, GoodsKind.PROCESSED.value: goods}
        units = " / ".join(dict.fromkeys(say(Unit(unit)) for unit in (raw, goods)))
        self.fields["quantity"].label = f"{say(self.words['quantity'].label)} ({units})"

    def clean_taker(self) -> str:
        typed = normalise(self.cleaned_data["taker"]).replace("-", "")[:40]
        producers = Producer.objects.select_related("organisation__sponsor", "division")
        self.producer = producers.defer("division__geom").filter(number=typed).first()
        if self.producer is None:
            raise forms.ValidationError(say(_UNKNOWN), code="unknown")
        return typed

    def read_out(self, name: str) -> str:
        """The name behind the number, and the quantity with its unit."""
        if name == "taker":
            return f"{told_name(self.producer)} · {grouped(self.producer.number)}"
        if name == "quantity":
            unit = self.units[self.cleaned_data["kind"]]
            return f"{self.cleaned_data['quantity'].normalize():,f} {say(Unit(unit))}"
        return super().read_out(name)


@dataclass(frozen=True, slots=True)
class Way:
    may: Callable[..., Any]
    act: Callable[..., Transfer]
    button: Text
    question: Text
    effect: Text
    done: Text


WAYS = {
    "accept": Way(
        policy.take, actions.accept_transfer, Text("接受", "Accept"), Text("接受这些货品？", "Accept these goods?"),
        Text("货品和相应的标识额度随即归您，不能撤回。", "The goods and the right to labels for them are yours at once. It cannot be undone."),
        Text("已接受，货品已入账。", "Accepted: the goods are in your books."),
    ),
    "decline": Way(
        policy.take, actions.decline_transfer, Text("不接受", "Decline"), Text("不接受这些货品？", "Decline these goods?"),
        Text("对方会看到原因。", "The other party sees the reason."), Text("已回复不接受。", "Declined."),
    ),
    "withdraw": Way(
        policy.end_offer, actions.withdraw_transfer, Text("撤回", "Withdraw"), Text("撤回这笔流转？", "Withdraw this offer?"),
        Text("对方就不能再接受。", "It can be accepted no more."), Text("已撤回。", "Withdrawn."),
    ),
}  # fmt: skip
_NEW, _SEND = Text("流转货品", "Transfer goods"), Text("提交流转", "Send the offer")
_NEW_EFFECT = Text(
    "对方接受之前，什么都不会变动。相应的标识额度随货品一起转移。",
    "Nothing moves before the other party accepts. The right to labels goes with the goods.",
)


def transfer_or_404(actor: Actor, number: str) -> Transfer:
    found = Transfer.objects.visible_to(actor).told().filter(number=number).first()
    if found is None:
        raise Missing
    return found


def amount_of(transfer: Transfer) -> str:
    quota = transfer.giver.quota
    return in_words(transfer.quantity, quota.raw_unit if transfer.kind == GoodsKind.RAW else quota.goods_unit)


def _card(actor: Actor, transfer: Transfer) -> dict[str, Any]:
    """One transfer as its reader sees it: who is on the other side."""
    return {
        "row": transfer,
        "amount": amount_of(transfer),
        "giver": told_name(transfer.giver.producer),
        "taker": told_name(transfer.taker),
        "is_to_answer": transfer.state == TransferState.OFFERED and bool(policy.take(actor, transfer)),
    }


@for_people
@require_safe
def transfers(request: HttpRequest) -> HttpResponse:
    """Goods given and taken, newest first."""
    leaf = leaf_of(Transfer.objects.visible_to(request.actor).told(), request.GET)
    cards = [_card(request.actor, row) for row in leaf.rows]
    context = {"leaf": leaf, "cards": cards, "is_producer": is_producer(request.actor)}
    return render(request, "trace/portal/transfers.html", context)


@for_people
@require_safe
def transfer(request: HttpRequest, number: str) -> HttpResponse:
    """One transfer, and what its reader may do about it."""
    found = transfer_or_404(request.actor, number)
    is_open = found.state == TransferState.OFFERED
    ways = [(name, way) for name, way in WAYS.items() if is_open and way.may(request.actor, found)]
    return render(request, "trace/portal/transfer.html", {"card": _card(request.actor, found), "ways": ways})


@for_producers
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, number: str) -> HttpResponse:
    """Offer goods to another producer."""
    row = entitlement_or_404(request.actor, number)
    permit(policy.make(request.actor, row))
    balances = balances_of([row]).get((row.quota_id, row.producer_id), {})
    form = OfferQuestion(answers_in(request), row=row, balances=balances)
    matter = Matter(_NEW, _SEND, reverse("portal-quota", args=[row.number]), row.quota.season.name, _NEW_EFFECT)

    def send(told: dict[str, Any]) -> str:
        given = {"quantity": told["quantity"], "reason": told["reason"], "actor": request.actor, "now": clock.now()}
        made = actions.offer_transfer(row=row, taker=form.producer, kind=GoodsKind(told["kind"]), **given)
        return reverse("portal-transfer-sent", args=[made.number])

    return ask(request, form, matter, send)


@for_producers
@require_safe
def sent(request: HttpRequest, number: str) -> HttpResponse:
    """The confirmation, with the number of the offer."""
    found = transfer_or_404(request.actor, number)
    return render(request, "trace/portal/transfer_sent.html", {"card": _card(request.actor, found)})


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """A page that asks before an offer is answered or taken back."""
    found, way = transfer_or_404(request.actor, number), WAYS.get(name)
    if way is None:
        raise Missing
    permit(way.may(request.actor, found))
    is_owed = name == "decline" or (name == "withdraw" and not policy.make(request.actor, found))
    back = reverse("portal-transfer", args=[found.number])
    about = f"{told_name(found.giver.producer)} → {told_name(found.taker)} · {amount_of(found)}"

    def send(told: dict[str, Any]) -> str:
        way.act(transfer=found, actor=request.actor, now=clock.now(), reason=told["reason"])
        messages.success(request, say(way.done))
        return back

    form = ReasonAsked(answers_in(request), is_owed=is_owed)
    return ask(request, form, Matter(way.question, way.button, back, about, way.effect, is_looked_at=False), send)
