"""Unit codes: the vectors, what the keys hold apart, and what guessing is worth."""

import json
import random
from hmac import digest
from pathlib import Path

import pytest

from gi_registry.lib import ids
from gi_registry.lib.keyfaults import KeyFault
from trace.codes import layout, sign, verify
from trace.codes.errors import EpochNotSigning, UnknownEpoch
from trace.codes.keyring import NO_GTIN, EpochState, KeyRing, UnitKeys, prf

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "unit_codes.json").read_text(encoding="utf-8"))
MASTER = bytes.fromhex(VECTORS["master"])
GTIN, LOT = "06901234567892", "7K3QX9PA28"
UNITS = pytest.mark.parametrize("unit", VECTORS["units"], ids=lambda unit: unit["code"])


def ring_of(epoch: str = "2026") -> KeyRing:
    return KeyRing({epoch: MASTER}, {epoch: EpochState.SIGNING})


def keys_of(epoch: str = "2026", gtin: str = GTIN, lot: str = LOT, ordinal: int = 0) -> UnitKeys:
    return ring_of(epoch).keys(epoch, gtin, lot, ordinal)


@UNITS
def test_a_vector_is_made_and_read(unit):
    keys = keys_of(unit["epoch"], unit["gtin"], unit["lot"], unit["ordinal"])
    assert sign.code_at(keys, unit["index"]) == unit["code"]
    assert verify.read(unit["code"], keys) == unit["index"]
    assert verify.ordinal_of(unit["code"]) == unit["ordinal"]
    assert sign.pin_at(keys, unit["index"]) == unit["pin"]


@pytest.mark.parametrize("case", VECTORS["typed"], ids=lambda case: case["typed"])
def test_what_a_person_types_is_made_comparable_and_slips_are_told(case):
    assert ids.normalise(case["typed"]) == case["code"]
    assert verify.is_mistyped(case["code"]) is case["is_mistyped"]


def test_the_prepared_mac_is_the_hmac_of_the_standard_library():
    for length in (0, 4, 9, 63, 64, 200):
        message = bytes(range(length))
        assert prf(MASTER)(message) == digest(MASTER, message, "sha256")


def test_a_stream_gives_the_same_codes_wherever_it_is_resumed():
    keys = keys_of()
    whole = list(sign.codes(keys, 0, 100))
    assert whole == [sign.code_at(keys, index) for index in range(100)]
    assert list(sign.codes(keys, 37, 100)) == whole[37:]


def test_each_of_300_000_codes_gives_its_own_index_back_so_that_no_two_are_equal():
    """Ten million are read back by `./gi bench guesses --full`."""
    keys = keys_of()
    assert all(verify.read(code, keys) == index for index, code in enumerate(sign.codes(keys, 0, 300_000)))


def test_none_of_a_million_guesses_is_accepted():
    """Numbers rather than letters: a code is nothing but these (see below), and a guess would have its check character right."""
    rng, keys = random.Random(65), keys_of()
    guesses = ((rng.getrandbits(25), rng.getrandbits(65)) for _ in range(1_000_000))
    assert not any(verify.index_of(shown, tag, keys) is not None for shown, tag in guesses)


def test_guesses_in_letters_are_refused_and_so_is_every_other_tag_near_a_right_one():
    rng, keys = random.Random(20), keys_of()
    for _ in range(20_000):
        assert verify.read(layout.join(0, rng.getrandbits(25), rng.getrandbits(65)), keys) is None
    _, shown, tag = layout.split(sign.code_at(keys, 7))
    for bit in range(layout.TAG_BITS):
        assert verify.read(layout.join(0, shown, tag ^ 1 << bit), keys) is None
    for bit in range(layout.INDEX_BITS):
        assert verify.read(layout.join(0, shown ^ 1 << bit, tag), keys) is None


@pytest.mark.parametrize(
    "other",
    [
        {"lot": "000000001T"},
        {"gtin": "06901234567908"},
        {"gtin": NO_GTIN},
        {"epoch": "2027"},
        {"ordinal": 1},
    ],
    ids=str,
)
def test_a_code_is_refused_by_the_keys_of_any_other_issuance(other):
    others = keys_of(**other)
    assert all(verify.read(code, others) is None for code in sign.codes(keys_of(), 0, 1_000))


def test_a_code_moved_to_another_issuance_of_its_lot_is_refused_by_both():
    """The first character is outside the tag; the keys of the issuance it names must not accept it, nor those it came from."""
    for code in sign.codes(keys_of(), 0, 100):
        moved = "1" + code[1:-1]
        moved += ids.check_character(moved)
        assert verify.read(moved, keys_of()) is None
        assert verify.read(moved, keys_of(ordinal=1)) is None


def test_a_code_outside_the_layout_is_never_made_nor_read():
    keys = keys_of()
    for index in (-1, layout.MOST_UNITS):
        with pytest.raises(ValueError, match="at most"):
            sign.code_at(keys, index)
    for code in ("", "0" * 19, "0" * 21, "U" * 20, "１" * 20):
        with pytest.raises(ValueError, match="not a unit code"):
            verify.read(code, keys)


def test_splitting_undoes_joining_at_the_edges_of_every_field():
    rng = random.Random(4)
    fields = [(0, 0, 0), (31, (1 << 25) - 1, (1 << 65) - 1)]
    fields += [(rng.getrandbits(5), rng.getrandbits(25), rng.getrandbits(65)) for _ in range(1_000)]
    for numbers in fields:
        code = layout.join(*numbers)
        assert layout.split(code) == numbers
        assert not verify.is_mistyped(code)


def test_the_pin_has_eight_digits_and_every_digit_comes_up_at_every_place():
    keys = keys_of()
    pins = [sign.pin_at(keys, index) for index in range(2_000)]
    assert all(len(pin) == 8 and pin.isdigit() for pin in pins)
    assert all(len({pin[place] for pin in pins}) == 10 for place in range(8))
    assert verify.is_pin(pins[7], keys, 7)
    assert not verify.is_pin(pins[7], keys, 8)
    assert not verify.is_pin("", keys, 7)
    assert not verify.is_pin("１" * 8, keys, 7)
    assert not verify.is_pin("\ud800" * 8, keys, 7)


# --- the ring ------------------------------------------------------------------------------------------------------


def three_epochs() -> KeyRing:
    states = {
        "2024": EpochState.COMPROMISED,
        "2025": EpochState.VERIFY_ONLY,
        "2026": EpochState.SIGNING,
        "2023b": EpochState.VERIFY_ONLY,
    }
    return KeyRing({name: bytes([number]) * 32 for number, name in enumerate(states)}, states)


def test_the_signing_epoch_is_tried_first_and_old_ones_still_verify():
    ring = three_epochs()
    assert [epoch.name for epoch in ring.epochs] == ["2026", "2023b", "2025", "2024"]
    assert ring.current == "2026"
    assert ring.state("2024") is EpochState.COMPROMISED
    for epoch in ring.epochs:
        keys = ring.keys(epoch.name, GTIN, LOT, 3)
        assert verify.read(sign.code_at(keys, 5), keys) == 5


def test_a_ring_without_a_signing_epoch_says_so():
    with pytest.raises(EpochNotSigning):
        KeyRing({"2025": MASTER}, {"2025": EpochState.VERIFY_ONLY}).current  # noqa: B018


def test_an_unknown_epoch_is_refused_by_name():
    for ask in (lambda: three_epochs().state("1999"), lambda: three_epochs().keys("1999", GTIN, LOT, 0)):
        with pytest.raises(UnknownEpoch, match="1999"):
            ask()


@pytest.mark.parametrize(
    ("gtin", "lot", "ordinal"),
    [("", LOT, 0), ("690123456789", LOT, 0), (GTIN, "", 0), (GTIN, "A|B", 0), (GTIN, LOT, -1), (GTIN, LOT, 32)],
)
def test_no_keys_are_derived_for_what_is_no_issuance(gtin, lot, ordinal):
    with pytest.raises(ValueError, match="no such issuance"):
        ring_of().keys("2026", gtin, lot, ordinal)


@pytest.mark.parametrize(
    ("masters", "states", "word"),
    [
        ({"2026": b"short"}, {"2026": EpochState.SIGNING}, "32 bytes"),
        ({"../x": MASTER}, {"../x": EpochState.SIGNING}, "letters, digits"),
        ({"2026": MASTER}, {}, "differ: 2026"),
        ({"a": MASTER, "b": MASTER}, {"a": EpochState.SIGNING, "b": EpochState.VERIFY_ONLY}, "same master"),
        ({"a": MASTER, "b": b"b" * 32}, {"a": EpochState.SIGNING, "b": EpochState.SIGNING}, "Only one"),
    ],
)
def test_masters_that_make_no_ring_are_refused_with_a_reason(masters, states, word):
    with pytest.raises(KeyFault, match=word):
        KeyRing(masters, states)


def test_no_key_can_be_printed():
    ring = ring_of()
    shown = repr(ring) + repr(ring.keys("2026", GTIN, LOT, 0)) + str(vars(ring.epochs[0].state))
    assert MASTER.hex() not in shown
    assert repr(MASTER) not in shown
