"""The small picture of origin on the verdict page: the production region with the producer's county in it."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import shapely

from regions.geometry import Sheet, from_geos
from regions.models import Boundary, Division

SIZE_PX = 200
# A coast of a thousand islets would push the page out of its first flight. The largest on record takes 3,800 characters.
MOST_CHARACTERS = 12_000


@dataclass(frozen=True, slots=True)
class Picture:
    """SVG path data of region and county within ``0 0 width height``; "" where the register holds no outline."""

    region: str
    county: str
    width: int
    height: int


@lru_cache(maxsize=512)
def picture_of(region_number: str, county_code: str, on: date) -> Picture | None:
    """Region and county on a day, in one frame; None where there is no boundary of the region, or
    none that can be drawn briefly.

    Drawn once a day for each pair: outlines are dated, and joining those of a province takes a tenth of a second.
    """
    boundaries = Boundary.objects.as_of(on).filter(region__number=region_number)
    shapes = [from_geos(row.geom) for row in boundaries[:20]]
    if not shapes:
        return None
    region = shapely.union_all(shapes)
    county = Division.objects.filter(code=county_code).first()
    inner = from_geos(county.geom) if county else None
    sheet = Sheet(shapely.union_all([shapely.box(*shape.bounds) for shape in (region, inner) if shape]), SIZE_PX)
    outline = sheet.draw(region)
    picture = Picture(outline.path, sheet.draw(inner).path if inner else "", outline.width, outline.height)
    return picture if len(picture.region) + len(picture.county) <= MOST_CHARACTERS else None
