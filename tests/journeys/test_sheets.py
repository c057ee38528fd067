"""Two thousand batches of a spreadsheet, thirty-seven of them wrong: checked, mended, registered. On a phone, with script and without."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from gi_registry.lib.spreadsheets.added import FAULTS, MADE
from tests.build_jobs import work_it_off
from tests.build_sheets import HEADER, batch_row, batch_rows, workbook
from tests.build_trace import the_goods
from tests.journeys.steps import follow, press, sign_in
from tests.journeys.test_quota import looked_at
from trace.models import Batch, SheetImport
from trace.rules.batches import BatchState

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = 2_000


@pytest.fixture
def goods(cast: Any) -> Any:
    return the_goods(cast)


def upload(page: Page, name: str, data: bytes) -> None:
    page.goto("/portal/imports/")
    page.set_input_files("[name=file]", {"name": name, "mimeType": XLSX, "buffer": data})
    press(page, "上传并检查")
    expect(page.locator("h1")).to_have_text("正在检查")


def worked_off(page: Page) -> Page:
    """The work is done, and its page opened anew: in a new window, for the old one may be asking for itself just then."""
    work_it_off()
    window = page.context.new_page()
    window.goto(page.url)
    page.close()
    return window


def taken(page: Page, name: str) -> list[list[Any]]:
    """The first sheet of the workbook that a link gives."""
    with page.expect_download() as download:
        page.locator("main").get_by_role("link", name=name, exact=True).click()
    data = Path(download.value.path()).read_bytes()
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def with_faults(goods: Any) -> list[list[Any]]:
    rows = batch_rows(goods, ROWS)
    for place in range(100, 120):
        rows[place] = batch_row(goods, place, 生产日期=date(2027, 1, 1), 保质期至="2029-01-01", 包装日期=None)
    for place in range(500, 510):
        rows[place] = batch_row(goods, place, 自编批号=6901234567892 + place)
    for place in range(900, 907):
        rows[place] = batch_row(goods, place, 生产场地="隔壁的地")
    return rows


@pytest.mark.parametrize("has_script", [True, False])
def test_two_thousand_rows_with_thirty_seven_wrong_are_mended_and_registered(goods, cast, a_phone, has_script):
    page = a_phone(java_script_enabled=has_script, accept_downloads=True)
    sign_in(page, cast.zhang)
    page.goto("/portal/batches/")
    follow(page, "用表格一次登记许多批次")
    looked_at(page, has_script)
    press(page, "上传并检查")
    expect(page.locator("#error-summary")).to_contain_text("请选择文件")
    looked_at(page, has_script)
    upload(page, "九月.xlsx", workbook(with_faults(goods)))
    looked_at(page, has_script)
    page = worked_off(page)
    expect(page.locator("h1")).to_have_text("导入前请核对")
    expect(page.locator(".fault-groups li")).to_have_count(3)
    expect(page.locator(".fault-groups")).to_contain_text("第 102–121 行")
    expect(page.locator("main")).to_contain_text("1,963")
    looked_at(page, has_script)
    press(page, "登记这 1,963 批")
    expect(page.get_by_role("alert")).to_contain_text("还有 37 行有误")
    assert not Batch.objects.exists()
    looked_at(page, has_script)

    back = taken(page, "下载标出错误的表格")
    assert back[0] == [FAULTS.zh, MADE.zh, *HEADER]
    assert sum(1 for row in back[1:] if row[0]) == 37
    good = batch_rows(goods, ROWS)
    mended = [[row[0], "", *(good[place] if row[0] else row[2:])] for place, row in enumerate(back[1:])]
    upload(page, "九月改.xlsx", workbook(mended, [FAULTS.zh, MADE.zh, *HEADER]))
    page = worked_off(page)
    expect(page.locator(".fault-groups")).to_have_count(0)
    press(page, "登记这 2,000 批")
    expect(page.locator("h1")).to_have_text("正在导入")
    looked_at(page, has_script)
    page = worked_off(page)
    expect(page.locator("h1")).to_have_text("已导入 2,000 行")
    looked_at(page, has_script)
    assert Batch.objects.filter(state=BatchState.REGISTERED.value).count() == ROWS
    result = taken(page, "下载登记结果")
    assert {row[1] for row in result[1:]} == set(Batch.objects.values_list("number", flat=True))


def test_the_template_is_filled_in_and_taken_as_it_is_and_a_file_is_taken_once(goods, cast, a_phone):
    page = a_phone(accept_downloads=True)
    sign_in(page, cast.zhang)
    page.goto("/portal/imports/")
    with page.expect_download() as download:
        page.locator(".downloads a").first.click()
    book = CalamineWorkbook.from_filelike(io.BytesIO(Path(download.value.path()).read_bytes()))
    header = book.get_sheet_by_name("数据").to_python()[0]
    lists = book.get_sheet_by_name("lists").to_python()
    row = {name.removesuffix(" *"): None for name in header}
    row |= {"产品": lists[0][0], "生产场地": lists[0][1], "生产日期": date(2026, 9, 10), "数量": 5, "单位": "升"}
    data = workbook([list(row.values())], header)
    upload(page, "模板.xlsx", data)
    page = worked_off(page)
    press(page, "登记这 1 批")
    page = worked_off(page)
    expect(page.locator("h1")).to_have_text("已导入 1 行")
    page.goto("/portal/imports/")
    page.set_input_files("[name=file]", {"name": "再来.xlsx", "mimeType": XLSX, "buffer": data})
    press(page, "上传并检查")
    expect(page.locator("#error-summary")).to_contain_text("已经上传过")
    assert SheetImport.objects.count() == 1
