"""The paths of recalls, included in this room's ``api``."""

from django.urls import path

from trace.api.recalls import (
    RecallCloseView,
    RecallConfirmView,
    RecallHistoryView,
    RecallItemsView,
    RecallListView,
    RecallNoticesView,
    RecallPreviewView,
    RecallReachView,
    RecallReadView,
    RecallSheetView,
    RecallView,
    RecallWithdrawView,
)

recalls = [
    path("recalls/", RecallListView.as_view(), name="trace-recalls"),
    path("recalls/preview/", RecallPreviewView.as_view(), name="trace-recall-preview"),
    path("recalls/<slug:number>/", RecallView.as_view(), name="trace-recall"),
    path("recalls/<slug:number>/confirm/", RecallConfirmView.as_view(), name="trace-recall-confirm"),
    path("recalls/<slug:number>/withdraw/", RecallWithdrawView.as_view(), name="trace-recall-withdraw"),
    path("recalls/<slug:number>/close/", RecallCloseView.as_view(), name="trace-recall-close"),
    path("recalls/<slug:number>/read/", RecallReadView.as_view(), name="trace-recall-read"),
    path("recalls/<slug:number>/reach/", RecallReachView.as_view(), name="trace-recall-reach"),
    path("recalls/<slug:number>/items/", RecallItemsView.as_view(), name="trace-recall-items"),
    path("recalls/<slug:number>/items.csv", RecallSheetView.as_view(), name="trace-recall-sheet"),
    path("recalls/<slug:number>/notices/", RecallNoticesView.as_view(), name="trace-recall-notices"),
    path("recalls/<slug:number>/history/", RecallHistoryView.as_view(), name="trace-recall-history"),
]
