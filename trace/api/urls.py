"""The paths of labels, included in this room's ``api``."""

from django.urls import path

from trace.api.labels import (
    BatchLabelsPdfView,
    BatchLabelsZplView,
    UnitLabelPngView,
    UnitLabelsPdfView,
    UnitLabelSvgView,
    UnitLabelsZplView,
)

labels = [
    path("batches/<slug:number>/labels.pdf", BatchLabelsPdfView.as_view(), name="trace-batch-labels-pdf"),
    path("batches/<slug:number>/labels.zpl", BatchLabelsZplView.as_view(), name="trace-batch-labels-zpl"),
    path("issuances/<slug:number>/labels.pdf", UnitLabelsPdfView.as_view(), name="trace-issuance-labels-pdf"),
    path("issuances/<slug:number>/labels.zpl", UnitLabelsZplView.as_view(), name="trace-issuance-labels-zpl"),
    path("issuances/<slug:number>/label.png", UnitLabelPngView.as_view(), name="trace-issuance-label-png"),
    path("issuances/<slug:number>/label.svg", UnitLabelSvgView.as_view(), name="trace-issuance-label-svg"),
]
