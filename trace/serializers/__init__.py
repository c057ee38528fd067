"""Shapes in and out of the API of goods, and the rows that numbers in them stand for."""

from trace.serializers.alerts import AlertFilterIn, AlertOut, PinIn, PinOut
from trace.serializers.batches import (
    BatchChangeIn,
    BatchFilterIn,
    BatchIn,
    BatchOut,
    QrIn,
    ReasonIn,
    ReviewIn,
    content_of,
)
from trace.serializers.checks import CheckOut, CountedOut
from trace.serializers.forms import (
    FormChangeIn,
    FormFilterIn,
    FormIn,
    FormOut,
    FormPhotoIn,
    form_content_of,
    maker_of,
)
from trace.serializers.link_targets import TargetFilterIn, TargetIn, TargetOut, TargetReviewIn, target_content_of
from trace.serializers.reports import ReportAnswerIn, ReportFilterIn, ReportOut

__all__ = [
    "AlertFilterIn",
    "AlertOut",
    "BatchChangeIn",
    "BatchFilterIn",
    "BatchIn",
    "BatchOut",
    "CheckOut",
    "CountedOut",
    "FormChangeIn",
    "FormFilterIn",
    "FormIn",
    "FormOut",
    "FormPhotoIn",
    "PinIn",
    "PinOut",
    "QrIn",
    "ReasonIn",
    "ReportAnswerIn",
    "ReportFilterIn",
    "ReportOut",
    "ReviewIn",
    "TargetFilterIn",
    "TargetIn",
    "TargetOut",
    "TargetReviewIn",
    "content_of",
    "form_content_of",
    "maker_of",
    "target_content_of",
]
