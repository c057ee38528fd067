"""Every path of this room, written out: ``api`` under /api/v1/regions/, ``pages`` under /regions/."""

from django.urls import URLPattern

api: list[URLPattern] = []
pages: list[URLPattern] = []
