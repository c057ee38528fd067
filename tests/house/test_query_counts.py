"""What each GET costs the database: the same however much there is, and no more than it cost before.

Lists are asked for two rows and for six; single things are read before and after what hangs on them has grown. The
baseline is ``query_counts.json``; ``GI_RECORD=1 ./gi test tests/house/test_query_counts.py`` writes it anew, and the
difference is read in review like any other.
"""

import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gi_registry.accounts.models import ApiKey
from gi_registry.accounts.rules import OrganisationKind
from gi_registry.lib.limits import shares
from gi_registry.ogc.cache import Memory
from products.actions import stage_upload
from products.models import Indication, SiteCell
from products.rules.words import AuthorisationState, TitleKind
from regions.geometry import point_at
from tests.api.matrix import EVERYBODY, TABLE, Row
from tests.api.test_examples import outline
from tests.api.test_matrix import address
from tests.build_annual import a_due_date, an_annual_report
from tests.build_files import fields
from tests.build_genealogy import a_link
from tests.build_openlog import the_log_here
from tests.build_products import (
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
from tests.build_quota import a_quota, an_entitlement
from tests.build_regions import a_boundary, a_region
from tests.build_reports import a_report
from tests.build_sheets import text
from tests.build_trace import BOTTLE, a_check
from tests.build_world import World, the_world
from tests.cast import NOW, TODAY, an_organisation
from trace import actions
from trace.actions import LabelSaying, PrintWish, TargetContent
from trace.actions.alerts import Evidence, open_alert
from trace.models import Batch, RecallItem, RecallNotice, SheetRow
from trace.printing import Style
from trace.reach import Scope
from trace.rules.alerts import AlertKind, Pattern
from trace.rules.annual_reports import AnnualState
from trace.rules.batches import BatchState
from trace.rules.evidence import EvidenceItem, EvidenceKind
from trace.rules.imports import ImportKind, RowState
from trace.rules.issuances import Span
from trace.rules.label_orders import GoodsKind, LabelMove
from trace.rules.link_targets import TargetKind, TargetLanguage
from trace.rules.recalls import RecallScope

BASELINE = Path(__file__).with_name("query_counts.json")
RECORDING = os.environ.get("GI_RECORD") == "1"
# The one who sees the most; where even she sees none of it, whoever does.
FITTING = ("lin", *EVERYBODY.split())
# Lists that everybody may ask for and that show officials nothing.
MAKERS_OWN = {"/api/v1/trace/imports/": "zhang"}
MORE = 5


def gets() -> dict[str, Row]:
    """One row for each GET, whoever may read it the first."""
    rows = [row for row in TABLE if row.method == "GET" and 200 in row.expected.values()]
    return {outline(row.path): row for row in reversed(rows)}


def is_list(path: str) -> bool:
    is_flat = path.startswith("/api/") and path.endswith("/") and "{" not in path
    return is_flat or path.endswith(("/items", "/boundaries/"))


def cost(world: World, row: Row, **asked: int) -> tuple[int, Any]:
    Memory.clear_all()
    shares.forget()  # each is asked as if nobody had asked before
    who = MAKERS_OWN.get(row.path) or next(name for name in FITTING if row.expected[name] == 200)
    client = Client(headers={"Accept": "*/*", **world.headers(who)})
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address(row, world), asked or None)
        content = b"".join(answer)
    assert answer.status_code == 200, content
    return len(queries), answer


def rows_of(answer: Any) -> int:
    told = answer.json()
    return len(told["features"] if "features" in told else told["results"])


def grow(world: World) -> None:
    """Some more of everything, and as many more things on each thing that is read."""
    things, maker = world.things, everybody(world.cast.zhang.organisation)
    actions.make_partitions(today=TODAY)
    for n in range(MORE):
        _more_names(things, n)
        _more_makers(world, n)
        content = replace(BOTTLE, name_zh=f"陈酿醋 {n}", gtin=None)
        zhang, vinegar = things["zhang.producer"], things["public.vinegar"]
        actions.create_form(producer=zhang, indication=vinegar, content=content, actor=maker, now=NOW)
        box = (112.15 + n / 100, 37.45, 112.151 + n / 100, 37.451)
        file = {"file_name": f"{n}.geojson", "data": fields(box), "actor": maker, "now": NOW}
        more = stage_upload(producer=zhang, indication=vinegar, **file)
        more.rows.update(upload=things["zhang.upload"], number=10 + n)
        sheet = {"producer": zhang, "kind": ImportKind.BATCHES, "file_name": f"{n}.csv", "data": text([[n]])}
        actions.stage_import(**sheet, actor=world.cast.zhang.actor, now=NOW)
        SheetRow.objects.create(sheet=things["zhang.sheet"], number=10 + n, cells=["tx"], state=RowState.READY)
        page = {"href": f"https://a{n}.zhangji-cu.cn/", "language": TargetLanguage.ZH, "label_zh": "食谱"}
        target = TargetContent(kind=TargetKind.RECIPES, form=world.goods.form, **page)
        actions.propose_target(content=target, actor=maker, now=NOW)
        _more_books(world, n)
        batch = world.goods.batch(producer_lot=f"ZJ-{n}")
        step = EvidenceItem(EvidenceKind.STEP, text=f"翻醅 {n}", began_on=TODAY)
        actions.add_evidence(batch=things["zhang.registered"], items=[step], actor=maker, now=NOW)
        made = world.goods.batch(BatchState.DRAFT, producer_lot=f"ZJ-M{n}")
        a_link(world.goods, things["zhang.released"], made, 10)
        _more_recalls(world, batch)
        _more_years(world, n)
        wish = PrintWish(Span(n, n + 1), Style(), key=f"more {n}")
        actions.queue_print(issuance=things["zhang.issuance"], wish=wish, actor=maker, now=NOW)
        a_report(things["zhang.released"].number, words=f"瓶盖没有封膜 {n}。")
        for day in (n, n + MORE):
            a_check(batch, now=NOW - timedelta(days=day))
        evidence = Evidence(units=1, checks=6, places=3)
        open_alert(
            kind=AlertKind.ODD_BATCH,
            lot=batch.number,
            unit=None,
            causes=[Pattern.FEW_CODES],
            evidence=evidence,
            now=NOW,
        )
    counted = {"cell_id": batch.cell_id, "site_count": 3, "area_ha": 9, "counted_on": TODAY}
    SiteCell.objects.bulk_create(
        SiteCell(key=name.slug, indication=name, **counted)
        for name in Indication.objects.exclude(pk=things["public.vinegar"].pk)
    )


def _more_names(things: dict[str, Any], n: int) -> None:
    region = a_region(f"region-{n}", name_zh=f"产地 {n}")
    a_boundary(region)
    a_boundary(things["public.region"], zone=f"zone-{n}")
    name = an_indication(f"清徐葡萄{n}号")
    a_title(name, region=region, holder=a_holder(f"协会 {n}"), number=f"2010年第{n}号公告")
    vinegar = things["public.vinegar"]
    mark = {"kind": TitleKind.CERTIFICATION_MARK, "number": f"第{n}号", "region": things["public.region"]}
    a_title(vinegar, holder=things["chen.holder"], **mark)
    earlier = {"effective_from": date(2006 + n, 1, 1), "effective_until": date(2007 + n, 1, 1)}
    a_specification(things["chen.title"], label_zh=f"{2006 + n} 版", **earlier)
    a_season(vinegar, name=f"{2027 + n} 年产季")


def _more_makers(world: World, n: int) -> None:
    body = f"91140121TEXT02{n:02}"
    works = an_organisation(f"清徐第{n}醋厂", body, OrganisationKind.COMPANY, "140121")
    west = 112.1 + n / 100
    producer = a_producer(works, public_point=point_at(west, 37.45))
    field = a_site(producer, world.things["public.vinegar"], box=(west, 37.45, west + 0.001, 37.451))
    an_authorisation(producer, world.things["chen.title"], [field], state=AuthorisationState.DRAFT)
    title = a_title(world.things["public.vinegar"], kind=TitleKind.COLLECTIVE_MARK, number=f"集{n}")
    an_authorisation(world.things["zhang.producer"], title, [world.things["zhang.field"]])


def _more_books(world: World, n: int) -> None:
    """Another season of Zhang's, and another harvest in the one that is read."""
    days = {"opens_on": date(2015 + n, 9, 1), "closes_on": date(2015 + n, 12, 31)}
    season = a_season(world.things["public.vinegar"], name=f"{2015 + n} 年产季", **days)
    an_entitlement(a_quota(season.indication, season=season), world.things["zhang.producer"])
    given = {"actor": everybody(world.cast.zhang.organisation), "now": NOW}
    row = world.things["zhang.entitlement"]
    actions.declare_harvest(row=row, quantity=Decimal(n + 1), **given)
    actions.request_labels(quota=row.quota, form=world.things["zhang.form"], count=1, **given)
    offer = {"row": row, "taker": world.things["feng.producer"], "kind": GoodsKind.RAW, "quantity": Decimal(1)}
    actions.offer_transfer(**offer, **given)
    saying = LabelSaying(LabelMove.LOST, Span(20 + n, 20 + n))
    actions.record_labels(order=world.things["zhang.order"], saying=saying, reason="遗失", **given)


def _more_years(world: World, n: int) -> None:
    """The report of another year of Zhang's, with a day by which it was due."""
    maker, right = world.cast.zhang.actor, world.things["zhang.old_authorisation"]
    an_annual_report(right, AnnualState.SUBMITTED, maker=maker, year=2017 + n, now=NOW)
    a_due_date(right.title, world.cast.chen.actor, year=2017 + n, due_on=date(2026, 12, 31), now=NOW)


def _more_recalls(world: World, batch: Batch) -> None:
    """A drill, and another batch, with its maker, in the recall that is read."""
    scope = Scope(RecallScope.BATCH, batch.producer, batch.division_code, batch=batch)
    given = {"actor": world.cast.zhang.actor, "now": NOW, "reason": "年度演练"}
    actions.open_recall(scope=scope, is_mock=True, **given)
    recall = world.things["zhang.recall"]
    item = RecallItem.objects.create(recall=recall, batch=batch, was=BatchState.RELEASED, is_moved=True, out=5)
    actions.record_recovery(item=item, quantity=Decimal(1), actor=world.cast.zhang.actor, now=NOW)
    place = f"14{RecallNotice.objects.count():04}"
    told = {"producer": batch.producer, "title": batch.authorisation.title, "division_code": place}
    RecallNotice.objects.create(recall=recall, batches=1, sent_at=NOW, **told)


def sizes_of(path: str) -> tuple[str, tuple[int, int]]:
    """What the size of a page is called, and the two to compare. The map counts what it has only where there is more
    than a page of it, and there are six divisions in all."""
    return ("limit", (2, 5)) if path.startswith("/ogc/") else ("page_size", (2, 6))


@pytest.mark.django_db
def test_what_is_read_costs_the_same_however_much_there_is_and_no_more_than_before(settings, tmp_path):
    world = the_world()
    the_log_here(settings, tmp_path).go_on(NOW)
    # The use of a key is noted once a minute; noted already, it costs nothing here however slow the machine.
    ApiKey.objects.update(last_used_at=datetime(2999, 1, 1, tzinfo=UTC))
    before = {path: cost(world, row)[0] for path, row in gets().items() if not is_list(path)}
    grow(world)
    uneven, counts = {}, {}
    for path, row in gets().items():
        if is_list(path):
            name, sizes = sizes_of(path)
            (few, shorter), (many, longer) = (cost(world, row, **{name: size}) for size in sizes)
            assert (rows_of(shorter), rows_of(longer)) == sizes, path
        else:
            few, (many, _) = before[path], cost(world, row)
        counts[f"GET {path}"] = many
        if few != many:
            uneven[path] = (few, many)
    assert uneven == {}
    if RECORDING:
        BASELINE.write_text(json.dumps(counts, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    known = json.loads(BASELINE.read_text(encoding="utf-8"))
    assert counts == known, f"if it was meant: GI_RECORD=1 ./gi test {Path(__file__).name}"
