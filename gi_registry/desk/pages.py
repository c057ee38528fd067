"""The pages of the desk: how to connect, the files to take along, and the map."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from gi_registry.desk import maplibre, policy, qgis
from gi_registry.desk.looks import in_drawing_order, look_of
from gi_registry.desk.names import names_of_places
from gi_registry.lib import clock, jsonio
from gi_registry.lib.problems import Forbidden, Invalid, Missing
from gi_registry.lib.texts import Refusal, Text
from gi_registry.maps import CATALOGUE

AUTH_ID = re.compile(r"[a-z0-9]{7}", re.ASCII)
RECENT = timedelta(days=30)  # whose checks are added up on the map
_NO_AUTH_ID = Text(
    "QGIS 认证配置的 ID 是 7 位小写字母或数字，不是 API 密钥。",
    "The id of a QGIS authentication configuration has 7 small letters or digits. It is not the API key.",
)

Page = Callable[..., HttpResponse]


def for_officials(page: Page) -> Page:
    """Nobody signs in first; others learn why the desk is not theirs. What is shown depends on who asks, so none keeps it."""

    @never_cache
    @login_required
    @require_safe
    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        decision = policy.may_sit_at_the_desk(request.actor)
        if not decision:
            raise Forbidden(decision)
        return page(request, *args, **kwargs)

    return guarded


def root_of(request: HttpRequest) -> str:
    """The absolute address of the map service as this reader reaches it, without a slash at its end."""
    return request.build_absolute_uri("/ogc")


@for_officials
def home(request: HttpRequest) -> HttpResponse:
    return redirect("desk-connect")


@for_officials
def connect(request: HttpRequest) -> HttpResponse:
    """One address, one key, and the steps for each program."""
    seen = CATALOGUE.seen_by(request.actor)
    context = {
        "root": f"{root_of(request)}/",
        "layers": [(layer, look_of(layer)) for layer in seen],
        "style_address": request.build_absolute_uri("/desk/connect/style.json"),
    }
    return render(request, "desk/connect.html", context)


@for_officials
def project(request: HttpRequest) -> HttpResponse:
    """A QGIS project with every layer that the reader is told about. ``auth``: the id of a configuration in their QGIS."""
    auth_id = request.GET.get("auth", "").strip()
    if auth_id and not AUTH_ID.fullmatch(auth_id):
        raise Invalid(Refusal("auth_id", _NO_AUTH_ID, "/auth"))
    content = qgis.project(root_of(request), CATALOGUE.seen_by(request.actor), auth_id)
    return _download(content, "gi-registry.qgs")


@for_officials
def layer_style(request: HttpRequest, collection_id: str) -> HttpResponse:
    """The style of one layer, for whoever adds it by hand."""
    layer = CATALOGUE.get(collection_id)
    if layer is None:
        raise Missing
    return _download(qgis.layer_style(layer), f"{layer.id}.qml")


@require_safe
@vary_on_cookie
def style(request: HttpRequest) -> HttpResponse:
    """The MapLibre style. For everybody and from pages anywhere: it names layers, only those that the reader may know of."""
    content = jsonio.dumps(maplibre.style(root_of(request), CATALOGUE.seen_by(request.actor), names_of_places()))
    # Browsers send no cookie to an answer that is open to every origin, so elsewhere it is the one for nobody.
    headers = {"Cache-Control": "private, no-cache", "Access-Control-Allow-Origin": "*"}
    return HttpResponse(content, content_type="application/json", headers=headers)


@for_officials
def desk_map(request: HttpRequest) -> HttpResponse:
    """The map from our own tiles, with the list of what it shows."""
    seen = in_drawing_order(CATALOGUE.seen_by(request.actor))[::-1]
    layers = [(layer, look_of(layer)) for layer in seen if layer.drawing or look_of(layer).number]
    return render(request, "desk/map.html", {"layers": layers, "since": clock.today() - RECENT})


def _download(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=qgis.MEDIA_TYPE, headers=headers)
