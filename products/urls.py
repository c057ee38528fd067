"""Every path of this room, written out: ``api`` under /api/v1/products/, ``pages`` under /products/."""

from django.urls import URLPattern

api: list[URLPattern] = []
pages: list[URLPattern] = []
