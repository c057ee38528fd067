"""Links of a thing by level and type, the choice among them, and the linkset document (RFC 9264, GS1-Conformant Resolver 1.2).

The document keeps to the narrower schema of GS1: no ``@context`` in it (that is named in the Link header), a description
in ``itemDescription``, link types as whole addresses, languages as ``zh`` or ``en``, and no members but those listed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from trace.links import negotiation
from trace.links.negotiation import Wishes

VOCABULARY = "https://ref.gs1.org/voc/"
# Spellings of the same vocabulary in use.
_PREFIXES = ("gs1:", VOCABULARY, "https://gs1.org/voc/", "http://gs1.org/voc/", "https://www.gs1.org/voc/")
CONTEXT = "https://ref.gs1.org/standards/resolver/linkset-context"
MEDIA_TYPE = "application/linkset+json"
DEFAULT, DEFAULT_MULTI = "defaultLink", "defaultLinkMulti"
LINKSET_NAMES = ("linkset", "all")
# Consumed by the resolver; everything else in the query is passed on.
CONSUMED = ("linkType", "context")


@dataclass(frozen=True, slots=True)
class Link:
    """One target. ``kind`` is a link type of GS1 by its local name; ``number`` that of a reviewed target elsewhere."""

    kind: str
    href: str
    title: str
    media_type: str = "text/html"
    languages: tuple[str, ...] = ("zh", "en")
    passes_query: bool = True
    number: str = ""

    def as_dict(self) -> dict[str, Any]:
        told: dict[str, Any] = {"href": self.href, "title": self.title, "type": self.media_type}
        if self.languages:
            told["hreflang"] = list(self.languages)
        return told if self.passes_query else {**told, "fwqs": False}


@dataclass(frozen=True, slots=True)
class Level:
    """What is linked from one step of a path: the unit or lot as asked, or the article above it."""

    anchor: str
    description: str
    links: tuple[Link, ...]


def kind_of(asked: str) -> str:
    """The local name behind ``gs1:pip``, ``gs1%3Apip`` or a whole address; anything else as it is, which finds nothing."""
    plain = unquote(asked)
    for prefix in _PREFIXES:
        if plain.startswith(prefix):
            return plain.removeprefix(prefix)
    return plain


def of_kind(levels: Iterable[Level], kind: str) -> list[Link]:
    """Links of a type, from the lowest level that has any: what is said of a lot hides what is said of the article."""
    for level in levels:
        if found := [link for link in level.links if link.kind == kind]:
            return found
    return []


def best_of(links: Sequence[Link], types: Wishes, languages: Wishes) -> list[Link]:
    """Those that suit best, first by type, then by language. Where nothing suits, the wish is passed over (never 406)."""
    kept = _best(links, [negotiation.type_quality(types, link.media_type) for link in links])
    return _best(kept, [negotiation.language_quality(languages, link.languages) for link in kept])


def _best(links: Sequence[Link], qualities: Sequence[float]) -> list[Link]:
    most = max(qualities, default=0.0)
    return [link for link, quality in zip(links, qualities, strict=True) if quality == most]


def default_of(levels: Sequence[Level], types: Wishes, languages: Wishes) -> Link:
    """The default link; one of several defaults only for a client that names a type, so that ``*/*`` gets the one."""
    (default,) = of_kind(levels, DEFAULT)
    if not negotiation.is_particular(types):
        return default
    suiting = [link for link in of_kind(levels, DEFAULT_MULTI) if negotiation.type_quality(types, link.media_type) > 0]
    best = best_of(suiting, types, languages)
    return best[0] if len(best) == 1 else default


def document(levels: Iterable[Level]) -> dict[str, Any]:
    """The linkset of all levels, the one that was asked for first."""
    contexts = []
    for level in levels:
        told: dict[str, Any] = {"anchor": level.anchor, "itemDescription": level.description}
        for link in level.links:
            told.setdefault(VOCABULARY + link.kind, []).append(link.as_dict())
        contexts.append(told)
    return {"linkset": contexts}


def link_header(linkset_url: str, same_as: str = "") -> str:
    """All links of an answer in one header, as some clients keep only the last; no commas but between them."""
    parts = [
        f'<{_header_safe(linkset_url)}>; rel="linkset"; type="{MEDIA_TYPE}"',
        f'<{CONTEXT}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"',
    ]
    if same_as:
        parts.append(f'<{_header_safe(same_as)}>; rel="owl:sameAs"')
    return ", ".join(parts)


def _header_safe(url: str) -> str:
    return quote(url, safe=":/?=&%-._~+!$'()*;@")


def with_query(link: Link, given: Iterable[tuple[str, str]]) -> str:
    """The target with the query of the request passed on. What the target itself says is never overwritten."""
    if not link.passes_query:
        return link.href
    parts = urlsplit(link.href)
    taken = {*CONSUMED, *(name for name, _ in parse_qsl(parts.query, keep_blank_values=True))}
    passed = urlencode([(name, value) for name, value in given if name not in taken])
    return parts._replace(query="&".join(filter(None, (parts.query, passed)))).geturl() if passed else link.href


def merged(layers: Iterable[Iterable[Link]]) -> tuple[Link, ...]:
    """Links of several speakers, the closest to the thing first: a type that one speaks of is not spoken of by the next."""
    by_kind: dict[str, list[Link]] = {}
    for layer in layers:
        fresh: dict[str, list[Link]] = {}
        for link in layer:
            if link.kind not in by_kind:
                fresh.setdefault(link.kind, []).append(link)
        by_kind |= fresh
    return tuple(link for links in by_kind.values() for link in links)


def description_file(root: str, name: Mapping[str, str]) -> dict[str, Any]:
    """The resolver's description of itself, for ``/.well-known/gs1resolver``."""
    return {
        "name": name["en"],
        "resolverRoot": root,
        "supportedPrimaryKeys": ["01"],
        "supportedLinkType": [{"namespace": VOCABULARY, "prefix": "gs1:"}],
        "linkTypeDefaultCanBeLinkset": False,
        "contact": {"fn": name["zh"]},
    }
