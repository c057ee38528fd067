"""Symbols of many links of one length, each as the library would make it, at a hundredth of its time.

A QR symbol is linear: flipping one bit of the text flips a fixed set of modules, error correction included (Reed-Solomon
codes are linear, and masks are added). So the library is asked once for each bit that ever differs from the first link,
and every other symbol is a sum of those answers. The mask is chosen as ISO/IEC 18004 asks, by the library's own count of
points, computed on whole symbols at once: a symbol is one integer, a module one bit. Tests hold that the result is equal.
"""

from trace.qr import Matrix, Symbol, UnprintableText, matrix_of, symbol_of

MASKS = range(8)
_DIGITS = bytes.maketrans(b"01", b"\x00\x01")


class Series:
    """``symbol(link)`` for links as long as the first one."""

    def __init__(self, first: str) -> None:
        found = symbol_of(first)
        self.first = first.encode()
        self.version, self.level, self.size = found.version, found.level, found.size
        self._penalty = _Penalty(found.size)
        # Two orientations of each: points are counted in rows and in columns.
        self._drafts = [_both(self._matrix(self.first, mask, is_draft=True)) for mask in MASKS]
        self._finals = [_both(self._matrix(self.first, mask))[0] for mask in MASKS]
        self._bits: dict[tuple[int, int], tuple[int, int]] = {}
        self._bytes: dict[tuple[int, int], tuple[int, int]] = {}
        if self.symbol(first) != found:
            raise UnprintableText(first[:40])  # encoded otherwise than as bytes, which no link is

    def symbol(self, link: str) -> Symbol:
        """Raises UnprintableText for another length: such a link is of another series."""
        text = link.encode("ascii", "replace")
        if len(text) != len(self.first):
            raise UnprintableText(link[:40])
        rows = columns = 0
        for place, (byte, first) in enumerate(zip(text, self.first, strict=True)):
            if byte != first:
                more = self._bytes.get((place, byte ^ first)) or self._byte(place, byte ^ first)
                rows ^= more[0]
                columns ^= more[1]
        points = [self._penalty.points(draft[0] ^ rows, draft[1] ^ columns) for draft in self._drafts]
        final = self._finals[points.index(min(points))] ^ rows
        digits = f"{final:0{self.size**2}b}".encode().translate(_DIGITS)[::-1]
        modules = tuple(digits[start : start + self.size] for start in range(0, len(digits), self.size))
        return Symbol(modules, self.version, self.level)

    def _byte(self, place: int, difference: int) -> tuple[int, int]:
        """What a byte that differs so changes."""
        rows = columns = 0
        for bit in range(8):
            if difference >> bit & 1:
                more = self._bit(place, bit)
                rows ^= more[0]
                columns ^= more[1]
        return self._bytes.setdefault((place, difference), (rows, columns))

    def _bit(self, place: int, bit: int) -> tuple[int, int]:
        if (place, bit) not in self._bits:
            text = bytearray(self.first)
            text[place] ^= 1 << bit
            rows, columns = _both(self._matrix(bytes(text), 0, is_draft=True))
            self._bits[place, bit] = rows ^ self._drafts[0][0], columns ^ self._drafts[0][1]
        return self._bits[place, bit]

    def _matrix(self, text: bytes, mask: int, is_draft: bool = False) -> Matrix:
        return matrix_of(text, self.version, self.level, mask=mask, is_draft=is_draft)


def _both(modules: Matrix) -> tuple[int, int]:
    """The symbol as an integer, row after row from the lowest bit, and column after column."""
    return _number(modules), _number(tuple(map(bytes, zip(*modules, strict=True))))


def _number(modules: Matrix) -> int:
    return int("".join("1" if dark else "0" for row in modules for dark in row)[::-1], 2)


class _Penalty:
    """The points of ISO/IEC 18004, 7.8.3 as qrcode counts them, over symbols of one size."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._all = (1 << size * size) - 1
        # Bits whose right neighbour is in the same row, and those from which a row goes on for eleven modules.
        self._paired = self._columns(size - 1)
        self._eleven = self._columns(size - 10)

    def _columns(self, count: int) -> int:
        return sum(((1 << count) - 1) << row * self.size for row in range(self.size))

    def points(self, rows: int, columns: int) -> int:
        dark = rows.bit_count()
        share = int(abs(float(dark) / self.size**2 * 100 - 50) / 5) * 10
        return self._along(rows) + self._along(columns) + self._squares(rows) + share

    def _along(self, x: int) -> int:
        """Runs of five and more (their length less 2), and 40 for each 1:1:3:1:1 with four light modules on a side."""
        same = ~(x ^ x >> 1) & self._paired
        pairs = same & same >> 1
        fives = pairs & pairs >> 2
        runs = fives.bit_count() + 2 * (fives & ~(fives << 1)).bit_count()
        y = x ^ self._all
        x4, x6, y1, y5, y9 = x >> 4, x >> 6, y >> 1, y >> 5, y >> 9
        shared = self._eleven & x4 & x6 & y1 & y5 & y9
        if not shared:
            return runs
        before = shared & x & x >> 2 & x >> 3 & y >> 7 & y >> 8 & y >> 10
        after = shared & y & y >> 2 & y >> 3 & x >> 7 & x >> 8 & x >> 10
        return runs + 40 * (before.bit_count() + after.bit_count())

    def _squares(self, x: int) -> int:
        """Three points for every two by two of one colour."""
        across = ~(x ^ x >> 1) & self._paired
        return 3 * (across & across >> self.size & ~(x ^ x >> self.size)).bit_count()
