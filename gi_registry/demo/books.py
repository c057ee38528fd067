"""A season with a quota: what it grants, labels ordered and accounted for, goods that wait for the other party's word."""

from decimal import Decimal

from gi_registry.demo.register import indication_of
from gi_registry.demo.stage import REASON, Row, Stage, read
from products.actions import QuotaContent, open_season, set_quota
from products.models import Season, SeasonQuota
from products.rules.seasons import CeilingBasis, CeilingOrigin
from products.rules.words import Unit
from trace import actions
from trace.models import Entitlement, ProductForm
from trace.rules.issuances import Span
from trace.rules.label_orders import GoodsKind, LabelMove


def put_books(stage: Stage) -> None:
    """All of it once: a season that is there already stays as visitors left it."""
    data = read("books")
    indication = indication_of(data["indication"])
    if Season.objects.filter(indication=indication, name=data["season"]["name"]).exists():
        return
    quota = _quota(data, stage)
    keeper, granted = stage.actor(data["keeper"], ""), {"now": stage.at(data["granted"]), "reason": REASON}
    rows = {
        key: actions.grant_entitlement(quota=quota, producer=stage.producers[key], actor=keeper, **granted)
        for key in data["producers"]
    }
    for row in data["harvests"]:
        given = {"actor": stage.maker(row["producer"]), "now": stage.at(row["at"]), "reason": REASON}
        actions.declare_harvest(row=rows[row["producer"]], quantity=Decimal(row["quantity"]), **given)
    for row in data["orders"]:
        _order(row, quota, stage)
    for row in data["transfers"]:
        _offer(row, rows[row["giver"]], stage)


def _quota(data: Row, stage: Stage) -> SeasonQuota:
    days, begun = data["season"], {"now": stage.at(data["season"]["opens"]), "reason": REASON}
    season = open_season(
        indication=indication_of(data["indication"]),
        name=days["name"],
        opens_on=stage.on(days["opens"]),
        closes_on=stage.on(days["closes"]),
        actor=stage.registrar,
        **begun,
    )
    ceiling = {
        "zone_zh": data["ceiling"]["zone_zh"],
        "basis": CeilingBasis.PER_PRODUCER.value,
        "amount": Decimal(data["ceiling"]["amount"]),
        "origin": CeilingOrigin.HOLDER_SET.value,
        "source": data["source"],
    }
    units = {"raw_unit": Unit(data["units"]["raw"]), "goods_unit": Unit(data["units"]["goods"])}
    content = QuotaContent(**units, source=data["source"], ceilings=[ceiling])
    keeper = stage.actor(data["keeper"], "")
    return actions.open_quota(
        quota=set_quota(season=season, content=content, actor=keeper, **begun), actor=keeper, **begun
    )


def _order(row: Row, quota: SeasonQuota, stage: Stage) -> None:
    """Asked for, and where the row says by whom, approved, issued and accounted for."""
    forms = ProductForm.objects.select_related("producer__organisation", "indication")
    form = forms.get(producer=stage.producers[row["producer"]], name_zh=row["form"])
    asked = {"actor": stage.maker(row["producer"]), "now": stage.at(row["at"]), "reason": row["reason"]}
    order = actions.request_labels(quota=quota, form=form, count=row["count"], **asked)
    if "decided" not in row:
        return
    decided = {"actor": stage.actor(row["by"], row["producer"]), "now": stage.at(row["decided"]), "reason": REASON}
    order = actions.issue_labels(order=actions.approve_labels(order=order, **decided), **decided)
    for said in row.get("then", ()):
        given = {
            "actor": stage.actor(said["by"], row["producer"]),
            "now": stage.at(said["at"]),
            "reason": said["reason"],
        }
        saying = actions.LabelSaying(LabelMove(said["kind"]), Span(said["first"], said["last"]))
        order = actions.record_labels(order=order, saying=saying, **given)


def _offer(row: Row, giver: Entitlement, stage: Stage) -> None:
    actions.offer_transfer(
        row=giver,
        taker=stage.producers[row["taker"]],
        kind=GoodsKind(row["kind"]),
        quantity=Decimal(row["quantity"]),
        actor=stage.maker(row["giver"]),
        now=stage.at(row["at"]),
        reason=row["reason"],
    )
