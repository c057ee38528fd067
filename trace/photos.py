"""Photos of articles at addresses made of their content: fetched once by a phone, and kept by every cache on the way.

An address is told by the verdict of a registered lot, and to whoever may see the article. Nobody guesses a hash, so nothing
is asked here.
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from gi_registry.lib.problems import Missing
from trace.models import FormPhoto

FOR_A_YEAR = "public, max-age=31536000, immutable"


@require_safe
def form_photo(request: HttpRequest, digest: str) -> HttpResponse:
    row = FormPhoto.objects.filter(digest=digest).first()
    if row is None:
        raise Missing
    return HttpResponse(bytes(row.jpeg), content_type="image/jpeg", headers={"Cache-Control": FOR_A_YEAR})
