"""What people type and what they mean by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from products.rules.search import RESERVED_SLUGS, folded, grams, keys_of, query_of, slug_of

VINEGAR = keys_of("山西老陈醋", "Shanxi extra aged vinegar", "食醋")


def holds(typed: str) -> bool:
    """Whether the pieces of a query are all among those of the vinegar."""
    return bool(query_of(typed).grams) and set(query_of(typed).grams) <= set(VINEGAR.grams)


@pytest.mark.parametrize(
    "typed",
    [
        "老陈醋",
        "醋",
        "陈醋",
        "山西老陈醋",
        "laochencu",
        "Lao Chen Cu",
        "lcc",
        "SXLCC",
        "vinegar",
        "ＶＩＮＥＧＡＲ",
        "食醋",
        " 老 陈 醋 ",
    ],
)
def test_the_vinegar_is_among_the_candidates(typed):
    assert holds(typed)


def test_the_keys_of_the_vinegar():
    assert (VINEGAR.pinyin, VINEGAR.folded_pinyin, VINEGAR.initials) == (
        "shan xi lao chen cu",
        "shanxilaochencu",
        "sxlcc",
    )


def test_a_place_keeps_its_own_reading():
    assert keys_of("长子大青椒", "").initials == "zzdqj"
    assert keys_of("繁峙黄米", "").pinyin == "fan shi huang mi"


def test_the_umlaut_is_found_however_it_is_typed():
    assert folded("绿豆 lü") == folded("绿豆 lv") == folded("绿豆 lu")


def test_a_misheard_character_still_sounds_the_same():
    assert query_of("老陈酢").sound == "laochencu"
    assert query_of("laochencu").sound == ""


@given(st.text(max_size=60))
def test_any_text_is_folded_once_and_for_all(text):
    assert folded(folded(text)) == folded(text)
    assert all(1 <= len(piece) <= 2 for piece in grams(text))


@given(st.text(min_size=1, max_size=20), st.text(max_size=10), st.text(max_size=10))
def test_a_part_of_a_name_has_only_pieces_of_the_name(part, before, after):
    name = folded(before) + folded(part) + folded(after)
    assert grams(folded(part)) <= set(name) | {name[i : i + 2] for i in range(len(name))}


@given(st.text(max_size=300))
def test_a_query_is_bounded(text):
    assert len(query_of(text).grams) <= 400


@given(st.text(max_size=60), st.text(max_size=120), st.text(max_size=40), st.text(max_size=200))
def test_keys_fit_their_columns_whatever_the_names(name_zh, name_en, category, pinyin):
    keys = keys_of(name_zh, name_en, category, pinyin)
    assert len(keys.folded_zh) <= 80
    assert len(keys.folded_en) <= 160
    assert len(keys.pinyin) <= 240
    assert len(keys.folded_pinyin) <= 240
    assert len(keys.initials) <= 60
    assert all(len(piece) <= 2 for piece in keys.grams)


def test_a_name_of_ligatures_does_not_burst_its_column():
    assert len(keys_of("\ufdfa" * 60, "").folded_zh) == 80


def test_slugs_are_readable_and_none_is_a_page():
    assert slug_of("山西老陈醋") == "shan-xi-lao-chen-cu"
    assert "producers" in RESERVED_SLUGS
