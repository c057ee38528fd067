"""The real addresses and ``/bench/empty``: what Django itself costs here, middleware included.

With GI_BENCH_DRAWS in the environment neither tiles nor further pages are kept, so that making them can be measured.
"""

import os

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from gi_registry.ogc import answers, tiles

if os.environ.get("GI_BENCH_DRAWS"):
    tiles.MEMORY.most = answers.FURTHER.most = 0


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"{}", content_type="application/json")


urlpatterns = [path("bench/empty", empty), path("", include("gi_registry.urls"))]
