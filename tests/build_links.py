"""Digital Links for tests: a value for every application identifier, and a packer of its own to hold ours against."""

import math
from datetime import date

from hypothesis import strategies as st

from trace.links.dictionary import IDENTIFIERS, QUALIFIERS, Component
from trace.links.syntax import DigitalLink
from trace.links.values import COUNTRIES, CSET_39, CSET_64, CSET_82, check_digit, check_pair

_SETS = {"N": "0123456789", "X": CSET_82, "Y": CSET_39, "Z": CSET_64}
_IBANS = ["DE89370400440532013000", "GB82WEST12345698765432"]
_days = st.dates(date(2000, 1, 1), date(2049, 12, 31))


def _free(component: Component) -> st.SearchStrategy[str]:
    least = 1 if component.is_variable else component.length
    return st.text(_SETS[component.kind], min_size=least, max_size=component.length)


def _numbers(least: int, most: int, width: int) -> st.SearchStrategy[str]:
    return st.integers(least, most).map(lambda number: f"{number:0{width}}")


def _part(component: Component) -> st.SearchStrategy[str]:
    """Something for one component that its checks let pass."""
    free, length, checks = _free(component), component.length, component.checks
    if "sum" in checks:
        return free.map(lambda text: text[:-1] + check_digit(text[:-1]))
    if "pair" in checks:
        return st.text(CSET_82, max_size=length - 6).map(lambda text: "9521" + text).map(lambda t: t + check_pair(t))
    special = {
        "prefix": free.map(lambda text: ("9521" + text)[:length]),
        "day0": st.one_of(_days.map(lambda day: f"{day:%y%m%d}"), _days.map(lambda day: f"{day:%y%m}00")),
        "day": _days.map(lambda day: f"{day:%y%m%d}"),
        "date": _days.map(lambda day: f"{day:%Y%m%d}"),
        "clock": st.times().map(lambda time: f"{time:%H%M}"),
        "hour": _numbers(0, 23, 2),
        "sixty": _numbers(0, 59, 2),
        "country": st.sampled_from(sorted(COUNTRIES)),
        "country999": st.sampled_from([*sorted(COUNTRIES), "999"]),
        "letters": st.sampled_from(["CN", "GB"]),
        "latitude": _numbers(0, 1_800_000_000, 10),
        "longitude": _numbers(0, 3_600_000_000, 10),
        "yesno": st.sampled_from("01"),
        "hyphen": st.just("-"),
        "zero": st.just("0"),
        "nonzero": _numbers(1, 10**length - 1, length),
        "noleadingzero": st.integers(0, 10**length - 1).map(str),
        "piece": st.integers(1, 99).flatmap(lambda whole: _numbers(1, whole, 2).map(lambda n: f"{n}{whole:02}")),
        "position": st.integers(1, 9).flatmap(lambda whole: st.integers(1, whole).map(lambda n: f"{n}/{whole}")),
        "sex": st.sampled_from("0129"),
        "media": st.one_of(_numbers(1, 10, 2), _numbers(80, 99, 2)),
        "winding": st.sampled_from("019"),
        "importer": st.sampled_from(CSET_64.removesuffix("=")),
        "escapes": st.text(CSET_82.replace("%", ""), min_size=1, max_size=length),
        "iban": st.sampled_from(_IBANS),
    }
    return special[checks[0]] if checks else free


@st.composite
def a_value(draw: st.DrawFn, ai: str) -> str:
    """A value that the identifier may have."""
    told = ""
    for component in IDENTIFIERS[ai].components:
        if component.is_optional and not draw(st.booleans()):
            break
        told += draw(_part(component))
    return told


@st.composite
def a_link(draw: st.DrawFn) -> DigitalLink:
    """Any link: a key, some of its qualifiers, some attributes, and parameters that mean nothing to GS1."""
    key = draw(st.sampled_from(sorted(QUALIFIERS)))
    order = draw(st.sampled_from(QUALIFIERS[key]))
    inside = {key, *(ai for one in QUALIFIERS[key] for ai in one)}
    qualifiers = [ai for ai in order if draw(st.booleans())]
    free = sorted(ai for ai, known in IDENTIFIERS.items() if known.is_attribute and ai not in inside)
    attributes = draw(st.lists(st.sampled_from(free), max_size=4, unique=True))
    names = st.text("abcXYZ", min_size=1, max_size=5)
    others = draw(st.lists(st.tuples(names, st.text(CSET_82, max_size=8)), max_size=2))
    return DigitalLink(
        (key, draw(a_value(key))),
        tuple((ai, draw(a_value(ai))) for ai in qualifiers),
        tuple((ai, draw(a_value(ai))) for ai in attributes),
        tuple(others),
    )


# --- a packer, written from the tables of the standard and apart from the product's reader ---

_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
# What of an AI's value is packed how: a number is fixed digits, "..n" digits up to n, "Xn" and "X..n" characters.
_FORMS = {
    "00": "18", "01": "14", "10": "X..20", "17": "6", "21": "X..20", "22": "X..20", "235": "X..28", "253": "13 X..17",
    "254": "X..20", "255": "13 ..12", "30": "..8", "3103": "6", "3912": "3 ..15", "402": "17", "414": "13",
    "417": "13", "421": "3 X..9", "422": "3", "423": "3 ..12", "7003": "10", "7007": "6 ..6", "7040": "1 X3",
    "7230": "X..30", "8003": "14 X..16", "8004": "X..30", "8006": "18", "8008": "8 ..4", "8010": "X..30",
    "8011": "..12", "8017": "18", "8019": "..10", "91": "X..90",
}  # fmt: skip
PACKABLE = frozenset(_FORMS)


def _binary(number: int, width: int) -> str:
    return f"{number:0{width}b}" if width else ""


def _digits(text: str) -> str:
    return _binary(int(text), math.ceil(len(text) * math.log(10) / math.log(2) + 0.01)) if text else ""


def _letters(text: str, size: str) -> str:
    if text and set(text) <= set("0123456789"):
        return "000" + size + _digits(text)
    if text and set(text) <= set("0123456789abcdef"):
        return "001" + size + "".join(_binary(int(c, 16), 4) for c in text)
    if text and set(text) <= set("0123456789ABCDEF"):
        return "010" + size + "".join(_binary(int(c, 16), 4) for c in text)
    if text and set(text) <= set(_SAFE):
        return "011" + size + "".join(_binary(_SAFE.index(c), 6) for c in text)
    return "100" + size + "".join(_binary(ord(c), 7) for c in text)


def _packed_value(ai: str, value: str) -> str:
    bits = ""
    for form in _FORMS[ai].split():
        kind, length = form.startswith("X"), int(form.lstrip("X."))
        part, value = value[:length], value[length:]
        size = _binary(len(part), math.ceil(math.log2(length) + 0.01)) if "." in form else ""
        bits += _letters(part, size) if kind else size + _digits(part)
    return bits


def packed(pairs: list[tuple[str, str]], together: str = "", others: list[tuple[str, str]] | None = None) -> str:
    """The compressed path segment of AIs in this order; ``together`` is an optimisation code for all of them."""
    bits = "".join(_binary(int(digit, 16), 4) for digit in together)
    for ai, value in pairs:
        if not together:
            bits += "".join(_binary(int(digit), 4) for digit in ai)
        bits += _packed_value(ai, value)
    for name, value in others or []:
        bits += "1111" + _binary(len(name), 7) + "".join(_binary(_SAFE.index(c), 6) for c in name)
        bits += _letters(value, _binary(len(value), 7))
    bits += "0" * (-len(bits) % 6)
    return "".join(_SAFE[int(bits[place : place + 6], 2)] for place in range(0, len(bits), 6))
