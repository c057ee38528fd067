"""What a batch was made of and what was made of it: drawn, listed, stated in a draft, confirmed by the other side."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.ids import normalise
from gi_registry.lib.language import say
from gi_registry.lib.problems import Invalid, Missing, Refused
from gi_registry.lib.texts import Text
from trace import actions, policy
from trace.lineage import Genealogy, Link, genealogy_of, party_of
from trace.models import Batch, BatchLink
from trace.portal.choices import Choice
from trace.portal.doors import batch_or_404, for_people, for_producers, permit
from trace.portal.family import family_of
from trace.portal.forms import AmountField, Asked, RadioCards, Words
from trace.rules.batches import BatchState
from trace.rules.genealogy import InputKind
from trace.rules.quantities import QuantityUnit

MOST_LISTED = 200
_UNKNOWN = Text("没有这个批次号，请核对标签。", "There is no such lot; check the label.")
_KINDS = {
    InputKind.TRANSFORMATION: Text(
        "做成了另一种东西，如高粱酿成醋。", "Made into something else, as sorghum into vinegar."
    ),
    InputKind.BLEND: Text("几批混在一起，仍用同一名称。", "Several lots mixed under one name."),
    InputKind.PACKING: Text("装入箱、盒，还可以拆出。", "Put into a case or box, and can be taken out again."),
}
_DONE = {
    "confirm": Text("已确认。", "Confirmed."),
    "end": Text("已记录。", "Recorded."),
}


class InputQuestion(Asked):
    parent = forms.CharField(max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off", "class": "short"}))
    quantity = AmountField()
    unit = forms.ChoiceField()
    kind = forms.ChoiceField(widget=RadioCards)
    words: ClassVar = {
        "parent": Words(Text("用了哪一批", "Which lot was used"), Text("标签上的批次号。", "The lot on its label.")),
        "quantity": Words(Text("用了多少", "How much of it")),
        "unit": Words(Text("单位", "Unit")),
        "kind": Words(Text("怎样用", "How")),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [(unit.value, say(unit)) for unit in QuantityUnit]
        cards = [Choice(word.value, say(word), (say(text),)) for word, text in _KINDS.items()]
        self.fields["kind"].choices = [(card.value, card) for card in cards]


@for_people
@require_safe
def genealogy(request: HttpRequest, number: str) -> HttpResponse:
    """The drawing, and the same as a list with what may be done about each link."""
    batch = batch_or_404(request.actor, number)
    told = genealogy_of(batch, request.actor)
    context = {
        "batch": batch,
        "told": told,
        "family": family_of(told),
        "lines": _lines(request.actor, told),
        "may_add": bool(policy.make(request.actor, batch)) and batch.state == BatchState.DRAFT,
        "most": MOST_LISTED,
    }
    return render(request, "trace/portal/genealogy.html", context)


def _lines(actor: Actor, told: Genealogy) -> list[dict[str, Any]]:
    """Links in the order of their making, those of the batch itself first."""
    own = {told.batch.pk}
    links = sorted(told.links, key=lambda link: (not own & {link.parent_id, link.child_id}, link.pk))
    return [
        {
            "link": link,
            "kind": InputKind(link.kind),
            "parent_party": party_of(link.parent),
            "child_party": party_of(link.child),
            "is_back": link.child_id == told.batch.pk,
            "may_confirm": _is_waiting(link) and bool(policy.confirm_input(actor, link)),
            "may_end": _may_end(actor, link),
        }
        for link in links[:MOST_LISTED]
    ]


def _is_waiting(link: Link) -> bool:
    return link.confirmed_at is None and link.valid_to is None


def _may_end(actor: Actor, link: Link) -> bool:
    can_be = link.child.state == BatchState.DRAFT or link.kind == InputKind.PACKING
    return can_be and link.valid_to is None and bool(policy.end_input(actor, link))


@for_producers
@require_http_methods(["GET", "HEAD", "POST"])
def add_input(request: HttpRequest, number: str) -> HttpResponse:
    """State what went into a draft."""
    batch = batch_or_404(request.actor, number)
    permit(policy.make(request.actor, batch))
    initial = {"unit": batch.quantity_unit, "kind": InputKind.TRANSFORMATION.value}
    form = InputQuestion(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            _add(request.actor, batch, form)
        except (Invalid, Refused) as refused:
            form.take(refused.errors)
        if not form.errors:
            messages.success(request, say(_DONE["end"]))
            return redirect("portal-genealogy", batch.number)
    context = {"batch": batch, "form": form, "is_open": batch.state == BatchState.DRAFT}
    return render(request, "trace/portal/add_input.html", context, status=400 if form.errors else 200)


def _add(actor: Actor, batch: Batch, form: InputQuestion) -> None:
    told = form.cleaned_data
    parent = Batch.objects.named_by(actor).filter(number=normalise(told["parent"])[:40]).first()
    if parent is None:
        form.add_error("parent", say(_UNKNOWN))
        return
    use = actions.Use(parent, InputKind(told["kind"]), told["quantity"], QuantityUnit(told["unit"]))
    actions.add_input(batch=batch, use=use, actor=actor, now=clock.now())


@for_producers
@require_POST
def work(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Confirm a link or end it, and go back to the lineage of the batch that the reader came from."""
    link = BatchLink.objects.visible_to(request.actor).told().filter(number=number).first()
    if link is None or verb not in _DONE:
        raise Missing
    act = actions.confirm_input if verb == "confirm" else actions.end_input
    act(link=link, actor=request.actor, now=clock.now())
    messages.success(request, say(_DONE[verb]))
    is_child = request.POST.get("of") == link.child.number
    back = link.child if is_child else link.parent
    return redirect("portal-genealogy", back.number)
