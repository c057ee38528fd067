"""Every address of the map service, for the catalogue that the roof hands in. Names follow OGC 17-069r4: no slash at the end."""

from typing import Any

from django.urls import URLPattern, path, re_path

from gi_registry.ogc import tile_views, views
from gi_registry.ogc.collection import Catalogue


def addresses(catalogue: Catalogue) -> list[URLPattern]:
    """To be included at ``/ogc/``."""
    served: dict[str, Any] = {"catalogue": catalogue}
    one = "collections/<str:collection_id>"
    return [
        # Of these a map asks many: each address tries those above it.
        *_tiles(f"{one}/tiles", "collection", served),
        path(f"{one}/items", views.ItemsView.as_view(**served), name="ogc-items"),
        path(f"{one}/items/<str:feature_id>", views.ItemView.as_view(**served), name="ogc-item"),
        *_tiles("tiles", "dataset", served),
        path("", views.LandingView.as_view(**served), name="ogc-landing"),
        path("conformance", views.ConformanceView.as_view(**served), name="ogc-conformance"),
        path("api", views.ApiView.as_view(**served), name="ogc-api"),
        path("collections", views.CollectionsView.as_view(**served), name="ogc-collections"),
        path(one, views.CollectionView.as_view(**served), name="ogc-collection"),
        path(f"{one}/schema", views.SchemaView.as_view(**served), name="ogc-schema"),
        path(f"{one}/queryables", views.QueryablesView.as_view(**served), name="ogc-queryables"),
        path("tileMatrixSets", tile_views.TileMatrixSetsView.as_view(**served), name="ogc-schemes"),
        path("tileMatrixSets/<str:set_id>", tile_views.TileMatrixSetView.as_view(**served), name="ogc-scheme"),
        re_path("", views.NowhereView.as_view(**served), name="ogc-nowhere"),  # last: whatever else
    ]


def _tiles(here: str, name: str, served: dict[str, Any]) -> list[URLPattern]:
    """The tiles of everything, and those of one layer. Row before column, as OGC 20-057 has it."""
    tile = "<str:zoom>/<str:row>/<str:column>"
    in_set = f"{here}/<str:set_id>"
    return [
        path(f"{in_set}/<str:stamp>/{tile}", tile_views.TileView.as_view(**served), name=f"ogc-{name}-stamped-tile"),
        path(f"{in_set}/{tile}", tile_views.TileView.as_view(**served), name=f"ogc-{name}-tile"),
        path(here, tile_views.TilesetsView.as_view(**served), name=f"ogc-{name}-tilesets"),
        path(in_set, tile_views.TilesetView.as_view(**served), name=f"ogc-{name}-tileset"),
        path(f"{in_set}/tilejson", tile_views.TileJsonView.as_view(**served), name=f"ogc-{name}-tilejson"),
    ]
