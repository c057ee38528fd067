"""Every address of the map service, for the catalogue that the roof hands in. Names follow OGC 17-069r4: no slash at the end."""

from typing import Any

from django.urls import URLPattern, path

from gi_registry.ogc import views
from gi_registry.ogc.collection import Catalogue


def addresses(catalogue: Catalogue) -> list[URLPattern]:
    """To be included at ``/ogc/``."""
    served: dict[str, Any] = {"catalogue": catalogue}
    one = "collections/<str:collection_id>"
    return [
        path("", views.LandingView.as_view(**served), name="ogc-landing"),
        path("conformance", views.ConformanceView.as_view(**served), name="ogc-conformance"),
        path("api", views.ApiView.as_view(**served), name="ogc-api"),
        path("collections", views.CollectionsView.as_view(**served), name="ogc-collections"),
        path(one, views.CollectionView.as_view(**served), name="ogc-collection"),
        path(f"{one}/schema", views.SchemaView.as_view(**served), name="ogc-schema"),
        path(f"{one}/items", views.ItemsView.as_view(**served), name="ogc-items"),
        path(f"{one}/items/<str:feature_id>", views.ItemView.as_view(**served), name="ogc-item"),
    ]
