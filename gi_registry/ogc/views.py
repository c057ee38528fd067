"""The addresses of the map service: read the query, ask for the page, write the document."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from gi_registry.lib import clock
from gi_registry.lib.problems import Missing
from gi_registry.lib.texts import Text
from gi_registry.ogc import answers, documents, figures, items, openapi, pages, params, queryables, versions
from gi_registry.ogc.collection import Collection
from gi_registry.ogc.documents import GEOJSON, OPENAPI_JSON, SCHEMA_JSON
from gi_registry.ogc.resources import MapView


class LandingView(MapView):
    def get(self, request: HttpRequest) -> HttpResponse:
        params.refuse_unknown(request.GET.lists())
        content = documents.landing(self.root)
        if self.is_page:
            return self.page("landing", doc=content, collections=self.catalogue.seen_by(self.actor))
        return self.document(content)


class ConformanceView(MapView):
    def get(self, request: HttpRequest) -> HttpResponse:
        params.refuse_unknown(request.GET.lists())
        content = documents.conformance()
        return self.page("conformance", doc=content) if self.is_page else self.document(content)


class ApiView(MapView):
    def get(self, request: HttpRequest) -> HttpResponse:
        params.refuse_unknown(request.GET.lists())
        content = openapi.document(self.root, self.catalogue.seen_by(self.actor))
        if self.is_page:
            return self.page("api", operations=pages.operations(content))
        return self.document(content, OPENAPI_JSON)


class CollectionsView(MapView):
    def get(self, request: HttpRequest) -> HttpResponse:
        params.refuse_unknown(request.GET.lists())
        seen = self.catalogue.seen_by(self.actor)
        told = zip(seen, versions.versions_of(seen), strict=True)
        shown = [(item, figures.extent_of(item, self.actor, version)) for item, version in told]
        content = documents.collections(self.root, shown)
        return self.page("collections", doc=content) if self.is_page else self.document(content)


class CollectionView(MapView):
    def get(self, request: HttpRequest, collection_id: str) -> HttpResponse:
        params.refuse_unknown(request.GET.lists())
        item = self.collection()
        extent = figures.extent_of(item, self.actor, versions.version_of(item))
        content = documents.collection(self.root, item, extent)
        return self.page("collection", doc=content, collection=item) if self.is_page else self.document(content)


class DescribedView(MapView):
    """The properties of a collection as JSON Schema."""

    heading: Text

    def described(self, item: Collection) -> dict[str, Any]:
        raise NotImplementedError

    def get(self, request: HttpRequest, collection_id: str) -> HttpResponse:
        params.refuse_unknown(request.GET.lists())
        item = self.collection()
        content = self.described(item)
        if self.is_page:
            facts = pages.facts_of(content)
            return self.page("schema", doc=content, collection=item, facts=facts, heading=self.heading)
        return self.document(content, SCHEMA_JSON)


class SchemaView(DescribedView):
    heading = Text("属性定义", "Schema of the properties")

    def described(self, item: Collection) -> dict[str, Any]:
        return documents.schema(self.root, item)


class QueryablesView(DescribedView):
    heading = Text("可查询的属性", "Queryables")

    def described(self, item: Collection) -> dict[str, Any]:
        return queryables.document(self.root, item)


class ItemsView(MapView):
    def get(self, request: HttpRequest, collection_id: str) -> HttpResponse:
        collection = self.collection()
        query = params.read_items_query(collection, request.GET.lists())
        if unchanged := self.unread(collection):
            return unchanged
        if self.is_page:
            return self.listing(collection, pages.drawable(query))
        memory = answers.FIRST if query.is_first else answers.FURTHER
        kept_as = (self.actor.access_class, get_language(), request.build_absolute_uri(), self.takes_gzip)
        return answers.kept(memory, kept_as, lambda: self.tag_now(collection), lambda: self.features(collection, query))

    def features(self, collection: Collection, query: params.ItemsQuery) -> HttpResponse:
        page = items.page_of(collection, self.actor, query)
        matched = {} if page.matched is None else {"numberMatched": page.matched}
        content = {
            "type": "FeatureCollection",
            "links": documents.page_links(
                self.root, collection, self.request.build_absolute_uri(), self.again(f="html"), self.following(page)
            ),
            "timeStamp": clock.now(),
            **matched,
            "numberReturned": len(page.features),
            "features": page.features,
        }
        return self.document(content, GEOJSON, query.crs, self.tag(page.version))

    def following(self, page: items.Page) -> str:
        """This request again with the cursor put in; the page size stays a parameter of its own."""
        return self.again(cursor=page.cursor, offset="") if page.cursor else ""

    def listing(self, collection: Collection, query: params.ItemsQuery) -> HttpResponse:
        page = items.page_of(collection, self.actor, query)
        return self.page(
            "items",
            collection=collection,
            matched=page.matched,
            rows=pages.rows_of(collection, self.root, page.features),
            sketch=pages.sketch(page.features),
            following=self.following(page),
        )


class ItemView(MapView):
    def get(self, request: HttpRequest, collection_id: str, feature_id: str) -> HttpResponse:
        collection = self.collection()
        query = params.read_item_query(collection, request.GET.lists())
        if unchanged := self.unread(collection):
            return unchanged
        asked = pages.drawable(query) if self.is_page else query
        found = items.one_of(collection, self.actor, feature_id, asked)
        if found is None:
            raise Missing
        feature, version = found
        if self.is_page:
            facts, sketch = pages.told(collection, feature), pages.sketch([feature])
            return self.page("item", collection=collection, feature=feature, facts=facts, sketch=sketch)
        links = documents.feature_links(self.root, collection, request.build_absolute_uri(), self.again(f="html"))
        return self.document(feature | {"links": links}, GEOJSON, query.crs, self.tag(version))


class NowhereView(MapView):
    """What is not there is told as everything else is, to other sites too."""

    def get(self, request: HttpRequest, **rest: Any) -> HttpResponse:
        raise Missing
