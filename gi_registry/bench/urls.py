"""The real addresses and ``/bench/empty``: what Django itself costs here, middleware included."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"{}", content_type="application/json")


urlpatterns = [path("bench/empty", empty), path("", include("gi_registry.urls"))]
