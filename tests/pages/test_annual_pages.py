"""Annual reports at the desk, by forms alone: what is to be written, stated, sent once, decided on; and what two clerks see."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from products.rules.words import TitleKind
from tests.build_annual import SOLD, Year, a_due_date, an_annual_report
from tests.build_products import a_producer, a_site, a_title, an_authorisation
from tests.build_quota import the_books
from tests.cast import NOW
from tests.pages.test_quota_pages import hidden, sent
from trace import actions
from trace.models import AnnualUseReport, ReportDueDate
from trace.rules.annual_reports import AnnualState, Statement

pytestmark = pytest.mark.django_db
S, YEAR = AnnualState, 2025
LIST = "/portal/annual-reports/"
TOLD = {"sales_value": "9", "quantity_sold": "0", "quantity_unit": "litre", "version": "1"}


@pytest.fixture
def right(goods):
    """Zhang's since 2024 under a mark: of whatever year the clock says, the last has ended."""
    register = goods.register
    mark = {"kind": TitleKind.COLLECTIVE_MARK, "holder": register.holder, "region": register.region}
    title = a_title(register.indication, number="第7号", **mark)
    return an_authorisation(register.zhang, title, [register.field], valid_from=date(2024, 3, 1))


def page(name: str, *args) -> str:
    return reverse(f"portal-annual-{name}", args=args)


def read(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def a_report(right, cast, state=S.SUBMITTED, **more):
    return an_annual_report(
        right, state, **{"maker": cast.zhang.actor, "reviewer": cast.li.actor, "year": YEAR, "now": NOW, **more}
    )


def test_a_report_is_found_under_today_written_and_sent(right, cast, as_person):
    zhang = as_person(cast.zhang)
    begin = reverse("portal-new-annual-report", args=[right.number, YEAR])
    assert begin in read(zhang, LIST)
    assert "您只需填写销售情况" in read(zhang, begin)
    here = zhang.post(begin, {"key": "one"})["Location"]
    report = AnnualUseReport.objects.get()
    assert here == page("report", report.number) == zhang.get(begin)["Location"]
    assert "请填写销售额" in read(zhang, here)
    assert "请填写销售额" in read(zhang, page("submit", report.number))
    told = {"sales_value": "１２,５００", "quantity_sold": "960", "quantity_unit": "litre", "version": "1", "key": "k"}
    assert sent(zhang, page("state", report.number), told) == here
    asked = read(zhang, page("submit", report.number))
    assert "12,500" in asked
    assert "960 升" in asked
    done = zhang.post(page("submit", report.number), hidden(asked))["Location"]
    assert f"{report.number[:5]} {report.number[5:]}" in read(zhang, done)
    report.refresh_from_db()
    assert (report.state, report.sales_value, report.quantity_sold) == (S.SUBMITTED, 12_500, 960)
    assert "等待权利人" in read(zhang, here)


def test_what_is_to_do_today_is_said_with_its_due_day_or_that_there_is_none(right, cast, as_person, monkeypatch):
    monkeypatch.setattr("gi_registry.lib.clock.now", lambda: NOW)
    zhang = as_person(cast.zhang)
    assert "没有设定截止日" in read(zhang, "/portal/")
    a_due_date(right.title, cast.chen.actor, year=YEAR, due_on=date(2026, 11, 30), now=NOW)
    today = read(zhang, "/portal/")
    assert "待填年报" in today
    assert "截止 2026-11-30" in today
    a_report(right, cast, S.RETURNED)
    today = read(zhang, "/portal/")
    assert "待填年报" not in today
    assert "请核对" in today


def test_a_report_waits_on_the_desk_of_those_who_decide_and_of_nobody_else(right, cast, as_person):
    report = a_report(right, cast)
    for person in (cast.chen, cast.li, cast.wang, cast.lin):
        desk = as_person(person)
        assert f"{LIST}?state=submitted" in read(desk, "/portal/")
        assert page("decide", report.number, "accept") in read(desk, page("report", report.number))
    assert page("decide", report.number, "accept") not in read(as_person(cast.sun), page("report", report.number))
    for person in (cast.feng, cast.zhao, cast.ma):
        assert as_person(person).get(page("report", report.number)).status_code == 404
        assert report.number not in read(as_person(person), LIST)


def test_a_report_comes_back_with_its_reason_and_is_accepted_once_put_right(right, cast, as_person):
    report, chen, zhang = a_report(right, cast), as_person(cast.chen), as_person(cast.zhang)
    back = page("decide", report.number, "return")
    without = chen.post(back, {**hidden(read(chen, back)), "reason": ""})
    assert without.status_code == 400
    assert chen.post(back, {**hidden(read(chen, back)), "reason": "数量不符"}).status_code == 302
    assert "数量不符" in read(zhang, page("report", report.number))
    zhang.post(page("submit", report.number), hidden(read(zhang, page("submit", report.number))))
    accept = page("decide", report.number, "accept")
    assert zhang.get(accept).status_code == 403
    assert chen.post(accept, hidden(read(chen, accept))).status_code == 302
    report.refresh_from_db()
    assert report.state == S.ACCEPTED
    assert chen.get(page("decide", report.number, "burn")).status_code == 404


def test_of_two_clerks_the_second_is_told_and_keeps_what_was_typed(right, cast, as_person):
    report, zhang = a_report(right, cast, S.DRAFT), as_person(cast.zhang)
    there = page("state", report.number)
    first, second = (
        hidden(zhang.post(there, {**TOLD, "remarks": word, "key": key}).content.decode())
        for word, key in (("甲", "a"), ("乙", "b"))
    )
    assert zhang.post(there, {**first, "send": "1"}).status_code == 302
    answer = zhang.post(there, {**second, "send": "1"})
    assert answer.status_code == 400
    assert "有人修改了这份报告" in answer.content.decode()
    assert "乙" in answer.content.decode()
    stale = zhang.post(page("submit", report.number), {"version": "1", "key": "x"})
    assert "有人修改了这份报告" in stale.content.decode()
    report.refresh_from_db()
    assert (report.remarks, report.quantity_sold, report.state) == ("甲", 0, S.DRAFT)


def test_what_was_sent_anew_is_not_accepted_by_an_old_page(right, cast, as_person):
    report, li = a_report(right, cast), as_person(cast.li)
    old = hidden(read(li, page("decide", report.number, "accept")))
    back = actions.return_report(report=AnnualUseReport.objects.get(), actor=cast.chen.actor, now=NOW, reason="核对")
    actions.submit_report(report=back, actor=cast.zhang.actor, now=NOW)
    answer = li.post(page("decide", report.number, "accept"), old)
    assert "有人修改了这份报告" in answer.content.decode()
    assert AnnualUseReport.objects.get().state == S.SUBMITTED


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sales_value": "-1"}, "销售额应为 0"),
        ({"sales_value": "1.005"}, "最多两位小数"),
        ({"sales_value": "很多"}, "请只填数字"),
        ({"sales_value": "9" * 40}, "数字过大"),
        ({"sales_value": ""}, "请填写销售额"),
        ({"quantity_unit": ""}, "请选择数量的单位"),
        ({"quantity_sold": "-3"}, "必须大于零"),
        ({"quantity_unit": "percent"}, "请从列出的选项中选择"),
        ({"remarks": "多" * 1001}, "内容过长"),
        ({"remarks": "\x00"}, "含有无法保存的字符"),
    ],
)
def test_what_cannot_be_stated_is_told_beside_what_was_typed(right, cast, as_person, change, said):
    report = a_report(right, cast, S.DRAFT)
    answer = as_person(cast.zhang).post(page("state", report.number), {**TOLD, "send": "1", **change})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    report.refresh_from_db()
    assert report.statement == SOLD


def test_addresses_of_others_or_of_no_year_lead_nowhere(right, cast, as_person):
    report, zhang, feng = a_report(right, cast, S.DRAFT), as_person(cast.zhang), as_person(cast.feng)
    for name in ("report", "state", "submit", "sent"):
        assert feng.get(page(name, report.number)).status_code == 404
        assert as_person(None).get(page(name, report.number)).status_code == 302
    assert zhang.get(page("sent", report.number)).status_code == 404
    assert as_person(cast.chen).get(page("state", report.number)).status_code == 403
    assert feng.get(reverse("portal-new-annual-report", args=[right.number, YEAR])).status_code == 404
    for year, status in ((1999, 404), (10**12, 404), (2023, 400), (2100, 400)):
        assert zhang.post(reverse("portal-new-annual-report", args=[right.number, year])).status_code == status
    assert AnnualUseReport.objects.count() == 1


def test_figures_are_drawn_in_the_words_of_the_register(goods, cast, as_person):
    year = Year(the_books(goods))
    goods.batch(quantity=Decimal(20), pack_count=40, season=year.books.quota.season)
    given = {"quota": year.books.quota, "form": goods.form, "actor": year.maker, "now": NOW}
    asked = actions.request_labels(count=100, **given)
    official = {"actor": cast.li.actor, "now": NOW}
    actions.issue_labels(order=actions.approve_labels(order=asked, **official), **official)
    report = year.report(S.SUBMITTED, maker=cast.zhang.actor)
    for language, said in (
        ("zh", ("20 升", "标识的去向: 未使用 100", "有 100 枚标识还没有去向", "3,000 升")),
        (
            "en",
            ("20 L", "What became of the labels: Not used yet 100", "100 labels are not accounted for yet", "3,000 L"),
        ),
    ):
        told = read(as_person(cast.li), f"{page('report', report.number)}?lang={language}")
        assert [word for word in said if word not in told] == []


def test_years_and_states_narrow_the_list_and_the_sheet_is_beside_it(right, cast, as_person):
    report = a_report(right, cast)
    li = as_person(cast.li)
    assert report.number[:5] in read(li, f"{LIST}?year={YEAR}")
    assert report.number[:5] not in read(li, f"{LIST}?year=2024")
    assert report.number[:5] not in read(li, f"{LIST}?state=accepted")
    assert report.number[:5] in read(li, f"{LIST}?year=x&state=y&after=%00")
    assert f"sheet.xlsx?year={YEAR}" in read(li, f"{LIST}?year={YEAR}")
    assert "sheet.xlsx" not in read(as_person(cast.zhang), LIST)


def test_a_due_day_is_set_by_the_holder_with_its_source_and_told_to_the_users(right, cast, as_person):
    chen, there = as_person(cast.chen), page("due")
    for person in (cast.zhang, cast.li, cast.sun):
        assert as_person(person).get(there).status_code == 403
    told = {"title": right.title.number, "year": YEAR, "due_on": "2025-12-31", "source": "协会第 9 号通知", "key": "d"}
    assert "年度结束之后" in chen.post(there, told).content.decode()
    assert sent(chen, there, {**told, "due_on": "2099-03-31"}) == LIST
    assert ReportDueDate.objects.get().set_by == "陈会长"
    told = read(as_person(cast.zhang), LIST)
    assert "2099-03-31" in told
    assert "协会第 9 号通知" in told


def test_a_household_is_reported_on_by_itself_and_by_who_vouches_for_it(right, cast, as_person):
    household = a_producer(cast.ma.organisation)
    field = a_site(household, right.title.indication, box=(112.056, 37.45, 112.057, 37.451))
    own = an_authorisation(household, right.title, [field], valid_from=date(2024, 3, 1))
    report = an_annual_report(own, maker=cast.ma.actor, statement=Statement(), year=YEAR, now=NOW)
    for person, status in ((cast.ma, 200), (cast.zhang, 200), (cast.feng, 404)):
        assert as_person(person).get(page("state", report.number)).status_code == status
