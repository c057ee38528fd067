"""The log for people and for programs: what it is, the published files, the proof of an entry, the history of an object."""

from collections.abc import Callable, Mapping

from csp.constants import NONE
from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gi_registry.lib import clock
from gi_registry.lib.access import RoleKind
from gi_registry.lib.language import say
from gi_registry.lib.problems import Missing, Problem
from gi_registry.lib.texts import Text
from gi_registry.openlog.evidence import BROKEN, evidence_file, evidence_of, keys_here, published_here, store_here
from gi_registry.openlog.queries import said_at, said_last, said_of
from gi_registry.openlog.stamping import last_stamp, silent_since
from gi_registry.openlog.stamps import REPLY
from gi_registry.openlog.store import CHECKPOINT, STAMPS, fetch, stamp_path
from gi_registry.openlog.succession import MOST, succession_path
from gi_registry.openlog.tiles import MOST_LEVEL, Tile

Words = Mapping[str, Text]
FOR_EVER = "public, max-age=31536000, immutable"
# A checkpoint is replaced by the next; whoever asks twice within two seconds gets the same.
SHORTLY = "public, max-age=2"
LAST = 20
MOST_INDEX = 10**15
_TEXT = "text/plain; charset=utf-8"
_NOT_YET = Text(
    "该条目尚未发布。新条目一般在十秒内发布，请稍后再试。",
    "This entry is not published yet. New ones usually are within ten seconds; try again shortly.",
)


@require_safe
def home(request: HttpRequest, words: Words) -> HttpResponse:
    """What the log is, how far it reaches, how to check it."""
    published = published_here()
    stamp = last_stamp()
    last = [(name, said, _word(words, said.type)) for name, said in said_last(LAST)]
    context = {
        "claim": published.claim if published else None,
        "note": published.note if published else None,
        "has_stamps": settings.OPENLOG.stamps is not None,
        "stamp": stamp,
        "silent_since": silent_since(clock.now(), stamp) if settings.OPENLOG.stamps else None,
        "stamp_url": f"/log/{stamp_path(stamp.size)}" if stamp else "",
        "last": last,
        "origin": settings.OPENLOG.origin,
        "key": "\n".join(keys_here()),
    }
    return render(request, "openlog/home.html", context)


@require_safe
@csp_replace({"connect-src": [NONE], "form-action": [NONE]})
def verify(request: HttpRequest, words: Words) -> HttpResponse:
    """Where a bundle is verified in the reader's browser, which is told to send nothing anywhere."""
    context = {"key": "\n".join(keys_here()), "origin": settings.OPENLOG.origin, "words": words}
    return render(request, "openlog/verify.html", context)


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The signed head (C2SP tlog-tiles)."""
    return _file(CHECKPOINT, _TEXT, SHORTLY)


@require_safe
def tile(request: HttpRequest, path: str) -> HttpResponse:
    """Hashes, or a bundle of entries. A name that no tile bears is not looked for."""
    if (wanted := Tile.of(f"tile/{path}")) is None or wanted.level > MOST_LEVEL:
        raise Http404
    return _served(lambda: fetch(store_here(), wanted), "application/octet-stream", FOR_EVER)


@require_safe
def past_checkpoint(request: HttpRequest, folder: str, size: int) -> HttpResponse:
    """What was signed at a size."""
    if len(folder) != 6 or not folder.isascii() or not folder.isdigit() or size > MOST_INDEX:
        raise Http404
    return _file(f"checkpoints/{folder}/{size}", _TEXT, FOR_EVER)


@require_safe
def timestamp(request: HttpRequest, folder: str, size: int) -> HttpResponse:
    """The time stamp of the checkpoint of a size (RFC 3161)."""
    if len(folder) != 6 or not folder.isascii() or not folder.isdigit() or size > MOST_INDEX:
        raise Http404
    return _file(f"{STAMPS}/{folder}/{size}.tsr", REPLY, FOR_EVER)


@require_safe
def succession(request: HttpRequest, number: int) -> HttpResponse:
    """The note by which one key of the log took the place of another, signed by both."""
    if number > MOST:
        raise Http404
    return _file(succession_path(number), _TEXT, FOR_EVER)


@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """The public half of the key, as verifiers take it."""
    return _key(0)


@require_safe
def sm2_key(request: HttpRequest) -> HttpResponse:
    """That of the second line, where there is one: by itself, so that who expects one key gets one."""
    return _key(1)


@require_safe
def proof(request: HttpRequest, index: int) -> HttpResponse:
    """A file that proves one entry (C2SP tlog-proof), under the newest checkpoint."""
    published = published_here()
    if published is None or index >= published.claim.size:
        raise Problem("not_found", _NOT_YET)
    try:
        told = str(published.proof(index))
    except (OSError, ValueError) as fault:
        raise Problem("unavailable", BROKEN) from fault
    name = f"entry-{index}.tlog-proof"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": SHORTLY}
    return HttpResponse(told, content_type=_TEXT, headers=headers)


@require_safe
def raw(request: HttpRequest, index: int) -> HttpResponse:
    """The bytes of one entry, as they were published: what the proof is about."""
    published = published_here()
    if published is None or index >= published.claim.size:
        raise Problem("not_found", _NOT_YET)
    try:
        data = published.tiled.entry(index)
    except (OSError, ValueError) as fault:
        raise Problem("unavailable", BROKEN) from fault
    headers = {"Content-Disposition": f'attachment; filename="entry-{index}.json"', "Cache-Control": FOR_EVER}
    return HttpResponse(data, content_type="application/json", headers=headers)


@require_safe
def entry(request: HttpRequest, index: int, words: Words) -> HttpResponse:
    """One entry, in words."""
    if index > MOST_INDEX or (found := said_at(index)) is None:
        raise Missing
    name, said = found
    return _shown(request, name, [said], words, "openlog/entry.html")


@require_safe
def history(request: HttpRequest, name: str, words: Words) -> HttpResponse:
    """Everything that was logged of an object, newest first."""
    if not (said := said_of(name[:80])):
        raise Missing
    return _shown(request, name, said, words, "openlog/history.html")


@require_safe
def evidence(request: HttpRequest, name: str) -> HttpResponse:
    """The whole history of an object with its proofs and a verifier, as one file (without what is not public)."""
    return evidence_file(evidence_of([name[:80]]))


def _shown(request: HttpRequest, name: str, said: list, words: Words, template: str) -> HttpResponse:
    published = published_here()
    told = [{"said": one, "word": _word(words, one.type), "role": _role(one.role)} for one in said]
    size = published.claim.size if published else 0
    return render(request, template, {"name": name, "told": told, "size": size})


def _word(words: Words, kind: str) -> Text:
    """What a type is called; one that no room names any more (the log outlives them) is told as it stands."""
    return words.get(kind) or Text(kind, kind)


def _role(told: str) -> str:
    kinds = [kind for kind in told.split("+") if kind in RoleKind.__members__.values()]
    return "、".join(say(RoleKind(kind).text) for kind in kinds)


def _key(place: int) -> HttpResponse:
    if len(told := keys_here()) <= place:
        raise Missing
    return HttpResponse(f"{told[place]}\n", content_type=_TEXT, headers={"Cache-Control": SHORTLY})


def _file(path: str, content_type: str, cache: str) -> HttpResponse:
    return _served(lambda: store_here().read(path), content_type, cache)


def _served(read: Callable[[], bytes], content_type: str, cache: str) -> HttpResponse:
    try:
        data = read()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        raise Missing from None
    except OSError as fault:
        raise Problem("unavailable", BROKEN) from fault
    headers = {"Cache-Control": cache, "Access-Control-Allow-Origin": "*"}
    return HttpResponse(data, content_type=content_type, headers=headers)
