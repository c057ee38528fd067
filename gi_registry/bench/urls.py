"""The real addresses and ``/bench/empty``: what Django itself costs here, middleware included."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from gi_registry.urls import handler400, handler403, handler404, handler500
from gi_registry.urls import urlpatterns as real


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"{}", content_type="application/json")


urlpatterns = [path("bench/empty", empty), *real]

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
