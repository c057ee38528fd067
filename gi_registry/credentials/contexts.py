"""The words of our credentials: our own context, and W3C's from the package that carries it. Nothing is ever fetched."""

import json
from functools import lru_cache
from typing import Any

from django.conf import settings

W3C = "https://www.w3.org/ns/credentials/v2"
PATH = "contexts/gi/v1.jsonld"
_FILE = "assets/contexts/credentials-v2.jsonld"
# Terms of our own; a name in two languages is a language map.
_TERMS = (
    "indication", "titleNumber", "registrationNumber", "specification", "region", "producer", "approvalReference", "lot", "gtin",
    "division", "logEntry", "logProof", "digestSHA256",
)  # fmt: skip
_DATES = ("producedOn", "harvestedOn", "packedOn", "bestBeforeOn")
_TYPES = ("GeographicalIndicationCertificate", "GeographicalIndicationAuthorisation", "GeographicalIndicationBatch")


def ours(root: str) -> dict[str, Any]:
    """Our context, as it is served under ``root`` and PATH. Its address never changes its content: another version, another address."""
    words = f"{root}/contexts/gi#"
    told: dict[str, Any] = {"@protected": True}
    told |= {name: f"{words}{name}" for name in (*_TERMS, *_TYPES)}
    told |= {name: {"@id": f"{words}{name}", "@type": "http://www.w3.org/2001/XMLSchema#date"} for name in _DATES}
    told["label"] = {"@id": f"{words}label", "@container": "@language"}
    return {"@context": told}


@lru_cache(1)
def _w3c() -> dict[str, Any]:
    return json.loads((settings.VAR_DIR / _FILE).read_bytes())


def load(url: str, options: Any = None) -> dict[str, Any]:
    """A document loader for pyld. ValueError for any address but these two."""
    if url == W3C:
        document = _w3c()
    elif url == f"{settings.CREDENTIALS.root}/{PATH}":
        document = ours(settings.CREDENTIALS.root)
    else:
        raise ValueError(f"no context is fetched: {url}")
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": document}
