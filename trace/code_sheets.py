"""The codes of an issuance as CSV, made while they are read: never in memory, and alike each time they are asked for.

Every line has the same length, so a part of the file is made without what stands before it and a broken download goes on
at the byte where it broke off. Text in UTF-8 with a byte order mark, by which Excel knows it; lines end in CR LF (RFC 4180).
No cell can be taken for a formula, and the hidden digits come in two groups, so that no program drops a zero in front.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from trace.codes.keyring import NO_GTIN, UnitKeys
from trace.codes.sign import code_at, pin_at
from trace.rules.issuances import Span

INDEX_DIGITS = 8
# Some 300 kB at a time: what a thread holds while it waits for the reader.
ROWS_AT_A_TIME = 2_000


@dataclass(frozen=True)
class CodeSheet:
    """Units ``span`` of an issuance, one a line: index, code, link, GS1 link (empty without a GTIN), and the PIN if there is one."""

    keys: UnitKeys
    lot: str
    gtin: str
    has_pin: bool
    span: Span
    public_url: str

    @cached_property
    def header(self) -> bytes:
        return ("\ufeffindex,code,link,gs1_link" + (",pin" if self.has_pin else "") + "\r\n").encode()

    @cached_property
    def width(self) -> int:
        """Bytes a line, its end included."""
        return len(self.row(self.span.first))

    @cached_property
    def size(self) -> int:
        """Bytes in all."""
        return len(self.header) + self.width * len(self.span)

    def row(self, index: int) -> bytes:
        code = code_at(self.keys, index)
        gs1 = "" if self.gtin == NO_GTIN else f"{self.public_url}/01/{self.gtin}/10/{self.lot}/21/{code}"
        row = f"{index:0{INDEX_DIGITS}},{code},{self.public_url}/c/{self.lot}/{code},{gs1}"
        if self.has_pin:
            pin = pin_at(self.keys, index)
            row += f",{pin[:4]} {pin[4:]}"
        return f"{row}\r\n".encode()

    def touched(self, start: int, stop: int) -> Span:
        """The units of which something stands in these bytes; the first one where that is the header alone."""
        first, last = self._rows(start, stop)
        return Span(self.span.first + first, self.span.first + max(first, last - 1))

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from ``start`` up to ``stop``, in pieces."""
        if head := self.header[start:stop]:
            yield head
        begin, end = (max(place - len(self.header), 0) for place in (start, stop))
        first, last = self._rows(start, stop)
        for row in range(first, last, ROWS_AT_A_TIME):
            rows = range(row, min(row + ROWS_AT_A_TIME, last))
            piece = b"".join(self.row(self.span.first + place) for place in rows)
            offset = row * self.width
            yield piece[max(begin - offset, 0) : end - offset]

    def _rows(self, start: int, stop: int) -> tuple[int, int]:
        """Lines that these bytes touch, the last one not included, counted from 0 after the header."""
        begin, end = (max(place - len(self.header), 0) for place in (start, stop))
        return begin // self.width, -(-end // self.width)
