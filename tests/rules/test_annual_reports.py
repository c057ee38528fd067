"""Annual reports without a database: which years, what is stated, what figures add up to, and when one is late."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from products.rules.authorisations import Spell, stands_on
from trace.rules import annual_reports as rules
from trace.rules.annual_figures import Article, Figures, Goods, Labels, SeasonOfYear, goods_of, labels_of
from trace.rules.annual_reports import REPORT_STEPS, AnnualState, Statement
from trace.rules.batches import BatchState
from trace.rules.label_orders import OrderState
from trace.rules.quantities import QuantityUnit

TODAY = date(2026, 11, 22)
WHOLE = Statement(Decimal("1250000.50"), Decimal(960), QuantityUnit.LITRE, "市场抽检一次，合格。")
DAYS = st.dates(date(2023, 1, 1), date(2027, 12, 31))


def codes(faults):
    return [fault.code for fault in faults]


def stood(year: int, *spells: Spell, until: date | None = None) -> bool:
    return rules.stood_in(year, [spell.begun for spell in spells], lambda day: stands_on(spells, until, day))


# --- which year ---


def test_a_year_is_reported_once_it_has_ended():
    assert codes(rules.year_refusals(2026, TODAY, True)) == ["year_not_ended"]
    assert codes(rules.year_refusals(2026, date(2026, 12, 31), True)) == ["year_not_ended"]
    assert rules.year_refusals(2026, date(2027, 1, 1), True) == []
    assert rules.year_refusals(2025, TODAY, True) == []


def test_a_year_without_the_right_is_not_reported():
    assert codes(rules.year_refusals(2025, TODAY, False)) == ["not_authorised_that_year"]


def test_one_day_of_standing_is_enough_and_none_is_not():
    last_day = Spell(date(2025, 12, 31))
    assert stood(2025, last_day)
    assert not stood(2024, last_day)
    assert stood(2026, last_day)
    first_day = Spell(date(2023, 5, 1), date(2025, 1, 2))
    assert stood(2025, first_day)
    assert not stood(2026, first_day)
    assert not stood(2025, Spell(date(2023, 5, 1), date(2025, 1, 1)))


def test_a_right_that_ran_out_does_not_stand_in_a_later_year():
    right = Spell(date(2023, 1, 1))
    assert stood(2025, right, until=date(2025, 1, 1))
    assert not stood(2025, right, until=date(2024, 12, 31))


@given(st.lists(st.tuples(DAYS, DAYS), max_size=4), DAYS, st.integers(2022, 2028))
def test_asking_a_few_days_finds_what_asking_every_day_does(pairs, until, year):
    spells = [Spell(*sorted(pair)) for pair in pairs]
    every = any(
        stands_on(spells, until, date.fromordinal(n))
        for n in range(*(date(y, 1, 1).toordinal() for y in (year, year + 1)))
    )
    assert stood(year, *spells, until=until) is every


@pytest.mark.parametrize("year", [1999, 0, -1, 3000, 20260])
def test_a_year_that_cannot_be_meant_is_refused(year):
    assert codes(rules.year_faults(year)) == ["year"]


# --- what is stated ---


@pytest.mark.parametrize(
    ("told", "faults"),
    [
        (WHOLE, []),
        (Statement(), []),
        (Statement(Decimal(0), Decimal(0), QuantityUnit.PIECE), []),
        (Statement(Decimal(-1)), ["sales_value"]),
        (Statement(Decimal("NaN")), ["sales_value"]),
        (Statement(Decimal("Infinity")), ["sales_value"]),
        (Statement(Decimal(10) ** 12 + 1), ["sales_value"]),
        (Statement(Decimal("0.005")), ["sales_value_too_fine"]),
        (Statement(None, Decimal(3)), ["quantity_unit"]),
        (Statement(None, None, QuantityUnit.LITRE), ["missing_quantity_sold"]),
        (Statement(None, Decimal(-3), QuantityUnit.LITRE), ["quantity_not_positive"]),
        (Statement(None, Decimal("NaN"), QuantityUnit.LITRE), ["quantity_not_positive"]),
        (Statement(None, Decimal("0.0001"), QuantityUnit.LITRE), ["quantity_too_fine"]),
        (Statement(None, Decimal(1_000_001), QuantityUnit.TONNE), ["quantity_absurd"]),
        (Statement(remarks="多" * 1_001), ["remarks_too_long"]),
    ],
)
def test_figures_that_cannot_be_meant_are_refused_at_their_place(told, faults):
    assert codes(rules.statement_faults(told)) == faults


def test_what_is_missing_is_named_and_nothing_sold_is_an_answer():
    assert codes(rules.gaps(Statement())) == ["missing_sales_value", "missing_quantity_sold"]
    assert rules.gaps(Statement(Decimal(0), Decimal(0), QuantityUnit.LITRE)) == []


# --- steps ---


@pytest.mark.parametrize("state", AnnualState)
def test_a_report_goes_only_along_its_steps(state):
    for to in AnnualState:
        refusals = rules.step_refusals(state, to)
        assert codes(refusals) == ([] if to in REPORT_STEPS[state] else ["report_state"])
    is_open = state in (AnnualState.DRAFT, AnnualState.RETURNED)
    assert codes(rules.write_refusals(state)) == ([] if is_open else ["report_state"])


def test_an_accepted_report_is_the_end():
    assert REPORT_STEPS[AnnualState.ACCEPTED] == ()


# --- due days ---


def test_no_day_is_due_where_none_was_set():
    assert not rules.is_late(None, None, date(2099, 1, 1))
    due = date(2027, 3, 31)
    assert not rules.is_late(due, due, date(2099, 1, 1))
    assert rules.is_late(due, date(2027, 4, 1), date(2027, 4, 1))
    assert rules.is_late(due, None, date(2027, 4, 1))
    assert not rules.is_late(due, None, due)


@pytest.mark.parametrize(
    ("year", "due_on", "source", "faults"),
    [
        (2026, date(2027, 3, 31), "协会 2026 年第 9 号通知", []),
        (2026, date(2026, 12, 31), "通知", ["due_in_year"]),
        (2025, date(2026, 11, 21), "通知", ["due_in_past"]),
        (2025, TODAY, "通知", []),
        (2026, date(2027, 3, 31), " ", ["missing_source"]),
        (2026, date(2027, 3, 31), "多" * 301, ["source_too_long"]),
        (1990, date(2027, 3, 31), "通知", ["year"]),
    ],
)
def test_a_due_day_lies_after_its_year_and_says_on_what_it_rests(year, due_on, source, faults):
    assert codes(rules.due_faults(year, due_on, source, TODAY)) == faults


# --- figures ---


def test_goods_add_up_by_what_can_be_added_and_recalled_ones_were_released():
    litre, millilitre, tonne = QuantityUnit.LITRE, QuantityUnit.MILLILITRE, QuantityUnit.TONNE
    volume, mass = sorted(
        goods_of(
            [
                (litre, BatchState.RELEASED, 2, Decimal(300)),
                (millilitre, BatchState.RECALLED, 1, Decimal(50_500)),
                (litre, BatchState.VOID, 1, Decimal(7)),
                (tonne, BatchState.CLOSED, 1, Decimal("1.5")),
            ]
        ),
        key=lambda goods: goods.unit,
        reverse=True,
    )
    assert volume == Goods("litre", 3, Decimal("350.5"), 1, Decimal("50.5"), 1, Decimal(7))
    assert mass == Goods("kilogram", 1, Decimal(1_500))


def test_labels_ordered_are_those_waiting_unused_and_what_became_of_the_rest():
    fates = {"active": 400, "spoiled": 2, "returned": 18, "destroyed": 100, "lost": 1}
    issued, asked = labels_of(OrderState.ISSUED, 598, fates), labels_of(OrderState.REQUESTED, 30, {})
    assert (issued.unused, asked.waiting, asked.unused) == (77, 30, 0)
    total = issued + asked
    assert total.ordered == total.waiting + total.unused + sum(fates.values()) == 628


FIGURES = Figures(
    (
        Article(
            "AAAAAAAAAA",
            "春茶",
            "",
            (Goods("kilogram", 2, Decimal("149.500"), 1, Decimal(10)),),
            Labels(598, 0, 118, 480),
        ),
        Article("BBBBBBBBBB", "秋茶", "Autumn tea", (), Labels(codes=12, codes_withdrawn=1)),
    ),
    (SeasonOfYear("CCCCCCCCCC", "DDDDDDDDDD", "2025 年春季", "kilogram", Decimal("149.5"), Decimal(0), Decimal(140)),),
)


def test_frozen_figures_are_read_back_to_the_last_digit():
    kept = json.loads(json.dumps(FIGURES.frozen()))
    assert Figures.read(kept) == FIGURES
    assert kept["articles"][0]["goods"][0]["released"] == "149.5"
    assert FIGURES.labels == Labels(598, 0, 118, 480, codes=12, codes_withdrawn=1)


def test_figures_of_a_shape_that_nobody_knows_are_not_guessed_at():
    with pytest.raises(ValueError, match="version 2"):
        Figures.read({**FIGURES.frozen(), "version": 2})


def test_what_to_look_at_first_is_said_and_a_clean_year_says_nothing():
    said = [note.en for note in rules.notes(FIGURES)]
    assert said == ["118 labels are not accounted for yet."]
    assert [note.en for note in rules.notes(Figures())] == ["No batch was released in this year."]
    open_ends = Figures((*FIGURES.articles, Article("E", "x", "", (), Labels(9, 4, 0, 0, 0, 5))))
    assert len(rules.notes(open_ends)) == 3
