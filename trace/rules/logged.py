"""Which of the things that happen to goods stand in the open log, and under what words."""

from gi_registry.lib.texts import Word
from trace.rules.batches import Step


class Logged(Word):
    """Types of entries; the room of the object comes first."""

    BATCH_REGISTERED = "batch.registered", "批次登记", "Batch registered"
    BATCH_RELEASED = "batch.released", "批次放行", "Batch released"
    BATCH_HELD = "batch.held", "批次暂停", "Batch put on hold"
    BATCH_RESUMED = "batch.resumed", "批次恢复", "Batch resumed"
    BATCH_RECALLED = "batch.recalled", "批次召回", "Batch recalled"
    BATCH_CLOSED = "batch.closed", "批次结束", "Batch closed"
    BATCH_VOIDED = "batch.voided", "批次作废", "Batch voided"
    CODES_ISSUED = "codes.issued", "签发单件码", "Unit codes issued"
    CODES_VOIDED = "codes.voided", "单件码作废", "Unit codes voided"
    RECALL_OPENED = "recall.opened", "召回启动", "Recall opened"
    RECALL_CONFIRMED = "recall.confirmed", "召回确认", "Recall confirmed"
    RECALL_WITHDRAWN = "recall.withdrawn", "召回撤回", "Recall withdrawn"
    RECALL_CLOSED = "recall.closed", "召回结束", "Recall closed"
    CERTIFICATE_ISSUED = "certificate.issued", "出具证书", "Certificate issued"
    TRANSFER_ACCEPTED = "transfer.accepted", "流转确认", "Transfer confirmed"


# A review says nothing of the goods before it has ended; a change of a draft is nobody's business.
OF_STEP = {
    Step.REGISTER: Logged.BATCH_REGISTERED,
    Step.RELEASE: Logged.BATCH_RELEASED,
    Step.HOLD: Logged.BATCH_HELD,
    Step.RESUME: Logged.BATCH_RESUMED,
    Step.RECALL: Logged.BATCH_RECALLED,
    Step.CLOSE: Logged.BATCH_CLOSED,
    Step.VOID: Logged.BATCH_VOIDED,
}


def batch_object(number: str) -> str:
    return f"batch:{number}"


def issuance_object(number: str) -> str:
    return f"issuance:{number}"


def certificate_object(serial: str) -> str:
    return f"certificate:{serial}"


def recall_object(number: str) -> str:
    return f"recall:{number}"
