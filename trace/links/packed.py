"""Compressed Digital Links, unpacked (GS1 Digital Link Compression 1.0).

A path segment of base64url is a row of bits: keys of AIs digit by digit (4 bits each), or one of the codes of
``_TOGETHER`` for AIs that often stand together, each followed by its value in the shape of its components.
"""

import math
from dataclasses import dataclass

from trace.links.dictionary import IDENTIFIERS, Component, lengths_by_prefix
from trace.links.errors import LinkError
from trace.links.syntax import DigitalLink, assembled

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_HEX = "0123456789ABCDEF"
# More than any symbol would hold, and little work.
MAX_PACKED = 512

# Optimisation codes: two hexadecimal digits, of which one is no decimal digit, for AIs in this order.
_TOGETHER: dict[str, tuple[str, ...]] = {
    "0A": ("01", "22"), "0B": ("01", "10"), "0C": ("01", "21"), "0D": ("01", "17"), "0E": ("01", "7003"),
    "0F": ("01", "30"), "1A": ("01", "10", "21", "17"), "1B": ("01", "15"), "1C": ("01", "11"), "1D": ("01", "16"),
    "1E": ("01", "91"), "1F": ("01", "10", "15"), "9A": ("8010", "8011"), "9B": ("8017", "8019"),
    "9C": ("8018", "8019"), "9D": ("414", "254"),
    **{f"2{_HEX[10 + n]}": ("01", f"310{n}") for n in range(6)},
    **{f"3{_HEX[10 + n]}": ("01", f"320{n}") for n in range(6)},
    **{f"A{n}": ("01", f"392{n}") for n in range(10)},
    **{f"C{n}": ("255", f"390{n}") for n in range(10)},
    **{f"C{_HEX[10 + n]}": ("255", f"394{n}") for n in range(4)},
}  # fmt: skip


@dataclass(slots=True)
class _Bits:
    """Bits read from the left. Reading past the end is an error of the link, not of ours."""

    number: int
    left: int

    def take(self, count: int) -> int:
        if count > self.left:
            raise _broken()
        self.left -= count
        return (self.number >> self.left) & ((1 << count) - 1)


def unpack(token: str) -> DigitalLink:
    """The link behind a compressed path segment. Raises LinkError and nothing else."""
    return assembled(*_read(token))


def unpack_after(ai: str, value: str, token: str) -> DigitalLink:
    """A link whose primary key stands in the clear before the compressed rest: ``/01/{gtin}/{token}``."""
    values, others = _read(token)
    if ai in values:
        raise _broken()
    return assembled({ai: value, **values}, others)


def _read(token: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    bits = _bits_of(token)
    values: dict[str, str] = {}
    others: list[tuple[str, str]] = []
    # Fewer than eight bits are the filling of the last character.
    while bits.left >= 8:
        first, second = bits.take(4), bits.take(4)
        if first == 0xF:
            others.append(_foreign(bits, second))
            continue
        for ai in _keys(bits, _HEX[first] + _HEX[second]):
            if ai in values:
                raise _broken()
            values[ai] = _value(bits, ai)
    return values, others


def _bits_of(token: str) -> _Bits:
    if not token or len(token) > MAX_PACKED:
        raise _broken()
    number = 0
    for character in token:
        place = _ALPHABET.find(character)
        if place < 0:
            raise _broken()
        number = number << 6 | place
    return _Bits(number, 6 * len(token))


def _keys(bits: _Bits, first: str) -> tuple[str, ...]:
    """The AIs that follow, from the first two hexadecimal digits on."""
    if first in _TOGETHER:
        return _TOGETHER[first]
    length = lengths_by_prefix().get(first)
    if length is None:
        raise _broken()
    ai = first + "".join(_HEX[bits.take(4)] for _ in range(length - 2))
    if ai not in IDENTIFIERS:
        raise _broken()
    return (ai,)


def _value(bits: _Bits, ai: str) -> str:
    return "".join(_part(bits, component) for component in _joined(IDENTIFIERS[ai].components))


def _joined(components: tuple[Component, ...]) -> list[Component]:
    """Components as they are packed: digits of fixed length run together, and so do optional ones and letters."""
    joined: list[Component] = []
    for component in components:
        kind = "N" if component.kind == "N" else "X"
        loose = component.is_variable or component.is_optional
        last = joined[-1] if joined else None
        if last and last.kind == kind and ((kind == "X") or loose == last.is_variable):
            variable = loose or last.is_variable
            joined[-1] = Component(kind, last.length + component.length, variable, variable, ())
        else:
            joined.append(Component(kind, component.length, loose, component.is_optional, ()))
    return joined


def _part(bits: _Bits, component: Component) -> str:
    if component.kind == "N":
        count = bits.take(component.length.bit_length()) if component.is_variable else component.length
        return _digits(bits, count)
    way = bits.take(3)
    count = bits.take(component.length.bit_length()) if component.is_variable else component.length
    return _characters(bits, way, count)


def _digits(bits: _Bits, count: int) -> str:
    """Decimal digits at 3.32 bits each; 0.01 more, as the standard's formula has it."""
    if not count:
        return ""
    told = str(bits.take(math.ceil(count * math.log2(10) + 0.01)))
    if len(told) > count:
        raise _broken()
    return told.zfill(count)


def _characters(bits: _Bits, way: int, count: int) -> str:
    """0 digits, 1 and 2 hexadecimal in small and capital letters, 3 base64url, 4 ASCII of 7 bits."""
    if way == 0:
        return _digits(bits, count)
    if way in (1, 2):
        text = "".join(_HEX[bits.take(4)] for _ in range(count))
        return text.lower() if way == 1 else text
    if way == 3:
        return "".join(_ALPHABET[bits.take(6)] for _ in range(count))
    if way == 4:
        return "".join(chr(bits.take(7)) for _ in range(count))
    raise _broken()


def _foreign(bits: _Bits, second: int) -> tuple[str, str]:
    """A parameter that is no AI: length of its name in 7 bits (four of them read already), name, way, length, value."""
    length = second << 3 | bits.take(3)
    name = "".join(_ALPHABET[bits.take(6)] for _ in range(length))
    if not name or name.isdigit():
        raise _broken()
    way = bits.take(3)
    return name, _characters(bits, way, bits.take(7))


def _broken() -> LinkError:
    return LinkError("link_packed", "压缩链接无法还原。", "The compressed link cannot be unpacked.")
