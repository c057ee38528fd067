"""The HTTP face of places: divisions for everybody, regions and their boundaries kept by the registrar."""

from regions.api.boundaries import BoundaryEndView, BoundaryListView
from regions.api.divisions import DivisionListView, DivisionView
from regions.api.regions import RegionHistoryView, RegionListView, RegionView

__all__ = [
    "BoundaryEndView",
    "BoundaryListView",
    "DivisionListView",
    "DivisionView",
    "RegionHistoryView",
    "RegionListView",
    "RegionView",
]
