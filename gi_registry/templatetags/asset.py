"""Addresses of browser code that is fetched at set-up and may be missing: a page must stand without it."""

from django import template
from django.contrib.staticfiles.finders import find
from django.contrib.staticfiles.storage import staticfiles_storage

register = template.Library()


@register.simple_tag
def asset(path: str) -> str:
    """The address of a static file, or nothing when it was never fetched or collected."""
    try:
        url = staticfiles_storage.url(path)
    except ValueError:  # not in the manifest
        return ""
    return url if hasattr(staticfiles_storage, "manifest_name") or find(path) else ""
