"""Characters that nobody sees. In what people write they hide words, make two names look alike, or turn the order of the
text round them on labels and on the page of a check (Unicode UAX 9; UTR 36, 2). Pure."""

import re

from gi_registry.lib.texts import Refusal, Text

_NUL = "\0"
# Marks, embeddings, overrides and isolates of direction.
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Controls but tab and line ends, joiners and spaces of no width, fillers, tags. A joiner is part of some emoji, and the
# selectors of variants (FE00 to FE0F, E0100 to E01EF) are part of some names: those pass.
_UNSEEN = re.compile(
    "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u2028\u2029"
    "\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e007f]"
    "|(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d"
)
_FAULTS = (
    (
        "turning_characters",
        _TURNING,
        Text("含有改变文字方向的不可见字符。", "It holds an unseen character that turns the order of the text."),
    ),
    (
        "unseen_characters",
        _UNSEEN,
        Text("含有看不见的字符，请重新输入。", "It holds a character that nobody sees. Type it again."),
    ),
)
_NOT_KEPT = Text("含有无法保存的字符。", "It holds a character that cannot be kept.")


def unseen_in(said: str, pointer: str = "") -> list[Refusal]:
    """What is wrong with a text because of characters in it that nobody sees; nothing for most texts."""
    if _NUL in said:
        return [Refusal("null_characters_not_allowed", _NOT_KEPT, pointer)]
    return [Refusal(code, words, pointer) for code, pattern, words in _FAULTS if pattern.search(said)]


def unseen_faults(**texts: str) -> list[Refusal]:
    """The same of several, each under the name of its field."""
    return [fault for name, said in texts.items() for fault in unseen_in(said, f"/{name}")]
