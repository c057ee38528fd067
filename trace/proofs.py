"""What an auditor is given: that a code was in its issuance, led to the root on record without any key (RFC 6962)."""

from typing import Any

from gi_registry.openlog import tree
from trace.codes.sign import codes
from trace.codes.verify import ordinal_of, read
from trace.models import Issuance


class RecordDiffers(Exception):
    """The codes that the keys make do not lead to the root on record: keys or record are not what they were."""

    def __init__(self) -> None:
        super().__init__("按密钥重做的码与登记的树根不符。 What the keys make does not lead to the root on record.")


def proof_of(lot: str, code: str) -> dict[str, Any] | None:
    """The proof of a well-formed code, hashes in hex, lowest first; None where no such code was issued.

    Makes every code of the issuance again, some 40,000 a second, hashes included. Raises KeyFault and RecordDiffers.
    """
    rows = Issuance.objects.select_related("batch").filter(
        batch__number=lot, ordinal=ordinal_of(code), root__isnull=False
    )
    if (issuance := rows.first()) is None:
        return None
    keys, root = issuance.unit_keys, bytes(issuance.root)
    index = read(code, keys)
    if index is None or index >= issuance.count:
        return None
    entries = (made.encode() for made in codes(keys, 0, issuance.count))
    proof = tree.proof(entries, index, issuance.count)
    if not tree.is_proven(code.encode(), proof, root):
        raise RecordDiffers
    return {
        "lot": lot,
        "code": code,
        "issuance": issuance.number,
        "index": index,
        "count": issuance.count,
        "root": root.hex(),
        "path": [step.hex() for step in proof.path],
    }
