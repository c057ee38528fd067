"""Places: what the country is divided into, and the regions that announcements drew across it."""

from regions.models.boundaries import Boundary, BoundaryEdge, BoundaryPart, BoundarySquare
from regions.models.cells import Cell
from regions.models.divisions import Division, DivisionChange, DivisionPart
from regions.models.drawings import BoundaryDrawing, DivisionDrawing
from regions.models.regions import Region

__all__ = [
    "Boundary",
    "BoundaryDrawing",
    "BoundaryEdge",
    "BoundaryPart",
    "BoundarySquare",
    "Cell",
    "Division",
    "DivisionChange",
    "DivisionDrawing",
    "DivisionPart",
    "Region",
]
