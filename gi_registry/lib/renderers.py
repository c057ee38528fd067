"""Pictures and files as API answers: the address names the format, so the Accept header is not asked."""

from collections.abc import Sequence
from typing import Any

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class PictureRenderer(BaseRenderer):
    """Bytes or text as they are."""

    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        if data is None:
            return b""
        return data.encode() if isinstance(data, str) else data


class SvgRenderer(PictureRenderer):
    media_type = "image/svg+xml"
    format = "svg"


class PngRenderer(PictureRenderer):
    media_type = "image/png"
    format = "png"


class CsvRenderer(PictureRenderer):
    """Named in the API document; the file itself is streamed."""

    media_type = "text/csv"
    format = "csv"


class PdfRenderer(PictureRenderer):
    media_type = "application/pdf"
    format = "pdf"


class XlsxRenderer(PictureRenderer):
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = "xlsx"


class ZipRenderer(PictureRenderer):
    media_type = "application/zip"
    format = "zip"


class ZplRenderer(PictureRenderer):
    media_type = "application/vnd.zebra.zpl"
    format = "zpl"


class JpegRenderer(PictureRenderer):
    media_type = "image/jpeg"
    format = "jpg"


class FileRenderer(PictureRenderer):
    """Whatever was once sent in; the answer names the type."""

    media_type = "application/octet-stream"
    format = "file"


class ByAddress(BaseContentNegotiation):
    """The one format there is."""

    def select_parser(self, request: Request, parsers: Sequence[Any]) -> Any:
        return parsers[0]

    def select_renderer(
        self, request: Request, renderers: Sequence[Any], format_suffix: str | None = None
    ) -> tuple[Any, str]:
        return renderers[0], renderers[0].media_type
