"""A credential secured in two ways: Data Integrity with ``eddsa-rdfc-2022`` (W3C, 3.2), and as a JWT (W3C VC-JOSE-COSE, 3.1). Signatures of
Ed25519 are not random: the same credential is the same bytes whenever it is asked for."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from pyld import jsonld

from gi_registry.credentials.contexts import load
from gi_registry.credentials.issuer import Issuer
from gi_registry.credentials.multibase import base58
from gi_registry.lib import jsonio

VC, VC_JWT = "application/vc", "application/vc+jwt"
ALGORITHM = "Ed25519"  # RFC 9864


def secured(credential: dict[str, Any], issuer: Issuer, created: str) -> dict[str, Any]:
    """With its proof. ``created``: RFC 3339, UTC."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": created,
        "verificationMethod": issuer.method,
        "proofPurpose": "assertionMethod",
    }
    told = {"@context": credential["@context"], **proof}
    signed = issuer.key.sign(_digest(told) + _digest(credential))
    return {**credential, "proof": {**proof, "proofValue": base58(signed)}}


def as_jwt(credential: dict[str, Any], issuer: Issuer) -> str:
    """The credential itself as the claims, signed (RFC 7515, 7.1)."""
    head = {"alg": ALGORITHM, "typ": "vc+jwt", "cty": "vc", "kid": issuer.method}
    signed = f"{_part(jsonio.dumps(head))}.{_part(jsonio.dumps(credential))}"
    return f"{signed}.{_part(issuer.key.sign(signed.encode()))}"


def _part(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _digest(document: dict[str, Any]) -> bytes:
    """SHA-256 over the canonical N-Quads (RDFC-1.0, which URDNA2015 became)."""
    lines = jsonld.normalize(
        document, {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
    )
    return sha256(lines.encode()).digest()
