"""Sentences for people, in Chinese and English side by side. Pure: rules use these, so no framework may come in here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages. Kept as a pair so that neither can be changed without seeing the other."""

    zh: str
    en: str

    @classmethod
    def read(cls, given: str) -> Text:
        """From a setting: ``中文|English``; without the bar the same sentence serves both."""
        zh, _, en = given.partition("|")
        return cls(zh.strip(), en.strip() or zh.strip())

    def pick(self, language: str | None) -> str:
        """The sentence for a language tag; everything that is not English reads Chinese."""
        return self.en if (language or "").lower().startswith("en") else self.zh

    def as_dict(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}

    def format(self, **values: object) -> Text:
        return Text(self.zh.format(**values), self.en.format(**values))


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something was refused: a stable code, the sentence, and the JSON pointer (RFC 6901) of what caused it."""

    code: str
    text: Text
    pointer: str = ""

    def at(self, pointer: str) -> Refusal:
        return Refusal(self.code, self.text, pointer)


class Word(StrEnum):
    """A closed vocabulary whose words carry their labels: ``DRAFT = "draft", "草稿", "Draft"``."""

    text: Text

    def __new__(cls, value: str, zh: str, en: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.text = Text(zh, en)
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(word.value, word.text.zh) for word in cls]
