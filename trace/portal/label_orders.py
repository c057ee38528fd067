"""Label orders at the desk: asked for by the producer, decided by whoever may, and what became of every label."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.ids import grouped
from gi_registry.lib.language import name_of, say
from gi_registry.lib.problems import Missing
from gi_registry.lib.texts import Text
from trace import actions, policy
from trace.books import balances_of
from trace.models import Batch, LabelOrder
from trace.portal.asking import Matter, ReasonAsked, answers_in, ask
from trace.portal.doors import for_people, for_producers, is_producer, permit
from trace.portal.label_forms import OrderQuestion, RangeQuestion
from trace.portal.leaves import leaf_of
from trace.portal.meters import label_meter
from trace.portal.quota import entitlement_or_404, packs_left
from trace.rules.batches import BatchState
from trace.rules.label_orders import LEAVES_ONCE, LabelMove, OrderState
from trace.rules.ledger import ZERO, AccountKind

RECENT, MOST_BATCHES, MOST_RANGES = 20, 50, 1_000
_O, _M = OrderState, LabelMove
_COUNTS = ("active", "spoiled", "returned", "destroyed", "lost", "unused")


@dataclass(frozen=True, slots=True)
class Way:
    """A step of an order: from which states, who may, and what it brings."""

    name: str
    states: tuple[OrderState, ...]
    may: Callable[..., Any]
    act: Callable[..., LabelOrder]
    button: Text
    question: Text
    effect: Text
    done: Text
    is_reason_owed: bool = False


STEPS = {
    way.name: way
    for way in (
        Way(
            "approve", (_O.REQUESTED,), policy.approve_labels, actions.approve_labels, Text("核准", "Approve"),
            Text("核准这份申领？", "Approve this order?"),
            Text("核准后即占用相应的额度。", "The goods for its labels are spoken for from then on."),
            Text("已核准。", "Approved."),
        ),
        Way(
            "issue", (_O.APPROVED,), policy.approve_labels, actions.issue_labels, Text("发放", "Issue"),
            Text("发放这些标识？", "Issue these labels?"),
            Text("发放后，每一枚都要有去向。", "Each of them is accounted for from then on."), Text("已发放。", "Issued."),
        ),
        Way(
            "refuse", (_O.REQUESTED,), policy.approve_labels, actions.refuse_labels, Text("不予核准", "Refuse"),
            Text("不予核准？", "Refuse this order?"),
            Text("申领人会看到原因。", "Whoever asked sees the reason."), Text("未核准。", "Refused."), is_reason_owed=True,
        ),
        Way(
            "cancel", (_O.REQUESTED, _O.APPROVED), policy.make, actions.cancel_labels, Text("取消申领", "Cancel"),
            Text("取消这份申领？", "Cancel this order?"),
            Text("占用的额度会退还。取消后不能恢复。", "What was spoken for is free again. It cannot be undone."),
            Text("已取消。", "Cancelled."), is_reason_owed=True,
        ),
    )
}  # fmt: skip
# What is said of labels -> the button, the question, what follows.
SAID: dict[LabelMove, tuple[Text, Text, Text]] = {
    _M.ACTIVATED: (
        Text("启用", "Activate"), Text("哪些标识贴上了货品？", "Which labels are on packs?"),
        Text("记入这一批次的包装，不能撤回。", "They belong to the packs of the batch. It cannot be taken back."),
    ),
    _M.SPOILED: (
        Text("记录作废", "Record spoiled ones"), Text("哪些标识作废了？", "Which labels were spoiled?"),
        Text("不能再用，相应的货品也不再配发标识。", "They are not used again, and no others are given for them."),
    ),
    _M.LOST: (
        Text("报告遗失", "Report a loss"), Text("哪些标识遗失了？", "Which labels were lost?"),
        Text("相应的货品不再配发标识。此记录不能撤回。", "No others are given for them. It cannot be taken back."),
    ),
    _M.RETURNED: (
        Text("登记退回", "Record a return"), Text("收回了哪些标识？", "Which labels came back?"),
        Text("同一枚标识只能退回一次。", "A label comes back once."),
    ),
    _M.DESTROYED: (
        Text("登记销毁", "Record a destruction"), Text("销毁了哪些标识？", "Which labels were destroyed?"),
        Text(
            "须有两名见证人。销毁后，相应的额度退还生产者。",
            "Two witnesses are needed. The producer may then order labels for those goods again.",
        ),
    ),
}  # fmt: skip
_NEW = Text("申领标识", "Order labels")
_SEND = Text("提交申领", "Send the order")
_NEW_EFFECT = Text(
    "由权利人或所在地监管部门核准，核准后才占用额度。",
    "The holder or the officials of the place approve it; only then the right is used.",
)
_NO_PRODUCT = Text(
    "还没有可按本产季单位计算的产品。请先添加产品。",
    "No product of yours can be counted in the unit of this season. Add a product first.",
)
_NO_BATCH = Text(
    "标识要记到批次上：请先在本产季登记这种产品的批次。",
    "Labels belong to a batch: first register one of this product in this season.",
)
_RECORDED = Text("已记录：{kind}，{span}。", "Recorded: {kind}, {span}.")


def order_or_404(actor: Actor, number: str) -> LabelOrder:
    found = LabelOrder.objects.visible_to(actor).told().filter(number=number).first()
    if found is None:
        raise Missing
    return found


def here(order: LabelOrder) -> str:
    return reverse("portal-label-order", args=[order.number])


@for_people
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """The orders that the reader may see, newest first, by state."""
    state, found = request.GET.get("state", ""), LabelOrder.objects.visible_to(request.actor).told()
    state = state if state in set(OrderState) else ""
    leaf = leaf_of(found.filter(state=state) if state else found, request.GET)
    context = {"leaf": leaf, "state": state, "states": list(OrderState), "is_producer": is_producer(request.actor)}
    return render(request, "trace/portal/label_orders.html", context)


@for_people
@require_safe
def order(request: HttpRequest, number: str) -> HttpResponse:
    """One order: how it stands, where its labels are, what may be done, and what was said."""
    found = order_or_404(request.actor, number)
    is_out = found.state in (_O.ISSUED, _O.CLOSED)
    context = {
        "order": found,
        "meter": label_meter({AccountKind(name).value: ZERO + getattr(found, name) for name in _COUNTS})
        if is_out
        else None,
        "ways": [way for way in STEPS.values() if found.state in way.states and way.may(request.actor, found)],
        "sayings": [(kind.value, SAID[kind][0]) for kind in _sayable(request.actor, found)],
        "ranges": found.ranges.select_related("batch").order_by("-pk")[:RECENT],
        "is_own": bool(policy.make(request.actor, found)),
    }
    return render(request, "trace/portal/label_order.html", context)


def _sayable(actor: Actor, found: LabelOrder) -> list[LabelMove]:
    """What this reader may record of the labels now."""
    if found.state != _O.ISSUED or found.issuance_id is not None:
        return []
    kinds = [kind for kind in SAID if _may_say(kind)(actor, found)]
    left = {_M.DESTROYED: found.returned}
    return [kind for kind in kinds if left.get(kind, found.unused)]


def _may_say(kind: LabelMove) -> Callable[..., Any]:
    return policy.make if kind in policy.SAID_BY_MAKER else policy.approve_labels


@for_producers
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for labels of one article."""
    row = entitlement_or_404(request.actor, number)
    permit(policy.make(request.actor, row))
    right = balances_of([row]).get((row.quota_id, row.producer_id), {}).get(AccountKind.LABEL_RIGHT.value, ZERO)
    packs = packs_left(row, right)
    form = OrderQuestion(answers_in(request), packs=packs)
    back, effect = reverse("portal-quota", args=[row.number]), _NEW_EFFECT if packs else _NO_PRODUCT
    matter = Matter(_NEW, _SEND, back, row.quota.season.name, effect, is_open=bool(packs))
    forms = {one.number: one for one, _ in packs}

    def send(told: dict[str, Any]) -> str:
        given = {"count": told["count"], "reason": told["reason"], "actor": request.actor, "now": clock.now()}
        made = actions.request_labels(quota=row.quota, form=forms[told["form"]], **given)
        return reverse("portal-label-sent", args=[made.number])

    return ask(request, form, matter, send)


@for_producers
@require_safe
def sent(request: HttpRequest, number: str) -> HttpResponse:
    """The confirmation, with the number of the order."""
    return render(request, "trace/portal/order_sent.html", {"order": order_or_404(request.actor, number)})


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """A page that asks before a step is taken."""
    found, way = order_or_404(request.actor, number), STEPS.get(name)
    if way is None:
        raise Missing
    permit(way.may(request.actor, found))
    form = ReasonAsked(answers_in(request), is_owed=way.is_reason_owed)
    matter = Matter(way.question, way.button, here(found), _about(found), way.effect, is_looked_at=False)

    def send(told: dict[str, Any]) -> str:
        way.act(order=found, actor=request.actor, now=clock.now(), reason=told["reason"])
        messages.success(request, say(way.done))
        return here(found)

    return ask(request, form, matter, send)


def _about(found: LabelOrder) -> str:
    return f"{name_of(found.form)} · {found.count:,} · {grouped(found.number)}"


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """Say what became of a range of labels."""
    found, move = order_or_404(request.actor, number), LabelMove(kind) if kind in set(LabelMove) else None
    if move is None:
        raise Missing
    permit(_may_say(move)(request.actor, found))
    batches = {batch.number: batch for batch in _batches_for(request.actor, found)} if move is _M.ACTIVATED else {}
    given = {"order": found, "kind": move, "batches": list(batches.values())}
    form = RangeQuestion(answers_in(request), initial={"first": _next(found, move)}, **given)
    button, question, effect = SAID[move]
    is_open = bool(batches) or move is not _M.ACTIVATED
    matter = Matter(question, button, here(found), _about(found), effect if is_open else _NO_BATCH, is_open=is_open)
    return ask(request, form, matter, lambda told: _say(request, found, move, form, batches.get(told.get("batch", ""))))


def _say(request: HttpRequest, found: LabelOrder, move: LabelMove, form: RangeQuestion, batch: Batch | None) -> str:
    saying = actions.LabelSaying(move, form.span, batch, form.witnesses)
    given = {"actor": request.actor, "now": clock.now(), "reason": form.cleaned_data["reason"]}
    actions.record_labels(order=found, saying=saying, **given)
    messages.success(request, say(_RECORDED).format(kind=say(move), span=form.span))
    return here(found)


def _batches_for(actor: Actor, found: LabelOrder) -> QuerySet[Batch]:
    """Batches of the same article and season whose packs may bear the labels."""
    states = [BatchState.REGISTERED.value, BatchState.RELEASED.value]
    rows = Batch.objects.visible_to(actor).filter(form=found.form, season=found.entitlement.quota.season_id)
    return rows.filter(state__in=states).order_by("-pk")[:MOST_BATCHES]


def _next(found: LabelOrder, move: LabelMove) -> int | None:
    """The first label of which nothing was said; a destruction begins where something came back."""
    if move is _M.DESTROYED:
        back = found.ranges.filter(kind=_M.RETURNED.value).order_by("first").first()
        return back.first if back else None
    said, reached = found.ranges.filter(kind__in=[kind.value for kind in LEAVES_ONCE]), 0
    for first, last in said.order_by("first").values_list("first", "last")[:MOST_RANGES]:
        if first > reached + 1:
            break
        reached = last
    return reached + 1 if reached < found.count else None
