"""The HTTP face of places: divisions for everybody, regions and their boundaries kept by the registrar."""

from regions.api.boundaries import BoundaryEndView, BoundaryListView
from regions.api.divisions import DivisionListView, DivisionView
from regions.api.questions import AssessView, LocateView
from regions.api.regions import RegionHistoryView, RegionListView, RegionView

__all__ = [
    "AssessView",
    "BoundaryEndView",
    "BoundaryListView",
    "DivisionListView",
    "DivisionView",
    "LocateView",
    "RegionHistoryView",
    "RegionListView",
    "RegionView",
]
