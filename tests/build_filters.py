"""Random filters of CQL2 in JSON form, made to find some of the rows and not all: literals are taken from the rows."""

import random
from collections.abc import Callable
from typing import Any

from tests.cql2_meaning import GEOMETRY, PLACES, SETS, TIMES

Node = Any
_COMPARISONS = ("=", "=", "<>", "<", "<=", ">", ">=")
# Places lie on a grid of eighths of a degree, lines along it or at 45 degrees: exact in binary, so that two versions of
# the geometry library cannot differ by rounding.
STEP = 0.125
WEST, SOUTH, CELLS = 112.0, 37.0, 8
_STRANGE = ("", "%", "_", "\\", "'", "''", '"', "产", "é", "É", "x", "100%", "a_b", "1=1", "\u0301")


class Filters:
    """``kinds``: property -> TEXT, TEXTS, NUMBER, BOOLEAN or DATE; ``samples``: property -> values that occur."""

    def __init__(self, seed: int, kinds: dict[str, str], samples: dict[str, list[Any]]) -> None:
        self.random = random.Random(seed)
        self.kinds = kinds
        self.samples = samples

    def condition(self, depth: int = 3) -> Node:
        if depth and self.random.random() < 0.55:
            op = self.random.choice(("and", "or", "or", "not"))
            parts = [self.condition(depth - 1) for _ in range(1 if op == "not" else self.random.choice((2, 2, 3)))]
            return {"op": op, "args": parts}
        return self._leaf()

    def _leaf(self) -> Node:
        name = self.random.choice((*self.kinds, *self.kinds, GEOMETRY, GEOMETRY))
        if self.random.random() < 0.06:
            return {"op": "isNull", "args": [{"property": name}]}
        if name == GEOMETRY:
            return self._spatial()
        made: dict[str, Callable[[str], Node]] = {
            "TEXT": self._text,
            "TEXTS": self._set,
            "NUMBER": self._ordered,
            "BOOLEAN": self._boolean,
            "DATE": self._date,
        }
        return made[self.kinds[name]](name)

    def _literal(self, name: str) -> Any:
        sample = self.random.choice(self.samples[name])
        if self.kinds[name] == "TEXT":
            return sample if self.random.random() < 0.8 else self.random.choice(_STRANGE)
        if self.kinds[name] == "NUMBER":
            return sample + self.random.choice((0, 0, 1, -0.5))
        if self.kinds[name] == "DATE":
            return self.random.choice(({"date": sample}, {"timestamp": f"{sample}T{self.random.choice(_HOURS)}"}))
        return sample

    def _other(self, name: str) -> Node:
        """A literal, or another property of the same kind."""
        if self.random.random() < 0.15:
            return {"property": self.random.choice([n for n, kind in self.kinds.items() if kind == self.kinds[name]])}
        return self._literal(name)

    def _ordered(self, name: str, alter: Callable[[Node], Node] = lambda node: node) -> Node:
        own = alter({"property": name})
        form = self.random.choice(("compare", "compare", "compare", "between", "in"))
        if form == "between":
            return {"op": "between", "args": [own, *(alter(self._other(name)) for _ in range(2))]}
        if form == "in":
            return {"op": "in", "args": [own, [alter(self._other(name)) for _ in range(self.random.randint(1, 4))]]}
        args = [own, alter(self._other(name))]
        self.random.shuffle(args)
        return {"op": self.random.choice(_COMPARISONS), "args": args}

    def _text(self, name: str) -> Node:
        alter = self.random.choice((_plain, _plain, _casei, _accenti, lambda node: _casei(_accenti(node))))
        if self.random.random() < 0.35:
            return {"op": "like", "args": [alter({"property": name}), alter(self._pattern(name))]}
        return self._ordered(name, alter)

    def _pattern(self, name: str) -> str:
        text = self.random.choice(self.samples[name])
        start = self.random.randint(0, len(text))
        piece = text[start : start + self.random.randint(0, 4)].replace("\\", "\\\\")
        if self.random.random() < 0.3:
            piece = piece.replace("%", "\\%").replace("_", "\\_")
        before, after = (self.random.choice(("%", "%", "", "_", "%_")) for _ in range(2))
        return before + piece + after

    def _boolean(self, name: str) -> Node:
        return {"op": self.random.choice(("=", "<>")), "args": [{"property": name}, self.random.random() < 0.5]}

    def _set(self, name: str) -> Node:
        words = sorted({word for sample in self.samples[name] for word in sample})
        args: list[Node] = [{"property": name}, self.random.sample(words, self.random.randint(0, min(3, len(words))))]
        self.random.shuffle(args)
        return {"op": self.random.choice(SETS), "args": args}

    def _date(self, name: str) -> Node:
        if self.random.random() < 0.35:
            return self._ordered(name)
        args = [self._stretch(name, of_row=True), self._stretch(name, of_row=False)]
        self.random.shuffle(args)
        return {"op": self.random.choice(TIMES), "args": args}

    def _stretch(self, name: str, *, of_row: bool) -> Node:
        """A day or an interval, of the row's own days or of literals in their order."""
        if of_row:
            own: list[Node] = [{"property": name}, {"property": name}, ".."]
            if self.random.random() < 0.6:
                return own[0]
            return {"interval": [self.random.choice(own[1:]), self.random.choice(own[1:])]}
        if self.random.random() < 0.3:
            return self._literal(name)
        first, last = sorted(self.random.choice(self.samples[name]) for _ in range(2))
        ends: list[Node] = [first, {"date": last}]
        if self.random.random() < 0.4:
            ends[self.random.randint(0, 1)] = ".."
        return {"interval": ends}

    # --- places --------------------------------------------------------------------------------------------------

    def _spatial(self) -> Node:
        op = self.random.choice(("s_intersects", "s_intersects", *PLACES))
        kinds = ("point", "line", "polygon", "box", "box", "points", "lines", "polygons")
        if op in ("s_intersects", "s_disjoint"):
            kinds += ("collection",)
        args = [{"property": GEOMETRY}, self.shape(self.random.choice(kinds))]
        if self.random.random() < 0.2:
            args.reverse()
        return {"op": op, "args": args}

    def shape(self, kind: str) -> Node:
        match kind:
            case "point":
                return {"type": "Point", "coordinates": self._corner()}
            case "line":
                return {"type": "LineString", "coordinates": self._line()}
            case "polygon":
                return {"type": "Polygon", "coordinates": self._rings()}
            case "points":
                corners = {tuple(self._corner()) for _ in range(3)}
                return {"type": "MultiPoint", "coordinates": sorted(map(list, corners))}
            case "lines":
                return {"type": "MultiLineString", "coordinates": [self._line(), self._line()]}
            case "polygons":
                return {"type": "MultiPolygon", "coordinates": [self._rings(0, 3), self._rings(4, CELLS)]}
            case "collection":
                return {"type": "GeometryCollection", "geometries": [self.shape("line"), self.shape("polygon")]}
        return self._box()

    def _corner(self) -> list[float]:
        return _at(self.random.randint(0, CELLS), self.random.randint(0, CELLS))

    def _line(self) -> list[list[float]]:
        x, y, length = self.random.randint(0, CELLS), self.random.randint(0, CELLS), self.random.randint(1, 5)
        dx, dy = self.random.choice(((1, 0), (0, 1), (1, 1), (1, -1)))
        return [_at(x, y), _at(x + dx * length, y + dy * length)]

    def _rings(self, first: int = 0, last: int = CELLS) -> list[list[list[float]]]:
        """A rectangle, one with a hole, or a triangle, whose columns lie between ``first`` and ``last``."""
        x1 = self.random.randint(first, last - 1)
        y1, x2 = self.random.randint(0, CELLS - 3), self.random.randint(x1 + 1, last)
        y2 = y1 + (x2 - x1 if self.random.random() < 0.5 else 3)
        if self.random.random() < 0.3:
            return [[_at(x1, y1), _at(x2, y1), _at(x1, y1 + x2 - x1), _at(x1, y1)]]
        rings = [_ring(x1, y1, x2, y2)]
        if x2 - x1 > 2 and y2 - y1 > 2:
            rings.append(_ring(x1 + 1, y1 + 1, x2 - 1, y2 - 1))
        return rings

    def _box(self) -> Node:
        (west, south), (east, north) = self._corner(), self._corner()
        if self.random.random() < 0.15:
            return {"bbox": [west, min(south, north), -170.0, max(south, north) + STEP]}
        return {"bbox": [min(west, east), min(south, north), max(west, east), max(south, north)]}


def _at(x: int, y: int) -> list[float]:
    return [WEST + x * STEP, SOUTH + y * STEP]


def _ring(x1: int, y1: int, x2: int, y2: int) -> list[list[float]]:
    return [_at(x1, y1), _at(x2, y1), _at(x2, y2), _at(x1, y2), _at(x1, y1)]


def _plain(node: Node) -> Node:
    return node


def _casei(node: Node) -> Node:
    return {"op": "casei", "args": [node]}


def _accenti(node: Node) -> Node:
    return {"op": "accenti", "args": [node]}


_HOURS = ("00:00:00Z", "23:59:59.5Z", "01:00:00+08:00")
