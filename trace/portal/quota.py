"""The season's right at the producers' desk: what of it is used and left, and what may be done with it."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gi_registry.lib.access import Actor
from gi_registry.lib.problems import Missing, Refused
from products.models import SeasonQuota
from products.rules.seasons import QuotaState
from trace import policy
from trace.actions.label_orders import net_of
from trace.books import balances_of
from trace.models import Entitlement, LedgerAccount, ProductForm, Transfer
from trace.portal.doors import for_people, is_producer
from trace.portal.leaves import leaf_of
from trace.portal.meters import Meter, goods_in_hand, in_words, label_meter, land_meter
from trace.rules.ledger import LABEL_KINDS, ZERO, AccountKind

RECENT = 5
MOST_FORMS = 50


def entitlement_or_404(actor: Actor, number: str) -> Entitlement:
    """One season of one producer. Another's is not there."""
    row = Entitlement.objects.visible_to(actor).told().filter(number=number).first()
    if row is None:
        raise Missing
    return row


@for_people
@require_safe
def quotas(request: HttpRequest) -> HttpResponse:
    """The seasons of the producers that the reader may see, newest first, each with its bar."""
    leaf = leaf_of(Entitlement.objects.visible_to(request.actor).told(), request.GET)
    balances = balances_of(leaf.rows)
    cards = [
        {"row": row, "meter": land_meter(row, own), "state": QuotaState(row.quota.state)}
        for row, own in ((row, balances.get((row.quota_id, row.producer_id), {})) for row in leaf.rows)
    ]
    context = {"leaf": leaf, "cards": cards, "is_producer": is_producer(request.actor)}
    return render(request, "trace/portal/quotas.html", context)


@for_people
@require_safe
def quota(request: HttpRequest, number: str) -> HttpResponse:
    """One season of one producer."""
    row = entitlement_or_404(request.actor, number)
    own = balances_of([row]).get((row.quota_id, row.producer_id), {})
    right = own.get(AccountKind.LABEL_RIGHT.value, ZERO)
    context = {
        "row": row,
        "state": QuotaState(row.quota.state),
        "granted": in_words(row.quantity, row.quota.raw_unit),
        "land": land_meter(row, own),
        "goods": goods_in_hand(row.quota, own),
        "right": in_words(right, row.quota.goods_unit),
        "packs": packs_left(row, right),
        "labels": _labels_of(row),
        "may_act": bool(policy.make(request.actor, row)) and row.quota.state == QuotaState.OPEN,
        "orders": row.orders.select_related("form").order_by("-pk")[:RECENT],
        "transfers": _transfers_of(row),
        "is_kept": row.quota.state == QuotaState.OPEN and keeps(request.actor, row.quota),
    }
    return render(request, "trace/portal/quota.html", context)


def keeps(actor: Actor, quota: SeasonQuota) -> bool:
    """Whether the season is the reader's to grant from and to close."""
    return bool(policy.may_keep_season(actor)) and SeasonQuota.objects.kept_by(actor).filter(pk=quota.pk).exists()


def packs_left(row: Entitlement, right: Decimal) -> list[tuple[ProductForm, int]]:
    """Articles of the producer with the number of labels that may still be ordered of each, if of no other."""
    forms = ProductForm.objects.filter(producer=row.producer_id, indication=row.quota.season.indication_id)
    found = []
    for form in forms.filter(is_active=True).order_by("name_zh", "pk")[:MOST_FORMS]:
        try:
            net = net_of(form, row.quota)
        except Refused:  # packed in a unit that the season cannot count: no labels are ordered of it
            continue
        found.append((form, int((right / net).to_integral_value(ROUND_FLOOR))))
    return found


def _labels_of(row: Entitlement) -> Meter | None:
    kinds = [kind.value for kind in LABEL_KINDS]
    accounts = LedgerAccount.objects.filter(quota=row.quota_id, producer=row.producer_id, kind__in=kinds)
    return label_meter(dict(accounts.values_list("kind").annotate(Sum("balance")).order_by()))


def _transfers_of(row: Entitlement) -> Sequence[Any]:
    """The latest goods given and taken in this season."""
    given = Transfer.objects.filter(giver=row)
    taken = Transfer.objects.filter(taker=row.producer_id, giver__quota=row.quota_id)
    return list((given | taken).told().order_by("-pk")[:RECENT])
