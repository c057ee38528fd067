"""How the data of a batch came to be: what a court asks after it has seen that nothing was changed since.

Told by the registry from its own records. The open log does not stand for it; fingerprints in it may be held against the files.
"""

from typing import Any

from gi_registry.lib import jsonio
from gi_registry.lib.access import Actor
from gi_registry.openlog.evidence import evidence_of
from products.rules.logged import authorisation_object, specification_object, title_object
from trace.models import Batch, Evidence, Issuance, RecallItem, SheetRow
from trace.rules.imports import ImportKind
from trace.rules.logged import batch_object, issuance_object, recall_object

MOST = 200
FILE = "how-it-came.json"
# What is changed by whom: by a person at a page, or by a program with a key. The words are those of ``Actor.identity``.
_WAYS = {"user": "web session", "key": "API key", "system": "the registry itself"}


def batch_evidence(batch: Batch, actor: Actor) -> bytes:
    """A bundle over a batch and what it stands on: its issues of codes, recalls, authorisation, title and specification. For whoever
    may see the batch: what the log only commits to is disclosed of the batch and its codes. Raises Missing, Problem."""
    own = [batch_object(batch.number)]
    issued = Issuance.objects.visible_to(actor).filter(batch=batch).order_by("pk")
    own += [issuance_object(number) for number in issued.values_list("number", flat=True)[:MOST]]
    recalled = RecallItem.objects.filter(batch=batch, recall__is_mock=False).order_by("pk")
    besides = [recall_object(number) for number in recalled.values_list("recall__number", flat=True)[:MOST]]
    besides += [authorisation_object(batch.authorisation.number), title_object(batch.authorisation.title.number)]
    if batch.specification:
        besides.append(specification_object(batch.specification.number))
    return evidence_of(
        [*own, *besides], disclosed=own, besides={FILE: jsonio.dumps(provenance_of(batch), is_readable=True)}
    )


def provenance_of(batch: Batch) -> dict[str, Any]:
    """Each change of a batch with its way in, the spreadsheet that it came from, and what was put on record. Of persons their way and
    never their name: the log says their role."""
    return {
        "schema": 1,
        "batch": batch.number,
        "changes": [_change(event) for event in _events(batch)],
        "spreadsheet": _sheet(batch),
        "evidence": [
            _piece(row) for row in Evidence.objects.filter(batch=batch).select_related("site").order_by("pk")[:MOST]
        ],
    }


def _events(batch: Batch) -> list[Any]:
    return list(batch.events.select_related("pgh_context").order_by("pgh_id")[:MOST])  # type: ignore[attr-defined]


def _change(event: Any) -> dict[str, Any]:
    context = event.pgh_context.metadata if event.pgh_context else {}
    return {
        "at": event.pgh_created_at,
        "what": event.pgh_label,
        "state": event.state,
        "by_way_of": _way(context.get("actor", "")),
        "reason": context.get("reason", ""),
    }


def _way(identity: str) -> str:
    return _WAYS.get(identity.partition(":")[0], "")


def _sheet(batch: Batch) -> dict[str, Any] | None:
    rows = SheetRow.objects.filter(made=batch.number, sheet__kind=ImportKind.BATCHES.value)
    row = rows.select_related("sheet").first()
    if row is None:
        return None
    sheet = row.sheet
    told = {"import": sheet.number, "row": row.number, "format": sheet.format, "file_sha256": sheet.file_sha256}
    return {**told, "received_at": sheet.created_at}


def _piece(row: Evidence) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in _SAID if getattr(row, name) not in ("", None)}
    return {**said, "site": row.site.number if row.site else None, "by_way_of": _way(row.by)}


_SAID = (
    "number", "kind", "key", "text", "value", "unit", "sex", "began_on", "ended_on", "is_met", "method", "laboratory",
    "document_sha256", "at", "withdrawn_at", "withdrawn_reason",
)  # fmt: skip
