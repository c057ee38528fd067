"""The drawing of sites: their shapes on the outline of the region, and where in the region that is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry

from products.models import Indication, SiteUploadRow
from products.rules.words import SiteState, UploadRowState
from regions.geometry import Sheet, from_geos
from regions.models import Boundary

SIZE_PX, SMALL_PX = 640, 150
# Below this a shape is shown by a dot; above so many shapes their numbers would cover them.
DOT_PX, MOST_NUMBERS = 6.0, 40
MOST_ZONES = 20
LEAST_FRAME_DEG = 0.002


@dataclass(frozen=True, slots=True)
class Shape:
    """One site. ``tone``: good, warn, bad or plain; ``path`` is "" where only a dot at ``x``, ``y`` can be seen."""

    number: int
    tone: str
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Sketch:
    """``region``: paths of its zones within the frame. ``around``: the whole region small, and where the frame lies in it."""

    width: int
    height: int
    region: tuple[str, ...]
    shapes: tuple[Shape, ...]
    has_numbers: bool
    around: "Around | None"


@dataclass(frozen=True, slots=True)
class Around:
    width: int
    height: int
    region: tuple[str, ...]
    x: float
    y: float


def tone_of(row: SiteUploadRow) -> str:
    """What a row looks like: by what became of it, else by what is expected."""
    if row.state == UploadRowState.LEFT_OUT or row.state == UploadRowState.WAITING:
        return "plain"
    if row.state in (UploadRowState.FAULTY, UploadRowState.REFUSED) or row.outcome == SiteState.REFUSED:
        return "bad"
    return "good" if row.outcome == SiteState.ACTIVE else "warn"


def sketch_of_rows(rows: Iterable[SiteUploadRow], indication: Indication, on: date) -> Sketch | None:
    """Of a file; None where no row has a shape."""
    drawn = [(row.number, tone_of(row), from_geos(row.geom)) for row in rows if row.geom]
    return sketch_of(drawn, indication, on) if drawn else None


def sketch_of(drawn: Sequence[tuple[int, str, BaseGeometry]], indication: Indication, on: date) -> Sketch:
    """``drawn``: number, tone and shape of each site, one at least."""
    frame = _framed(shapely.total_bounds([shape for *_, shape in drawn]))
    sheet = Sheet(frame, SIZE_PX)
    zones = _zones(indication, on)
    # Cut off a little outside the frame, so that the cut is not seen.
    inside = (_areas(shapely.clip_by_rect(zone, *_wider(frame.bounds).bounds)) for zone in zones)
    return Sketch(
        sheet.width,
        sheet.height,
        tuple(sheet.draw(zone).path for zone in inside if not zone.is_empty),
        tuple(_shape(sheet, *each) for each in drawn),
        1 < len(drawn) <= MOST_NUMBERS,
        _around(zones, frame),
    )


def _zones(indication: Indication, on: date) -> list[BaseGeometry]:
    regions = indication.titles.standing(on).values("region_id")
    return [from_geos(row.geom) for row in Boundary.objects.as_of(on).filter(region_id__in=regions)[:MOST_ZONES]]


def _framed(bounds: Sequence[float]) -> BaseGeometry:
    """A frame with a margin; never smaller than two hundred metres, nor thinner than a third of its length."""
    west, south, east, north = (float(bound) for bound in bounds)
    width, height = max(east - west, LEAST_FRAME_DEG), max(north - south, LEAST_FRAME_DEG)
    width, height = max(width, height / 3) * 0.58, max(height, width / 3) * 0.58
    x, y = (west + east) / 2, (south + north) / 2
    return shapely.box(x - width, y - height, x + width, y + height)


def _wider(bounds: tuple[float, float, float, float]) -> BaseGeometry:
    west, south, east, north = bounds
    by = max(east - west, north - south) * 0.05
    return shapely.box(west - by, south - by, east + by, north + by)


def _areas(shape: BaseGeometry) -> BaseGeometry:
    return shapely.MultiPolygon([part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"])


def _shape(sheet: Sheet, number: int, tone: str, shape: BaseGeometry) -> Shape:
    inner = shape.representative_point()
    x, y = sheet.place(inner.x, inner.y)
    west, south, east, north = shape.bounds
    is_dot = max(east - west, north - south) * sheet.scale < DOT_PX
    return Shape(number, tone, "" if is_dot else sheet.draw(shape).path, x, y)


def _around(zones: list[BaseGeometry], frame: BaseGeometry) -> Around | None:
    if not zones:
        return None
    everything = shapely.box(*shapely.total_bounds([*zones, frame]))
    sheet = Sheet(everything, SMALL_PX)
    x, y = sheet.place(frame.centroid.x, frame.centroid.y)
    return Around(sheet.width, sheet.height, tuple(sheet.draw(zone).path for zone in zones), x, y)
