"""What a label says. Facts of the register only: what is not known is left out, and the preview says that it is."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from gi_registry.lib.ids import grouped
from gi_registry.lib.texts import Text

_USCC = Text("信用代码", "USCC")
_NOTES = (
    (
        "uscc",
        Text(
            "没有生产者的统一社会信用代码：专用标志要求标注，请先在登记中补上。",
            "The producer's unified social credit code is not known. The special mark asks for it: have it registered.",
        ),
    ),
    (
        "title",
        Text(
            "登记中没有公告号（或注册、登记号），标签上不印。",
            "The register has no announcement or registration number, so none is printed.",
        ),
    ),
    (
        "standard",
        Text("登记中没有标准号，标签上不印。", "The register has no number of a standard, so none is printed."),
    ),
)


@dataclass(frozen=True, slots=True)
class Contents:
    """What all labels of a run have in common.

    ``title`` is the announcement of the GI product or the number of the mark, ``standard`` that of the standard.
    ``typed_at`` is where the letters under the symbol are typed: host and path, without the scheme.
    """

    name_zh: str
    producer: str
    lot: str
    typed_at: str
    name_en: str = ""
    uscc: str = ""
    title: str = ""
    standard: str = ""

    def column(self, with_english: bool) -> tuple[str, ...]:
        """What stands beside the symbol, after the name."""
        uscc = f"{_USCC.zh} {self.uscc}" if self.uscc else ""
        told = (self.name_en if with_english else "", self.producer, uscc, self.title, self.standard)
        return tuple(filter(None, told))

    def missing(self) -> Iterator[Text]:
        """What a complete label would say and the register does not know."""
        return (note for name, note in _NOTES if not getattr(self, name))

    def letters(self) -> str:
        """Every character that is drawn whatever the code."""
        return "".join((self.name_zh, *self.column(with_english=True), self.typed_at, grouped(self.lot), " "))


@dataclass(frozen=True, slots=True)
class Label:
    """One label: the link in its symbol and the unit code under it ("" on the label of a whole batch)."""

    link: str
    code: str = field(default="")
