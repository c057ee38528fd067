"""Who signs: a ``did:web`` of this host, its keys, and its document. Keys are named by their thumbprint, so that what an older key
signed is verified on after another took its place."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings

from gi_registry.credentials.conf import CredentialSettings
from gi_registry.credentials.multibase import multikey
from gi_registry.lib.keyfiles import (
    WRITTEN_BY_OTHERS,
    SigningKey,
    exchange,
    fresh,
    private,
    public_of,
    public_pem,
    read_closed,
)
from gi_registry.lib.texts import Text

WHAT = Text("签发证书的密钥", "The key that signs certificates")
_FORMER = Text("以前的公钥", "A former public key")


@dataclass(frozen=True, slots=True)
class Issuer:
    """``id``: the DID; ``key``: what signs now; ``former``: 32 bytes each of the public keys that signed before."""

    id: str
    key: SigningKey
    former: tuple[bytes, ...] = ()

    @property
    def method(self) -> str:
        """The address of the key that signs now, within the document of the issuer."""
        return f"{self.id}#{thumbprint(self.key.public)}"

    def document(self) -> dict[str, Any]:
        """The DID document: every key that ever signed."""
        methods = [self._method(public) for public in (self.key.public, *self.former)]
        return {
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
            "id": self.id,
            "verificationMethod": methods,
            "assertionMethod": [method["id"] for method in methods],
        }

    def _method(self, public: bytes) -> dict[str, str]:
        told = {"type": "Multikey", "controller": self.id, "publicKeyMultibase": multikey(public)}
        return {"id": f"{self.id}#{thumbprint(public)}", **told}


def our_issuer() -> Issuer:
    """Of this installation. Raises KeyFault."""
    told = settings.CREDENTIALS
    former = sorted(told.former.glob("*.pem")) if told.former.is_dir() else []
    key = private(told.key, WHAT)
    public = (public_of(read_closed(path, WRITTEN_BY_OTHERS), _FORMER) for path in former)
    return Issuer(did_of(told.root), key, tuple(one for one in public if one != key.public))


def rotate(told: CredentialSettings, where: str = "") -> None:
    """A fresh key signs from now on; the public half of the one before stays in the document, so that what it signed is verified on.
    Raises KeyFault."""
    before = private(told.key, WHAT).public
    told.former.mkdir(mode=0o700, parents=True, exist_ok=True)
    exchange(told.former / f"{thumbprint(before)}.pem", public_pem(before))
    exchange(told.key, fresh(told.key.parent, where))


def did_of(root: str) -> str:
    """``did:web`` of an address without a path; a port is percent-encoded (did:web, 2.1)."""
    return f"did:web:{quote(urlsplit(root).netloc, safe='')}"


def thumbprint(public: bytes) -> str:
    """Of the key as a JWK (RFC 7638, RFC 8037): base64url of a SHA-256."""
    coded = urlsafe_b64encode(public).decode().rstrip("=")
    jwk = f'{{"crv":"Ed25519","kty":"OKP","x":"{coded}"}}'
    return urlsafe_b64encode(sha256(jwk.encode()).digest()).decode().rstrip("=")
