"""What the rows of goods must say for what was logged of them (gi_registry/openlog/held.py)."""

from collections.abc import Sequence

from gi_registry.credentials.actions import digest_of
from gi_registry.credentials.models import Credential
from gi_registry.openlog.held import Facts, Kind, Step, last_said
from trace.actions.logged import certificate_facts, issuance_facts, private_facts, public_facts, transfer_facts
from trace.models import Batch, Issuance, Recall, Transfer
from trace.rules.issuances import IssuanceState
from trace.rules.label_orders import TransferState
from trace.rules.logged import Logged

_ISSUED = {Logged.CODES_ISSUED: IssuanceState.ISSUED, Logged.CODES_VOIDED: IssuanceState.VOID}


def _batches(numbers: Sequence[str]) -> dict[str, Facts]:
    rows = Batch.objects.filter(number__in=numbers).select_related("producer__organisation", "form", "indication")
    return {
        row.number: {"lot": row.number, "state": row.state, **public_facts(row), **private_facts(row)} for row in rows
    }


def _issuances(numbers: Sequence[str]) -> dict[str, Facts]:
    rows = Issuance.objects.filter(number__in=numbers).select_related("batch")
    return {row.number: {**issuance_facts(row, is_whole=row.root is not None), "state": row.state} for row in rows}


def _issuance_said(steps: Sequence[Step]) -> Facts:
    return {**last_said(steps), "state": _ISSUED[Logged(steps[-1].type)].value}


def _recalls(numbers: Sequence[str]) -> dict[str, Facts]:
    rows = Recall.objects.filter(number__in=numbers)
    return {row.number: {"recall": row.number, "scope": row.scope, "state": row.state} for row in rows}


def _recall_said(steps: Sequence[Step]) -> Facts:
    return {**last_said(steps), "state": steps[-1].type.partition(".")[2]}


def _transfers(numbers: Sequence[str]) -> dict[str, Facts]:
    rows = Transfer.objects.filter(number__in=numbers, state=TransferState.ACCEPTED.value)
    rows = rows.select_related("giver__quota__season", "giver__producer", "taker")
    return {row.number: {**facts, **secret} for row in rows for facts, secret in [transfer_facts(row)]}


def _certificates(serials: Sequence[str]) -> dict[str, Facts]:
    rows = Credential.objects.filter(serial__in=serials)
    return {row.serial: {**certificate_facts(row), "claims_sha256": digest_of(row.claims)} for row in rows}


KINDS = (
    Kind(
        "batch",
        _batches,
        lambda: Batch.objects.filter(registered_at__isnull=False),
        secret=frozenset({"producer", "product", "quantity", "unit", "packs", "producer_lot"}),
        passing=frozenset({"recall"}),
    ),
    Kind("issuance", _issuances, lambda: Issuance.objects.exclude(root=None), _issuance_said),
    Kind(
        "recall",
        _recalls,
        lambda: Recall.objects.filter(is_mock=False),
        _recall_said,
        passing=frozenset({"batches", "root"}),
    ),
    Kind(
        "transfer",
        _transfers,
        lambda: Transfer.objects.filter(state=TransferState.ACCEPTED.value),
        secret=frozenset({"giver", "taker", "kind", "quantity"}),
    ),
    Kind("certificate", _certificates, Credential.objects.all, key="serial"),
)
