"""Spreadsheets at the desk: which kinds there are, their templates, and what becomes of a file. By forms alone."""

import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from products.rules.words import SiteKind
from tests.build_jobs import work_it_off
from tests.build_products import QI_FIELD, a_site, an_authorisation
from tests.build_quota import the_books
from tests.build_sheets import workbook
from tests.cast import NOW
from trace import actions
from trace.models import LedgerTransaction, SheetImport
from trace.rules.imports import ImportKind
from trace.rules.label_orders import GoodsKind
from trace.rules.ledger import PostingKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(goods):
    return the_books(goods)


@pytest.fixture
def zhang(cast, books, as_person):
    return as_person(cast.zhang)


def template(client, kind):
    """The header of the data and the lists that a template offers, column by column."""
    answer = client.get(f"/portal/imports/template/{kind.value}/")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    lists = book.get_sheet_by_name("lists").to_python()
    header = book.get_sheet_by_name("数据").to_python()[0]
    return header, {header[place]: [row[place] for row in lists if row[place]] for place in range(len(lists[0]))}


def sent(client, books, kind, data):
    told = {"producer": books.row.producer.number, "kind": kind.value, "file": SimpleUploadedFile("表.xlsx", data)}
    answer = client.post("/portal/imports/", told)
    assert answer.status_code == 302, answer.content.decode()
    work_it_off()
    return answer["Location"]


def test_the_page_offers_every_kind_and_the_one_that_was_asked_for_is_chosen(zhang):
    page = zhang.get("/portal/imports/?kind=harvests").content.decode()
    for kind in ImportKind:
        assert f"/portal/imports/template/{kind.value}/" in page
        assert f'value="{kind.value}"' in page
    assert page.count(" checked") == 1
    assert 'value="harvests"' in page.split(" checked")[0][-200:]
    assert "/portal/imports/?kind=harvests" in zhang.get("/portal/quota/").content.decode()
    assert "/portal/imports/?kind=transfers" in zhang.get("/portal/transfers/").content.decode()
    assert zhang.get("/portal/imports/?kind=<b>").status_code == 200


def test_a_template_of_harvests_lists_the_seasons_and_is_taken_as_it_is(zhang, books):
    header, lists = template(zhang, ImportKind.HARVESTS)
    assert header == ["产季 *", "数量 *", "单位 *", "备注"]
    (season,) = lists["产季 *"]
    assert season.endswith(f"[{books.quota.season.number}]")
    page = sent(zhang, books, ImportKind.HARVESTS, workbook([[season, 12, lists["单位 *"][-2], "一号地"]], header))
    assert "申报这 1 笔采收" in zhang.get(page).content.decode()
    zhang.post(f"{page}do/commit/")
    work_it_off()
    done = zhang.get(page).content.decode()
    assert "已导入 1 行" in done
    assert "/portal/quota/" in done
    posted = LedgerTransaction.objects.get(kind=PostingKind.HARVEST.value)
    back = CalamineWorkbook.from_filelike(io.BytesIO(zhang.get(f"{page}faults/").content))
    assert back.get_sheet_by_index(0).to_python()[1][1] == posted.number


def test_faults_of_harvests_are_told_by_column_in_both_languages(zhang, books):
    page = sent(zhang, books, ImportKind.HARVESTS, workbook([["没有", 1, "升"]], ("产季", "数量", "单位")))
    assert "没有核定您的额度" in zhang.get(page).content.decode()
    assert "You have no entitlement" in zhang.get(page, headers={"Accept-Language": "en"}).content.decode()
    assert SheetImport.objects.get().faulty_count == 1


def test_a_template_of_transfers_lists_those_whom_the_producer_gave_to_before_and_nobody_else(zhang, books):
    register = books.goods.register
    field = a_site(register.feng, register.indication, box=QI_FIELD)
    feng = an_authorisation(register.feng, register.title, [field]).producer
    header, lists = template(zhang, ImportKind.TRANSFERS)
    assert header == ["产季 *", "转入方 *", "货品 *", "数量 *", "单位 *", "备注"]
    assert lists["转入方 *"] == []
    given = {"row": books.row, "taker": feng, "kind": GoodsKind.RAW, "quantity": Decimal(1)}
    actions.offer_transfer(**given, actor=books.maker, now=NOW)
    _, lists = template(zhang, ImportKind.TRANSFERS)
    (taker,) = lists["转入方 *"]
    assert taker.endswith(f"[{feng.number}]")
    row = [lists["产季 *"][0], taker, lists["货品 *"][0], 2, lists["单位 *"][-2], None]
    page = sent(zhang, books, ImportKind.TRANSFERS, workbook([row], header))
    assert "发出这 1 笔流转" in zhang.get(page).content.decode()


def test_a_template_of_sites_stands_beside_the_files_of_gis_programs(zhang):
    page = zhang.get("/portal/sites/upload/").content.decode()
    assert "/portal/sites/upload/template/" in page
    book = CalamineWorkbook.from_filelike(io.BytesIO(zhang.get("/portal/sites/upload/template/").content))
    assert [row[-1] for row in book.get_sheet_by_name("lists").to_python()] == [kind.text.zh for kind in SiteKind]
