"""Files to people: whole, or the part that a broken download still lacks (RFC 9110, 14)."""

from collections.abc import Callable, Iterator

from django.http import HttpResponse, StreamingHttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from gi_registry.lib.byteranges import Unsatisfiable, part_of

RANGE = OpenApiParameter("Range", str, OpenApiParameter.HEADER, description="One part in bytes, to go on with (206).")
IF_RANGE = OpenApiParameter("If-Range", str, OpenApiParameter.HEADER, description="ETag of the part that is there.")


def send(
    request: Request, *, name: str, size: int, etag: str, content_type: str, read: Callable[[int, int], Iterator[bytes]]
) -> HttpResponse | StreamingHttpResponse:
    """The part that was asked for. ``read`` is asked for the bytes from one place up to another, and only where they are
    sent: what has to be on record of a taking is put there by it."""
    headers = {"ETag": etag, "Accept-Ranges": "bytes", "Cache-Control": "private, no-store"}
    headers["Content-Disposition"] = f'attachment; filename="{name}"'
    is_same = request.headers.get("If-Range", etag) == etag
    try:
        part = part_of(request.headers.get("Range", ""), size) if is_same else None
    except Unsatisfiable:
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    start, stop = part or (0, size)
    headers["Content-Length"] = str(stop - start)
    if part:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    if request.method == "HEAD":
        return HttpResponse(headers=headers, content_type=content_type)
    status = 206 if part else 200
    return StreamingHttpResponse(read(start, stop), status=status, headers=headers, content_type=content_type)
