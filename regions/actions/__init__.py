"""Changing places: one atomic function per verb, called alike by the API, the fixtures and the tests."""

from regions.actions.boundaries import end_boundary, publish_boundary
from regions.actions.cells import keep_cells
from regions.actions.divisions import import_divisions, record_division_change
from regions.actions.drawings import draw_divisions
from regions.actions.regions import create_region

__all__ = [
    "create_region",
    "draw_divisions",
    "end_boundary",
    "import_divisions",
    "keep_cells",
    "publish_boundary",
    "record_division_change",
]
