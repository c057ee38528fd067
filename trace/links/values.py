"""Checks on the value of an application identifier, by the General Specifications.

``fault_of(ai, value)`` gives the first fault as a LinkError, or None. Checks work on one component of the value each.
"""

import re
from collections.abc import Callable
from datetime import date

from trace.links.dictionary import GTINS, IDENTIFIERS, Component
from trace.links.errors import LinkError

CSET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
CSET_39 = "#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CSET_64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_="
_SETS = {
    "N": (frozenset("0123456789"), "数字", "digits"),
    "X": (frozenset(CSET_82), "字符集 82 中的字符", "characters of set 82"),
    "Y": (frozenset(CSET_39), "字符集 39 中的字符", "characters of set 39"),
    "Z": (frozenset(CSET_64), "base64url 字符", "base64url characters"),
}
# ISO 3166-1, three digits.
_COUNTRIES = """
004 008 010 012 016 020 024 028 031 032 036 040 044 048 050 051 052 056 060 064 068 070 072 074 076 084 086 090 092
096 100 104 108 112 116 120 124 132 136 140 144 148 152 156 158 162 166 170 174 175 178 180 184 188 191 192 196 203
204 208 212 214 218 222 226 231 232 233 234 238 239 242 246 248 250 254 258 260 262 266 268 270 275 276 288 292 296
300 304 308 312 316 320 324 328 332 334 336 340 344 348 352 356 360 364 368 372 376 380 384 388 392 398 400 404 408
410 414 417 418 422 426 428 430 434 438 440 442 446 450 454 458 462 466 470 474 478 480 484 492 496 498 499 500 504
508 512 516 520 524 528 531 533 534 535 540 548 554 558 562 566 570 574 578 580 581 583 584 585 586 591 598 600 604
608 612 616 620 624 626 630 634 638 642 643 646 652 654 659 660 662 663 666 670 674 678 682 686 688 690 694 702 703
704 705 706 710 716 724 728 729 732 740 744 748 752 756 760 762 764 768 772 776 780 784 788 792 795 796 798 800 804
807 818 826 831 832 833 834 840 850 854 858 860 862 876 882 887 894
"""
COUNTRIES = frozenset(_COUNTRIES.split())
_PAIR_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)


def check_digit(body: str) -> str:
    """The check digit over digits (modulo 10, weights 3 and 1 from the right); General Specifications 7.9."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)


def check_pair(body: str) -> str:
    """The two check characters of a Global Model Number (modulo 1021, prime weights from the right); 7.9.5."""
    total = (
        sum(CSET_82.index(character) * prime for character, prime in zip(reversed(body), _PRIMES, strict=False)) % 1021
    )
    return _PAIR_ALPHABET[total >> 5] + _PAIR_ALPHABET[total & 31]


def _is_day(text: str, *, with_none: bool = False) -> bool:
    """YYMMDD. ``with_none``: day 00 means no day of the month is told (the last one is meant)."""
    year, month, day = int(text[:-4]), int(text[-4:-2]), int(text[-2:])
    try:
        # Any year with the same leap rule will do: all that end in these two digits agree within 1951 to 2050.
        date(2000 + year if len(text) == 6 else year, month, day or (1 if with_none else 0))
    except ValueError:
        return False
    return True


def _is_iban(text: str) -> bool:
    if not re.fullmatch(r"[A-Z]{2}\d\d[0-9A-Z]+", text):
        return False
    return int("".join(str(int(character, 36)) for character in text[4:] + text[:4])) % 97 == 1


# name -> (holds, what is asked in zh, and in en)
CHECKS: dict[str, tuple[Callable[[str], bool], str, str]] = {
    "sum": (lambda v: check_digit(v[:-1]) == v[-1], "校验位不符", "the check digit does not match"),
    "pair": (lambda v: len(v) > 2 and check_pair(v[:-2]) == v[-2:], "校验字符不符", "the check characters do not match"),
    "prefix": (lambda v: len(v) >= 4 and v[:4].isdigit(), "应以厂商代码开头", "must begin with a company prefix"),
    "day0": (lambda v: _is_day(v, with_none=True), "不是日期（年月日各两位）", "is no date YYMMDD"),
    "day": (_is_day, "不是日期（年月日各两位）", "is no date YYMMDD"),
    "date": (_is_day, "不是日期（年四位、月日各两位）", "is no date YYYYMMDD"),
    "clock": (lambda v: int(v[:2]) < 24 and int(v[2:]) < 60, "不是时刻", "is no time of day"),
    "hour": (lambda v: int(v) < 24, "不是小时", "is no hour"),
    "sixty": (lambda v: int(v) < 60, "不是分或秒", "is no minute or second"),
    "country": (COUNTRIES.__contains__, "不是 ISO 3166 数字国家代码", "is no country code of three digits (ISO 3166)"),
    "country999": (
        lambda v: v == "999" or v in COUNTRIES,
        "不是 ISO 3166 数字国家代码",
        "is no country code of three digits (ISO 3166)",
    ),
    "letters": (lambda v: v.isalpha() and v.isupper(), "应为两个大写字母", "must be two capital letters"),
    "latitude": (lambda v: int(v) <= 1_800_000_000, "纬度超出范围", "the latitude is out of range"),
    "longitude": (lambda v: int(v) <= 3_600_000_000, "经度超出范围", "the longitude is out of range"),
    "yesno": (lambda v: v in "01", "应为 0 或 1", "must be 0 or 1"),
    "hyphen": (lambda v: v == "-", "应为连字符", "must be a hyphen"),
    "zero": (lambda v: v == "0", "应为 0", "must be 0"),
    "nonzero": (lambda v: int(v) > 0, "不能为零", "must not be zero"),
    "noleadingzero": (lambda v: v == "0" or v[0] != "0", "不能以零开头", "must not begin with zero"),
    "piece": (
        lambda v: 0 < int(v[:2]) <= int(v[2:]),
        "应为“第几件”和“共几件”",
        "must be a piece and the number of pieces",
    ),
    "position": (
        lambda v: bool(re.fullmatch("[1-9]/[1-9]", v)) and v[0] <= v[2],
        "应为“第几个/共几个”",
        "must be a place in a sequence and its length",
    ),
    "sex": (lambda v: v in "0129", "应为 0、1、2 或 9（ISO 5218）", "must be 0, 1, 2 or 9 (ISO 5218)"),
    "media": (lambda v: 1 <= int(v) <= 10 or int(v) >= 80, "不是 AIDC 介质类型", "is no type of AIDC media"),
    "winding": (lambda v: v in "019", "应为 0、1 或 9", "must be 0, 1 or 9"),
    "importer": (lambda v: v in CSET_64 and v != "=", "不是进口商序号", "is no importer index"),
    "escapes": (
        lambda v: not re.search(r"%(?![0-9A-Fa-f]{2})", v),
        "含有不完整的百分号转义",
        "has an incomplete percent escape",
    ),
    "iban": (_is_iban, "不是有效的 IBAN", "is no valid IBAN"),
}  # fmt: skip


def padded(ai: str, value: str) -> str:
    """A GTIN of 8, 12 or 13 digits with its leading zeros; anything else as it is."""
    return value.zfill(14) if ai in GTINS and len(value) in (8, 12, 13) else value


def fault_of(ai: str, value: str) -> LinkError | None:
    """What is wrong with the value of a known AI; None when nothing is."""
    rest = value
    for component in IDENTIFIERS[ai].components:
        if not rest and component.is_optional:
            break
        part = rest[: component.length]
        if not part or (len(part) < component.length and not component.is_variable):
            return LinkError("link_value_short", "内容太短", "the value is too short", ai)
        if fault := _fault_in(ai, component, part):
            return fault
        rest = rest[component.length :]
    if rest:
        return LinkError("link_value_long", "内容太长", "the value is too long", ai)
    return None


def _fault_in(ai: str, component: Component, part: str) -> LinkError | None:
    allowed, zh, en = _SETS[component.kind]
    if not allowed.issuperset(part):
        return LinkError("link_value_characters", f"只能含有{zh}", f"may hold {en} only", ai)
    for name in component.checks:
        holds, zh, en = CHECKS[name]
        if not holds(part):
            return LinkError(f"link_value_{name}", f"{zh}。", f"{en}.", ai)
    return None
