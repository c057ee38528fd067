"""One world for whoever walks the whole API: the cast with rows of its own and of others, each by a name of two words.

``Zhang's released batch`` is ``zhang.released``: the owner first, then what it is. A county regulator owns nothing;
``public`` owns what everybody may read.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from gi_registry.accounts.rules import KeyScope, OrganisationKind
from gi_registry.lib.access import Actor
from products.actions import check_upload, stage_upload
from products.models import SiteCell
from products.rules.words import AuthorisationState, TitleKind, TitleStatus, UploadCrs
from tests.build_annual import a_due_date, an_annual_report
from tests.build_codes import an_issuance, say_of
from tests.build_genealogy import a_link
from tests.build_jobs import work_it_off
from tests.build_products import (
    QI_FIELD,
    a_holder,
    a_producer,
    a_season,
    a_site,
    a_specification,
    a_title,
    an_authorisation,
    an_indication,
    everybody,
)
from tests.build_quota import a_ceiling, a_draft_quota, a_quota, an_entitlement
from tests.build_regions import a_boundary, a_region
from tests.build_reports import NOBODYS, a_photo, a_report
from tests.build_sheets import site_sheet
from tests.build_trace import BOTTLE, Goods, the_goods
from tests.cast import NOW, TODAY, Cast, an_organisation, assemble
from trace import actions
from trace.actions import LabelSaying, TargetContent
from trace.actions.alerts import Evidence, open_alert
from trace.models import Alert, CheckCount, Entitlement
from trace.printing import Style
from trace.reach import Scope
from trace.rules.alerts import AlertKind
from trace.rules.annual_reports import AnnualState
from trace.rules.batches import BatchState
from trace.rules.copies import Reason
from trace.rules.dates import BatchDates
from trace.rules.evidence import EvidenceItem, EvidenceKind
from trace.rules.imports import ImportKind
from trace.rules.issuances import Activation, RangeKind, Span
from trace.rules.label_orders import GoodsKind, LabelMove
from trace.rules.link_targets import TargetKind, TargetLanguage
from trace.rules.recalls import RecallScope
from trace.rules.verdicts import Verdict

QI_FIELD_BESIDE = (112.552, 37.55, 112.553, 37.551)
FREE_IN_QI = (112.554, 37.55, 112.555, 37.551)
MA_FIELD = (112.056, 37.45, 112.057, 37.451)
NEAR_THE_LINE = (112.0, 37.42, 112.001, 37.421)


@dataclass
class World:
    """``things``: name -> row. ``keys``: who -> API key; ``reader`` is Zhang's machine that may only read."""

    cast: Cast
    goods: Goods
    things: dict[str, Any]
    keys: dict[str, str]

    def number(self, name: str) -> str:
        """What an address calls a thing: its number, slug or code."""
        thing = self.things[name]
        return next(getattr(thing, key) for key in ("number", "slug", "code", "key") if hasattr(thing, key))

    def name_of(self, number: str) -> str:
        """The name of a thing by its number: what a test says of an answer."""
        return next((name for name in self.things if self.number(name) == number), f"something else: {number}")

    def headers(self, who: str) -> dict[str, str]:
        return {} if who == "nobody" else {"Authorization": f"Api-Key {self.keys[who]}"}


def the_world() -> World:
    cast = assemble()
    goods = the_goods(cast)
    things: dict[str, Any] = {}
    for part in (
        _places,
        _names,
        _titles,
        _makers,
        _uploads,
        _rights,
        _goods,
        _codes,
        _prints,
        _sheets,
        _reports,
        _counts,
        _targets,
        _books,
        _links,
        _recalls,
        _years,
    ):
        part(cast, goods, things)
    keys = {name: person.key() for name, person in cast.everyone().items()}
    keys["reader"] = cast.zhang.key(KeyScope.READ)
    return World(cast, goods, things, keys)


def _places(cast: Cast, goods: Goods, things: dict[str, Any]) -> None:
    divisions = goods.register.divisions
    for name, code in (("qingxu", "140121"), ("qi", "140727"), ("jinyuan", "140110")):
        things[f"public.{name}"] = divisions[code]
    things["public.region"] = goods.register.region
    things["public.pear_region"] = a_region("qi-pears", name_zh="祁县酥梨产地范围", division_codes=["140727"])
    a_boundary(things["public.pear_region"], division_codes=["140727"])


def _names(cast: Cast, goods: Goods, things: dict[str, Any]) -> None:
    things["public.vinegar"] = goods.register.indication
    pears = an_indication("祁县酥梨", name_en="Qi county pears", main_division_code="140727", division_codes=["140727"])
    things["public.pears"] = pears
    things["chen.holder"] = goods.register.holder
    growers = an_organisation("祁县果农协会", "51140727TEXT0104", OrganisationKind.ASSOCIATION, "140727")
    things["growers.holder"] = a_holder("祁县果农协会", organisation=growers)
    things["chen.season"] = a_season(things["public.vinegar"])
    things["growers.season"] = a_season(pears)


def _titles(cast: Cast, goods: Goods, things: dict[str, Any]) -> None:
    """Each holder has a title that stands and an application that is nobody else's business; Chen has a mark too."""
    pears, holder, region = things["public.pears"], things["growers.holder"], things["public.pear_region"]
    things["chen.title"], things["chen.specification"] = goods.register.title, goods.register.specification
    things["growers.title"] = a_title(pears, holder=holder, region=region, number="2006年第8号公告")
    things["growers.specification"] = a_specification(things["growers.title"])
    things["chen.mark"] = a_title(
        things["public.vinegar"],
        kind=TitleKind.CERTIFICATION_MARK,
        holder=things["chen.holder"],
        region=goods.register.region,
        number="第1234567号",
    )
    filed = {"kind": TitleKind.COLLECTIVE_MARK, "status": TitleStatus.FILED}
    things["chen.filed"] = a_title(things["public.vinegar"], holder=things["chen.holder"], **filed)
    things["growers.filed"] = a_title(pears, holder=holder, **filed)
    rules = [{"kind": "ageing_min", "fact": "ageing", "words": ["陈酿"], "severity": "block"}]
    later = {"announced": False, "label_zh": "2027 版", "effective_from": date(2027, 1, 1), "rules": rules}
    things["chen.draft_specification"] = a_specification(things["chen.title"], **later)
    things["growers.draft_specification"] = a_specification(things["growers.title"], **later)


def _makers(cast: Cast, goods: Goods, things: dict[str, Any]) -> None:
    vinegar, pears = things["public.vinegar"], things["public.pears"]
    things["zhang.producer"], things["feng.producer"] = goods.register.zhang, goods.register.feng
    things["ma.producer"] = a_producer(cast.ma.organisation)
    things["zhang.field"], things["zhang.works"] = goods.register.field, goods.register.works
    things["zhang.flagged"] = a_site(things["zhang.producer"], vinegar, box=NEAR_THE_LINE, name="西边地")
    things["feng.field"] = a_site(things["feng.producer"], vinegar, box=QI_FIELD)
    things["feng.flagged"] = a_site(things["feng.producer"], pears, box=(112.4, 37.42, 112.401, 37.421), name="梨园边")
    things["feng.orchard"] = a_site(things["feng.producer"], pears, box=QI_FIELD_BESIDE, name="梨园")
    things["ma.field"] = a_site(things["ma.producer"], vinegar, box=MA_FIELD, name="马家地")


def _uploads(cast: Cast, goods: Goods, things: dict[str, Any]) -> None:
    """A file of two rows each: a free field, and one on ground that is taken."""
    for owner, free, taken in (("zhang", (112.07, 37.45, 112.071, 37.451), MA_FIELD), ("feng", FREE_IN_QI, QI_FIELD)):
        upload = stage_upload(
            producer=things[f"{owner}.producer"],
            indication=things["public.vinegar"],
            file_name="plots.xlsx",
            data=site_sheet(free, taken),
            declared_crs=UploadCrs.WGS84,
            actor=Actor.SYSTEM,
            now=NOW,
        )
        check_upload(upload=upload, actor=Actor.SYSTEM, now=NOW, is_time=lambda: True)
        things[f"{owner}.upload"] = upload


def _rights(cast: Cast, goods: Goods, things: dict[str, Any]) -> None:
    """Two stand under Chen's title; Ma and Feng each draft another; Feng's for pears awaits the county of Qi."""
    things["zhang.authorisation"] = goods.register.authorisation
    things["feng.authorisation"] = an_authorisation(
        things["feng.producer"], things["chen.title"], [things["feng.field"]]
    )
    things["ma.draft_authorisation"] = an_authorisation(
        things["ma.producer"], things["chen.title"], [things["ma.field"]], state=AuthorisationState.DRAFT
    )
    things["feng.draft_authorisation"] = an_authorisation(
        things["feng.producer"], things["chen.mark"], [things["feng.field"]], state=AuthorisationState.DRAFT
    )
    things["zhang.document"] = goods.register.authorisation.documents.get()
    things["ma.document"] = things["ma.draft_authorisation"].documents.get()
    things["feng.document"] = things["feng.draft_authorisation"].documents.get()
    things["feng.application"] = an_authorisation(
        things["feng.producer"], things["growers.title"], [things["feng.orchard"]], state=AuthorisationState.SUBMITTED
    )


def _goods(cast: Cast, goods: Goods, things: dict[str, Any]) -> None:
    """A batch of Zhang's in each state, and Feng's in the four that the steps begin from."""
    things["zhang.form"] = goods.form
    maker = everybody(cast.feng.organisation)
    content = replace(BOTTLE, name_zh="三年陈酿醋", name_en="Vinegar aged three years", gtin=None)
    vinegar, feng = things["public.vinegar"], things["feng.producer"]
    things["feng.form"] = actions.create_form(producer=feng, indication=vinegar, content=content, actor=maker, now=NOW)
    for state in BatchState:
        things[f"zhang.{state}"] = goods.batch(state)
    rival = _rival(goods, things)
    for state in (BatchState.DRAFT, BatchState.REGISTERED, BatchState.RELEASED, BatchState.ON_HOLD):
        things[f"feng.{state}"] = rival.batch(state, sites=(things["feng.field"],), producer_lot="FJ-0910")
    step = EvidenceItem(EvidenceKind.STEP, text="陈酿", began_on=date(2026, 1, 10))
    for owner, actor in (("zhang", goods.maker), ("feng", maker)):
        batch = things[f"{owner}.registered"]
        (things[f"{owner}.evidence"],) = actions.add_evidence(batch=batch, items=[step], actor=actor, now=NOW)


def _links(cast: Cast, goods: Goods, things: dict[str, Any]) -> None:
    """Each says of a draft that goods of the other went into it, and waits for the other's word."""
    for owner, of in (("zhang", "feng"), ("feng", "zhang")):
        maker = everybody(things[f"{owner}.producer"].organisation)
        register = replace(goods.register, authorisation=things[f"{owner}.authorisation"])
        own = Goods(register, things[f"{owner}.form"], maker)
        lot = {"producer_lot": "ZJ-0911" if owner == "zhang" else "FJ-0911"}
        sites = (things[f"{owner}.field"],)
        things[f"{owner}.blend"] = own.batch(BatchState.DRAFT, sites=sites, **lot)
        things[f"{owner}.link"] = a_link(own, things[f"{of}.released"], things[f"{owner}.blend"], 10)


def _recalls(cast: Cast, goods: Goods, things: dict[str, Any]) -> None:
    """Each opened two of its own goods; the province confirmed one of them, of which three litres came back."""
    for owner, person in (("zhang", cast.zhang), ("feng", cast.feng)):
        register = replace(goods.register, authorisation=things[f"{owner}.authorisation"])
        maker = everybody(things[f"{owner}.producer"].organisation)
        own = Goods(register, things[f"{owner}.form"], maker)
        content = {"sites": (things[f"{owner}.field"],), "producer_lot": "ZJ-0912" if owner == "zhang" else "FJ-0912"}
        for batch, recall in (("waiting", "open_recall"), ("called", "recall")):
            goods_of = things[f"{owner}.{batch}"] = own.batch(BatchState.RELEASED, **content)
            scope = Scope(RecallScope.BATCH, goods_of.producer, goods_of.division_code, batch=goods_of)
            opened = actions.open_recall(scope=scope, actor=person.actor, now=NOW, reason="抽检总酸不足")
            things[f"{owner}.{recall}"] = opened
        recall = things[f"{owner}.recall"] = actions.confirm_recall(recall=opened, actor=cast.lin.actor, now=NOW)
        actions.record_recovery(item=recall.items.get(), quantity=Decimal(3), actor=person.actor, now=NOW)


def _rival(goods: Goods, things: dict[str, Any]) -> Goods:
    """What Feng makes."""
    register = replace(goods.register, authorisation=things["feng.authorisation"])
    return Goods(register, things["feng.form"], everybody(things["feng.producer"].organisation))


def _codes(cast: Cast, goods: Goods, things: dict[str, Any]) -> None:
    """Twelve unit codes of each one's released batch, to be activated by range; of each, one is spoiled, and one has
    given rise to an alert."""
    for owner in ("zhang", "feng"):
        maker = everybody(things[f"{owner}.producer"].organisation)
        own = Goods(goods.register, things[f"{owner}.form"], maker)
        issuance = an_issuance(own, things[f"{owner}.released"], 12, activation=Activation.BY_RANGE, has_pin=True)
        say_of(own, issuance, RangeKind.SPOILED, 11)
        actions.take_codes(issuance=issuance, span=Span(0, 11), actor=maker, now=NOW)
        things[f"{owner}.issuance"] = issuance
        open_alert(
            kind=AlertKind.COPIED_UNIT,
            lot=things[f"{owner}.released"].number,
            unit=(issuance.pk, 7),
            causes=(Reason.MANY_PLACES, Reason.FAR_APART),
            evidence=Evidence(units=1, checks=9, places=4),
            now=NOW,
        )
        things[f"{owner}.alert"] = Alert.objects.get(issuance=issuance)


def _prints(cast: Cast, goods: Goods, things: dict[str, Any]) -> None:
    """Labels of three units of each one's, drawn and on record, and the files there (``PRINTS_DIR`` of the test run)."""
    for owner in ("zhang", "feng"):
        maker = everybody(things[f"{owner}.producer"].organisation)
        wish = actions.PrintWish(Span(0, 2), Style(), key="first")
        job = actions.queue_print(issuance=things[f"{owner}.issuance"], wish=wish, actor=maker, now=NOW)
        work_it_off()
        job.refresh_from_db()
        things[f"{owner}.print"] = job


def _sheets(cast: Cast, goods: Goods, things: dict[str, Any]) -> None:
    """A sheet of two batches of each one's, of which one row is wrong, checked and not yet entered."""
    for owner in ("zhang", "feng"):
        form, site = things[f"{owner}.form"].number, things[f"{owner}.field"].number
        right, wrong = (f"{form},{site},{day},500,升,{lot}" for day, lot in (("2026-09-10", "A-1"), ("soon", "A-2")))
        data = f"产品,生产场地,生产日期,数量,单位,自编批号\r\n{right}\r\n{wrong}\r\n".encode()
        told = {"producer": things[f"{owner}.producer"], "kind": ImportKind.BATCHES, "file_name": "batches.csv"}
        sheet = actions.stage_import(**told, data=data, actor=getattr(cast, owner).actor, now=NOW)
        work_it_off()
        sheet.refresh_from_db()
        things[f"{owner}.sheet"] = sheet


def _reports(cast: Cast, goods: Goods, things: dict[str, Any]) -> None:
    """Of a batch of Zhang's, of one of Feng's, and of a lot that nobody ever made."""
    for owner, lot in (("zhang", None), ("feng", None), ("public", NOBODYS)):
        things[f"{owner}.report"] = a_report(lot or things[f"{owner}.released"].number, photo=a_photo())


def _counts(cast: Cast, goods: Goods, things: dict[str, Any]) -> None:
    """Two checks of Zhang's goods and three of Feng's, and a cell of sites of three producers, as counting leaves them: the
    table of the checks themselves passes no flush, and three neighbours would be in the way of other stories."""
    for name, count in (("zhang.released", 2), ("feng.released", 3)):
        batch = things[name]
        counted = {"cell_id": batch.cell_id, "division_code": batch.division_code, "count": count}
        row = CheckCount.objects.create(title=things["chen.title"], day=TODAY, verdict=Verdict.REGISTERED, **counted)
        row.refresh_from_db()  # the database makes the key
        things[f"{name.partition('.')[0]}.checks"] = row
    cell, vinegar = things["zhang.released"].cell_id, things["public.vinegar"]
    things["public.cell"] = SiteCell.objects.create(
        key=f"cell-{vinegar.slug}", cell_id=cell, indication=vinegar, site_count=3, area_ha=12, counted_on=TODAY
    )


def _targets(cast: Cast, goods: Goods, things: dict[str, Any]) -> None:
    """An address of Zhang's for the bottle and one of Chen's for the title: both wait for an official."""
    page = {"kind": TargetKind.PIP, "language": TargetLanguage.ZH, "label_zh": "五年陈酿醋"}
    holder = everybody(cast.chen.organisation)
    for name, actor, href, of in (
        ("zhang.target", goods.maker, "https://www.zhangji-cu.cn/5", {"form": goods.form}),
        ("chen.target", holder, "https://www.qingxu-chencu.cn/", {"title": things["chen.title"]}),
    ):
        content = TargetContent(href=href, **page, **of)
        things[name] = actions.propose_target(content=content, actor=actor, now=NOW)


def _books(cast: Cast, goods: Goods, things: dict[str, Any]) -> None:
    """A season of last spring, in which Zhang and Feng harvested something each; this year's is drafted."""
    vinegar, days = things["public.vinegar"], {"opens_on": date(2026, 3, 1), "closes_on": date(2026, 5, 31)}
    things["chen.past_season"] = a_season(vinegar, name="2026 年春季", **days)
    things["growers.past_season"] = a_season(things["public.pears"], name="2026 年春季", **days)
    a_quota(things["public.pears"], season=things["growers.past_season"])
    quota = a_quota(vinegar, a_ceiling(3_000), season=things["chen.past_season"], cap=Decimal(20_000))
    a_draft_quota(things["chen.season"])
    for owner in ("zhang", "feng"):
        row = an_entitlement(quota, things[f"{owner}.producer"])
        maker = everybody(things[f"{owner}.producer"].organisation)
        given = {"actor": maker, "now": NOW}
        actions.declare_harvest(row=row, quantity=Decimal(500), **given)
        things[f"{owner}.harvest"] = actions.declare_harvest(row=row, quantity=Decimal(40), **given)
        row.refresh_from_db()
        things[f"{owner}.entitlement"] = row
        _orders(owner, row, things)
        made = BatchDates(produced_on=date(2026, 4, 10), packed_on=date(2026, 4, 10))
        little = {"quantity": Decimal(20), "pack_count": 40, "season": things["chen.past_season"], "dates": made}
        own = goods if owner == "zhang" else _rival(goods, things)
        sites = {} if owner == "zhang" else {"sites": (things["feng.field"],)}
        things[f"{owner}.spring"] = own.batch(BatchState.REGISTERED, **little, **sites)
    for owner, other in (("zhang", "feng"), ("feng", "zhang")):
        maker = everybody(things[f"{owner}.producer"].organisation)
        things[f"{owner}.offer"] = actions.offer_transfer(
            row=things[f"{owner}.entitlement"],
            taker=things[f"{other}.producer"],
            kind=GoodsKind.RAW,
            quantity=Decimal(7),
            actor=maker,
            now=NOW,
        )


def _orders(owner: str, row: Entitlement, things: dict[str, Any]) -> None:
    """Three orders of labels: one asked for, one approved, and one issued of which the first five labels came back."""
    form, given = things[f"{owner}.form"], {"actor": everybody(row.producer.organisation), "now": NOW}
    asked, approved, issued = (
        actions.request_labels(quota=row.quota, form=form, count=count, **given) for count in (30, 20, 40)
    )
    official = {"actor": Actor.SYSTEM, "now": NOW}
    things[f"{owner}.asked_order"] = asked
    things[f"{owner}.approved_order"] = actions.approve_labels(order=approved, **official)
    order = actions.issue_labels(order=actions.approve_labels(order=issued, **official), **official)
    saying = LabelSaying(LabelMove.RETURNED, Span(1, 5))
    things[f"{owner}.order"] = actions.record_labels(order=order, saying=saying, reason="余标退回", **official)


def _years(cast: Cast, goods: Goods, things: dict[str, Any]) -> None:
    """Each has used an older mark for years; of last year a report was sent, that of the year before is being written."""
    vinegar, holder = things["public.vinegar"], things["chen.holder"]
    mark = {"kind": TitleKind.COLLECTIVE_MARK, "number": "第7654321号", "region": goods.register.region}
    title = things["chen.old_mark"] = a_title(vinegar, holder=holder, **mark)
    things["chen.due"] = a_due_date(title, cast.chen.actor, year=2025, due_on=date(2026, 12, 31), now=NOW)
    for owner, maker in (("zhang", cast.zhang.actor), ("feng", cast.feng.actor)):
        field = things[f"{owner}.field"]
        right = an_authorisation(things[f"{owner}.producer"], title, [field], valid_from=date(2015, 1, 1))
        things[f"{owner}.old_authorisation"], given = right, {"maker": maker, "now": NOW}
        things[f"{owner}.annual_draft"] = an_annual_report(right, year=2024, **given)
        things[f"{owner}.annual_report"] = an_annual_report(right, AnnualState.SUBMITTED, year=2025, **given)
