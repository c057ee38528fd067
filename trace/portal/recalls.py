"""Recalls at the desk: opened with a look at what they reach, confirmed by another, followed until the goods are back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.ids import grouped
from gi_registry.lib.language import name_of, say
from gi_registry.lib.problems import Missing
from gi_registry.lib.texts import Text
from trace import actions, policy
from trace.lineage import party_of, told_name
from trace.models import Recall, RecallItem
from trace.portal.asking import Matter, ReasonAsked, answers_in, ask
from trace.portal.choices import amount
from trace.portal.doors import for_people, permit
from trace.portal.leaves import leaf_of
from trace.portal.meters import back_meter
from trace.portal.recall_forms import RecallQuestion, RecoveryQuestion
from trace.reach import MOST_PARTIES, parties_of, scope_of, touched_by
from trace.rules.recalls import RECALL_STEPS, RecallScope, RecallState

MOST_LISTED = 50
_TWO = Text("您发起了这次召回，须由另一人确认。", "You opened this recall: another person confirms it.")
_OFFICIAL = Text("等待监管部门确认；您的货品已暂停。", "Waits for an official to confirm it; your goods are on hold.")
_NEW, _OPEN = Text("发起召回", "Open a recall"), Text("发起召回", "Open the recall")
_EFFECT = Text(
    "您管辖的或您自己的货品随即暂停，原因公开；另一人确认后全部召回。演练除外。",
    "Goods of yours or of your place are on hold at once, with the reason; all are recalled when another person confirms it."
    " An exercise does none of it.",
)
SCOPE_LINES = {
    RecallScope.BATCH: Text("这一批和用它做成的所有批次。", "This lot and everything made of it."),
    RecallScope.INPUT: Text(
        "原料有问题：只召回用它做成的批次。", "The input was at fault: what was made of it, not itself."
    ),
    RecallScope.SITE: Text("一处场地，可以限定日期。", "One site, within some days or without."),
    RecallScope.DAYS: Text("一家在某段日期内做的批次。", "What one producer made in some days."),
    RecallScope.LABORATORY: Text("一家检验机构出具过数据的批次。", "What one laboratory reported on."),
}


@dataclass(frozen=True, slots=True)
class Way:
    may: Callable[..., Any]
    act: Callable[..., Any]
    button: Text
    question: Text
    effect: Text
    done: Text
    style: str = "btn--second"


_CONFIRMING = Text(
    "所列批次全部召回，扫码的人立即看到，生产者收到通知。不能撤回。",
    "All of it is recalled, people who check a code see it at once, and its makers are told. It cannot be undone.",
)
WAYS = {
    "confirm": Way(
        policy.lead_recall, actions.confirm_recall, Text("确认召回", "Confirm the recall"), Text("确认召回？", "Confirm the recall?"),
        _CONFIRMING,
        Text("已召回，各方已通知。", "Recalled, and the parties are told."), "",
    ),
    "withdraw": Way(
        policy.withdraw_recall, actions.withdraw_recall, Text("撤回", "Withdraw"), Text("撤回这次召回？", "Withdraw this recall?"),
        Text("因它而暂停的货品恢复销售。", "Goods that it stopped go on."), Text("已撤回。", "Withdrawn."),
    ),
    "close": Way(
        policy.lead_recall, actions.close_recall, Text("结束召回", "Close the recall"), Text("结束这次召回？", "Close this recall?"),
        Text("能追回的都已追回。货品仍为召回状态。", "What could be brought back was. The goods stay recalled."), Text("已结束。", "Closed."),
    ),
}  # fmt: skip
_LEADS_TO = {
    "confirm": RecallState.CONFIRMED,
    "withdraw": RecallState.WITHDRAWN,
    "close": RecallState.CLOSED,
}


def recall_or_404(actor: Actor, number: str) -> Recall:
    found = Recall.objects.visible_to(actor).told().filter(number=number).first()
    if found is None:
        raise Missing
    return found


def about(recall: Recall) -> str:
    """What is called back, in a line."""
    if recall.batch:
        return grouped(recall.batch.number)
    whose = told_name(recall.producer) if recall.producer else ""
    named = recall.laboratory or (recall.site.name if recall.site else "")
    days = " – ".join(str(day) for day in (recall.first_on, recall.last_on) if day)
    return " · ".join(part for part in (named, whose, days) if part)


@for_people
@require_safe
def recalls(request: HttpRequest) -> HttpResponse:
    """Recalls that the reader knows of, newest first."""
    state = request.GET.get("state", "")
    rows = Recall.objects.visible_to(request.actor).told()
    if state in set(RecallState):
        rows = rows.filter(state=state)
    leaf = leaf_of(rows, request.GET)
    context = {
        "leaf": leaf,
        "cards": [{"row": row, "about": about(row)} for row in leaf.rows],
        "state": state if state in set(RecallState) else "",
        "states": list(RecallState),
        "may_open": bool(policy.open_recall(request.actor)),
    }
    return render(request, "trace/portal/recalls.html", context)


@for_people
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """What the goods have in common."""
    permit(policy.open_recall(request.actor))
    batch = request.GET.get("batch", "")[:40]
    return render(request, "trace/portal/recall_scopes.html", {"scopes": SCOPE_LINES.items(), "batch": batch})


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, scope: str) -> HttpResponse:
    """The question, then what it reaches, then it is sent."""
    permit(policy.open_recall(request.actor))
    if scope not in set(RecallScope):
        raise Missing
    initial = {"batch": request.GET.get("batch", "")[:40]}
    form = RecallQuestion(
        answers_in(request), scope=RecallScope(scope), actor=request.actor, now=clock.now(), initial=initial
    )
    if request.method == "POST" and not {"send", "change"} & set(request.POST) and form.is_valid():
        form.reached = reach_context(form.recall, request.actor)
    matter = Matter(_NEW, _OPEN, reverse("portal-recall-new"), say(RecallScope(scope)), _EFFECT)

    def send(told: dict[str, Any]) -> str:
        given = {"reason": told["reason"], "is_mock": told["is_mock"], "actor": request.actor, "now": clock.now()}
        made = actions.open_recall(scope=scope_of(form.recall), **given)
        return reverse("portal-recall", args=[made.number])

    return ask(request, form, matter, send)


@for_people
@require_safe
def recall(request: HttpRequest, number: str) -> HttpResponse:
    """One recall: what it reaches or reached, what came back, and what its reader may do."""
    found, actor = recall_or_404(request.actor, number), request.actor
    items = found.items.visible_to(actor).told().order_by("-is_moved", "pk")
    mine = [one for one in found.notices.visible_to(actor).told()[:MOST_LISTED] if policy.read_notice(actor, one)]
    context = {
        "recall": found,
        "about": about(found),
        "ways": _ways(actor, found),
        "why_not": _why_not(actor, found),
        "items": [_line(actor, item) for item in items[:MOST_LISTED]],
        "most": MOST_LISTED,
        "is_to_read": any(one.read_at is None for one in mine),
        **({} if found.is_mock or found.state == RecallState.WITHDRAWN else reach_context(found, actor)),
    }
    return render(request, "trace/portal/recall.html", context)


def reach_context(recall: Recall, actor: Actor) -> dict[str, Any]:
    """What a recall reaches, as ``recall_reach.html`` draws it."""
    reach = touched_by(recall)
    return {
        "reach": reach,
        "parties": parties_of(reach, scope_of(recall), actor),
        "party_count": len(reach.makers),
        "most_parties": MOST_PARTIES,
        "meters": [back_meter(one) for one in reach.amounts if one.out],
    }


def _ways(actor: Actor, found: Recall) -> list[tuple[str, Way]]:
    after = RECALL_STEPS[RecallState(found.state)]
    is_own = actor.user_id == found.opened_by
    return [
        (name, way)
        for name, way in WAYS.items()
        if _LEADS_TO[name] in after and way.may(actor, found) and not (name == "confirm" and is_own)
    ]


def _why_not(actor: Actor, found: Recall) -> Text | None:
    if found.state != RecallState.OPENED:
        return None
    if actor.user_id == found.opened_by:
        return _TWO
    return None if policy.lead_recall(actor, found) else _OFFICIAL


def _line(actor: Actor, item: RecallItem) -> dict[str, Any]:
    batch = item.batch
    is_open = item.recall.state == RecallState.CONFIRMED and item.is_moved and item.recovered < item.out
    return {
        "item": item,
        "name": name_of(batch.form),
        "party": party_of(batch),
        "out": amount(item.out, batch.quantity_unit),
        "back": amount(item.recovered, batch.quantity_unit),
        "may_recover": is_open and bool(policy.recover(actor, item)),
    }


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """A page that asks before a recall goes on."""
    found, way = recall_or_404(request.actor, number), WAYS.get(name)
    if way is None:
        raise Missing
    permit(way.may(request.actor, found))
    back = reverse("portal-recall", args=[found.number])

    def send(told: dict[str, Any]) -> str:
        given = {} if name == "confirm" else {"reason": told["reason"]}
        way.act(recall=found, actor=request.actor, now=clock.now(), **given)
        messages.success(request, say(way.done))
        return back

    form = ReasonAsked(answers_in(request), is_owed=name != "confirm")
    if name == "confirm":
        del form.fields["reason"]
    return ask(
        request, form, Matter(way.question, way.button, back, about(found), way.effect, is_looked_at=False), send
    )


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def recover(request: HttpRequest, number: str, lot: str) -> HttpResponse:
    """How much of one batch came back."""
    found = recall_or_404(request.actor, number)
    items = found.items.visible_to(request.actor).told()
    item = items.filter(batch__number=lot).first()
    if item is None:
        raise Missing
    permit(policy.recover(request.actor, item))
    back = reverse("portal-recall", args=[found.number])
    line = _line(request.actor, item)

    def send(told: dict[str, Any]) -> str:
        actions.record_recovery(item=item, quantity=told["quantity"], actor=request.actor, now=clock.now())
        messages.success(request, say(_RECORDED))
        return back

    effect = Text(_OUT.zh.format(**line), _OUT.en.format(**line))
    matter = Matter(_RECOVER, _RECORD, back, f"{line['name']} · {grouped(lot)}", effect, is_looked_at=False)
    return ask(request, RecoveryQuestion(answers_in(request)), matter, send)


@for_people
@require_http_methods(["POST"])
def read(request: HttpRequest, number: str) -> HttpResponse:
    """The notice was read."""
    found = recall_or_404(request.actor, number)
    actions.read_notices(recall=found, actor=request.actor, now=clock.now())
    messages.success(request, say(_READ))
    return redirect("portal-recall", found.number)


_RECOVER, _RECORD = Text("记录追回", "Record what came back"), Text("记录", "Record")
_RECORDED, _READ = Text("已记录。", "Recorded."), Text("已确认收到通知。", "Noted as read.")
_OUT = Text("在外 {out}，已追回 {back}。", "{out} out, {back} back so far.")
