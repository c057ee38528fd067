"""Addresses elsewhere: proposed by producers and holders for their goods, answered by officials, withdrawn by either."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gi_registry.lib import clock
from gi_registry.lib.access import Actor, Decision
from gi_registry.lib.ids import new_number
from gi_registry.lib.language import name_of, say
from gi_registry.lib.problems import Invalid, Missing, Refused
from gi_registry.lib.texts import Text
from products.models import Title
from products.querysets import held_by
from products.rules.words import TitleKind
from trace import actions, policy
from trace.actions.link_targets import RELATED
from trace.models import LinkTarget, ProductForm
from trace.portal.choices import Choice, Offer, amount
from trace.portal.doors import for_people, permit
from trace.portal.link_forms import LinkQuestion, ReviewQuestion
from trace.portal.once import once
from trace.rules.link_targets import MACHINE, NO_GTIN, TargetKind, TargetLanguage, TargetState

MOST_ROWS = 200
_SENT = Text("已提交，等待审核。", "Sent. An official will look at it.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person may say to a proposed or served address, as a page that asks before. ``given``: to the action."""

    name: str
    to: TargetState
    may: Callable[[Actor, LinkTarget], Decision]
    act: Callable[..., LinkTarget]
    given: dict[str, Any]
    button: Text
    question: Text
    effect: Text
    done: Text
    is_no: bool = True


ANSWERS = {
    answer.name: answer
    for answer in (
        Answer(
            "accept",
            TargetState.ACCEPTED,
            policy.control,
            actions.review_target,
            {"is_accepted": True},
            Text("采用", "Accept"),
            Text("采用这一链接？", "Accept this address?"),
            Text(
                "扫描商品条码链接的人可能被引到这里，网址不能再改。请先打开核对内容。",
                "Whoever scans the goods may be led there, and the address cannot change. Open it and look first.",
            ),
            Text("已采用。", "Accepted."),
            is_no=False,
        ),
        Answer(
            "refuse",
            TargetState.REFUSED,
            policy.control,
            actions.review_target,
            {"is_accepted": False},
            Text("不予采用", "Refuse"),
            Text("不采用这一链接？", "Refuse this address?"),
            Text("提交人会看到原因，可以另外提交。", "Whoever proposed it reads the reason, and may propose another."),
            Text("未予采用。", "Refused."),
        ),
        Answer(
            "withdraw",
            TargetState.WITHDRAWN,
            policy.take_down,
            actions.withdraw_target,
            {},
            Text("撤下", "Withdraw"),
            Text("撤下这一链接？", "Withdraw this address?"),
            Text("此后不再有人被引到这一网址。", "Nobody is led there any more."),
            Text("已撤下。", "Withdrawn."),
        ),
    )
}


@for_people
@require_safe
def links(request: HttpRequest) -> HttpResponse:
    """The addresses that the reader may see, newest first, with their state and the reason of a No."""
    rows = LinkTarget.objects.visible_to(request.actor).select_related(
        *RELATED, "form__indication", "title__indication"
    )
    context = {
        "rows": [(row, _answers(request.actor, row)) for row in rows.order_by("-pk")[:MOST_ROWS]],
        "may_propose": bool(policy.propose(request.actor)),
    }
    return render(request, "trace/portal/links.html", context)


def _answers(actor: Actor, row: LinkTarget) -> list[Answer]:
    """What the state and the policy allow this reader to answer."""
    ends = MACHINE[TargetState(row.state)]
    return [answer for answer in ANSWERS.values() if answer.to in ends and answer.may(actor, row)]


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def new_link(request: HttpRequest) -> HttpResponse:
    """Propose an address for an article with a GTIN, or for the goods of a title."""
    permit(policy.propose(request.actor))
    things = _things(request.actor)
    offer = Offer.of(choice for choice, _ in things.values())
    only = offer.open[0].value if len(offer.open) == 1 else None
    form = LinkQuestion(request.POST or None, offer=offer, initial={"about": only, "key": new_number()})
    if form.is_valid():
        try:
            _propose(request.actor, form.cleaned_data, things[form.cleaned_data["about"]][1])
        except (Invalid, Refused) as refused:
            form.take(refused.errors)
        else:
            messages.success(request, say(_SENT))
            return redirect("portal-links")
    context = {"form": form, "offer": offer}
    return render(request, "trace/portal/new_link.html", context, status=400 if form.errors else 200)


def _things(actor: Actor) -> dict[str, tuple[Choice, ProductForm | Title]]:
    """The actor's own articles and titles, each under the value that stands in the form."""
    forms = (
        ProductForm.objects.own_of(actor)
        .filter(is_active=True)
        .select_related("indication", "producer__organisation", "producer__division")
    )
    titles = Title.objects.public().filter(held_by(actor, "")).select_related("indication", "holder")
    found: dict[str, tuple[Choice, ProductForm | Title]] = {}
    for form in forms.defer("producer__division__geom").order_by("name_zh", "pk")[:MOST_ROWS]:
        lines = (amount(form.net_content, form.net_content_unit), f"GTIN {form.gtin}" if form.gtin else "")
        reason = "" if form.gtin else say(NO_GTIN.text)
        choice = Choice(f"form.{form.number}", name_of(form), tuple(filter(None, lines)), reason)
        found[choice.value] = choice, form
    for title in titles.order_by("pk")[:MOST_ROWS]:
        choice = Choice(f"title.{title.number}", name_of(title.indication), (say(TitleKind(title.kind)),))
        found[choice.value] = choice, title
    return found


def _propose(actor: Actor, told: dict[str, Any], thing: ProductForm | Title) -> str:
    now = clock.now()
    content = actions.TargetContent(
        kind=TargetKind(told["kind"]),
        href=told["href"],
        language=TargetLanguage(told["language"]),
        label_zh=told["label_zh"],
        label_en=told["label_en"],
        form=thing if isinstance(thing, ProductForm) else None,
        title=thing if isinstance(thing, Title) else None,
    )
    given = {"content": content, "actor": actor, "now": now}
    return once(actor, told["key"], now, lambda: actions.propose_target(**given).number)


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def answer_link(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """A page that asks before an address is accepted, refused or withdrawn; a No owes its reason."""
    seen = LinkTarget.objects.visible_to(request.actor).select_related(
        *RELATED, "form__indication", "title__indication"
    )
    row, answer = seen.filter(number=number).first(), ANSWERS.get(name)
    if row is None or answer is None:
        raise Missing
    permit(answer.may(request.actor, row))
    form = ReviewQuestion(request.POST or None, is_no=answer.is_no)
    if form.is_valid() and _is_answered(request, row, answer, form):
        messages.success(request, say(answer.done))
        return redirect("portal-links")
    is_open = answer.to in MACHINE[TargetState(row.state)]
    context = {"row": row, "answer": answer, "form": form, "is_open": is_open}
    return render(request, "trace/portal/answer_link.html", context, status=409 if form.errors else 200)


def _is_answered(request: HttpRequest, row: LinkTarget, answer: Answer, form: ReviewQuestion) -> bool:
    """Whether the answer was taken; what speaks against it then stands in the form. A second press finds it taken."""
    if row.state == answer.to:
        return True
    try:
        answer.act(target=row, actor=request.actor, now=clock.now(), reason=form.cleaned_data["reason"], **answer.given)
    except (Invalid, Refused) as refused:
        form.take(refused.errors)
        return False
    return True
