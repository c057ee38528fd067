"""A slip of the finger is told from a code that was never issued: every single wrong character, every swap of neighbours.

What the check character catches does not depend on the code, and that is shown here with the function itself; besides, ten
thousand codes are spoilt at every place. `./gi bench guesses --full` types all 6.4 million slips of ten thousand codes.
"""

import random

from gi_registry.lib.ids import ALPHABET, VALUES, check_character
from trace.codes import sign, verify
from trace.codes.keyring import EpochState, KeyRing
from trace.codes.layout import UNIT_LENGTH

ZEROS = "0" * (UNIT_LENGTH - 1)
KEYS = KeyRing({"2026": bytes(range(32))}, {"2026": EpochState.SIGNING}).keys("2026", "-", "7K3QX9PA28", 0)


def syndrome(number: str) -> int:
    """0 for a number whose check character is right."""
    return VALUES[check_character(number[:-1])] ^ VALUES[number[-1]]


def only(place: int, value: int) -> str:
    """A number that is zero but for one character."""
    number = ZEROS + "0"
    return number[:place] + ALPHABET[value] + number[place + 1 :]


def added(one: str, other: str) -> str:
    return "".join(ALPHABET[VALUES[a] ^ VALUES[b]] for a, b in zip(one, other, strict=True))


def test_the_syndrome_of_a_sum_is_the_sum_of_the_syndromes():
    """So a slip that adds ``e`` to a right code leaves the syndrome of ``e``, whatever the code."""
    rng = random.Random(31)
    units = [only(place, 1 << bit) for place in range(UNIT_LENGTH) for bit in range(5)]
    for one in units:
        for other in units:
            assert syndrome(added(one, other)) == syndrome(one) ^ syndrome(other) or one == other
    for _ in range(2_000):
        one, other = ("".join(rng.choices(ALPHABET, k=UNIT_LENGTH)) for _ in range(2))
        assert syndrome(added(one, other)) == syndrome(one) ^ syndrome(other)


def test_no_single_wrong_character_leaves_the_check_right():
    assert all(syndrome(only(place, value)) for place in range(UNIT_LENGTH) for value in range(1, 32))


def test_no_swap_of_two_different_neighbours_leaves_the_check_right():
    """A swap of ``a`` and ``b`` adds a XOR b to both places."""
    for place in range(UNIT_LENGTH - 1):
        for difference in range(1, 32):
            assert syndrome(added(only(place, difference), only(place + 1, difference)))


def test_ten_thousand_codes_spoilt_at_every_place_are_mistyped():
    rng = random.Random(10_000)
    for code in sign.codes(KEYS, 0, 10_000):
        assert not verify.is_mistyped(code)
        for place, right in enumerate(code):
            wrong = rng.choice(ALPHABET)
            assert wrong == right or verify.is_mistyped(code[:place] + wrong + code[place + 1 :])
            neighbour = code[place + 1 : place + 2]
            swapped = code[:place] + neighbour + right + code[place + 2 :]
            assert neighbour in ("", right) or verify.is_mistyped(swapped)


def test_every_slip_of_three_hundred_codes_is_mistyped():
    slips = 0
    for code in sign.codes(KEYS, 0, 300):
        for place, right in enumerate(code):
            for wrong in ALPHABET.replace(right, ""):
                assert verify.is_mistyped(code[:place] + wrong + code[place + 1 :])
                slips += 1
    assert slips == 186_000


def test_a_lost_or_doubled_character_is_mistyped():
    for code in sign.codes(KEYS, 0, 300):
        for place in range(UNIT_LENGTH):
            assert verify.is_mistyped(code[:place] + code[place + 1 :])
            assert verify.is_mistyped(code[:place] + code[place] + code[place:])
