"""The nouns of the room: what is sold (forms), what was made (batches), which codes its units bear (issuances), who asked (checks)."""

from trace.models.alerts import Alert
from trace.models.annual_reports import AnnualUseReport, ReportDueDate
from trace.models.batches import Batch
from trace.models.checks import BatchTally, Check, CheckCount, DeviceKey
from trace.models.evidence import Evidence, RuleOutcome
from trace.models.forms import FormPhoto, ProductForm
from trace.models.genealogy import BatchLink
from trace.models.imports import SheetFile, SheetImport, SheetRow
from trace.models.issuances import CodeDownload, Issuance, IssuanceRange
from trace.models.label_orders import ClosingNote, LabelOrder, LabelRange, Transfer
from trace.models.ledger import Entitlement, EntitlementLine, LedgerAccount, LedgerEntry, LedgerTransaction
from trace.models.link_targets import LinkTarget
from trace.models.prints import PrintJob
from trace.models.recalls import Recall, RecallHold, RecallItem, RecallNotice, Recovery
from trace.models.reports import Report, ReportPhoto
from trace.models.units import PinTry, UnitReport, UnitTally

__all__ = [
    "Alert",
    "AnnualUseReport",
    "Batch",
    "BatchLink",
    "BatchTally",
    "Check",
    "CheckCount",
    "ClosingNote",
    "CodeDownload",
    "DeviceKey",
    "Entitlement",
    "EntitlementLine",
    "Evidence",
    "FormPhoto",
    "Issuance",
    "IssuanceRange",
    "LabelOrder",
    "LabelRange",
    "LedgerAccount",
    "LedgerEntry",
    "LedgerTransaction",
    "LinkTarget",
    "PinTry",
    "PrintJob",
    "ProductForm",
    "Recall",
    "RecallHold",
    "RecallItem",
    "RecallNotice",
    "Recovery",
    "Report",
    "ReportDueDate",
    "ReportPhoto",
    "RuleOutcome",
    "SheetFile",
    "SheetImport",
    "SheetRow",
    "Transfer",
    "UnitReport",
    "UnitTally",
]
