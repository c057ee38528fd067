"""One run of labels: what they say, how they are laid out, and the symbols, ready for any of the drawings."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from trace.labels.contents import Contents, Label
from trace.labels.fonts import Face
from trace.labels.layout import Plan, Wish, lay_out
from trace.labels.presets import Preset
from trace.labels.series import Series
from trace.qr import Symbol, symbol_of

# From so many symbols on, learning a series is cheaper than asking the library for each.
SERIES_FROM = 40


@dataclass(frozen=True, slots=True)
class Run:
    """Labels alike but for the code. Every link is as long as the first, so one plan serves all."""

    plan: Plan
    face: Face
    contents: Contents

    def symbols(self, labels: Iterable[Label]) -> Iterator[tuple[Label, Symbol]]:
        """Each label with its symbol."""
        labels = iter(labels)
        few = list(islice(labels, SERIES_FROM))
        if len(few) < SERIES_FROM or len({label.link for label in few}) == 1:
            drawn = {label.link: symbol_of(label.link) for label in few}
            yield from ((label, drawn[label.link]) for label in few)
            few = []
        if first := next(iter(few), None) or next(labels, None):
            series = Series(first.link)
            rest = chain(few or [first], labels)
            yield from ((label, series.symbol(label.link)) for label in rest)


def plan_run(
    preset: Preset, contents: Contents, sample: Label, face: Face, *, dpi: int, dots: int | None = None
) -> Run:
    """Raises Unprintable: characters that the font lacks, or what does not fit the label."""
    face.require(contents.letters())
    wish = Wish(contents, symbol_of(sample.link).size, bool(sample.code), dpi, dots)
    return Run(lay_out(preset, wish, face), face, contents)


def in_pages(labels: Iterable[Label], run: Run) -> Iterator[Sequence[Label]]:
    """The labels as they come to lie on pages."""
    labels = iter(labels)
    while page := list(islice(labels, run.plan.preset.a_page)):
        yield page
