"""What became of credentials since: lists of bits (W3C Bitstring Status List 1.0), one for each purpose. Pure but for the signature."""

import gzip
from collections.abc import Iterable
from typing import Any

from gi_registry.credentials.contexts import W3C
from gi_registry.credentials.multibase import base64url, of_base64url
from gi_registry.lib.texts import Word

# So many that one among them tells nobody whose it is (1.0, 6.1).
SIZE = 131_072


class Purpose(Word):
    """What a bit says when it is set."""

    REVOCATION = "revocation", "已撤销", "Revoked"
    SUSPENSION = "suspension", "已暂停", "Suspended"


def encoded(places: Iterable[int]) -> str:
    """The list with these bits set, the first bit leftmost: multibase of gzip."""
    bits = bytearray(SIZE // 8)
    for place in places:
        bits[place // 8] |= 0x80 >> place % 8
    return base64url(gzip.compress(bytes(bits), mtime=0))


def is_set(coded: str, place: int) -> bool:
    """Whether a bit is set. ValueError for what is no list."""
    bits = gzip.decompress(of_base64url(coded))
    if len(bits) * 8 < SIZE or not 0 <= place < len(bits) * 8:
        raise ValueError("there is no such bit")
    return bool(bits[place // 8] & 0x80 >> place % 8)


def list_url(root: str, purpose: Purpose, number: int) -> str:
    return f"{root}/certificates/status/{purpose.value}/{number}"


def entries(root: str, number: int, place: int) -> list[dict[str, Any]]:
    """How a credential names its bits."""
    return [
        {
            "id": f"{list_url(root, purpose, number)}#{place}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": purpose.value,
            "statusListIndex": str(place),
            "statusListCredential": list_url(root, purpose, number),
        }
        for purpose in Purpose
    ]


def list_credential(
    root: str, issuer: str, purpose: Purpose, number: int, places: Iterable[int], at: str
) -> dict[str, Any]:
    """The list as a credential of its own, unsigned. ``at``: RFC 3339."""
    url = list_url(root, purpose, number)
    subject = {"id": f"{url}#list", "type": "BitstringStatusList", "statusPurpose": purpose.value}
    return {
        "@context": [W3C],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": at,
        "credentialSubject": {**subject, "encodedList": encoded(places)},
    }
