"""What a season grants, and what its books let pass: real figures, to the unit. The ceilings are averages that were worked out
from published totals, not legal ceilings."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_registry.lib.texts import Text
from products.rules.seasons import Ceiling, CeilingBasis, ceiling_faults, ceiling_for, quota_faults
from products.rules.words import SiteKind, Unit
from trace.rules import ledger
from trace.rules.entitlement import AREA_M2, Plot, entitlement, factor_refusals, labels_within
from trace.rules.ledger import (
    BOOK_OF,
    OUTSIDE,
    AccountKind,
    Book,
    Key,
    Leg,
    Terms,
    is_balanced,
    merged,
    overdrawn,
    plain,
    reversed_legs,
)
from trace.rules.quantities import QuantityUnit, goods_of

MU, HA = CeilingBasis.PER_MU, CeilingBasis.PER_HECTARE
KG = 1_000
ONE = Terms()
LITRES = (Text("升", "L"), 1_000)
GRAPES = Terms(Decimal(160_000), Decimal(102_000))  # 160 kg of grapes give 102 litres of must, in grams and millilitres


def of_land(mu=None, ha=None, *, ceiling, kind=SiteKind.FIELD, division="330106", factor=Decimal(1)):
    """Grams that so much land may yield under one ceiling in kilograms."""
    basis, size = (MU, mu) if mu is not None else (HA, ha)
    area = float(AREA_M2[basis] * Decimal(str(size)).as_integer_ratio()[0] / Decimal(str(size)).as_integer_ratio()[1])
    plot = Plot(1, division, kind, area, factor)
    return entitlement([plot], [Ceiling(Decimal(str(ceiling)), basis)], KG).quantity


# --- worked examples ---


def test_a_tea_household_of_5_2_mu_has_149_5_kg_and_598_labels_of_250_g():
    assert Decimal(575_000) / 20_000 == Decimal("28.75")
    grams = of_land(mu=5.2, ceiling="28.75")
    assert grams == Decimal(149_500)
    assert labels_within(grams, Decimal(250)) == 598


def test_600_labels_are_refused_by_two_and_598_are_accepted():
    left = {Key(AccountKind.LABEL_RIGHT, 1): Decimal(149_500)}

    def asked(labels):
        return ledger.move(labels * Decimal(250), Key(AccountKind.LABEL_RIGHT, 1), Key(AccountKind.RIGHT_OUTSIDE))

    ((leg, balance),) = overdrawn(left, asked(600))
    assert (-leg.amount - balance) / 250 == 2
    assert overdrawn(left, asked(598)) == []
    assert overdrawn(left, asked(599)) != []


def test_the_whole_tea_area_has_2_008_000_labels_and_not_one_more():
    assert labels_within(Decimal(502_000_000), Decimal(250)) == 2_008_000
    assert labels_within(Decimal(502_000_000) - Decimal("0.001"), Decimal(250)) == 2_007_999


def test_crab_of_lake_and_pond_have_ceilings_of_their_own():
    lake, pond = (
        (Decimal(1_550_000) / 15_700).quantize(Decimal("0.0001")),
        (Decimal(8_800_000) / 67_900).quantize(Decimal("0.0001")),
    )
    assert (round(lake, 1), round(pond, 1)) == (Decimal("98.7"), Decimal("129.6"))
    ceilings = [Ceiling(lake, MU), Ceiling(pond, MU, site_kind=SiteKind.POND)]
    area = float(10 * AREA_M2[MU])
    in_lake, in_pond = Plot(1, "320500", SiteKind.FIELD, area), Plot(2, "320500", SiteKind.POND, area)
    grams = [entitlement([plot], ceilings, KG).quantity for plot in (in_lake, in_pond)]
    assert round(grams[0] / KG) == 987
    assert labels_within(grams[0], Decimal(200)) == 4_936
    assert labels_within(grams[1], Decimal(200)) == 6_480
    assert labels_within(Decimal(10_350_000_000), Decimal(200)) == 51_750_000


@pytest.mark.parametrize(
    ("kilograms", "litres", "bottles"),
    [("11400", "7267.5", 9_690), ("9000", "5737.5", 7_650), ("15500", "9881.25", 13_175)],
)
def test_a_hectare_of_grapes_gives_so_many_bottles(kilograms, litres, bottles):
    grams = of_land(ha=1, ceiling=kilograms)
    must = GRAPES.goods_from(grams)
    assert must == Decimal(litres) * 1000
    assert labels_within(must, Decimal(750)) == bottles
    right = {Key(AccountKind.LABEL_RIGHT, 1): must}
    one_more = ledger.move(
        Decimal(750) * (bottles + 1), Key(AccountKind.LABEL_RIGHT, 1), Key(AccountKind.RIGHT_OUTSIDE)
    )
    assert overdrawn(right, one_more) != []


def test_230_million_bottles_at_8_000_kg_need_33_824_hectares():
    grams = GRAPES.raw_for(Decimal(230_000_000) * 750)
    assert round(grams / KG / 8_000) == 33_824


def test_10_400_litres_of_milk_are_twenty_wheels_and_the_21st_is_refused():
    wheels = Terms(Decimal(520_000), Decimal(1))
    whole = Ceiling(Decimal(10_400), CeilingBasis.PER_PRODUCER)
    milk = entitlement([Plot(1, "140121", SiteKind.WORKSHOP, None)], [whole], 1_000).quantity
    assert wheels.goods_from(milk) == 20
    books = {Key(AccountKind.ENTITLEMENT, 1): milk}
    assert overdrawn(books, ledger.batch(Decimal(20), 1, wheels, books)) == []
    assert overdrawn(books, ledger.batch(Decimal(21), 1, wheels, books)) != []
    assert round(Decimal(3_699_695) * 520 / 10**9, 3) == Decimal("1.924")


# --- entitlement ---


def test_the_narrowest_place_decides_and_there_the_kind_of_site():
    everywhere, county = Ceiling(Decimal(1), MU), Ceiling(Decimal(2), MU, "140121")
    ponds, county_ponds = Ceiling(Decimal(3), MU, "", SiteKind.POND), Ceiling(Decimal(4), MU, "140121", SiteKind.POND)
    every = [everywhere, county, ponds, county_ponds]
    assert ceiling_for(every, "140121", SiteKind.POND) is county_ponds
    assert ceiling_for(every, "140121", SiteKind.FIELD) is county
    assert ceiling_for(every, "140727", SiteKind.POND) is ponds
    assert ceiling_for(every[1:2], "140727", SiteKind.FIELD) is None


def test_land_without_a_ceiling_and_premises_without_area_give_nothing():
    plots = [Plot(1, "140727", SiteKind.FIELD, 6_666.0), Plot(2, "140121", SiteKind.WORKSHOP, None)]
    assert entitlement(plots, [Ceiling(Decimal(5), MU, "140121")], KG).quantity == 0


def test_a_ceiling_per_producer_is_given_once_however_many_workshops_there_are():
    plots = [Plot(number, "140121", SiteKind.WORKSHOP, None) for number in range(5)]
    assert entitlement(plots, [Ceiling(Decimal(30), CeilingBasis.PER_PRODUCER)], KG).quantity == 30_000


def test_young_plants_count_by_their_factor_and_the_cap_cuts_the_rest():
    assert of_land(mu=10, ceiling=100, factor=Decimal("0.25")) == 250_000
    found = entitlement(
        [Plot(1, "1", SiteKind.FIELD, 10_000.0)], [Ceiling(Decimal(100), HA)], KG, left_of_cap=Decimal(60_000)
    )
    assert (found.computed, found.quantity) == (100_000, 60_000)


def test_factors_are_for_sites_that_count_and_between_nothing_and_all():
    codes = [
        r.code
        for r in factor_refusals(
            {"A": Decimal("1.1"), "B": Decimal("0.5"), "C": Decimal(1), "D": Decimal("NaN")}, ["A", "C", "D"]
        )
    ]
    assert codes == ["factor_out_of_range", "site_not_counted", "factor_out_of_range"]


def test_quotas_that_cannot_be_meant_are_refused():
    assert [r.code for r in quota_faults(Unit.PERCENT, Unit.KILOGRAM, Decimal(1), Decimal(1), None)] == ["quota_unit"]
    assert [r.code for r in quota_faults(Unit.KILOGRAM, Unit.GRAM, Decimal(1), Decimal(1_001), None)] == [
        "yield_above_input"
    ]
    assert quota_faults(Unit.KILOGRAM, Unit.LITRE, Decimal(160), Decimal(102), Decimal(5)) == []
    assert [r.code for r in quota_faults(Unit.KILOGRAM, Unit.LITRE, Decimal(0), Decimal("NaN"), Decimal(-1))] == [
        "amount"
    ] * 3
    assert [r.code for r in ceiling_faults([])] == ["no_ceiling"]
    twice = [Ceiling(Decimal(1), MU), Ceiling(Decimal(2), HA), Ceiling(Decimal("Infinity"), HA, "14")]
    assert [r.code for r in ceiling_faults(twice)] == ["ceiling_repeated", "amount"]


# --- the books ---


def test_a_batch_takes_what_is_processed_then_raw_goods_then_the_land():
    books = {
        Key(AccountKind.PROCESSED, 7): Decimal(10_000),
        Key(AccountKind.RAW, 7): Decimal(16_000),
        Key(AccountKind.ENTITLEMENT, 7): Decimal(1_600_000),
    }
    moved = {leg.key.kind: leg.amount for leg in ledger.batch(Decimal(30_400), 7, GRAPES, books)}
    assert moved == {
        AccountKind.PROCESSED: -10_000,
        AccountKind.RAW: -16_000,
        AccountKind.ENTITLEMENT: -16_000,
        AccountKind.RAW_OUTSIDE: 32_000,
        AccountKind.GOODS_OUTSIDE: -20_400,
        AccountKind.PACKED: 30_400,
    }


def test_more_than_the_conversion_gives_is_refused():
    assert ledger.processing_refusals(Decimal(160_000), Decimal(102_000), GRAPES, LITRES) == []
    (refusal,) = ledger.processing_refusals(Decimal(160_000), Decimal("102000.001"), GRAPES, LITRES)
    assert refusal.code == "conversion_exceeded"
    assert "at most 102 L; 102.000001 L cannot" in refusal.text.en


def test_a_refusal_says_what_is_left_and_what_is_missing():
    legs = ledger.harvest(Decimal(5_500), 3)
    kilograms = {Book.RAW: (Text("千克", "kg"), 1_000)}
    (refusal,) = ledger.overdraft_refusals(
        {Key(AccountKind.ENTITLEMENT, 3): Decimal("5000.5")}, legs, kilograms, "/quantity"
    )
    assert (refusal.code, refusal.pointer) == ("over_entitlement", "/quantity")
    assert "5.0005 kg left, 5.5 kg needed, 0.4995 kg short" in refusal.text.en
    assert "剩余 5.0005 千克" in refusal.text.zh


def test_figures_are_plain():
    assert [plain(Decimal(n)) for n in ("1E+3", "0.500", "-2.100", "1234567")] == ["1,000", "0.5", "-2.1", "1,234,567"]


def test_every_kind_of_account_is_in_one_book_and_every_book_has_an_outside():
    assert set(BOOK_OF) == set(AccountKind)
    assert {BOOK_OF[kind] for kind in OUTSIDE} == set(Book)


amounts = st.decimals(min_value=Decimal("0.001"), max_value=Decimal(10) ** 9, places=3)
terms = st.builds(Terms, st.integers(1, 10**6).map(Decimal), st.integers(1, 10**6).map(Decimal))


@given(raw=amounts, terms=terms)
def test_what_comes_out_never_needs_more_than_went_in(raw, terms):
    assert terms.raw_for(terms.goods_from(raw)) <= raw


@given(goods=amounts, processed=amounts, raw=amounts, land=amounts, terms=terms)
def test_every_posting_balances_and_what_it_takes_can_be_given_back(goods, processed, raw, land, terms):
    books = {
        Key(AccountKind.PROCESSED, 1): processed, Key(AccountKind.RAW, 1): raw, Key(AccountKind.ENTITLEMENT, 1): land,
    }  # fmt: skip
    for legs in (
        ledger.batch(goods, 1, terms, books),
        ledger.grant(land, goods, 1, terms, is_capped=True),
        ledger.penalty(goods, 1, terms),
        ledger.harvest(goods, 1),
        ledger.processing(goods, processed, 1),
        ledger.cap(goods),
    ):
        assert is_balanced(legs)
        assert merged([*legs, *reversed_legs(legs)]) == ()


@given(goods=amounts, processed=amounts, raw=amounts, land=amounts, terms=terms)
def test_a_batch_that_is_covered_takes_no_account_below_zero(goods, processed, raw, land, terms):
    books = {
        Key(AccountKind.PROCESSED, 1): processed, Key(AccountKind.RAW, 1): raw, Key(AccountKind.ENTITLEMENT, 1): land,
    }  # fmt: skip
    legs = ledger.batch(goods, 1, terms, books)
    covered = goods <= processed or terms.raw_for(goods - processed) <= raw + land
    assert (overdrawn(books, legs) == []) is covered


def test_a_posting_that_does_not_balance_is_seen():
    assert not is_balanced([Leg(Key(AccountKind.RAW, 1), Decimal(1)), Leg(Key(AccountKind.PACKED, 1), Decimal(-1))])


def test_a_batch_is_counted_by_its_quantity_or_by_what_its_packs_hold_whichever_is_more():
    litre, ml, kg = QuantityUnit.LITRE, QuantityUnit.MILLILITRE, QuantityUnit.KILOGRAM
    assert goods_of(litre, Decimal(1_200), litre, 2_400, Decimal(500), ml) == 1_200_000
    assert goods_of(litre, Decimal(1_200), litre, 2_450, Decimal(500), ml) == 1_225_000
    assert goods_of(litre, Decimal(1_200), kg, 2_400, Decimal(500), ml) == 1_200_000
    assert goods_of(kg, Decimal(1_200), litre, None, Decimal(500), ml) is None
