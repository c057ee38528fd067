"""Certificates for people and for programs: a page, a PDF, a credential in two forms, the lists of what became of them, and who signs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gi_registry.credentials.contexts import ours
from gi_registry.credentials.signing import VC, VC_JWT, as_jwt
from gi_registry.credentials.status import Purpose
from gi_registry.lib import clock, jsonio
from gi_registry.lib.problems import Missing
from trace import limits
from trace.certificates.issued import Certificate, CertificateKind, certificate_of, issuer_here, status_list
from trace.certificates.paper import drawn, facts_of
from trace.qr import DEFAULT_DPI, PROFILES, qr_svg

# What became of a certificate changes; whoever asks again within a minute gets the same.
SHORTLY, FOR_EVER = "public, max-age=60", "public, max-age=31536000, immutable"


@require_safe
def page(request: HttpRequest, kind: str, number: str) -> HttpResponse:
    """The certificate in words, with the files that prove it."""
    found = _found(request, kind, number)
    context = {
        "found": found,
        "subject": found.credential["credentialSubject"],
        "facts": list(facts_of(found)),
        "symbol": qr_svg(address_of(found), PROFILES[DEFAULT_DPI]),
        "base": f"/certificates/{kind}/{number}",
    }
    return render(request, "trace/certificates/certificate.html", context)


@require_safe
def credential(request: HttpRequest, kind: str, number: str) -> HttpResponse:
    """W3C Verifiable Credential 2.0 with a Data Integrity proof."""
    return _open(jsonio.dumps(_found(request, kind, number).secured()), VC, SHORTLY)


@require_safe
def token(request: HttpRequest, kind: str, number: str) -> HttpResponse:
    """The same credential as a JWT."""
    found = _found(request, kind, number)
    return _open(as_jwt(found.credential, found.issuer).encode(), VC_JWT, SHORTLY)


@require_safe
def paper(request: HttpRequest, kind: str, number: str) -> HttpResponse:
    """For printing: what the page says, and its address as a QR code."""
    found = _found(request, kind, number)
    headers = {"Content-Disposition": f'inline; filename="certificate-{number}.pdf"', "Cache-Control": SHORTLY}
    return HttpResponse(drawn(found, address_of(found)), content_type="application/pdf", headers=headers)


@require_safe
def status(request: HttpRequest, purpose: str, number: int) -> HttpResponse:
    """Which certificates were revoked or are suspended (Bitstring Status List)."""
    if purpose not in set(Purpose) or number > 2**31:
        raise Missing
    now = clock.now()
    limits.look(request, now=now)
    return _open(jsonio.dumps(status_list(Purpose(purpose), number, now)), VC, SHORTLY)


@require_safe
def did(request: HttpRequest) -> HttpResponse:
    """Who signs: the document of our did:web."""
    return _open(jsonio.dumps(issuer_here().document()), "application/did+json", SHORTLY)


@require_safe
def context(request: HttpRequest) -> HttpResponse:
    """The words of our credentials (JSON-LD)."""
    return _open(jsonio.dumps(ours(settings.CREDENTIALS.root)), "application/ld+json", FOR_EVER)


def address_of(found: Certificate) -> str:
    return f"{settings.CREDENTIALS.root}/certificates/{found.kind.value}/{found.row.number}/"


def _found(request: HttpRequest, kind: str, number: str) -> Certificate:
    """Counted as a look at a code: signing and drawing take time. Raises Missing, TooOften, Problem."""
    now = clock.now()
    limits.look(request, now=now)
    if kind not in set(CertificateKind):
        raise Missing
    return certificate_of(CertificateKind(kind), number[:20], now)


def _open(data: bytes, media_type: str, cache: str) -> HttpResponse:
    headers: dict[str, Any] = {"Cache-Control": cache, "Access-Control-Allow-Origin": "*"}
    return HttpResponse(data, content_type=media_type, headers=headers)
