"""What a client would rather have: Accept and Accept-Language (RFC 9110, 12.5), read with patience.

A header that cannot be read counts as no preference: relays spoil them, and a consumer must not meet a 406 for it.
"""

import re

Wishes = tuple[tuple[str, float], ...]

# More ranges than any browser sends; the rest is not read.
MAX_RANGES = 40
_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+|\*/\*|[\w!#$&^.+-]+/\*")
_LANGUAGE = re.compile(r"[a-z]{1,8}(-[a-z0-9]{1,8})*|\*")
_QUALITY = re.compile(r"q\s*=\s*([01](?:\.[0-9]{0,3})?)")


def read_accept(header: str) -> Wishes:
    """Media ranges with their quality. A blank inside a type is a ``+`` that was undone on the way."""
    mended = re.sub(r"(?<=[\w.])\s+(?=[\w.]+\s*(?:[,;]|$))", "+", header.lower())
    return _ranges(mended, _TYPE)


def read_languages(header: str) -> Wishes:
    return _ranges(header.lower(), _LANGUAGE)


def _ranges(header: str, form: re.Pattern[str]) -> Wishes:
    wishes = []
    for text in header.split(",")[:MAX_RANGES]:
        wanted, *parameters = (part.strip() for part in text.split(";"))
        if not form.fullmatch(wanted):
            continue
        quality = next((float(found[1]) for p in parameters if (found := _QUALITY.fullmatch(p))), 1.0)
        wishes.append((wanted, min(quality, 1.0)))
    return tuple(wishes)


def type_quality(wishes: Wishes, media_type: str) -> float:
    """How much a type is wanted, the closest range deciding; 1 for everything where nothing was said."""
    if not wishes:
        return 1.0
    group = media_type.partition("/")[0]
    for wanted in (media_type, f"{group}/*", "*/*"):
        for given, quality in wishes:
            if given == wanted:
                return quality
    return 0.0


def language_quality(wishes: Wishes, languages: tuple[str, ...]) -> float:
    """How much a thing in these languages is wanted; a thing in no language suits everybody."""
    if not wishes or not languages:
        return 1.0
    return max(_quality_of(wishes, language) for language in languages)


def _quality_of(wishes: Wishes, language: str) -> float:
    whole, first = language.lower(), language.lower().partition("-")[0]
    for wanted in (whole, first):
        for given, quality in wishes:
            if given == wanted or given.startswith(f"{wanted}-"):
                return quality
    return next((quality for given, quality in wishes if given == "*"), 0.0)


def names_a_type(wishes: Wishes, media_type: str) -> bool:
    """Whether this very type was asked for, and not only anything."""
    return any(given == media_type and quality > 0 for given, quality in wishes)


def is_particular(wishes: Wishes) -> bool:
    """Whether any type was named at all: ``*/*`` by itself names none."""
    return any(given != "*/*" for given, _ in wishes)
