"""Files from people: as large as any other request and no larger, held in memory, never on a disk."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler


class BoundedUploadHandler(MemoryFileUploadHandler):
    """Django bounds the fields of a form and lets files of any size fill the disk; here both are bounded together."""

    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    def handle_raw_input(
        self, input_data: Any, meta: Any, content_length: int, boundary: bytes, encoding: str | None = None
    ) -> None:
        if content_length > self.most:
            raise RequestDataTooBig("request body over the limit")
        self.activated = True
