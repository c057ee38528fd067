"""Labels: how many a second on one core, and in how much memory."""

import random
import time
from collections.abc import Callable, Iterator

from django.conf import settings

from gi_registry.bench.report import Figure
from gi_registry.lib import clock
from gi_registry.lib.ids import ALPHABET
from trace.labels.contents import Contents, Label
from trace.labels.fonts import find
from trace.labels.pdf import write_pdf
from trace.labels.presets import PRESETS
from trace.labels.run import plan_run
from trace.qr import symbol_of
from trace.rules.issuances import Span
from trace.rules.prints import parts_of

LABELS, FEW = 10_000, 100
_LINK = "https://gi.example/01/09520012345674/10/7K3QX9PA28/21/"
_CONTENTS = Contents(
    name_zh="五年陈酿醋",
    name_en="Vinegar aged five years",
    producer="清徐县某某酿造有限公司",
    uscc="91140121MA0TEXT01X",
    title="国家质检总局2004年第104号公告",
    standard="GB/T 19777-2013",
    lot="7K3QX9PA28",
    typed_at="gi.example/c/",
)


def drawn(say: Callable[[str], None]) -> list[Figure]:
    """Ten thousand labels with GS1 links as PDF, in the parts of a print job, on one core; and what the library takes for symbols."""
    chance = random.Random(7)  # noqa: S311
    labels = list(_labels(chance, LABELS))
    run = plan_run(PRESETS["50x30"], _CONTENTS, labels[0], find(settings.LABEL_FONT), dpi=300)
    begun, size = time.process_time(), 0
    start = time.perf_counter()
    for part in parts_of(Span(0, LABELS - 1), 1):
        size += len(write_pdf(run, labels[part.first : part.last + 1], now=clock.now()))
    cpu, seconds = time.process_time() - begun, time.perf_counter() - start
    begun = time.process_time()
    for label in labels[:FEW]:
        symbol_of(label.link)
    library = FEW / (time.process_time() - begun)
    rate = LABELS / cpu
    say(f"{LABELS:,} labels as PDF: {seconds:.1f} s, {rate:,.0f} a second on a core, {size / 1e6:.1f} MB")
    return [
        Figure(f"{LABELS:,} labels as PDF, 50 × 30 mm", seconds, "s", None, "", f"{size / 1e6:.1f} MB in 10 parts"),
        Figure(
            "labels on one core", rate, "labels/s", rate / library, "", f"the library's symbols alone {library:,.0f}/s"
        ),
    ]


def _labels(chance: random.Random, count: int) -> Iterator[Label]:
    for _ in range(count):
        code = "".join(chance.choices(ALPHABET, k=20))
        yield Label(_LINK + code, code)
