"""How a layer is drawn on vector tiles, as a plain value; the tiles and every document about them follow from it."""

from dataclasses import dataclass

from django.db.models.expressions import OrderBy

MAX_ZOOM = 14  # a unit of such a tile is 0.6 m; clients enlarge it further by themselves
# Outlines are stored simplified for these zooms and all below them down to the one before, in columns of these names.
ZOOMS = (5, 7, 9, 11, MAX_ZOOM)
MERCATOR = 3857


def tolerance_m(zoom: int) -> float:
    """How far an outline may be off at a zoom: half a pixel of a tile 512 pixels wide, in metres of EPSG:3857."""
    return 40_075_016.685578488 / 512 / 2**zoom / 2


@dataclass(frozen=True, slots=True)
class Band:
    """What is drawn up to and including a zoom, from the end of the band before.

    ``shape``  path of the geometry, or of an annotation of the layer's rows
    ``srid``   its reference system; what is not in EPSG:3857 is transformed for each tile, so points only
    ``facts``  names of the properties that go along; the feature's public key always does, as ``id``
    ``cells``  instead of ``shape``: paths of two integers, the column and row of the feature's place at ``CELL_ZOOM``. The
               band then shows one point for each cell that holds features, with ``count``, and no facts
    """

    max_zoom: int
    shape: str = ""
    srid: int = MERCATOR
    facts: tuple[str, ...] = ()
    cells: tuple[str, str] | None = None


CELL_ZOOM = 22  # cells of 10 m at the equator
CELLS_A_SIDE = 5  # a tile has 2**5 cells a side, 16 pixels each where a tile has 512


@dataclass(frozen=True, slots=True)
class Drawing:
    """``bands`` in the order of their zooms, the last at ``MAX_ZOOM``.

    ``largest_first`` orders the features; beyond what one tile may hold the last are left out. ``has_numeric_key`` is True
    where the public key consists of digits: it then is the id of the feature in the tile as well.
    """

    bands: tuple[Band, ...]
    largest_first: tuple[str | OrderBy, ...] = ()
    has_numeric_key: bool = False

    def __post_init__(self) -> None:
        zooms = [band.max_zoom for band in self.bands]
        if zooms != sorted(set(zooms)) or zooms[-1] != MAX_ZOOM:
            raise ValueError(f"bands end at {zooms}: they must rise, to {MAX_ZOOM}")

    def band_at(self, zoom: int) -> Band:
        return next(band for band in self.bands if zoom <= band.max_zoom)

    @property
    def facts(self) -> dict[str, None]:
        """The names of every property shown on any tile, in their order."""
        return dict.fromkeys(name for band in self.bands for name in band.facts)


def outlines(path: str, *, far: tuple[str, ...], near: tuple[str, ...]) -> tuple[Band, ...]:
    """Stored simplified outlines at ``path`` (a prefix ending in ``__``); ``far`` are the facts while a tile is still wide."""
    return tuple(Band(zoom, f"{path}z{zoom}", facts=far if zoom < ZOOMS[2] else near) for zoom in ZOOMS)


def points(path: str, *facts: str) -> Drawing:
    """Points in EPSG:4326 at ``path``, each shown at every zoom."""
    return Drawing((Band(MAX_ZOOM, path, srid=4326, facts=facts),))
