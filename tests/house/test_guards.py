"""Every way in is guarded, by construction and not by memory."""

from django.urls import URLPattern, URLResolver, get_resolver

from gi_registry.lib.api import PublicAPIView, ScopedAPIView

VERBS = ("get", "post", "put", "patch", "delete")
# Addresses under /api/v1/ that are plain views, and why.
PLAIN: dict[str, str] = {}


def _api_views(resolver=None, prefix="/"):
    for entry in (resolver or get_resolver()).url_patterns:
        place = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _api_views(entry, place)
        elif isinstance(entry, URLPattern) and place.startswith("/api/v1/"):
            yield place, getattr(entry.callback, "view_class", getattr(entry.callback, "cls", None))


def test_every_api_view_has_a_scope_or_says_why_it_is_public():
    loose = [
        place
        for place, view in _api_views()
        if place not in PLAIN
        and not (
            view
            and issubclass(view, ScopedAPIView)
            and (hasattr(view, "scope") or (issubclass(view, PublicAPIView) and view.public))
        )
    ]
    assert loose == []


def test_every_handler_has_a_policy_and_every_policy_a_handler():
    odd = []
    for place, view in _api_views():
        if view is None or place in PLAIN:
            continue
        handled = {verb.upper() for verb in VERBS if hasattr(view, verb)}
        if handled != set(view.policies):
            odd.append((place, handled ^ set(view.policies)))
    assert odd == []


def test_there_are_api_views_to_guard():
    assert len(list(_api_views())) > 30
