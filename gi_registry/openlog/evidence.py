"""Evidence as it is handed out: what is published of some objects, put together for whoever asks, with what they may see besides."""

from collections.abc import Collection, Mapping, Sequence

from django.conf import settings
from django.http import HttpResponse

from gi_registry.lib.problems import Missing, Problem
from gi_registry.lib.texts import Text
from gi_registry.openlog.bundle import Opened, Told, bundle
from gi_registry.openlog.keys import KeyFault, public_keys
from gi_registry.openlog.models import Disclosure, Entry, Timestamp
from gi_registry.openlog.notes import NoteFault
from gi_registry.openlog.queries import Published
from gi_registry.openlog.stamping import wish
from gi_registry.openlog.store import Store, store_of

MOST_ENTRIES = 400
_TOO_MANY = Text("条目过多，请直接取日志文件。", "There are too many entries of it; take the files of the log.")
BROKEN = Text("日志文件暂时无法读取。", "The files of the log cannot be read just now.")


def store_here() -> Store:
    """For pages: whoever asks is told at once that files cannot be read just now."""
    return store_of(settings.OPENLOG, attempts=1)


def published_here() -> Published | None:
    """What our log published last. Raises Problem."""
    try:
        return Published.of(store_here())
    except (NoteFault, OSError) as fault:
        raise Problem("unavailable", BROKEN) from fault


def keys_here() -> list[str]:
    """The public halves of our keys, as verifiers take them, the one for everybody first; none where they cannot be read."""
    try:
        return [str(key) for key in public_keys()]
    except KeyFault:
        return []


def evidence_of(
    names: Sequence[str], *, disclosed: Collection[str] = (), besides: Mapping[str, bytes] | None = None
) -> bytes:
    """A bundle over the published histories of these objects. ``disclosed``: those of which whoever asks may see what is not public;
    what was erased since is not in it. Raises Missing (nothing published of the first), Problem."""
    published = published_here()
    size = published.claim.size if published else 0
    found = Entry.objects.filter(object__in=names, index__lt=size).order_by("index")
    rows = list(found.values_list("index", "object", "event")[: MOST_ENTRIES + 1])
    told = {name for _, name, _ in rows}
    if published is None or names[0] not in told:
        raise Missing
    if len(rows) > MOST_ENTRIES:
        raise Problem("too_large", _TOO_MANY)
    places = {event: index for index, name, event in rows if name in disclosed}
    kept = Disclosure.objects.filter(event__in=places)
    opened = {places[row.event]: Opened(bytes(row.salt), bytes(row.payload)) for row in kept}
    shown = [name for name in names if name in told]
    try:
        published, token = _stamped(published, rows[-1][0])
        told_of = Told(besides or {}, token)
        return bundle(published, shown, [index for index, _, _ in rows], "\n".join(keys_here()), opened, told_of)
    except (OSError, ValueError, NoteFault) as fault:
        raise Problem("unavailable", BROKEN) from fault


def _stamped(published: Published, last: int) -> tuple[Published, bytes]:
    """The newest checkpoint over these entries that bears a time stamp, and its token; where none does yet, the newest, and one is wished
    for: whoever takes the evidence again in a minute has it."""
    row = Timestamp.objects.filter(size__gt=last).order_by("-size").first()
    if row is None:
        if settings.OPENLOG.stamps:
            wish()
        return published, b""
    return Published.at(published.store, row.size), bytes(row.token)


def evidence_file(data: bytes, name: str = "evidence.zip") -> HttpResponse:
    """To be downloaded; nobody keeps it on the way."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(data, content_type="application/zip", headers=headers)
