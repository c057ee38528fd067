"""The addresses of tiles and of the documents about them.

A tile's address may carry a stamp: the state of the data and the class of readers that it was made for. Such a tile never
changes, so clients keep it. A stamp that is not (or no longer) right gets what the plain address gives: the tile as it is
now, for the one who asks, to be asked for again.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags

from gi_registry.lib.access import SIGN_IN, Actor
from gi_registry.lib.problems import Forbidden, Invalid, Missing
from gi_registry.lib.texts import Refusal, Text
from gi_registry.ogc import mercator, pages, params, tiles, tilesets
from gi_registry.ogc.collection import Collection
from gi_registry.ogc.documents import SCHEMES, TILES
from gi_registry.ogc.resources import MapView

FOR_EVER = "public, max-age=31536000, immutable"
# By day: whoever loses a role keeps for that long what was shown under it.
FOR_A_DAY = "private, max-age=86400, immutable"
_PUBLIC = f".{Actor.ANONYMOUS.access_class}"
_NO_LAYER = Text("没有名为“{name}”的可绘制图层。", "There is no layer “{name}” to be drawn.")


class TilesView(MapView):
    """What tilesets have in common: of one layer, or of all that the reader sees, narrowed by ``collections``."""

    def layers(self) -> list[Collection]:
        """The layers asked for; 404 for one without tiles, 401 for one that needs a signed-in reader."""
        if "collection_id" in self.kwargs:
            params.refuse_unknown(self.request.GET.lists())
            found = [self.collection()]
        else:
            found = self._picked()
        mercator.check_set(self.kwargs.get("set_id", mercator.NAME))
        if not all(layer.drawing for layer in found):
            raise Missing
        return found

    def _picked(self) -> list[Collection]:
        params.refuse_unknown([(name, given) for name, given in self.request.GET.lists() if name != "collections"])
        asked = self.request.GET.get("collections", "")
        drawn = {item.id: item for item in self.catalogue if item.drawing}
        if not asked:
            return [item for item in self.catalogue.seen_by(self.actor) if item.id in drawn]
        names = list(dict.fromkeys(asked[:2000].split(",")))
        if wrong := [name for name in names if name not in drawn]:
            shown = wrong[0][:60].replace("\x00", "")
            raise Invalid(Refusal("unknown_collection", _NO_LAYER.format(name=shown), "/collections"))
        found = [drawn[name] for name in names]
        if self.actor.is_anonymous and not all(item.is_public for item in found):
            raise Forbidden(SIGN_IN)
        return found

    def tileset(self) -> tilesets.Tileset:
        layers = self.layers()
        one = self.kwargs.get("collection_id")
        here = f"{self.root}/collections/{one}/tiles" if one else f"{self.root}/tiles"
        asked = "collections" in self.request.GET
        query = "?collections=" + ",".join(layer.id for layer in layers) if asked else ""
        return tilesets.Tileset(self.root, here, layers, self.again(f="html"), query)


class TilesetsView(TilesView):
    def get(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        tileset = self.tileset()
        if self.is_page:
            links = [(tileset.address() + ("&" if tileset.query else "?") + "f=html", mercator.NAME)]
            return self.page("links", heading=TILES, lede=tileset.title, links=links)
        return self.document(tilesets.listed(tileset))


class TilesetView(TilesView):
    def get(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        tileset = self.tileset()
        content = tilesets.described(tileset, tiles.stamp_of(tileset.layers, self.actor))
        return (
            self.page("tileset", doc=content, **pages.of_tileset(content)) if self.is_page else self.document(content)
        )


class TileJsonView(TilesView):
    def get(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        tileset = self.tileset()
        return self.document(tilesets.tilejson(tileset, tiles.stamp_of(tileset.layers, self.actor)))


class TileMatrixSetsView(MapView):
    def get(self, request: HttpRequest) -> HttpResponse:
        params.refuse_unknown(request.GET.lists())
        if self.is_page:
            links = [(f"{self.root}/tileMatrixSets/{mercator.NAME}?f=html", mercator.NAME)]
            return self.page("links", heading=SCHEMES, links=links)
        return self.document(tilesets.schemes(self.root))


class TileMatrixSetView(MapView):
    def get(self, request: HttpRequest, set_id: str) -> HttpResponse:
        params.refuse_unknown(request.GET.lists())
        mercator.check_set(set_id)
        content = tilesets.scheme()
        return self.page("scheme", doc=content) if self.is_page else self.document(content)


class TileView(TilesView):
    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """What is public for ever asks nobody who they are, and no cache need tell its readers apart."""
        super().setup(request, *args, **kwargs)
        if kwargs.get("stamp", "").endswith(_PUBLIC):
            self.asks_who = False
            request.actor = Actor.ANONYMOUS

    def get(
        self, request: HttpRequest, zoom: str, row: str, column: str, stamp: str = "", **kwargs: str
    ) -> HttpResponse:
        layers = self.layers()
        tile = mercator.read_tile(tilesets.extent_of(layers), zoom, row, column)
        if stamp and stamp.endswith(f".{self.actor.access_class}") and (drawn := tiles.kept(layers, stamp, tile)):
            return self.answer(drawn, is_lasting=True)
        now = tiles.stamp_of(layers, self.actor)
        if stamp != now and self.has(now):
            return HttpResponse(status=304, headers=self.headers_for(now, is_lasting=False))
        drawn = tiles.kept(layers, now, tile) or tiles.draw(layers, self.actor, now, tile)
        return self.answer(drawn, is_lasting=drawn.stamp == stamp)

    def has(self, stamp: str) -> bool:
        """Whether the client holds the tile of that stamp (RFC 9110, 13.1.2: compared weakly)."""
        given = parse_etags(self.request.META.get("HTTP_IF_NONE_MATCH", ""))
        return any(each.removeprefix("W/") in ("*", f'"{stamp}"') for each in given)

    def answer(self, drawn: tiles.Drawn, *, is_lasting: bool) -> HttpResponse:
        """204 where the layer has nothing: clients take that for an empty tile and do not ask again."""
        headers = self.headers_for(drawn.stamp, is_lasting=is_lasting)
        if not drawn.packed:
            return HttpResponse(status=204, headers=headers)
        if self.takes_gzip:
            return HttpResponse(drawn.packed, content_type=tilesets.MVT, headers=headers | {"Content-Encoding": "gzip"})
        return HttpResponse(drawn.plain, content_type=tilesets.MVT, headers=headers)

    def headers_for(self, stamp: str, *, is_lasting: bool) -> dict[str, str]:
        lasting = FOR_EVER if stamp.endswith(_PUBLIC) else FOR_A_DAY
        return {
            "ETag": f'W/"{stamp}"',
            "Cache-Control": lasting if is_lasting else "no-cache",
            "Vary": "Accept-Encoding",
        }
