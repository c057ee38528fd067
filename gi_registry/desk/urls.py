"""Every address of the desk, to be included at ``/desk/``."""

from django.urls import path

from gi_registry.desk import pages

urlpatterns = [
    path("", pages.home, name="desk"),
    path("map/", pages.desk_map, name="desk-map"),
    path("connect/", pages.connect, name="desk-connect"),
    path("connect/gi-registry.qgs", pages.project, name="desk-project"),
    path("connect/style.json", pages.style, name="desk-style"),
    path("connect/<slug:collection_id>.qml", pages.layer_style, name="desk-layer-style"),
]
