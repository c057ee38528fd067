"""The one error of this package: which application identifier, and why, in both languages."""

from gi_registry.lib.texts import Refusal, Text


class LinkError(ValueError):
    """No Digital Link, or one with a fault. ``ai`` is the identifier at fault, "" where none is."""

    def __init__(self, code: str, zh: str, en: str, ai: str = "") -> None:
        text = Text(f"AI ({ai})：{zh}", f"AI ({ai}): {en}") if ai else Text(zh, en)
        self.ai = ai
        self.refusal = Refusal(code, text, "/link")
        super().__init__(self.refusal.text.en)
