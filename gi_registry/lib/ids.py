"""Identifiers that people read, type and print: how they are made and how a wrong one is told from an unknown one.

Numbers use Crockford's base32 without I, L, O and U. The last character checks the rest: over GF(32), polynomial
x^5 + x^2 + 1, generator alpha = 2, the check value is the XOR of v_i * alpha^i. Every single wrong character and every
swap of neighbours changes it, so a slip of the finger never turns one number into another.
"""

import secrets
import unicodedata
from collections.abc import Callable
from functools import reduce
from operator import getitem, xor

from stdnum import ean

from gi_registry.lib.texts import Refusal, Text

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
VALUES = {character: value for value, character in enumerate(ALPHABET)}
NUMBER_LENGTH = 10
_POLYNOMIAL = 0b100101
# Dashes of every keyboard, and what nobody sees: chats and web pages put it into texts that are copied from them.
_PASSED_OVER = "-_\u2010\u2012\u2013\u2014\u2015\u2212\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_FORGIVEN = str.maketrans({"I": "1", "L": "1", "O": "0"} | dict.fromkeys(_PASSED_OVER))


def _double(value: int) -> int:
    """Multiply by alpha in GF(32)."""
    value <<= 1
    return value ^ _POLYNOMIAL if value & 0b100000 else value


def _multiples(power: int) -> list[int]:
    """value -> value * alpha^power, for all 32 values."""
    table = list(range(32))
    for _ in range(power):
        table = [_double(value) for value in table]
    return table


# What each character adds to the check at position 1, 2, ... alpha has order 31, so the tables would repeat after 31
# positions; no identifier here is longer than 20.
_PRODUCTS = [
    {character: multiples[value] for character, value in VALUES.items()}
    for multiples in (_multiples(power) for power in range(1, 32))
]


def check_character(body: str) -> str:
    """The check character of a body of at most 31 characters of the alphabet.

    Raises KeyError for a character outside the alphabet: callers normalise and test first.
    """
    return ALPHABET[reduce(xor, map(getitem, _PRODUCTS, body), 0)]


def new_number(choose: Callable[[str], str] = secrets.choice) -> str:
    """A new 10-character number: 9 random characters (45 bits) and their check; never a sequence, which would tell volumes."""
    body = "".join(choose(ALPHABET) for _ in range(NUMBER_LENGTH - 1))
    return body + check_character(body)


def number_of(secret: bytes) -> str:
    """The number that belongs to at least six secret bytes: the same bytes, the same number; nobody without them foretells it."""
    value = int.from_bytes(secret[:6], "big")
    body = "".join(ALPHABET[value >> shift & 31] for shift in range(0, 5 * (NUMBER_LENGTH - 1), 5))
    return body + check_character(body)


def normalise(typed: str) -> str:
    """What a person typed, made comparable: full-width forms, case, blanks and hyphens, and the look-alikes I, L, O."""
    text = unicodedata.normalize("NFKC", typed).upper()
    return "".join(text.split()).translate(_FORGIVEN)


def is_well_formed(number: str, length: int = NUMBER_LENGTH) -> bool:
    """Whether a normalised number has the right length, alphabet and check character."""
    try:
        return len(number) == length and check_character(number[:-1]) == number[-1]
    except KeyError:  # of another alphabet
        return False


def grouped(number: str) -> str:
    """In groups of five, as printed under a code: ``7K3QX 9PA28``."""
    return " ".join(number[start : start + 5] for start in range(0, len(number), 5))


# --- unified social credit code, GB 32100-2015 -------------------------------------------------------------------

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUES = {character: value for value, character in enumerate(USCC_ALPHABET)}
_USCC_WEIGHTS = [pow(3, power, 31) for power in range(17)]
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def uscc_faults(code: str, pointer: str = "/uscc") -> list[Refusal]:
    """What is wrong with a unified social credit code (GB 32100-2015); empty when nothing is.

    Both checks are made: the 18th character over the whole code, and inside it the organisation code's own
    (GB 11714, characters 9-17). First characters may be letters (N collective economic organisations, A, Y).
    """
    if shape := _uscc_shape(code):
        return [_uscc(*shape, pointer)]
    faults = []
    total = sum(_USCC_VALUES[character] * weight for character, weight in zip(code, _USCC_WEIGHTS, strict=False))
    if USCC_ALPHABET[-total % 31] != code[17]:
        faults.append(
            ("uscc_check", "统一社会信用代码校验位不符，请核对。", "The code's check character does not match.")
        )
    if organisation_check(code[8:16]) != code[16]:
        zh = "代码中第 9 至 17 位（组织机构代码）校验位不符，请核对。"
        faults.append(
            ("uscc_organisation_check", zh, "The organisation code in characters 9 to 17 fails its own check.")
        )
    return [_uscc(*fault, pointer) for fault in faults]


def _uscc_shape(code: str) -> tuple[str, str, str] | None:
    """The first thing wrong with a credit code before its checks are worth computing."""
    if len(code) != 18:
        return "uscc_length", "统一社会信用代码应为 18 位。", "A unified social credit code has 18 characters."
    if any(character not in _USCC_VALUES for character in code):
        zh = "统一社会信用代码只含数字和大写字母，且不含 I、O、S、V、Z。"
        return "uscc_alphabet", zh, "A credit code has digits and capital letters other than I, O, S, V and Z."
    if not code[2:8].isdigit() or code[2] == "0":  # no division begins with 0; else a row of zeros would pass
        return "uscc_division", "第 3 至 8 位应为行政区划代码。", "Characters 3 to 8 must be a division code."
    return None


def organisation_check(body: str) -> str:
    """Check character of an 8-character organisation code (GB 11714); letters count A=10 to Z=35."""
    rest = (
        11
        - sum(int(character, 36) * weight for character, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True)) % 11
    )
    return {10: "X", 11: "0"}.get(rest, str(rest))


def with_uscc_checks(body: str) -> str:
    """Complete the first 16 characters of a credit code with both check characters (demo and tests only)."""
    inner = body[:16] + organisation_check(body[8:16])
    total = sum(_USCC_VALUES[character] * weight for character, weight in zip(inner, _USCC_WEIGHTS, strict=True))
    return inner + USCC_ALPHABET[-total % 31]


def _uscc(code: str, zh: str, en: str, pointer: str) -> Refusal:
    return Refusal(code, Text(zh, en), pointer)


# --- GTIN, GS1 General Specifications ---------------------------------------------------------------------------

GTIN_LENGTHS = (8, 12, 13, 14)


def gtin14(typed: str) -> str:
    """A GTIN of 8, 12, 13 or 14 digits, padded to 14 as GS1 keys are compared."""
    digits = "".join(unicodedata.normalize("NFKC", typed).split()).replace("-", "")
    return digits.zfill(14) if len(digits) in GTIN_LENGTHS else digits


def gtin_faults(gtin: str, pointer: str = "/gtin") -> list[Refusal]:
    """What is wrong with a GTIN-14; empty when nothing is."""
    if len(gtin) != 14 or not gtin.isascii() or not gtin.isdigit():
        text = Text("商品条码（GTIN）应为 8、12、13 或 14 位数字。", "A GTIN has 8, 12, 13 or 14 digits.")
        return [Refusal("gtin_length", text, pointer)]
    if not ean.is_valid(gtin):
        text = Text("商品条码（GTIN）校验位不符，请核对。", "The GTIN's check digit does not match.")
        return [Refusal("gtin_check", text, pointer)]
    return []
