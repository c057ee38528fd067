"""A spreadsheet of sites handed back with what is wrong: the rows that are no sites, as they were written."""

from collections.abc import Iterator

from gi_registry.lib.language import say
from gi_registry.lib.problems import Missing
from gi_registry.lib.spreadsheets.handed_back import Back, handed_back
from gi_registry.lib.texts import Text
from products.gisfiles.columns import columns_of
from products.gisfiles.sheets import places_of
from products.models import SiteUpload
from products.rules.uploads import told

_WRONG = Text("有误的行", "Rows with faults")


def with_faults(upload: SiteUpload) -> bytes:
    """Raises Missing where nothing is kept to be handed back: another kind of file, no faults, or forgotten since."""
    rows = upload.rows.unfit().filter(cells__isnull=False).order_by("number")
    if not rows.exists():
        raise Missing
    return handed_back(upload.header, [(_WRONG, _told(upload, rows.defer("geom").iterator(chunk_size=500)))])


def _told(upload: SiteUpload, rows: Iterator) -> Iterator[Back]:
    places = _places(upload.header)
    for row in rows:
        faults = told(row.faults)
        wrong = {place for fault in faults for place in places.get(fault.pointer.strip("/"), ())}
        yield Back(row.cells, " ".join(say(fault.text) for fault in faults), wrong)


def _places(header: list[str]) -> dict[str, list[int]]:
    """Where the columns stand of what a fault points at."""
    columns, shape = columns_of(header), places_of(header)
    named = {"name": columns.name, "kind": columns.kind}
    told = {key: [header.index(name)] for key, name in named.items() if name is not None}
    return {**told, "geometry": [place for key, place in shape.items() if key != "name"]}
