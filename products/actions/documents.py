"""Adding to the documents of an application and taking from them, until it is submitted."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from gi_registry.lib.access import Actor
from gi_registry.lib.history import remember
from gi_registry.lib.problems import Invalid, Missing, Refused
from gi_registry.lib.texts import Refusal, Text
from products import policy
from products.actions.rows import locked, only_if
from products.gisfiles.faults import shown
from products.models import ApplicationDocument, Authorisation
from products.rules.authorisations import EDITABLE
from products.rules.documents import MAX_DOCUMENTS, MAX_NAME, file_faults, media_of
from products.rules.words import DocumentKind

_RELATED = ("producer__organisation", "producer__division")
_SETTLED = Refusal(
    "not_editable",
    Text("提交之后不能再改材料。", "Documents cannot be changed once it has been submitted."),
    "/documents",
)
_TOO_MANY = Refusal(
    "too_many_documents",
    Text(f"材料不能超过 {MAX_DOCUMENTS} 份。", f"There can be at most {MAX_DOCUMENTS} documents."),
    "/file",
)
_THERE = Refusal("document_there", Text("这份文件已经在材料里。", "This file is among the documents already."), "/file")


@transaction.atomic
def add_document(
    *, authorisation: Authorisation, kind: DocumentKind, name: str, data: bytes, actor: Actor, now: datetime
) -> ApplicationDocument:
    """Put a file beside an application that is a draft or was returned.

    Raises Forbidden, Invalid (empty, over 5 MB, neither PDF nor JPEG nor PNG), Refused (submitted already, the same file, one
    too many).
    """
    row = _opened(authorisation, actor)
    if faults := file_faults(data):
        raise Invalid(faults)
    digest = sha256(data).hexdigest()
    there = list(row.documents.values_list("sha256", flat=True))
    if digest in there:
        raise Refused(_THERE)
    if len(there) >= MAX_DOCUMENTS:
        raise Refused(_TOO_MANY)
    with remember(actor):
        return ApplicationDocument.objects.create(
            authorisation=row,
            kind=kind.value,
            name=shown(name, MAX_NAME) or digest[:12],
            media_type=media_of(data).value,
            size=len(data),
            sha256=digest,
            data=data,
            created_at=now,
        )


@transaction.atomic
def remove_document(*, document: ApplicationDocument, actor: Actor) -> None:
    """Take a file back out. The history keeps that it was there, and its fingerprint. Raises as ``add_document`` does."""
    row = _opened(document.authorisation, actor)
    with remember(actor):
        gone, _ = row.documents.filter(pk=document.pk).delete()
    if not gone:
        raise Missing


def _opened(authorisation: Authorisation, actor: Actor) -> Authorisation:
    row = locked(authorisation, *_RELATED)
    only_if(policy.may_change_authorisation(actor, row))
    if row.state not in EDITABLE:
        raise Refused(_SETTLED)
    return row
