"""Every path of this room, written out: ``api`` under /api/v1/trace/, ``pages`` at the root (they stand in QR codes)."""

from django.urls import path, re_path

from trace import asking, photos, pin_pages, reporting, resolver
from trace import pages as verdict_pages
from trace.api import evidence, issuances, steps
from trace.api import link_targets as elsewhere
from trace.api import urls as more
from trace.api.alerts import AlertListView
from trace.api.batches import BatchHistoryView, BatchListView, BatchView
from trace.api.check import CheckView
from trace.api.code_files import IssuanceCodesView
from trace.api.codes import BatchQrPngView, BatchQrSvgView
from trace.api.forms import FormListView, FormPhotoView, FormView
from trace.api.pins import PinView
from trace.certificates import urls as certificate_urls
from trace.links.dictionary import QUALIFIERS
from trace.portal import urls as portal_urls

# A number is a slug, so that no odd byte (%00) reaches a query.
api = [
    path("check", CheckView.as_view(), name="trace-check"),
    path("check/pin", PinView.as_view(), name="trace-check-pin"),
    path("alerts/", AlertListView.as_view(), name="trace-alerts"),
    path("forms/", FormListView.as_view(), name="trace-forms"),
    path("forms/<slug:number>/", FormView.as_view(), name="trace-form"),
    path("forms/<slug:number>/photo/", FormPhotoView.as_view(), name="trace-form-photo"),
    path("link-targets/", elsewhere.LinkTargetListView.as_view(), name="trace-link-targets"),
    path("link-targets/<slug:number>/", elsewhere.LinkTargetView.as_view(), name="trace-link-target"),
    path("link-targets/<slug:number>/review/", elsewhere.LinkTargetReviewView.as_view()),
    path("link-targets/<slug:number>/withdraw/", elsewhere.LinkTargetWithdrawView.as_view()),
    path("link-targets/<slug:number>/history/", elsewhere.LinkTargetHistoryView.as_view()),
    path("batches/", BatchListView.as_view(), name="trace-batches"),
    path("batches/<slug:number>/", BatchView.as_view(), name="trace-batch"),
    path("batches/<slug:number>/register/", steps.BatchRegisterView.as_view(), name="trace-batch-register"),
    path("batches/<slug:number>/release/", steps.BatchReleaseView.as_view(), name="trace-batch-release"),
    path("batches/<slug:number>/hold/", steps.BatchHoldView.as_view(), name="trace-batch-hold"),
    path("batches/<slug:number>/resume/", steps.BatchResumeView.as_view(), name="trace-batch-resume"),
    path("batches/<slug:number>/recall/", steps.BatchRecallView.as_view(), name="trace-batch-recall"),
    path("batches/<slug:number>/close/", steps.BatchCloseView.as_view(), name="trace-batch-close"),
    path("batches/<slug:number>/void/", steps.BatchVoidView.as_view(), name="trace-batch-void"),
    path("batches/<slug:number>/review/", steps.BatchReviewView.as_view(), name="trace-batch-review"),
    path("batches/<slug:number>/history/", BatchHistoryView.as_view(), name="trace-batch-history"),
    path("batches/<slug:number>/qr.svg", BatchQrSvgView.as_view(), name="trace-batch-qr-svg"),
    path("batches/<slug:number>/qr.png", BatchQrPngView.as_view(), name="trace-batch-qr-png"),
    path("batches/<slug:number>/codes/", issuances.BatchCodesView.as_view(), name="trace-batch-codes"),
    path("batches/<slug:number>/evidence/", evidence.BatchEvidenceView.as_view(), name="trace-batch-evidence"),
    path("batches/<slug:number>/rules/", evidence.BatchRulesView.as_view(), name="trace-batch-rules"),
    path("evidence/<slug:number>/withdraw/", evidence.EvidenceWithdrawView.as_view(), name="trace-evidence-withdraw"),
    path("trials/<slug:number>/", evidence.TrialView.as_view(), name="trace-trial"),
    path("issuances/<slug:number>/", issuances.IssuanceView.as_view(), name="trace-issuance"),
    path("issuances/<slug:number>/codes.csv", IssuanceCodesView.as_view(), name="trace-issuance-codes"),
    path("issuances/<slug:number>/ranges/", issuances.IssuanceRangesView.as_view(), name="trace-issuance-ranges"),
    path(
        "issuances/<slug:number>/downloads/", issuances.IssuanceDownloadsView.as_view(), name="trace-issuance-downloads"
    ),
    path("issuances/<slug:number>/history/", issuances.IssuanceHistoryView.as_view(), name="trace-issuance-history"),
    path("issuances/<slug:number>/activate/", issuances.IssuanceActivateView.as_view(), name="trace-issuance-activate"),
    path("issuances/<slug:number>/spoil/", issuances.IssuanceSpoilView.as_view(), name="trace-issuance-spoil"),
    path("issuances/<slug:number>/return/", issuances.IssuanceReturnView.as_view(), name="trace-issuance-return"),
    path("issuances/<slug:number>/destroy/", issuances.IssuanceDestroyView.as_view(), name="trace-issuance-destroy"),
    path("issuances/<slug:number>/void/", issuances.IssuanceVoidView.as_view(), name="trace-issuance-void"),
    *more.paths,
]
pages = [
    path("c/", asking.check_form, name="check"),
    path("c/report/", reporting.report, name="report"),
    path("c/report/<slug:number>/", reporting.reported, name="reported"),
    path("c/photo", asking.photo, name="check-photo"),
    path("c/photos/<slug:digest>.jpg", photos.form_photo, name="form-photo"),
    path("c/wording/<slug:verdict>/", verdict_pages.example, name="verdict-example"),
    # The beacon stands before the unit code: "seen" is no code.
    path("c/<str:lot>/seen", verdict_pages.seen, name="verdict-seen"),
    path("c/<str:lot>/<str:code>/seen", verdict_pages.seen, name="verdict-unit-seen"),
    path("c/<str:lot>/<str:code>/pin", pin_pages.pin, name="verdict-unit-pin"),
    # With or without a slash at its end, which people's phones and short links add: the same page, and no redirect.
    re_path(r"^c/(?P<lot>[^/]+)/?$", verdict_pages.verdict, name="verdict"),
    re_path(r"^c/(?P<lot>[^/]+)/(?P<code>[^/]+)/?$", verdict_pages.verdict, name="verdict-unit"),
    re_path(rf"^(?:{'|'.join(QUALIFIERS)})/", resolver.resolve, name="resolve"),
    *certificate_urls.paths,
    path(".well-known/gs1resolver", resolver.description, name="resolver-description"),
    path("links/<slug:number>/", resolver.leaving, name="leaving"),
    # The producers' desk keeps its own list: its paths begin with /portal/.
    *portal_urls.pages,
]
# Tried after every other address of the site: a compressed link is one long word. None is shorter than a packed GTIN.
last = [re_path(r"^(?P<token>[A-Za-z0-9_-]{10,512})/?$", resolver.resolve_packed, name="resolve-packed")]
