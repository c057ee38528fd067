"""Annual reports in the database: figures that lists give too, frozen when sent; two clerks; who may; the walls behind the rules."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from gi_registry.lib.problems import Forbidden, Problem
from products.actions import move_authorisation
from products.rules.authorisations import Given
from products.rules.words import AuthorisationState
from tests.build_annual import JANUARY, SOLD, YEAR, Year, a_due_date, an_annual_report
from tests.build_codes import an_issuance, say_of
from tests.build_products import QI_FIELD, a_site, an_authorisation, everybody
from tests.build_quota import the_books
from tests.build_trace import a_form
from tests.cast import NOW
from trace import actions, annual
from trace.actions import LabelSaying
from trace.annual_figures import figures_of
from trace.models import AnnualUseReport, Batch, LabelOrder, ReportDueDate
from trace.rules.annual_figures import Figures, Labels
from trace.rules.annual_reports import AnnualState, Statement
from trace.rules.batches import BatchState
from trace.rules.issuances import RangeKind, Span
from trace.rules.label_orders import LabelMove
from trace.rules.quantities import QuantityUnit

pytestmark = pytest.mark.django_db
S = AnnualState
SEEN = {"lin", "wang", "li", "sun", "chen", "zhang"}


@pytest.fixture
def year(goods):
    return Year(the_books(goods))


def codes(action, *args, **kwargs):
    with pytest.raises(Problem) as error:
        action(*args, **kwargs)
    return [refusal.code for refusal in error.value.errors]


def labelled(year) -> LabelOrder:
    """One hundred labels: sixty activated, three spoiled, two lost, twenty back, of which five destroyed; fifteen left; ten more asked for."""
    books, official = year.books, {"actor": everybody(), "now": NOW}
    given = {"quota": books.quota, "form": books.goods.form, "actor": year.maker, "now": NOW}
    batch = books.batch(50)
    order = actions.issue_labels(
        order=actions.approve_labels(order=actions.request_labels(count=100, **given), **official), **official
    )
    for kind, first, last, more in (
        (LabelMove.ACTIVATED, 1, 60, {"batch": batch}),
        (LabelMove.SPOILED, 61, 63, {}),
        (LabelMove.LOST, 64, 65, {}),
        (LabelMove.RETURNED, 66, 85, {}),
        (LabelMove.DESTROYED, 66, 70, {"witnesses": ("王秀英", "李建国")}),
    ):
        who = everybody() if kind in (LabelMove.RETURNED, LabelMove.DESTROYED) else year.maker
        saying = LabelSaying(kind, Span(first, last), **more)
        order = actions.record_labels(order=order, saying=saying, actor=who, now=NOW, reason="登记")
    actions.request_labels(count=10, **given)
    return order


# --- figures ---


def test_the_year_of_a_works_is_summed_to_the_unit(year):
    goods, books = year.books.goods, year.books
    labelled(year)
    actions.declare_harvest(row=books.row, quantity=Decimal(700), actor=year.maker, now=NOW)
    wrong = actions.declare_harvest(row=books.row, quantity=Decimal(80), actor=year.maker, now=NOW)
    actions.reverse_posting(
        row=books.row, posting=wrong, actor=everybody(goods.register.holder.organisation), now=NOW, reason="写错"
    )
    spring = {"quantity": Decimal(20), "pack_count": 40, "season": books.quota.season}
    for state in (BatchState.RELEASED, BatchState.RECALLED, BatchState.VOID, BatchState.DRAFT):
        goods.batch(state, **spring)
    told = figures_of(year.right, YEAR)
    (article,), (season,) = told.articles, told.seasons
    (made,) = article.goods
    assert (made.unit, made.released_batches, made.released) == ("litre", 2, Decimal(40))
    assert (made.recalled_batches, made.recalled, made.voided_batches, made.voided) == (1, Decimal(20), 1, Decimal(20))
    assert article.labels == Labels(110, 10, 15, 60, 3, 15, 5, 2)
    assert (season.granted, season.penalties, season.harvested, season.unit) == (3_000, 0, 700, "litre")


def test_every_figure_is_the_sum_of_what_the_lists_of_the_interface_tell(year, cast, as_machine):
    labelled(year)
    actions.declare_harvest(row=year.books.row, quantity=Decimal(700), actor=year.maker, now=NOW)
    for state in (BatchState.RELEASED, BatchState.RECALLED):
        year.books.goods.batch(state, quantity=Decimal(20), pack_count=40, season=year.books.quota.season)
    told, zhang = figures_of(year.right, YEAR), as_machine(cast.zhang)

    def rows(path):
        return zhang.get(f"/api/v1/trace/{path}").json()["results"]

    released = [row for row in rows("batches/") if (row["released_at"] or "").startswith("2026")]
    (made,) = told.articles[0].goods
    assert made.released == sum(Decimal(row["quantity"]) for row in released)
    assert made.recalled_batches == sum(row["state"] == "recalled" for row in released)
    orders = rows(f"label-orders/?season={year.books.quota.season.number}")
    for name in ("active", "spoiled", "returned", "destroyed", "lost"):
        assert getattr(told.labels, name) == sum(row[name] for row in orders)
    assert told.labels.ordered == sum(row["count"] for row in orders)
    (quota,) = rows("quota/")
    assert told.seasons[0].granted == Decimal(quota["quantity"])
    assert told.seasons[0].entitlement == quota["number"]


def test_unit_codes_outside_the_books_are_told_apart_and_one_withdrawn_twice_counts_once(goods):
    batch = goods.batch()
    issuance = an_issuance(goods, batch, 12)
    for kind in (RangeKind.SPOILED, RangeKind.VOID):
        say_of(goods, issuance, kind, 3)
    (article,) = figures_of(goods.register.authorisation, YEAR).articles
    assert (article.labels.codes, article.labels.codes_withdrawn, article.labels.ordered) == (12, 1, 0)
    actions.void_issuance(issuance=issuance, actor=goods.maker, now=NOW, reason="印错")
    (article,) = figures_of(goods.register.authorisation, YEAR).articles
    assert article.labels.codes_withdrawn == 12


def test_a_batch_belongs_to_the_year_in_china_in_which_it_was_released(goods):
    midnight = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    goods.batch(now=midnight - timedelta(seconds=1))
    goods.batch(now=midnight)
    for year in (2026, 2027):
        (article,) = figures_of(goods.register.authorisation, year).articles
        assert article.goods[0].released_batches == 1


def test_nothing_of_another_maker_or_title_is_counted(year):
    register = year.books.goods.register
    right = an_authorisation(register.feng, register.title, [a_site(register.feng, register.indication, box=QI_FIELD)])
    year.books.goods.batch(quantity=Decimal(20), pack_count=40, season=year.books.quota.season)
    assert figures_of(right, YEAR) == Figures()


def test_figures_cost_the_same_however_much_there_is(year):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            figures_of(year.right, YEAR)
        return len(queries)

    labelled(year)
    few = cost()
    for n in range(4):
        form = a_form(year.books.goods.register, year.maker, name_zh=f"陈醋 {n}", gtin=None)
        year.books.goods.batch(form=form, quantity=Decimal(20), pack_count=40, season=year.books.quota.season)
        actions.request_labels(quota=year.books.quota, form=form, count=1, actor=year.maker, now=NOW)
    assert cost() == few == 6


# --- writing and sending ---


def test_a_report_is_written_sent_returned_put_right_and_accepted(year, cast):
    year.books.goods.batch(quantity=Decimal(20), pack_count=40, season=year.books.quota.season)
    zhang, li = cast.zhang.actor, cast.li.actor
    report = year.report(S.RETURNED, maker=zhang, reviewer=li)
    assert (report.state, report.decided_by) == (S.RETURNED, "李清徐")
    assert report.kept_figures is None
    report = actions.state_figures(
        report=report, statement=Statement(Decimal(9), Decimal(1), QuantityUnit.LITRE), actor=zhang, now=JANUARY
    )
    report = actions.submit_report(report=report, actor=zhang, now=JANUARY)
    assert report.reason == ""
    report = actions.accept_report(report=report, actor=cast.chen.actor, now=JANUARY)
    assert (report.state, report.sales_value) == (S.ACCEPTED, 9)
    assert codes(actions.return_report, report=report, actor=li, now=JANUARY, reason="晚了") == ["report_state"]
    assert codes(actions.state_figures, report=report, statement=SOLD, actor=zhang, now=JANUARY) == ["report_state"]


def test_what_was_sent_stays_whatever_becomes_of_the_goods(year):
    goods = {"quantity": Decimal(20), "pack_count": 40, "season": year.books.quota.season}
    batch = year.books.goods.batch(**goods)
    report = year.report(S.SUBMITTED)
    actions.recall_batch(batch=batch, actor=year.maker, now=JANUARY, reason="抽检")
    report.refresh_from_db()
    assert annual.figures_in(report).articles[0].goods[0].recalled_batches == 0
    assert figures_of(year.right, YEAR).articles[0].goods[0].recalled_batches == 1


def test_a_second_press_sends_nothing_anew(year):
    report = year.report(S.SUBMITTED)
    again = actions.submit_report(report=report, actor=year.maker, now=JANUARY + timedelta(hours=1))
    assert (again.submitted_at, again.version) == (JANUARY, report.version)


def test_of_two_clerks_the_second_is_told_to_read_again(year):
    first = year.report()
    second = AnnualUseReport.objects.get(pk=first.pk)
    actions.state_figures(report=first, statement=SOLD, actor=year.maker, now=JANUARY)
    for action, more in ((actions.state_figures, {"statement": Statement()}), (actions.submit_report, {})):
        assert codes(action, report=second, actor=year.maker, now=JANUARY, **more) == ["stale"]
    second.refresh_from_db()
    assert second.sales_value == SOLD.sales_value


def test_nobody_accepts_what_was_sent_anew_since_it_was_read(year, cast):
    read = year.report(S.SUBMITTED)
    fresh = actions.return_report(
        report=AnnualUseReport.objects.get(pk=read.pk), actor=cast.li.actor, now=JANUARY, reason="核对"
    )
    fresh = actions.state_figures(
        report=fresh, statement=Statement(Decimal(1), Decimal(1), QuantityUnit.LITRE), actor=year.maker, now=JANUARY
    )
    actions.submit_report(report=fresh, actor=year.maker, now=JANUARY)
    assert codes(actions.accept_report, report=read, actor=cast.chen.actor, now=JANUARY) == ["stale"]


def test_one_report_for_an_authorisation_and_year(year):
    report = year.report()
    assert codes(year.report) == ["report_exists"]
    with pytest.raises(DatabaseError), transaction.atomic():
        AnnualUseReport.objects.create(authorisation=year.right, year=YEAR, created_at=JANUARY, updated_at=JANUARY)
    assert AnnualUseReport.objects.get() == report


def test_years_that_have_not_ended_or_in_which_nothing_stood_have_no_report(year):
    assert codes(year.report, now=NOW) == ["year_not_ended"]
    assert codes(year.report, year=2025) == ["not_authorised_that_year"]
    assert codes(year.report, year=1999) == ["year"]


def test_a_right_that_was_revoked_still_owes_the_year_in_which_it_stood(year):
    for to in (AuthorisationState.SUSPENDED, AuthorisationState.REVOKED):
        given = Given(reason="抽检不合格")
        move_authorisation(
            authorisation=year.right,
            to=to,
            given=given,
            actor=everybody(year.books.goods.register.holder.organisation),
            now=NOW,
        )
        year.right.refresh_from_db()
    assert year.report().year == YEAR
    assert codes(year.report, year=2027, now=JANUARY + timedelta(days=365)) == ["not_authorised_that_year"]


def test_a_report_is_not_sent_with_figures_missing(year):
    report = year.report(statement=Statement())
    assert codes(actions.submit_report, report=report, actor=year.maker, now=JANUARY) == [
        "missing_sales_value",
        "missing_quantity_sold",
    ]
    report.refresh_from_db()
    assert (report.state, report.figures) == (S.DRAFT, None)


def test_a_return_owes_its_reason_and_a_reason_has_an_end(year, cast):
    report, given = year.report(S.SUBMITTED), {"actor": cast.li.actor, "now": JANUARY}
    assert codes(actions.return_report, report=report, reason="  ", **given) == ["reason_missing"]
    assert codes(actions.accept_report, report=report, reason="多" * 501, **given) == ["reason_too_long"]
    assert actions.accept_report(report=report, **given).reason == ""


# --- who may ---


def test_only_its_own_write_it_and_only_holder_and_officials_of_the_place_review_it(year, cast):
    people, right = cast.everyone(), year.right
    for who in set(people) - {"zhang"}:
        with pytest.raises(Forbidden):
            an_annual_report(right, maker=people[who].actor)
    report = year.report(S.SUBMITTED, maker=cast.zhang.actor)
    for who in set(people) - {"lin", "wang", "li", "chen"}:
        with pytest.raises(Forbidden):
            actions.accept_report(report=report, actor=people[who].actor, now=JANUARY)
    assert actions.accept_report(report=report, actor=cast.wang.actor, now=JANUARY).state == S.ACCEPTED


def test_nobody_reviews_a_report_of_their_own(year):
    both = everybody(year.right.producer.organisation, year.books.goods.register.holder.organisation)
    report = year.report(S.SUBMITTED)
    assert codes(actions.accept_report, report=report, actor=both, now=JANUARY) == ["own_report"]


def test_a_draft_is_its_makers_alone_and_once_sent_seen_by_holder_and_officials_of_the_place(year, cast):
    def seers():
        rows = AnnualUseReport.objects
        return {who for who, person in cast.everyone().items() if rows.visible_to(person.actor).exists()}

    report = year.report(maker=cast.zhang.actor)
    assert seers() == {"zhang"}
    report = actions.submit_report(report=report, actor=cast.zhang.actor, now=JANUARY)
    assert seers() == SEEN
    actions.return_report(report=report, actor=cast.chen.actor, now=JANUARY, reason="核对")
    assert seers() == SEEN


# --- due days ---


def test_a_day_is_set_by_holder_or_province_with_its_source_and_moved_by_either(year, cast):
    title = year.right.title
    for person in (cast.li, cast.wang, cast.zhang, cast.feng, cast.sun, cast.hu):
        with pytest.raises(Forbidden):
            a_due_date(title, person.actor)
    due = a_due_date(title, cast.chen.actor)
    later = a_due_date(title, cast.lin.actor, due_on=date(2027, 4, 30))
    assert (later.pk, later.version, later.set_by) == (due.pk, 2, "林登记")
    assert later.events.count() == 2
    assert annual.dues_of([(title.pk, YEAR), (title.pk, 2027)]) == {(title.pk, YEAR): later}


def test_a_due_day_is_told_to_those_whom_it_concerns(year, cast):
    a_due_date(year.right.title, cast.chen.actor)
    seen = {who for who, one in cast.everyone().items() if ReportDueDate.objects.visible_to(one.actor).exists()}
    assert seen == SEEN


def test_what_is_still_to_be_written_is_found_in_one_query(year, django_assert_num_queries):
    right = type(year.right).objects.select_related("title").get(pk=year.right.pk)
    with django_assert_num_queries(1):
        assert annual.unwritten([right], date(2028, 1, 1)) == [(right, 2027), (right, 2026)]
    year.report()
    assert annual.unwritten([right], date(2027, 6, 1)) == []


# --- walls ---


@pytest.mark.parametrize(
    "change",
    [
        {"sales_value": 1},
        {"quantity_sold": 1},
        {"remarks": "另"},
        {"figures": {}},
        {"submitted_at": NOW},
        {"state": "draft"},
        {"year": 2024},
        {"state": "returned", "reason": ""},
    ],
)
def test_a_report_that_was_sent_is_changed_by_nobody(year, change):
    report = year.report(S.SUBMITTED)
    with pytest.raises(DatabaseError), transaction.atomic():
        AnnualUseReport.objects.filter(pk=report.pk).update(**change)


@pytest.mark.parametrize(
    "row",
    [
        {"year": 2027},
        {"year": 1999},
        {"state": "submitted"},
        {"sales_value": -1},
        {"quantity_sold": 1},
        {"quantity_unit": "litre"},
    ],
)
def test_no_row_is_written_that_the_rules_would_refuse(year, row):
    facts = {"authorisation": year.right, "year": 2026, "created_at": JANUARY, "updated_at": JANUARY}
    with pytest.raises(DatabaseError), transaction.atomic():
        AnnualUseReport.objects.create(**{**facts, **row})


def test_neither_a_report_nor_a_due_day_is_deleted(year, cast):
    year.report()
    a_due_date(year.right.title, cast.chen.actor)
    for model in (AnnualUseReport, ReportDueDate):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all().delete()


def test_the_list_of_batches_of_a_right_is_found_by_its_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    rows = Batch.objects.filter(authorisation=1, released_at__gte=JANUARY)
    assert "batch_of_authorisation" in rows.explain()
