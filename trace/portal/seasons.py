"""The keeper's desk of a season: what it allows, who was granted what of it, penalties, and its end."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.language import name_of, say
from gi_registry.lib.problems import Missing
from gi_registry.lib.texts import Text
from products.models import Authorisation, Producer, Season, SeasonQuota
from products.rules.authorisations import STANDING
from products.rules.seasons import CeilingBasis, QuotaState
from trace import actions, policy
from trace.actions.ledger import balances_of as balances_in
from trace.actions.ledger import in_base
from trace.actions.quota import counted_sites
from trace.actions.season_close import OPEN_LABELS
from trace.books import balances_of
from trace.models import Entitlement, LabelOrder, LedgerAccount, LedgerTransaction, Transfer
from trace.portal.asking import Matter, ReasonAsked, answers_in, ask
from trace.portal.doors import for_people, permit
from trace.portal.harvests import is_reversible, posting_or_404
from trace.portal.leaves import leaf_of
from trace.portal.meters import cap_meter, in_words, land_meter
from trace.portal.quota import entitlement_or_404
from trace.portal.season_forms import MOST_SITES, ClosingQuestion, GrantQuestion, PenaltyQuestion, ceiling_in_words
from trace.rules.label_orders import OPEN_ORDERS, TransferState
from trace.rules.ledger import ZERO, AccountKind, Key, PostingKind

MOST_LACKING = 25
_MANY_SITES = Text(
    "该生产者名下场地过多，请通过接口核定。",
    "The producer has more sites than a page can ask of; grant it through the API.",
)
_GRANT = Text("核定额度", "Grant an entitlement")
_GRANTED = Text(
    "提交后即入账；再次核定时只记差额。", "It is in the books at once; granted again, only the difference is posted."
)
_PENALTY = Text("扣减额度", "Take off from an entitlement")
_REVERSE = Text("冲正记账", "Reverse a posting")
_REVERSED = Text(
    "整笔反向入账，只能冲正一次；原记录保留。", "The whole of it is posted back, once. What was posted stays on record."
)
_OPEN = Text("开始执行配额", "Put the quota in force")
_OPENED = Text(
    "执行后上限和单产标准不能再改，本产季的批次都要记入配额。",
    "Cap and ceilings cannot be changed afterwards, and batches of the season are held against them.",
)
_CLOSE = Text("结束产季", "Close the season")
_CLOSED = Text(
    "结束后不能再核定、记账、申领或流转，也不能重新打开。",
    "Nothing is granted, posted, ordered or transferred any more, and it cannot be opened again.",
)


def kept_by(actor: Actor) -> QuerySet[SeasonQuota]:
    return SeasonQuota.objects.kept_by(actor).told()


def quota_or_404(actor: Actor, number: str) -> SeasonQuota:
    """A season that the reader keeps. Another's is not there."""
    permit(policy.may_keep_season(actor))
    if (row := kept_by(actor).filter(season__number=number).first()) is None:
        raise Missing
    return row


@for_people
@require_safe
def seasons(request: HttpRequest) -> HttpResponse:
    """Those that the reader keeps, newest first."""
    permit(policy.may_keep_season(request.actor))
    rows = Season.objects.filter(pk__in=SeasonQuota.objects.kept_by(request.actor).values("season"))
    leaf = leaf_of(rows.select_related("quota", "indication"), request.GET)
    cards = [{"season": row, "state": QuotaState(row.quota.state)} for row in leaf.rows]
    return render(request, "trace/portal/seasons.html", {"leaf": leaf, "cards": cards})


@for_people
@require_safe
def season(request: HttpRequest, number: str) -> HttpResponse:
    """One season: its figures, what was granted of them, and who has the right and was granted nothing yet."""
    row = quota_or_404(request.actor, number)
    leaf = leaf_of(Entitlement.objects.filter(quota=row).told(), request.GET)
    balances = balances_of(leaf.rows)
    cards = [
        {"row": one, "meter": land_meter(one, balances.get((one.quota_id, one.producer_id), {}))} for one in leaf.rows
    ]
    lacking = list(lacking_in(row)[: MOST_LACKING + 1]) if row.state == QuotaState.OPEN else []
    context = {
        "quota": row,
        "state": QuotaState(row.state),
        "cap": _cap_of(row),
        "cap_said": row.cap and in_words(row.cap * in_base(row.raw_unit), row.raw_unit),
        "ceilings": [(one, ceiling_in_words(one.amount, CeilingBasis(one.basis), row)) for one in row.ceilings.all()],
        "leaf": leaf,
        "cards": cards,
        "lacking": lacking[:MOST_LACKING],
        "are_more": len(lacking) > MOST_LACKING,
        "left": left_open(row) if row.state == QuotaState.OPEN else {},
    }
    return render(request, "trace/portal/season.html", context)


def lacking_in(row: SeasonQuota) -> QuerySet[Producer]:
    """Producers whose right stands and that were granted nothing in the season."""
    granted = Entitlement.objects.filter(quota=row).values("producer")
    rights = Authorisation.objects.filter(title__indication=row.season.indication_id, state__in=STANDING)
    rows = Producer.objects.filter(pk__in=rights.values("producer")).exclude(pk__in=granted)
    return rows.select_related("organisation").order_by("pk")


def left_open(row: SeasonQuota) -> dict[str, int]:
    """What must be settled before the season can be closed."""
    orders = LabelOrder.objects.filter(entitlement__quota=row, state__in=[state.value for state in OPEN_ORDERS])
    offers = Transfer.objects.filter(giver__quota=row, state=TransferState.OFFERED.value)
    return {"orders": orders.count(), "offers": offers.count()}


def _cap_of(row: SeasonQuota) -> Any:
    if row.cap is None:
        return None
    pool = Key(AccountKind.POOL)
    whole = row.cap * in_base(row.raw_unit)
    left = balances_in(row, [pool]).get(pool, ZERO) if row.state != QuotaState.DRAFT else whole
    return cap_meter(row, whole, left)


# --- granting and taking off ---


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: HttpRequest, number: str, producer: str) -> HttpResponse:
    """Compute what the land of a producer gives, look at it, and grant it."""
    row = quota_or_404(request.actor, number)
    maker = Producer.objects.filter(number=producer).select_related("organisation").first()
    if maker is None or not _concerns(row, maker):
        raise Missing
    now = clock.now()
    sites = counted_sites(row, maker, now)
    is_open = row.state == QuotaState.OPEN and len(sites) <= MOST_SITES
    form = GrantQuestion(answers_in(request), quota=row, producer=maker, sites=sites[:MOST_SITES], now=now)
    back = reverse("portal-season", args=[number])
    effect = _GRANTED if len(sites) <= MOST_SITES else _MANY_SITES
    about = f"{name_of(maker.organisation)} · {row.season.name}"
    matter = Matter(_GRANT, _GRANT, back, about, effect, is_open=is_open)

    def send(told: dict[str, Any]) -> str:
        given = {"factors": form.factors, "reason": told["reason"], "actor": request.actor, "now": clock.now()}
        made = actions.grant_entitlement(quota=row, producer=maker, **given)
        return reverse("portal-quota", args=[made.number])

    return ask(request, form, matter, send)


def _concerns(row: SeasonQuota, maker: Producer) -> bool:
    """Whether the producer has or had anything to do with the name: others are not there for this keeper."""
    return Authorisation.objects.filter(producer=maker, title__indication=row.season.indication_id).exists()


def _kept_entitlement(actor: Actor, number: str) -> Entitlement:
    row = entitlement_or_404(actor, number)
    quota_or_404(actor, row.quota.season.number)
    return row


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def penalise(request: HttpRequest, number: str) -> HttpResponse:
    """Take from what a producer may yet harvest."""
    row = _kept_entitlement(request.actor, number)
    form = PenaltyQuestion(answers_in(request), row=row)
    about = f"{name_of(row.producer.organisation)} · {row.quota.season.name}"
    is_open = row.quota.state == QuotaState.OPEN
    matter = Matter(_PENALTY, _PENALTY, reverse("portal-quota", args=[number]), about, is_open=is_open)

    def send(told: dict[str, Any]) -> str:
        given = {"quantity": told["quantity"], "reason": told["reason"], "actor": request.actor, "now": clock.now()}
        made = actions.penalise(row=row, **given)
        return reverse("portal-posting", args=[row.number, made.number])

    return ask(request, form, matter, send)


@for_people
@require_safe
def postings(request: HttpRequest, number: str) -> HttpResponse:
    """Every posting to the accounts of one producer in one season, newest first."""
    row = entitlement_or_404(request.actor, number)
    leaf = leaf_of(LedgerTransaction.objects.of(row.quota_id, row.producer_id).told(), request.GET)
    cards = [{"posting": one, "kind": PostingKind(one.kind)} for one in leaf.rows]
    return render(request, "trace/portal/postings.html", {"row": row, "leaf": leaf, "cards": cards})


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def reverse_posting(request: HttpRequest, number: str, posting: str) -> HttpResponse:
    """Take a posting back, whole and once."""
    row = _kept_entitlement(request.actor, number)
    found = posting_or_404(row, posting)
    is_open = is_reversible(row, found)
    form = ReasonAsked(answers_in(request), is_owed=True)
    back, about = reverse("portal-posting", args=[number, posting]), f"{say(PostingKind(found.kind))} · {found.number}"
    matter = Matter(_REVERSE, _REVERSE, back, about, _REVERSED, is_open=is_open)

    def send(told: dict[str, Any]) -> str:
        given = {"reason": told["reason"], "actor": request.actor, "now": clock.now()}
        made = actions.reverse_posting(row=row, posting=found, **given)
        return reverse("portal-posting", args=[number, made.number])

    return ask(request, form, matter, send)


# --- beginning and end ---


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, number: str) -> HttpResponse:
    """Put the figures of a season in force."""
    row = quota_or_404(request.actor, number)
    form = ReasonAsked(answers_in(request), is_owed=False)
    here = reverse("portal-season", args=[number])
    about = f"{name_of(row.season.indication)} · {row.season.name}"
    matter = Matter(_OPEN, _OPEN, here, about, _OPENED, is_open=row.state == QuotaState.DRAFT)

    def send(told: dict[str, Any]) -> str:
        actions.open_quota(quota=row, actor=request.actor, now=clock.now(), reason=told["reason"])
        return here

    return ask(request, form, matter, send)


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, number: str) -> HttpResponse:
    """Close a season, with a word on every label that it leaves open."""
    row = quota_or_404(request.actor, number)
    kinds = [kind.value for kind in OPEN_LABELS]
    accounts = LedgerAccount.objects.filter(quota=row, kind__in=kinds, balance__gt=0)
    accounts = accounts.select_related("producer__organisation", "form").order_by("pk")
    form = ClosingQuestion(answers_in(request), accounts=list(accounts))
    here = reverse("portal-season", args=[number])
    about = f"{name_of(row.season.indication)} · {row.season.name}"
    matter = Matter(_CLOSE, _CLOSE, here, about, _CLOSED, is_open=row.state == QuotaState.OPEN)

    def send(told: dict[str, Any]) -> str:
        actions.close_season(quota=row, explained=form.explained, actor=request.actor, now=clock.now())
        return here

    return ask(request, form, matter, send)
