"""What people type, paste or scan, taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.rules.typed import Kind, read_typed

LOT = "7K3QX9PA28"
CODE = "1D9TH0QM13JJ3CWHNDTQ"
GTIN = "06901234567892"


@pytest.mark.parametrize(
    "typed",
    [
        LOT,
        "7k3qx 9pa28",
        "7K3QX-9PA28",
        "７Ｋ３ＱＸ９ＰＡ２８",
        "7K3QX−9PA28",
        "\u200b7K3QX\u20609PA28\ufeff",
        "  7K3QX9PA28\n",
        "批次号：7K3QX 9PA28",
        "Lot: 7K3QX9PA28",
        f"https://gi.example.cn/c/{LOT}",
        f"https://gi.example.cn/c/{LOT}/",
        f"https://gi.example.cn/c/{LOT}?utm=1#x",
        f"gi.example.cn/c/{LOT}",
        f"127.0.0.1:8000/c/{LOT}",
        f"/c/{LOT}",
        f"c/{LOT}",
        f"https://gi.example.cn/01/{GTIN}/10/{LOT}",
        f"https://gi.example.cn/stem/01/{GTIN}/10/{LOT}",
        "https://gi.example.cn/c/%37K3QX9PA28",
    ],
)
def test_a_lot_is_found_in_every_form_it_comes_in(typed):
    found = read_typed(typed)
    assert (found.kind, found.lot, found.code) == (Kind.BATCH, LOT, "")
    assert found.is_well_formed


@pytest.mark.parametrize(
    "typed",
    [
        f"https://gi.example.cn/c/{LOT}/{CODE}",
        f"https://gi.example.cn/01/{GTIN}/10/{LOT}/21/{CODE}",
        f"{LOT}/{CODE}",
        f"{LOT} {CODE}",
    ],
)
def test_a_unit_code_is_found_with_its_lot(typed):
    found = read_typed(typed)
    assert (found.kind, found.lot, found.code, found.is_well_formed) == (Kind.UNIT, LOT, CODE, True)


@pytest.mark.parametrize(
    "typed", ["(01){gtin}(10){lot}(21){code}", "（01）{gtin} （10）{lot} （21） {code}", "(10){lot} (21){code}"]
)
def test_element_strings_are_read_as_they_are_printed(typed):
    found = read_typed(typed.format(gtin=GTIN, lot=LOT.lower(), code=CODE))
    assert (found.kind, found.lot, found.code, found.is_well_formed) == (Kind.UNIT, LOT, CODE, True)
    assert found.gtin == (GTIN if "01" in typed else "")


def test_a_short_gtin_in_a_link_is_padded_as_the_resolver_does():
    found = read_typed(f"https://gi.example.cn/01/{GTIN[1:]}/10/{LOT}")
    assert (found.gtin, found.lot, found.is_well_formed) == (GTIN, LOT, True)


def test_a_unit_code_by_itself_has_no_lot():
    found = read_typed(CODE.lower())
    assert (found.kind, found.lot, found.code, found.is_well_formed) == (Kind.UNIT, "", CODE, True)


@pytest.mark.parametrize(
    "typed",
    [
        "7K3QX9PA29",
        "K73QX9PA28",
        "7K3QX9PA2",
        "",
        "醋",
        "\x00",
        "https://",
        "http://[::1/c/7K3QX9PA28",
        f"https://gi.example.cn/01/06901234567893/10/{LOT}",
        f"https://gi.example.cn/c/{LOT}/{CODE[:-1]}R",
        "a/b/c/d/e/f",
    ],
)
def test_what_cannot_be_a_code_is_not_well_formed(typed):
    assert not read_typed(typed).is_well_formed


def test_the_host_of_a_pasted_link_is_kept_without_its_user_part():
    assert read_typed(f"https://Gi.Example.CN@evil.example/c/{LOT}").host == "evil.example"
    assert read_typed(LOT).host == ""


@given(st.text(max_size=200))
def test_nothing_typed_makes_it_fail_or_come_back_long(text):
    found = read_typed(text)
    assert len(found.lot) <= 40
    assert (found.lot + found.code).isprintable()
