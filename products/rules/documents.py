"""Documents of an application: which it needs, what they may be, how large and how many.

The local office examines an application with its test report before it looks at the place (CNIPA's rules on the special mark).
"""

from gi_registry.lib.texts import Refusal, Text
from products.rules.words import DocumentKind, MediaType

MAX_BYTES = 5 * 1024 * 1024
MAX_DOCUMENTS = 20
MAX_NAME = 120
REQUIRED = (DocumentKind.TEST_REPORT,)

_FIRST_BYTES = {b"%PDF-": MediaType.PDF, b"\xff\xd8\xff": MediaType.JPEG, b"\x89PNG\r\n\x1a\n": MediaType.PNG}
_EMPTY = Text("文件是空的。", "The file is empty.")
_TOO_LARGE = Text("文件超过 5 MB，请压缩后再传。", "The file is larger than 5 MB. Make it smaller first.")
_NO_KIND = Text("只收 PDF、JPEG 或 PNG 文件。", "Only PDF, JPEG and PNG files are taken.")


def media_of(data: bytes) -> MediaType | None:
    """By the first bytes; what a file calls itself is not asked."""
    return next((kind for start, kind in _FIRST_BYTES.items() if data.startswith(start)), None)


def file_faults(data: bytes) -> list[Refusal]:
    if not data:
        return [Refusal("empty", _EMPTY, "/file")]
    if len(data) > MAX_BYTES:
        return [Refusal("file_too_large", _TOO_LARGE, "/file")]
    return [] if media_of(data) else [Refusal("file_kind", _NO_KIND, "/file")]


def missing_from(kinds: frozenset[DocumentKind]) -> list[Refusal]:
    """What an application with documents of these kinds still lacks."""
    return [
        Refusal(
            "needs_document",
            Text(f"申请须附{kind.text.zh}。", f"The application needs a {kind.text.en.lower()}."),
            "/documents",
        )
        for kind in REQUIRED
        if kind not in kinds
    ]
