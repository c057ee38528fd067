"""Annual reports over HTTP: written from a tag, sent once, decided on what was read; bad input; and the sheet."""

import io
import json
from datetime import date
from decimal import Decimal
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from products.rules.words import TitleKind
from tests.api.matrix import TRACE
from tests.build_annual import Year, a_due_date, an_annual_report
from tests.build_products import a_title, an_authorisation
from tests.build_quota import the_books
from tests.cast import NOW
from trace.models import AnnualUseReport
from trace.rules.annual_reports import AnnualState, Statement
from trace.rules.quantities import QuantityUnit

pytestmark = pytest.mark.django_db
REPORTS = f"{TRACE}annual-reports/"
YEAR = 2025


@pytest.fixture
def right(goods, cast):
    """Zhang's since 2024, by an older day of approval: last year has ended whatever the clock says."""
    register = goods.register
    title = a_title(
        register.indication,
        kind=TitleKind.COLLECTIVE_MARK,
        holder=register.holder,
        region=register.region,
        number="第7号",
    )
    return an_authorisation(register.zhang, title, [register.field], valid_from=date(2024, 3, 1))


@pytest.fixture
def zhang(cast, as_machine):
    return as_machine(cast.zhang)


def sent(client, method, path, body=None, **headers):
    send = getattr(client, method)
    return send(path, json.dumps({} if body is None else body), content_type="application/json", headers=headers)


def begin(client, right, **body):
    return sent(client, "post", REPORTS, {"authorisation": right.number, "year": YEAR, **body})


def codes(answer):
    return [(one["code"], one["pointer"]) for one in answer.json()["errors"]]


def test_a_report_goes_from_its_first_figure_to_its_acceptance(right, cast, zhang, as_machine):
    begun = begin(zhang, right, sales_value="12.5")
    assert (begun.status_code, begun.json()["state"], begun["ETag"]) == (201, "draft", '"v1"')
    here = begun["Location"]
    more = sent(zhang, "patch", here, {"quantity_sold": "0", "quantity_unit": "litre"}, **{"If-Match": begun["ETag"]})
    assert (more.json()["sales_value"], more.json()["quantity_sold"]) == ("12.50", "0")
    assert as_machine(cast.chen).get(here).status_code == 404
    done = sent(zhang, "post", f"{here}submit/", **{"If-Match": more["ETag"]})
    assert (done.json()["state"], done.json()["is_frozen"]) == ("submitted", True)
    chen = as_machine(cast.chen)
    back = sent(chen, "post", f"{here}return/", {"reason": "请核对"}, **{"If-Match": done["ETag"]})
    assert back.json()["state"] == "returned"
    again = sent(zhang, "post", f"{here}submit/", **{"If-Match": back["ETag"]})
    accepted = sent(chen, "post", f"{here}accept/", **{"If-Match": again["ETag"]})
    assert (accepted.json()["state"], accepted.json()["decided_by"]) == ("accepted", "陈会长")
    story = zhang.get(f"{here}history/").json()
    assert [event["who"] for event in story] == ["陈会长", "张师傅", "陈会长", "张师傅", "张师傅", "张师傅"]


def test_what_was_read_before_somebody_else_wrote_is_refused(right, cast, zhang, as_machine):
    begun = begin(zhang, right, sales_value="1", quantity_sold="1", quantity_unit="litre")
    here = begun["Location"]
    assert sent(zhang, "patch", here, {"remarks": "一"}).status_code == 428
    assert sent(zhang, "post", f"{here}submit/").status_code == 428
    assert sent(zhang, "patch", here, {"remarks": "一"}, **{"If-Match": begun["ETag"]}).status_code == 200
    assert sent(zhang, "patch", here, {"remarks": "二"}, **{"If-Match": begun["ETag"]}).status_code == 412
    assert sent(zhang, "post", f"{here}submit/", **{"If-Match": begun["ETag"]}).status_code == 412
    assert AnnualUseReport.objects.get().remarks == "一"
    assert sent(zhang, "post", f"{here}submit/", **{"If-Match": '"v2"'}).status_code == 200
    assert sent(zhang, "post", f"{here}submit/", **{"If-Match": '"v2"'}).json()["version"] == 3, "a second press"
    assert sent(as_machine(cast.li), "post", f"{here}accept/", **{"If-Match": '"v2"'}).status_code == 412


def test_one_key_begins_one_report(right, zhang):
    body = {"authorisation": right.number, "year": YEAR}
    answers = [sent(zhang, "post", REPORTS, body, **{"Idempotency-Key": "k1"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert begin(zhang, right).status_code == 409
    assert codes(begin(zhang, right)) == [("report_exists", "/year")]


@pytest.mark.parametrize(
    ("change", "status", "code", "pointer"),
    [
        ({"year": 9999}, 400, "max_value", "/year"),
        ({"year": "去年"}, 400, "invalid", "/year"),
        ({"year": 2100}, 409, "year_not_ended", "/year"),
        ({"year": 2023}, 409, "not_authorised_that_year", "/year"),
        ({"authorisation": "0000000000"}, 400, "unknown_authorisation", "/authorisation"),
        ({"authorisation": "不是号码"}, 400, "number", "/authorisation"),
        ({"sales_value": "-1"}, 400, "sales_value", "/sales_value"),
        ({"sales_value": "NaN"}, 400, "invalid", "/sales_value"),
        ({"sales_value": "1.001"}, 400, "max_decimal_places", "/sales_value"),
        ({"sales_value": "1" * 40}, 400, "max_digits", "/sales_value"),
        ({"quantity_sold": "3"}, 400, "quantity_unit", "/quantity_unit"),
        ({"quantity_unit": "percent"}, 400, "invalid_choice", "/quantity_unit"),
        ({"remarks": "多" * 1001}, 400, "max_length", "/remarks"),
        ({"remarks": "a\u202eb"}, 400, None, "/remarks"),
        ({"output": 12}, 400, "unknown_field", "/output"),
        ({"figures": {}}, 400, "unknown_field", "/figures"),
    ],
)
def test_what_cannot_be_reported_is_refused_by_name_and_place(right, zhang, change, status, code, pointer):
    answer = begin(zhang, right, **change)
    assert answer.status_code == status, answer.content
    (told,) = answer.json()["errors"]
    assert (told["pointer"], code or told["code"]) == (pointer, told["code"])
    assert not AnnualUseReport.objects.exists()


def test_a_report_with_gaps_is_not_sent_and_a_return_owes_its_reason(right, cast, zhang, as_machine):
    here = begin(zhang, right)["Location"]
    answer = sent(zhang, "post", f"{here}submit/", **{"If-Match": "*"})
    assert (answer.status_code, codes(answer)) == (
        400,
        [("missing_sales_value", "/sales_value"), ("missing_quantity_sold", "/quantity_sold")],
    )
    report = an_annual_report(right, AnnualState.SUBMITTED, maker=cast.zhang.actor, year=2024, now=NOW)
    refused = sent(as_machine(cast.chen), "post", f"{REPORTS}{report.number}/return/", **{"If-Match": "*"})
    assert (refused.status_code, codes(refused)) == (400, [("reason_missing", "/reason")])


def test_a_due_day_is_told_with_its_source_and_none_where_none_was_set(right, cast, zhang):
    here = begin(zhang, right)["Location"]
    told = zhang.get(here).json()
    assert (told["due_on"], told["due_source"], told["is_late"]) == (None, "", False)
    a_due_date(right.title, cast.chen.actor, year=YEAR, due_on=date(2026, 11, 22), now=NOW)
    told = zhang.get(here).json()
    assert (told["due_on"], told["due_source"]) == ("2026-11-22", "清徐县陈醋协会 2026 年第 9 号通知")


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"due_on": "2025-12-31"}, "due_in_year", "/due_on"),
        ({"due_on": "2026-01-01"}, "due_in_past", "/due_on"),
        ({"due_on": "soon"}, "invalid", "/due_on"),
        ({"source": " "}, "blank", "/source"),
        ({"title": "0000000000"}, "unknown_title", "/title"),
    ],
)
def test_a_due_day_that_cannot_be_is_refused(right, cast, as_machine, change, code, pointer):
    body = {"title": right.title.number, "year": YEAR, "due_on": "2099-03-31", "source": "通知", **change}
    answer = sent(as_machine(cast.chen), "post", f"{TRACE}annual-report-due-dates/", body)
    assert (answer.status_code, codes(answer)) == (400, [(code, pointer)])


# --- the sheet ---


def tables(answer, year=YEAR):
    """Table -> rows below its header; no cell of any is a formula."""
    assert answer["Content-Disposition"] == f'attachment; filename="annual-reports-{year}.xlsx"'
    data = b"".join(answer)
    with ZipFile(io.BytesIO(data)) as book:
        assert not any(b"<f>" in book.read(name) for name in book.namelist() if "/sheet" in name)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python()[1:] for name in book.sheet_names}


def test_the_sheet_holds_what_was_sent_to_its_reader_with_what_was_stated(right, cast, as_machine):
    said = Statement(Decimal("12.50"), Decimal(3), QuantityUnit.LITRE, '=HYPERLINK("http://x")')
    given = {"maker": cast.zhang.actor, "now": NOW}
    an_annual_report(right, year=2024, **given)
    report = an_annual_report(right, AnnualState.SUBMITTED, year=YEAR, statement=said, **given)
    for person in (cast.chen, cast.li):
        book = tables(as_machine(person).get(f"{REPORTS}sheet.xlsx?year={YEAR}"))
        assert list(book) == ["报告", "产品", "标识", "产季"]
        (row,) = book["报告"]
        assert row[:2] == [report.number, YEAR]
        assert row[7:11] == [12.5, 3, "升", '=HYPERLINK("http://x")']
    for person in (cast.zhao, cast.feng):
        assert tables(as_machine(person).get(f"{REPORTS}sheet.xlsx?year={YEAR}"))["报告"] == []


def test_the_sheet_tells_articles_labels_and_seasons_as_the_report_does(goods, cast, as_machine):
    books = the_books(goods)
    goods.batch(quantity=Decimal(20), pack_count=40, season=books.quota.season)
    report = Year(books).report(AnnualState.SUBMITTED)
    book = tables(as_machine(cast.li).get(f"{REPORTS}sheet.xlsx?year=2026&lang=en"), 2026)
    named = [report.number, goods.form.number, goods.form.name_en]
    assert book["Products"] == [[*named, "L", 1, 20, 0, 0, 0, 0]]
    assert book["Labels"] == [[*named, *[0] * 10]]
    assert book["Seasons"] == [[report.number, books.quota.season.name, "L", 3_000, 0, 0]]


@pytest.mark.parametrize("query", ["", "?year=x", "?year=99999", "?year=2025&state=draft"])
def test_a_sheet_of_no_year_is_refused(cast, as_machine, query):
    assert as_machine(cast.li).get(f"{REPORTS}sheet.xlsx{query}").status_code == 400
