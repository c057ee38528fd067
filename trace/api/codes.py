"""The QR symbol of a batch as a picture to print."""

import hashlib
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gi_registry.lib.api import ScopedAPIView
from gi_registry.lib.ids import grouped
from gi_registry.lib.language import say
from gi_registry.lib.renderers import ByAddress, PngRenderer, SvgRenderer
from gi_registry.lib.texts import Text
from trace import policy
from trace.api.batches import seen_by
from trace.models import Batch
from trace.printing import batch_link
from trace.qr import DRAWING_VERSION, PROFILES, Caption, Profile, qr_png, qr_svg
from trace.serializers import QrIn

PARAMETERS = [QrIn, OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="ETag of a copy.")]


def caption_of(batch: Batch) -> Caption:
    """Lot and host under the symbol, to be typed where scanning fails."""
    lot, host = grouped(batch.number), urlsplit(settings.GI_PUBLIC_URL).netloc
    title = Text(f"批次 {lot} 的二维码", f"QR code of lot {lot}")
    description = Text(f"打开 {host} 上该批次的登记信息", f"Opens the record of the lot at {host}")
    return Caption((lot, f"{host}/c/"), say(title), say(description))


class BatchPictureView(ScopedAPIView):
    """Drawn anew for each request that has no current copy; never stored."""

    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}
    content_negotiation_class = ByAddress
    draw: ClassVar[Any]

    def picture(self, number: str) -> Response:
        batch = self.fetch(number=number)
        data = self.read_query(QrIn)
        profile: Profile = PROFILES[int(data["dpi"])]
        link, caption = batch_link(batch, data["link"]), caption_of(batch)
        told = f"{DRAWING_VERSION} {type(self).__name__} {link} {profile} {caption}"
        etag = f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'
        headers = {"ETag": etag, "Cache-Control": "private, max-age=31536000, immutable", "Vary": "Accept-Language"}
        if self.request.headers.get("If-None-Match") == etag:
            return Response(status=304, headers=headers)
        headers["Content-Disposition"] = f'inline; filename="{batch.number}.{self.renderer_classes[0].format}"'
        return Response(type(self).draw(link, profile, caption), headers=headers)


class BatchQrSvgView(BatchPictureView):
    renderer_classes = [SvgRenderer]
    draw = staticmethod(qr_svg)

    @extend_schema(
        operation_id="trace_batches_qr_svg",
        parameters=PARAMETERS,
        responses={(200, "image/svg+xml"): OpenApiTypes.STR, 304: None, 409: None},
    )
    def get(self, request: Request, number: str) -> Response:
        """The QR symbol as SVG, its width and height in millimetres for the printer's dots."""
        return self.picture(number)


class BatchQrPngView(BatchPictureView):
    renderer_classes = [PngRenderer]
    draw = staticmethod(qr_png)

    @extend_schema(
        operation_id="trace_batches_qr_png",
        parameters=PARAMETERS,
        responses={(200, "image/png"): OpenApiTypes.BINARY, 304: None, 409: None},
    )
    def get(self, request: Request, number: str) -> Response:
        """The QR symbol as black and white PNG, one dot a pixel, its resolution written into it."""
        return self.picture(number)
