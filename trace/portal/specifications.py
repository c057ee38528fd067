"""Specifications at the desk of who answers for a title: drafted, tried on past batches, reviewed by another, announced."""

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
from gi_registry.lib.language import name_of, say
from gi_registry.lib.problems import Missing, Refused
from gi_registry.lib.texts import Refusal, Text
from products import actions, policy
from products.models import SpecificationVersion, Title
from products.rules.specifications import MACHINE
from products.rules.words import RuleKind, TransitionRule
from products.rules.words import SpecificationStatus as S
from trace import trials
from trace.portal.asking import Matter, ReasonAsked, answers_in, ask
from trace.portal.doors import for_people, permit
from trace.portal.leaves import leaf_of
from trace.portal.specification_forms import AnnouncedAsked, DemandQuestion, VersionQuestion, title_line

MOST_TITLES, MOST_COPIES = 100, 200
_NEW = Text("起草新版本", "Draft a version")
_NOT_DRAFT = Text("只有草稿可以修改。", "Only a draft is changed.")
_SAVED, _DROPPED = Text("已保存。", "Saved."), Text("已删去。", "Removed.")
_DEMAND, _DROP = Text("添加要求", "Add a demand"), Text("删去要求", "Remove the demand")
_AUTHOR = Text(
    "谁最后修改，谁就是起草人，须由另一人审核。", "Whoever changes it last is its author: another person reviews it."
)
_ONE_REVIEWS = Text("您是起草人，须由另一人审核。", "You drafted it: another person reviews it.")
_ONE_ANNOUNCES = Text("等待登记机构公告。", "Waits for the registrar to announce it.")


@dataclass(frozen=True, slots=True)
class Way:
    """A step as a page. ``may``: whose it is."""

    to: S
    may: Callable[..., Any]
    button: Text
    question: Text
    effect: Text
    done: Text
    style: str = "btn--second"


WAYS = {
    "review": Way(
        S.REVIEWED, policy.may_draft_specification, Text("审核通过", "Review"), Text("审核通过这一版本？", "Pass this version?"),
        Text("您为其中每一条要求负责核对。此后只能退回修改或公告。", "You stand for each of its demands. It is then announced, or sent back."),
        Text("已审核。", "Reviewed."), "",
    ),
    "reopen": Way(
        S.DRAFT, policy.may_draft_specification, Text("退回修改", "Send back"), Text("退回修改？", "Send it back?"),
        Text("又成为草稿，须重新审核。", "It is a draft again and is reviewed anew."), Text("已退回。", "Sent back."),
    ),
    "announce": Way(
        S.ANNOUNCED, policy.may_keep_register, Text("公告", "Announce"), Text("公告这一版本？", "Announce this version?"),
        Text(
            "公告后内容不能再改；自生效日起，按它核对每一批货品，前一版本随之失效。",
            "It is never changed again. From its first day batches are held against it, and the version before ends.",
        ),
        Text("已公告。", "Announced."), "",
    ),
}  # fmt: skip


def kept_by(actor: Actor) -> QuerySet[SpecificationVersion]:
    """Versions of titles that the actor answers for or watches, with what a page shows of them."""
    permit(policy.may_draft_specification(actor))
    rows = SpecificationVersion.objects.visible_to(actor).filter(title__in=_titles(actor).values("pk"))
    return rows.select_related("title__indication", "title__holder").order_by("-pk")


def _titles(actor: Actor) -> QuerySet[Title]:
    """Titles for which the actor may draft."""
    return Title.objects.kept_by(actor).select_related("indication", "holder").order_by("indication__pinyin", "pk")


def version_or_404(actor: Actor, number: str) -> SpecificationVersion:
    found = kept_by(actor).filter(number=number).first()
    if found is None:
        raise Missing
    return found


def draft_or_refused(actor: Actor, number: str) -> SpecificationVersion:
    found = version_or_404(actor, number)
    permit(policy.may_draft_specification(actor, found))
    if found.status != S.DRAFT:
        raise Refused([Refusal("not_a_draft", _NOT_DRAFT)])
    return found


def _page(found: SpecificationVersion) -> str:
    return reverse("portal-specification", args=[found.number])


@for_people
@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """Versions of one's titles, newest first."""
    rows, status = kept_by(request.actor), request.GET.get("state", "")
    if status in set(S):
        rows = rows.filter(status=status)
    leaf = leaf_of(rows, request.GET)
    context = {
        "leaf": leaf,
        "cards": [{"row": row, "title": title_line(row.title)} for row in leaf.rows],
        "state": status if status in set(S) else "",
        "states": list(S),
    }
    return render(request, "trace/portal/specifications.html", context)


@for_people
@require_safe
def version(request: HttpRequest, number: str) -> HttpResponse:
    """One version: what it demands, who stands for each demand, and what its reader may do with it."""
    found, actor = version_or_404(request.actor, number), request.actor
    context = {
        "version": found,
        "title": title_line(found.title),
        "facts": found.facts.order_by("pk"),
        "demands": list(found.rules.select_related("fact", "entered_by", "checked_by").order_by("place")),
        "is_draft": found.status == S.DRAFT and bool(policy.may_draft_specification(actor, found)),
        "ways": [(name, way) for name, way in WAYS.items() if _is_open(actor, found, way)],
        "why_not": _why_not(actor, found),
    }
    return render(request, "trace/portal/specification.html", context)


def _is_open(actor: Actor, found: SpecificationVersion, way: Way) -> bool:
    if way.to not in MACHINE.get(S(found.status), frozenset()) or not way.may(actor, found):
        return False
    return way.to is not S.REVIEWED or found.drafted_by_id != actor.user_id


def _why_not(actor: Actor, found: SpecificationVersion) -> Text | None:
    """What it waits for, where that is somebody else."""
    if found.status == S.DRAFT and found.drafted_by_id == actor.user_id:
        return _ONE_REVIEWS
    if found.status == S.REVIEWED and not policy.may_keep_register(actor, found):
        return _ONE_ANNOUNCES
    return None


@for_people
@require_safe
def trial(request: HttpRequest, number: str) -> HttpResponse:
    """The version held against past batches. Nothing is written."""
    found = version_or_404(request.actor, number)
    context = {"version": found, "title": title_line(found.title), "trial": trials.try_out(found, request.actor)}
    return render(request, "trace/portal/specification_trial.html", {**context, "most": trials.MOST_BATCHES})


# --- drafting ---


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A draft, blank or a copy of another version."""
    actor = request.actor
    rows, titles = kept_by(actor)[:MOST_COPIES], _titles(actor)[:MOST_TITLES]
    initial = {"copied": request.GET.get("copied", "")[:40]}
    form = VersionQuestion(answers_in(request), titles=titles, versions=rows, initial=initial)
    matter = Matter(_NEW, _NEW, reverse("portal-specifications"), effect=_AUTHOR, is_open=bool(form.titles))

    def send(told: dict[str, Any]) -> str:
        copied = form.versions.get(told["copied"])
        content = actions.content_of(copied) if copied else {}
        title = form.titles[told["title"]]
        return _page(
            actions.draft_specification(title=title, **_columns(told), **content, actor=actor, now=clock.now())
        )

    return ask(request, form, matter, send)


def _columns(told: dict[str, Any]) -> dict[str, Any]:
    named = {name: told[name] for name in ("label_zh", "label_en", "effective_from", "note_zh")}
    return {**named, "transition_rule": TransitionRule(told["transition_rule"])}


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """What a draft is called, and from when it applies."""
    found = draft_or_refused(request.actor, number)
    names = ("label_zh", "label_en", "transition_rule", "note_zh")
    initial = {**{name: getattr(found, name) for name in names}, "effective_from": found.days.begins}
    form = VersionQuestion(answers_in(request), initial=initial)
    matter = Matter(Text("修改版本", "Change the version"), _SAVED, _page(found), name_of(found, "label"), _AUTHOR)

    def send(told: dict[str, Any]) -> str:
        return _redrafted(request, found, _columns(told), _SAVED)

    return ask(request, form, matter, send)


def _redrafted(request: HttpRequest, found: SpecificationVersion, changes: dict[str, Any], done: Text) -> str:
    row = actions.redraft_specification(specification=found, changes=changes, actor=request.actor, now=clock.now())
    messages.success(request, say(done))
    return _page(row)


@for_people
@require_safe
def kinds(request: HttpRequest, number: str) -> HttpResponse:
    """What a demand can look at."""
    found = draft_or_refused(request.actor, number)
    return render(request, "trace/portal/demand_kinds.html", {"version": found, "kinds": list(RuleKind)})


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """One more demand of a draft."""
    found = draft_or_refused(request.actor, number)
    if kind not in set(RuleKind):
        raise Missing
    form = DemandQuestion(answers_in(request), kind=RuleKind(kind), facts=found.facts.order_by("pk"))
    matter = Matter(_DEMAND, _DEMAND, reverse("portal-demand-kinds", args=[number]), say(RuleKind(kind)), _AUTHOR)

    def send(told: dict[str, Any]) -> str:
        rules = actions.content_of(found)["rules"]
        return _redrafted(request, found, {"rules": [*rules, form.rule]}, _SAVED)

    return ask(request, form, matter, send)


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: HttpRequest, number: str, place: int) -> HttpResponse:
    """One demand less."""
    found = draft_or_refused(request.actor, number)
    rules = actions.content_of(found)["rules"]
    if place >= len(rules):
        raise Missing
    matter = Matter(_DROP, _DROP, _page(found), rules[place]["label_zh"], _AUTHOR, is_looked_at=False)

    def send(told: dict[str, Any]) -> str:
        return _redrafted(request, found, {"rules": rules[:place] + rules[place + 1 :]}, _DROPPED)

    return ask(request, ReasonAsked(answers_in(request), is_owed=False), matter, send)


# --- steps ---


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """The page that asks before a step."""
    found, way = version_or_404(request.actor, number), WAYS.get(name)
    if way is None or way.to not in MACHINE.get(S(found.status), frozenset()):
        raise Missing
    permit(way.may(request.actor, found))
    matter = Matter(way.question, way.button, _page(found), name_of(found, "label"), way.effect, is_looked_at=False)
    if way.to is S.ANNOUNCED:
        form: ReasonAsked = AnnouncedAsked(answers_in(request), request.FILES or None, is_owed=False)
    else:
        form = ReasonAsked(answers_in(request), is_owed=way.to is S.DRAFT)

    def send(told: dict[str, Any]) -> str:
        given = {"reason": told["reason"], "document_sha256": told.get("document", "")}
        row = actions.move_specification(specification=found, to=way.to, **given, actor=request.actor, now=clock.now())
        messages.success(request, say(way.done))
        return _page(row)

    return ask(request, form, matter, send)
