"""Certificates as they are issued and what became of them: found among what everybody may see, signed on demand, logged once."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from django.conf import settings
from django.db.models import Q, QuerySet

from gi_registry.credentials.actions import standing
from gi_registry.credentials.issuer import Issuer, our_issuer
from gi_registry.credentials.models import Credential
from gi_registry.credentials.signing import secured
from gi_registry.credentials.status import Purpose, entries, list_credential
from gi_registry.lib.keyfaults import KeyFault
from gi_registry.lib.problems import Missing, Problem
from gi_registry.lib.texts import Text, Word
from products.models import Authorisation
from products.rules import authorisations
from products.rules.words import AuthorisationState
from trace.actions.logged import log_certificate
from trace.certificates import claims
from trace.models import Batch
from trace.rules.batches import CERTIFIED, BatchState


class CertificateKind(Word):
    """What there are certificates of; the first word of their address."""

    AUTHORISATION = "authorisation", "专用标志使用核准证书", "Certificate of authorisation"
    BATCH = "batch", "批次证书", "Certificate of a batch"


_NOT_NOW = Text("证书暂时无法签发，请稍后再试。", "Certificates cannot be signed at the moment. Try again later.")
log = structlog.get_logger("gi.credentials")
_SAYS = {CertificateKind.AUTHORISATION: claims.of_authorisation, CertificateKind.BATCH: claims.of_batch}
_GONE = frozenset({BatchState.RECALLED, BatchState.VOID})


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate: the row behind it, the credential (without proof), who signs, and whether it stands today."""

    kind: CertificateKind
    row: Authorisation | Batch
    kept: Credential
    credential: dict[str, Any]
    issuer: Issuer
    is_revoked: bool
    is_suspended: bool

    @property
    def created(self) -> str:
        return _utc(self.kept.issued_at)

    def secured(self) -> dict[str, Any]:
        return secured(self.credential, self.issuer, self.created)


def certificate_of(kind: CertificateKind, number: str, now: datetime) -> Certificate:
    """The certificate that stands on the facts of today; issued now when it is asked for first. Raises Missing, Problem."""
    issuer, root = issuer_here(), settings.CREDENTIALS.root
    row, said = _row(kind, number)
    facts = _SAYS[kind](row, root, issuer.id)
    kept = standing(
        kind=kind.value, number=row.number, claims=facts, now=now, issued=lambda fresh: log_certificate(fresh, now=now)
    )
    told = {  # the facts as they were made now: the database keeps the same ones in another order
        "@context": facts["@context"],
        "id": f"{root}/certificates/{kind.value}/{row.number}/#{kept.serial}",
        **facts,
        "credentialStatus": entries(root, kept.status_list, kept.status_place),
    }
    gone, paused = (said in states for states in _STATES[kind])
    return Certificate(kind, row, kept, told, issuer, gone, paused)


def issuer_here() -> Issuer:
    """Raises Problem; why, is for whoever runs the service and stands in its log."""
    try:
        return our_issuer()
    except KeyFault as fault:
        log.error("credentials_key_unusable", reason=fault.text.en)
        raise Problem("unavailable", _NOT_NOW) from fault


_STATES = {
    CertificateKind.AUTHORISATION: (authorisations.ENDED, frozenset({AuthorisationState.SUSPENDED})),
    CertificateKind.BATCH: (_GONE, frozenset({BatchState.ON_HOLD})),
}


def _row(kind: CertificateKind, number: str) -> tuple[Any, Any]:
    """Of those that everybody may see, with its state. Raises Missing."""
    if kind is CertificateKind.AUTHORISATION:
        related = ("producer__organisation__sponsor", "producer__division", "title__indication", "title__region")
        row = Authorisation.objects.public().select_related(*related).filter(number=number).first()
        state = row and AuthorisationState(row.state)
    else:
        related = (
            "producer__organisation__sponsor", "producer__division", "form", "authorisation__title__indication",
            "authorisation__title__region", "specification__title__indication",
        )  # fmt: skip
        issued = Batch.objects.filter(state__in=CERTIFIED).select_related(*related)
        row = issued.filter(number=number).first()
        state = row and BatchState(row.state)
    if row is None:
        raise Missing
    return row, state


def status_list(purpose: Purpose, number: int, now: datetime) -> dict[str, Any]:
    """The signed list of what became of credentials, as the record stands now. Raises Missing for one that does not exist."""
    listed = Credential.objects.filter(status_list=number)
    if not listed.exists():
        raise Missing
    issuer, at = issuer_here(), _utc(now)
    places = _set(listed, purpose).values_list("status_place", flat=True)
    told = list_credential(settings.CREDENTIALS.root, issuer.id, purpose, number, places, at)
    return secured(told, issuer, at)


def _set(listed: QuerySet[Credential], purpose: Purpose) -> QuerySet[Credential]:
    place = 0 if purpose is Purpose.REVOCATION else 1
    by_state = Q()
    for kind, model in ((CertificateKind.AUTHORISATION, Authorisation), (CertificateKind.BATCH, Batch)):
        rows = model.objects.filter(state__in=_STATES[kind][place])  # type: ignore[attr-defined]
        by_state |= Q(kind=kind.value, number__in=rows.values("number"))
    return listed.filter(by_state | Q(superseded_at__isnull=False)) if place == 0 else listed.filter(by_state)


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
