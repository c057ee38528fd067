"""The paths of labels and their printing, of the books, of spreadsheets, of what goods were made of, of recalls, of
what consumers reported and of annual reports, included in this room's ``api``."""

from django.urls import path

from trace.api import imports, prints, reports
from trace.api.annual_urls import annual
from trace.api.bundles import BatchBundleView
from trace.api.genealogy import (
    BatchGenealogySheetView,
    BatchGenealogyView,
    BatchLinkConfirmView,
    BatchLinkEndView,
    BatchLinkListView,
    BatchLinkView,
)
from trace.api.labels import (
    BatchLabelsPdfView,
    BatchLabelsZplView,
    UnitLabelPngView,
    UnitLabelsPdfView,
    UnitLabelSvgView,
    UnitLabelsZplView,
)
from trace.api.ledger_urls import books
from trace.api.recall_urls import recalls

printing = [
    path("prints/", prints.PrintListView.as_view(), name="trace-prints"),
    path("prints/<slug:number>/", prints.PrintView.as_view(), name="trace-print"),
    path("prints/<slug:number>/cancel/", prints.PrintCancelView.as_view(), name="trace-print-cancel"),
    path("prints/<slug:number>/resume/", prints.PrintResumeView.as_view(), name="trace-print-resume"),
    path("prints/<slug:number>/labels.pdf", prints.PrintFileView.as_view(), name="trace-print-file"),
    path("issuances/<slug:number>/prints/", prints.IssuancePrintsView.as_view(), name="trace-issuance-prints"),
]
labels = [
    path("batches/<slug:number>/labels.pdf", BatchLabelsPdfView.as_view(), name="trace-batch-labels-pdf"),
    path("batches/<slug:number>/labels.zpl", BatchLabelsZplView.as_view(), name="trace-batch-labels-zpl"),
    path("issuances/<slug:number>/labels.pdf", UnitLabelsPdfView.as_view(), name="trace-issuance-labels-pdf"),
    path("issuances/<slug:number>/labels.zpl", UnitLabelsZplView.as_view(), name="trace-issuance-labels-zpl"),
    path("issuances/<slug:number>/label.png", UnitLabelPngView.as_view(), name="trace-issuance-label-png"),
    path("issuances/<slug:number>/label.svg", UnitLabelSvgView.as_view(), name="trace-issuance-label-svg"),
]
genealogy = [
    path("batches/<slug:number>/evidence.zip", BatchBundleView.as_view(), name="trace-batch-bundle"),
    path("batches/<slug:number>/genealogy/", BatchGenealogyView.as_view(), name="trace-batch-genealogy"),
    path("batches/<slug:number>/genealogy.csv", BatchGenealogySheetView.as_view(), name="trace-batch-genealogy-sheet"),
    path("batch-links/", BatchLinkListView.as_view(), name="trace-batch-links"),
    path("batch-links/<slug:number>/", BatchLinkView.as_view(), name="trace-batch-link"),
    path("batch-links/<slug:number>/confirm/", BatchLinkConfirmView.as_view(), name="trace-batch-link-confirm"),
    path("batch-links/<slug:number>/end/", BatchLinkEndView.as_view(), name="trace-batch-link-end"),
]
sheets = [
    path("imports/", imports.SheetImportListView.as_view(), name="trace-imports"),
    path("imports/templates/<slug:number>.xlsx", imports.SheetTemplateView.as_view(), name="trace-import-template"),
    path("imports/<slug:number>/", imports.SheetImportView.as_view(), name="trace-import"),
    path("imports/<slug:number>/rows/", imports.SheetImportRowsView.as_view(), name="trace-import-rows"),
    path("imports/<slug:number>/faults.xlsx", imports.SheetImportFaultsView.as_view(), name="trace-import-faults"),
    path("imports/<slug:number>/commit/", imports.SheetImportCommitView.as_view(), name="trace-import-commit"),
    path("imports/<slug:number>/discard/", imports.SheetImportDiscardView.as_view(), name="trace-import-discard"),
    path("imports/<slug:number>/resume/", imports.SheetImportResumeView.as_view(), name="trace-import-resume"),
]
complaints = [
    path("reports/", reports.ReportListView.as_view(), name="trace-reports"),
    path("reports/<slug:number>/", reports.ReportView.as_view(), name="trace-report"),
    path("reports/<slug:number>/answer/", reports.ReportAnswerView.as_view(), name="trace-report-answer"),
    path("reports/<slug:number>/photo.jpg", reports.ReportPhotoView.as_view(), name="trace-report-photo"),
]

paths = [*labels, *printing, *books, *genealogy, *recalls, *sheets, *complaints, *annual]
