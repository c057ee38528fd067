"""The hidden PIN of a unit: what may be typed, and what is said of a try."""

import re
import unicodedata
from datetime import date

from gi_registry.lib.texts import Refusal, Text, Word
from trace.codes.sign import PIN_DIGITS
from trace.rules.copies import MAX_PIN_TRIES

_BETWEEN = re.compile(r"[\s\-‐-―]+")
MAX_TYPED_PIN = 40
PIN_SHAPE = Refusal(
    "pin_shape",
    Text(f"验证码是涂层下的 {PIN_DIGITS} 位数字。", f"The PIN is the {PIN_DIGITS} digits under the coating."),
    "/pin",
)
_OPENED_ON = Text("它已于 {day} 用验证码开启。", "It was opened with its PIN on {day}.")


class PinOutcome(Word):
    OPENED = "opened", "验证码正确，这是第一次输入。", "The PIN is right, and was given for the first time."
    OPENED_BEFORE = (
        "opened_before",
        "验证码正确，但 {day} 已有人输入过。如果您刚刚刮开涂层，这件商品可能不是登记的那一件，请举报。",
        "The PIN is right, but it was given before, on {day}. If you have only just scratched the coating off, this may not be"
        " the pack that was registered: please report it.",
    )
    WRONG = "wrong", "验证码不对，还可以再试 {left} 次。", "The PIN is wrong. You may try {left} more times."
    NO_TRIES_LEFT = (
        "no_tries_left",
        f"这个码的验证码已试过 {MAX_PIN_TRIES} 次，不能再试。",
        f"The PIN of this code was tried {MAX_PIN_TRIES} times and cannot be tried again.",
    )
    NO_PIN = "no_pin", "这个码没有验证码。", "This code has no PIN."
    MISTYPED = "mistyped", "单件码输入有误，请核对。", "The unit code is mistyped. Please compare it with the label."
    NOT_ISSUED = "not_issued", "登记系统没有签发过此码。", "The registry never issued this code."
    UNAVAILABLE = "unavailable", "暂时无法验证，请稍后再试。", "It cannot be checked now. Please try again later."


def statement(outcome: PinOutcome, opened_on: date | None, tries_left: int | None) -> Text:
    """What is said of a try. Whoever has no tries left still learns that it was opened, and when."""
    text = outcome.text.format(day=opened_on, left=tries_left)
    if outcome is not PinOutcome.NO_TRIES_LEFT or opened_on is None:
        return text
    more = _OPENED_ON.format(day=opened_on)
    return Text(text.zh + more.zh, f"{text.en} {more.en}")


def digits(typed: str) -> str | None:
    """The eight digits of what was typed, full-width forms, blanks and hyphens forgiven; None for anything else."""
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", typed[:MAX_TYPED_PIN]))
    return plain if len(plain) == PIN_DIGITS and plain.isascii() and plain.isdigit() else None
