"""Numbers that people read and type: the vectors of the codes standard, and what the check character catches."""

from hypothesis import given
from hypothesis import strategies as st

from gi_registry.lib import ids

BODIES = st.text(alphabet=ids.ALPHABET, min_size=9, max_size=9)
LONG_BODIES = st.text(alphabet=ids.ALPHABET, min_size=1, max_size=30)

LOTS = ("7K3QX9PA28", "000000001T")
UNIT_CODES = (
    "1D9TH0QM13JJ3CWHNDTQ",
    "1BEDEFV5C0MVVDWK02E6",
    "192MC2C4KZ3QVMX3MKPN",
    "0GH69CZRV6X28TYX648R",
    "ZHNZSMXRGEW1QBWHHPAW",
)


def test_the_vectors_carry_their_check_characters():
    for lot in LOTS:
        assert ids.is_well_formed(lot)
    for code in UNIT_CODES:
        assert ids.is_well_formed(code, 20)


def test_lots_that_are_only_inputs_to_the_unit_function_are_not_well_formed():
    assert not ids.is_well_formed("7K3QX9PA2C")
    assert not ids.is_well_formed("XH2609A01")


def test_a_lot_is_shown_in_two_groups_of_five():
    assert ids.grouped("7K3QX9PA28") == "7K3QX 9PA28"


@given(LONG_BODIES, st.data())
def test_every_single_wrong_character_is_caught(body, data):
    number = body + ids.check_character(body)
    place = data.draw(st.integers(0, len(number) - 1))
    wrong = data.draw(st.sampled_from([letter for letter in ids.ALPHABET if letter != number[place]]))
    assert not ids.is_well_formed(number[:place] + wrong + number[place + 1 :], len(number))


@given(LONG_BODIES, st.data())
def test_every_swap_of_neighbours_is_caught(body, data):
    number = body + ids.check_character(body)
    place = data.draw(st.integers(0, len(number) - 2))
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert swapped == number or not ids.is_well_formed(swapped, len(number))


def test_every_single_error_and_swap_of_a_vector_is_caught_without_exception():
    for number in (*LOTS, *UNIT_CODES):
        for place, right in enumerate(number):
            for wrong in ids.ALPHABET.replace(right, ""):
                assert not ids.is_well_formed(number[:place] + wrong + number[place + 1 :], len(number))
        for place in range(len(number) - 1):
            swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
            assert swapped == number or not ids.is_well_formed(swapped, len(number))


@given(BODIES)
def test_typing_is_forgiven_case_blanks_hyphens_full_width_and_look_alikes(body):
    number = body + ids.check_character(body)
    full_width = "".join(chr(ord(letter) + 0xFEE0) for letter in number)
    for typed in (number.lower(), ids.grouped(number), "-".join(number), f" {number}\t", full_width):
        assert ids.normalise(typed) == number
    assert ids.normalise(number.replace("0", "O").replace("1", "l")) == number
    assert ids.normalise(number.replace("0", "o").replace("1", "i")) == number


@given(st.text(max_size=60))
def test_nothing_typed_makes_it_fail(text):
    ids.is_well_formed(ids.normalise(text))


def test_new_numbers_are_well_formed_and_do_not_repeat():
    numbers = {ids.new_number() for _ in range(1_000)}
    assert len(numbers) == 1_000
    assert all(ids.is_well_formed(number) for number in numbers)


def test_credit_codes_are_checked_twice():
    good = ids.with_uscc_checks("9114010033056A7Q")
    assert ids.uscc_faults(good) == []
    assert [fault.code for fault in ids.uscc_faults(good[:-1])] == ["uscc_length"]
    inner = good[:16] + ("0" if good[16] != "0" else "1") + good[17]
    assert "uscc_organisation_check" in [fault.code for fault in ids.uscc_faults(inner)]


def test_gtins_of_every_length_become_fourteen_digits():
    assert ids.gtin14("6901234567892") == "06901234567892"
    assert ids.gtin_faults("06901234567892") == []
    assert [fault.code for fault in ids.gtin_faults("06901234567893")] == ["gtin_check"]
    assert [fault.code for fault in ids.gtin_faults(ids.gtin14("690123"))] == ["gtin_length"]
    assert ids.gtin14("６９０１２３４５６７８９２") == "06901234567892"
