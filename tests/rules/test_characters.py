"""Characters that nobody sees are found in what people write, and nothing that people need is taken for one."""

import pytest

from gi_registry.lib.characters import unseen_faults, unseen_in


def codes(said):
    return [fault.code for fault in unseen_in(said)]


@pytest.mark.parametrize("character", "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_what_turns_the_order_of_the_text_is_named_as_that(character):
    assert codes(f"老陈{character}醋") == ["turning_characters"]


@pytest.mark.parametrize(
    "character",
    "\x01\x08\x0b\x1b\x7f\x85\xad\u034f\u115f\u180e\u200b\u200c\u200d\u2028\u2029\u2060\u206f\u3164\ufeff\uffa0\ufffb\U000e0041",
)
def test_what_has_no_width_or_no_shape_is_named_as_unseen(character):
    assert codes(f"ZJ{character}-1") == ["unseen_characters"]


def test_a_nul_is_something_that_cannot_be_kept():
    assert codes("a\0b\u202e") == ["null_characters_not_allowed"]


@pytest.mark.parametrize(
    "said",
    [
        "",
        "第一行\r\n第二行\t缩进",
        "老陈醋（五年） 10 °C · café — “好”",
        "葛\U000e0100城",  # a variant of a character, as in names of places
        "很好👍🏽👨‍👩‍👧❤️‍🔥",
        "ئۇيغۇرچە",
        "ᠮᠣᠩᠭᠣᠯ",
        "한국어 हिन्दी",
        "全角　空格",
    ],
)
def test_what_people_write_passes(said):
    assert unseen_in(said) == []


def test_each_text_is_told_under_the_name_of_its_field():
    told = unseen_faults(name_zh="陈\u200b醋", name_en="vinegar", packing="\u202eglass")
    assert [(fault.pointer, fault.code) for fault in told] == [
        ("/name_zh", "unseen_characters"),
        ("/packing", "turning_characters"),
    ]
