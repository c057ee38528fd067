"""A code for every verdict: what a person scans, and what the page then has to say."""

from datetime import date, timedelta
from typing import Any

from gi_registry.accounts.models import Organisation
from gi_registry.lib import clock
from products import actions as register_actions
from products.models import Season
from products.rules.authorisations import Given
from products.rules.words import AuthorisationState
from tests.build_codes import an_issuance, code_of, forged, mistyped, say_of
from tests.build_copies import checked
from tests.build_products import a_season
from tests.build_trace import MADE, Goods
from tests.cast import NOW
from trace import actions
from trace.models import BatchTally, ProductForm
from trace.rules.batches import BatchState
from trace.rules.dates import BatchDates
from trace.rules.issuances import Activation, RangeKind
from trace.rules.verdicts import Verdict

NEVER_ISSUED, MISTYPED = "7K3QX9PA28", "7K3QX9PA29"
_STATES = {
    Verdict.REGISTERED: BatchState.RELEASED,
    Verdict.NOT_ACTIVATED: BatchState.REGISTERED,
    Verdict.ON_HOLD: BatchState.ON_HOLD,
    Verdict.RECALLED: BatchState.RECALLED,
    Verdict.VOIDED: BatchState.VOID,
}


def with_long_names(goods: Goods) -> None:
    """Names as long as they are in life: the first screen must hold them too."""
    ProductForm.objects.filter(pk=goods.form.pk).update(
        name_zh="清徐张记五年陈酿老陈醋（礼盒装）", name_en="Zhang mature vinegar, aged five years, in a gift box"
    )
    Organisation.objects.filter(pk=goods.register.zhang.organisation.pk).update(
        name_zh="山西清徐张记老陈醋酿造有限责任公司", name_en="Shanxi Qingxu Zhang Mature Vinegar Brewing Co., Ltd."
    )


def the_codes(goods: Goods) -> dict[Verdict, str]:
    """The path of a code for each verdict that a batch can have, and those of no batch."""
    batches = {verdict: goods.batch(state) for verdict, state in _STATES.items()}
    batches[Verdict.CHECKED_OFTEN] = _checked_often(goods)
    batches[Verdict.UNDER_REVIEW] = _under_review(goods)
    batches[Verdict.PAST_BEST_BEFORE] = _past_best_before(goods)
    batches[Verdict.OUT_OF_SEASON] = _out_of_season(goods)
    paths = {verdict: f"/c/{batch.number}" for verdict, batch in batches.items()}
    paths |= {Verdict.MISTYPED: f"/c/{MISTYPED}", Verdict.NOT_ISSUED: f"/c/{NEVER_ISSUED}"}
    return paths | {Verdict.UNAVAILABLE: "/c/wording/unavailable/"}


def the_unit_codes(goods: Goods) -> dict[Verdict, str]:
    """The path of a unit code for each verdict that it can have by itself, and for two that come from its batch."""
    batch = goods.batch()
    issuance, waiting = an_issuance(goods, batch), an_issuance(goods, batch, activation=Activation.BY_RANGE)
    say_of(goods, issuance, RangeKind.DESTROYED, 5)
    often = an_issuance(goods, batch, has_pin=True)
    for network in range(12):
        checked(often, network=network)
    recalled, review = (an_issuance(goods, each) for each in (goods.batch(), goods.batch()))
    actions.recall_batch(batch=recalled.batch, actor=goods.maker, now=NOW, reason="标签有误")
    actions.open_review(batch=review.batch, actor=goods.maker, now=NOW, reason="多地查询")
    codes = {
        Verdict.REGISTERED: (issuance, code_of(issuance)),
        Verdict.CHECKED_OFTEN: (often, code_of(often)),
        Verdict.VOIDED: (issuance, code_of(issuance, 5)),
        Verdict.NOT_ACTIVATED: (waiting, code_of(waiting)),
        Verdict.RECALLED: (recalled, code_of(recalled)),
        Verdict.UNDER_REVIEW: (review, code_of(review)),
        Verdict.MISTYPED: (issuance, mistyped(code_of(issuance))),
        Verdict.NOT_ISSUED: (issuance, forged(code_of(issuance))),
    }
    return {verdict: f"/c/{made.batch.number}/{code}" for verdict, (made, code) in codes.items()}


def _checked_often(goods: Goods) -> Any:
    batch = goods.batch(pack_count=8)
    BatchTally.objects.create(batch=batch, count=1_234, first_on=date(2026, 9, 30), first_province="内蒙古自治区")
    return batch


def _under_review(goods: Goods) -> Any:
    return actions.open_review(batch=goods.batch(), actor=goods.maker, now=NOW, reason="多地查询")


def _past_best_before(goods: Goods) -> Any:
    """Registered and released while it was still good."""
    yesterday = clock.today() - timedelta(days=1)
    dates = BatchDates(produced_on=MADE, packed_on=MADE, best_before_on=yesterday)
    return goods.batch(now=NOW - timedelta(days=30), dates=dates)


def _out_of_season(goods: Goods) -> Any:
    season = a_season(goods.register.indication)
    batch = goods.batch(season=season)
    Season.objects.filter(pk=season.pk).update(opens_on=clock.today() + timedelta(days=9))
    return batch


def end_the_authorisation(goods: Goods) -> None:
    """From now on every batch of Zhang's that was released reads as ``authorisation_ended``."""
    steps = (AuthorisationState.SUSPENDED, AuthorisationState.REVOKED)
    row, actor = goods.register.authorisation, goods.maker
    for to in steps:
        given = Given(reason="抽检不合格")
        row = register_actions.move_authorisation(authorisation=row, to=to, given=given, actor=actor, now=NOW)
