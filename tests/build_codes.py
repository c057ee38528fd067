"""Unit codes for tests, issued by the same actions as the real ones, and made again from the keys of the test run."""

from typing import Any

from gi_registry.lib.ids import ALPHABET, check_character
from tests.build_jobs import work_it_off
from tests.build_trace import Goods
from tests.cast import NOW
from trace import actions
from trace.actions import Wish
from trace.codes.sign import code_at
from trace.models import Batch, Issuance, IssuanceRange
from trace.rules.issuances import RangeKind, Span


def an_issuance(goods: Goods, batch: Batch, count: int = 10, *, reason: str = "", **wish: Any) -> Issuance:
    """Unit codes, ready."""
    issuance = actions.issue_codes(
        batch=batch, wish=Wish(count=count, **wish), actor=goods.maker, now=NOW, reason=reason
    )
    work_it_off()
    issuance.refresh_from_db()
    return issuance


def code_of(issuance: Issuance, index: int = 0) -> str:
    return code_at(issuance.unit_keys, index)


def say_of(
    goods: Goods, issuance: Issuance, kind: RangeKind, first: int, last: int | None = None, reason: str = "记录"
) -> IssuanceRange:
    span = Span(first, first if last is None else last)
    return actions.record_range(issuance=issuance, kind=kind, span=span, actor=goods.maker, now=NOW, reason=reason)


def forged(code: str) -> str:
    """Another code of the same issuance, its check character in order: what a guess looks like."""
    other = ALPHABET[(ALPHABET.index(code[9]) + 1) % 32]
    body = code[:9] + other + code[10:19]
    return body + check_character(body)


def mistyped(code: str) -> str:
    """The same with one wrong character."""
    return code[:9] + ALPHABET[(ALPHABET.index(code[9]) + 1) % 32] + code[10:]
