"""GS1 Digital Link URIs, read and written (URI Syntax 1.6).

``https://host/stem/01/{gtin}/10/{lot}/21/{serial}?17=271231``: the right-most primary key of the path counts, whatever
stands before it is the stem, qualifiers follow in fixed order, attributes stand in the query by the number of their AI.
Reading is strict: a link that reads is one that may be printed, but for short GTINs, which are padded.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote_plus, urlsplit

from trace.links.dictionary import IDENTIFIERS, QUALIFIERS
from trace.links.errors import LinkError
from trace.links.values import fault_of, padded

# Longer than any link that fits a QR code; what is longer is not taken apart.
MAX_LINK = 2_048
# The canonical stem is text only: nobody is asked there.
CANONICAL_STEM = "https://id.gs1.org"

Pair = tuple[str, str]
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?")


@dataclass(frozen=True, slots=True)
class DigitalLink:
    """A link taken apart. Values are unescaped and checked; ``others`` are query parameters that are no AIs."""

    key: Pair
    qualifiers: tuple[Pair, ...] = ()
    attributes: tuple[Pair, ...] = ()
    others: tuple[Pair, ...] = ()
    stem: str = ""

    def get(self, ai: str) -> str:
        """The value of an AI in the path, or ""."""
        return dict((self.key, *self.qualifiers)).get(ai, "")

    @property
    def path(self) -> str:
        """Key and qualifiers: ``/01/09520012345674/10/A%2FB``."""
        return "".join(f"/{ai}/{quote(value, safe='')}" for ai, value in (self.key, *self.qualifiers))

    def uri(self, stem: str) -> str:
        """The whole link under a stem such as ``https://host``; attributes in the order they were read."""
        pairs = (*self.attributes, *self.others)
        query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
        return f"{stem.rstrip('/')}{self.path}{'?' if query else ''}{query}"

    @property
    def canonical(self) -> str:
        """The one spelling by which links are compared: GS1's own stem, attributes by number, nothing else."""
        kept = tuple(sorted(self.attributes))
        return DigitalLink(self.key, self.qualifiers, kept).uri(CANONICAL_STEM)


def parse(text: str) -> DigitalLink:
    """Read a whole link. Raises LinkError and nothing else."""
    if len(text) > MAX_LINK:
        raise LinkError("link_long", f"链接不超过 {MAX_LINK} 个字符。", f"A link has at most {MAX_LINK} characters.")
    if not text.isascii() or not text.isprintable() or " " in text:
        raise LinkError("link_characters", "链接中有不允许的字符。", "The link holds characters that none may hold.")
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        host = None
    if host is None or parts.scheme.lower() not in ("http", "https"):
        raise LinkError("link_no_uri", "应为 https 链接。", "It must be an https link.")
    return parse_path(parts.path, parts.query, f"{parts.scheme}://{parts.netloc}")


def parse_path(path: str, query: str = "", stem: str = "") -> DigitalLink:
    """Read the path and query of a link, both still escaped; ``stem`` is what stands before. Raises LinkError."""
    before, pairs = _walk([_unescaped(segment) for segment in _segments(path)])
    pairs = [(ai, padded(ai, value)) for ai, value in pairs]
    key, qualifiers = pairs[0], tuple(pairs[1:])
    for ai, value in pairs:
        if fault := fault_of(ai, value):
            raise fault
    _must_follow(key[0], [ai for ai, _ in qualifiers])
    attributes, others = _read_query(key[0], query)
    return DigitalLink(key, qualifiers, attributes, others, stem + "".join(f"/{segment}" for segment in before))


def assembled(values: dict[str, str], others: Iterable[Pair] = ()) -> DigitalLink:
    """A link of AIs and their values in no order, as a compressed link gives them. Raises LinkError."""
    keys = [ai for ai in values if ai in QUALIFIERS]
    if len(keys) != 1:
        raise LinkError("link_keys", "应恰有一个主键。", "There must be exactly one primary key.")
    key = keys[0]
    order = next((o for o in QUALIFIERS[key] if any(ai in values for ai in o)), ())
    inside = [key, *(ai for ai in order if ai in values)]
    path = "".join(f"/{ai}/{quote(values[ai], safe='')}" for ai in inside)
    rest = [(ai, value) for ai, value in values.items() if ai not in inside]
    query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in (*rest, *others))
    return parse_path(path, query)


def _segments(path: str) -> list[str]:
    """The parts of a path; one slash at the end is passed over."""
    segments = path.removesuffix("/").split("/")
    if segments[0] or "" in segments[1:]:
        raise LinkError("link_path", "路径中有空的部分。", "The path has an empty part.")
    return segments[1:]


def _unescaped(text: str) -> str:
    """Percent escapes undone once. No value has anything but ASCII in it."""

    def character(match: re.Match[str]) -> str:
        if not match[1] or int(match[1], 16) > 0x7F:
            raise LinkError("link_escape", "百分号转义有误。", "A percent escape is not well formed.")
        return chr(int(match[1], 16))

    return _ESCAPE.sub(character, text)


def _walk(segments: list[str]) -> tuple[list[str], list[Pair]]:
    """From the right, pair by pair, to the first primary key: what stands before it, and the pairs from it on."""
    pairs: list[Pair] = []
    for end in range(len(segments), 1, -2):
        ai, value = segments[end - 2], segments[end - 1]
        if ai not in IDENTIFIERS:
            break
        pairs.insert(0, (ai, value))
        if ai in QUALIFIERS:
            return segments[: end - 2], pairs
    raise LinkError("link_no_key", "路径中没有 GS1 主键。", "The path names no GS1 primary key.")


def _must_follow(key: str, given: list[str]) -> None:
    """Qualifiers are those of the key, each once, in their order."""
    for order in QUALIFIERS[key]:
        if given == [ai for ai in order if ai in given]:
            return
    allowed = " | ".join("、".join(order) for order in QUALIFIERS[key] if order) or "—"
    zh = f"限定符只能是并按此顺序：{allowed}。"
    raise LinkError("link_qualifiers", zh, f"its qualifiers are, in this order: {allowed.replace('、', ', ')}.", key)


def _read_query(key: str, query: str) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
    """Attributes by the number of their AI, and parameters that are none. A ``+`` is a blank here, unlike in a path."""
    inside = {key, *(ai for order in QUALIFIERS[key] for ai in order)}
    attributes: dict[str, str] = {}
    others: list[Pair] = []
    for text in filter(None, query.split("&")):
        written, _, held = text.partition("=")
        name = unquote_plus(written)
        if not (name.isascii() and name.isdigit()):
            others.append((name, unquote_plus(held)))
            continue
        if name not in IDENTIFIERS:
            raise LinkError(
                "link_unknown_ai", "没有这个应用标识符。", "there is no such application identifier.", name[:8]
            )
        if name in inside or not IDENTIFIERS[name].is_attribute:
            raise LinkError("link_not_attribute", "不能作为属性出现在查询串中。", "may not stand in the query.", name)
        if name in attributes:
            raise LinkError("link_repeated", "出现了两次。", "is given twice.", name)
        attributes[name] = padded(name, _unescaped(held.replace("+", " ")))
        if fault := fault_of(name, attributes[name]):
            raise fault
    return tuple(attributes.items()), tuple(others)
