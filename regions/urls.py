"""Every path of this room, written out: ``api`` under /api/v1/regions/, ``pages`` under /regions/."""

from django.urls import path

from regions import pages as views
from regions.api import (
    AssessView,
    BoundaryEndView,
    BoundaryListView,
    DivisionListView,
    DivisionView,
    LocateView,
    RegionHistoryView,
    RegionListView,
    RegionView,
)

# <slug:> also keeps out what a code never holds, such as NUL, before it reaches the database.
api = [
    path("divisions/", DivisionListView.as_view(), name="regions-divisions"),
    path("divisions/<slug:code>/", DivisionView.as_view(), name="regions-division"),
    path("locate/", LocateView.as_view(), name="regions-locate"),
    path("assess/", AssessView.as_view(), name="regions-assess"),
    path("regions/", RegionListView.as_view(), name="regions-regions"),
    path("regions/<slug:number>/", RegionView.as_view(), name="regions-region"),
    path("regions/<slug:number>/history/", RegionHistoryView.as_view(), name="regions-region-history"),
    path("regions/<slug:number>/boundaries/", BoundaryListView.as_view(), name="regions-boundaries"),
    path("regions/<slug:number>/boundaries/end/", BoundaryEndView.as_view(), name="regions-boundary-end"),
]
pages = [
    path("", views.places, name="regions-places"),
    path("<slug:code>/", views.place, name="regions-place"),
]
