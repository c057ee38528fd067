"""Every path of this room, written out: ``api`` under /api/v1/trace/, ``pages`` at the root (they stand in QR codes)."""

from django.urls import URLPattern

api: list[URLPattern] = []
pages: list[URLPattern] = []
