"""Every path of this room, written out: ``api`` under /api/v1/trace/, ``pages`` at the root (they stand in QR codes)."""

from django.urls import path

from trace.api.batches import BatchHistoryView, BatchListView, BatchView
from trace.api.check import CheckView
from trace.api.codes import BatchQrPngView, BatchQrSvgView
from trace.api.forms import FormListView, FormView
from trace.api.steps import (
    BatchCloseView,
    BatchHoldView,
    BatchRecallView,
    BatchRegisterView,
    BatchReleaseView,
    BatchResumeView,
    BatchReviewView,
    BatchVoidView,
)
from trace.portal import urls as portal_urls

api = [
    path("check", CheckView.as_view(), name="trace-check"),
    path("forms/", FormListView.as_view(), name="trace-forms"),
    path("forms/<str:number>/", FormView.as_view(), name="trace-form"),
    path("batches/", BatchListView.as_view(), name="trace-batches"),
    path("batches/<str:number>/", BatchView.as_view(), name="trace-batch"),
    path("batches/<str:number>/register/", BatchRegisterView.as_view(), name="trace-batch-register"),
    path("batches/<str:number>/release/", BatchReleaseView.as_view(), name="trace-batch-release"),
    path("batches/<str:number>/hold/", BatchHoldView.as_view(), name="trace-batch-hold"),
    path("batches/<str:number>/resume/", BatchResumeView.as_view(), name="trace-batch-resume"),
    path("batches/<str:number>/recall/", BatchRecallView.as_view(), name="trace-batch-recall"),
    path("batches/<str:number>/close/", BatchCloseView.as_view(), name="trace-batch-close"),
    path("batches/<str:number>/void/", BatchVoidView.as_view(), name="trace-batch-void"),
    path("batches/<str:number>/review/", BatchReviewView.as_view(), name="trace-batch-review"),
    path("batches/<str:number>/history/", BatchHistoryView.as_view(), name="trace-batch-history"),
    path("batches/<str:number>/qr.svg", BatchQrSvgView.as_view(), name="trace-batch-qr-svg"),
    path("batches/<str:number>/qr.png", BatchQrPngView.as_view(), name="trace-batch-qr-png"),
]
# The producers' desk keeps its own list: its paths begin with /portal/.
pages = [*portal_urls.pages]
