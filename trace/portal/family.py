"""The drawing of a lineage: one row for each step, what a batch was made of above it and what was made of it below."""

from collections import defaultdict
from dataclasses import dataclass

from trace.lineage import Genealogy, Kin, Link, party_of
from trace.models import Batch

# Boxes are as wide as half a phone; a drawing of more of them tells nobody anything.
WIDTH, HEIGHT, GAP_X, GAP_Y, EDGE = 168, 74, 12, 56, 6
MOST_DRAWN = 60
_MOST_LETTERS = 13


@dataclass(frozen=True, slots=True)
class Box:
    """A batch at its place. ``tone``: self, seen, or other for one that the reader is told of and no more."""

    batch: Batch | Kin
    party: str
    tone: str
    x: int
    y: int

    @property
    def middle(self) -> int:
        return self.x + WIDTH // 2


@dataclass(frozen=True, slots=True)
class Way:
    """From one box to another: a path, and whether goods were taken out again or wait for a word."""

    path: str
    tone: str


@dataclass(frozen=True, slots=True)
class Family:
    width: int
    height: int
    boxes: tuple[Box, ...]
    ways: tuple[Way, ...]
    is_whole: bool


def family_of(genealogy: Genealogy) -> Family | None:
    """The nearest of a lineage; None where the batch stands alone."""
    near = sorted((*genealogy.back, *genealogy.forward), key=lambda one: abs(one.level))[:MOST_DRAWN]
    if not near:
        return None
    rows: dict[int, list[tuple[Batch | Kin, str]]] = defaultdict(list)
    rows[0].append((genealogy.batch, "self"))
    for one in near:
        rows[one.level].append((one.batch, "seen" if one.is_seen else "other"))
    width = max(len(row) for row in rows.values()) * (WIDTH + GAP_X) - GAP_X + 2 * EDGE
    boxes = {}
    for place, level in enumerate(sorted(rows)):
        left = (width - len(rows[level]) * (WIDTH + GAP_X) + GAP_X) // 2
        for along, (batch, tone) in enumerate(rows[level]):
            x, y = left + along * (WIDTH + GAP_X), EDGE + place * (HEIGHT + GAP_Y)
            boxes[batch.pk] = Box(batch, _short(party_of(batch)), tone, x, y)
    ways = tuple(
        Way(_curve(boxes[link.parent_id], boxes[link.child_id]), _tone(link))
        for link in genealogy.links
        if link.parent_id in boxes and link.child_id in boxes
    )
    height = len(rows) * (HEIGHT + GAP_Y) - GAP_Y + 2 * EDGE
    is_whole = len(near) == len(genealogy.back) + len(genealogy.forward) and not genealogy.is_truncated
    return Family(width, height, tuple(boxes.values()), ways, is_whole)


def _short(name: str) -> str:
    return name if len(name) <= _MOST_LETTERS else f"{name[: _MOST_LETTERS - 1]}…"


def _tone(link: Link) -> str:
    if link.valid_to is not None:
        return "ended"
    return "held" if link.confirmed_at is not None else "waiting"


def _curve(above: Box, below: Box) -> str:
    start, end = above.y + HEIGHT, below.y
    half = (start + end) // 2
    return f"M{above.middle} {start}C{above.middle} {half} {below.middle} {half} {below.middle} {end}"
