"""The verdict page as it travels: style inside and packed, so that all of it comes in the first flight of packets.

A server may send about 14 KB before it has to wait for the phone (RFC 6928). In a shop with poor reception each wait is a
second, and a stylesheet of its own would be one more. The content policy allows this very style by its hash.
"""

import base64
import hashlib
import re
from pathlib import Path

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware

_SHORTER = ((" {", "{"), ("{ ", "{"), ("; }", "}"), (": ", ":"), ("; ", ";"), ("} ", "}"))


def _compact(style: str) -> str:
    """Without what only people read."""
    text = re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)).strip()
    for long, short in _SHORTER:
        text = text.replace(long, short)
    return text


STYLE = _compact((Path(__file__).parent / "templates/trace/verdict.css").read_text(encoding="utf-8"))
STYLE_SOURCE = f"'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"

# Packing tells the length of secrets to whoever can put words of his own beside them (BREACH). On this page there are none:
# no token, no name, nothing of a session. So it is packed here, whatever stands in front of this server.
_packer = GZipMiddleware(lambda request: HttpResponse())


@csp_update({"style-src": [STYLE_SOURCE]})
def packed(request: HttpRequest, page: HttpResponse) -> HttpResponse:
    """The rendered page with the policy that lets its style in, compressed where the browser takes it."""
    return _packer.process_response(request, page)
