"""The part of the OpenAPI document that tells of tiles. Operation ids hold ``.getTile``, as OGC 20-057 (7.4) asks."""

from collections.abc import Sequence
from typing import Any

from gi_registry.lib.language import say
from gi_registry.lib.texts import Text
from gi_registry.ogc import mercator
from gi_registry.ogc.collection import Collection
from gi_registry.ogc.documents import JSON, SCHEMES
from gi_registry.ogc.drawing import MAX_ZOOM
from gi_registry.ogc.tilesets import MVT

Document = dict[str, Any]
TAG = "tiles"
_TILE = Text("矢量瓦片", "A vector tile")
_STAMPED = Text("某一版本的矢量瓦片，可长期缓存", "A vector tile of one version, to be kept for ever")
_PICK = Text("逗号分隔的图层标识；默认全部", "Ids of layers with commas between; all unless given")


def paths_of(shown: Sequence[Collection]) -> Document:
    """The tiles of all layers together, of each, and the tile matrix set."""
    drawn = [item for item in shown if item.drawing]
    paths = {
        "/tileMatrixSets": _get("tileMatrixSets", SCHEMES, JSON),
        f"/tileMatrixSets/{mercator.NAME}": _get("tileMatrixSet", SCHEMES, JSON),
        **_tiles("/tiles", "dataset", Text("全部图层的瓦片", "Tiles of all layers"), [_picked(drawn)]),
    }
    for item in drawn:
        paths |= _tiles(f"/collections/{item.id}/tiles", f"collection.{item.id}", item.title, [])
    return paths


def _tiles(here: str, name: str, about: Text, picked: list[Document]) -> Document:
    in_set = f"{here}/{mercator.NAME}"
    place = "{tileMatrix}/{tileRow}/{tileCol}"
    stamp = {"name": "stamp", "in": "path", "required": True, "schema": {"type": "string"}}
    numbers = [_number("tileMatrix", maximum=MAX_ZOOM), _number("tileRow"), _number("tileCol")]
    return {
        here: _get(f"{name}.vector.getTileSetsList", about, JSON, picked),
        in_set: _get(f"{name}.vector.getTileSet", about, JSON, picked),
        f"{in_set}/tilejson": _get(f"{name}.vector.getTileJson", about, JSON, picked),
        f"{in_set}/{place}": _get(f"{name}.vector.getTile", _TILE, MVT, [*numbers, *picked]),
        f"{in_set}/{{stamp}}/{place}": _get(
            f"{name}.vector.getTileOfVersion", _STAMPED, MVT, [stamp, *numbers, *picked]
        ),
    }


def _get(name: str, about: Text, media_type: str, parameters: Sequence[Document] = ()) -> Document:
    schema = {"type": "string", "format": "binary"} if media_type == MVT else {"type": "object"}
    good = {"200": {"description": say(about), "content": {media_type: {"schema": schema}}}}
    if media_type == MVT:
        good["204"] = {"description": say(Text("此处没有要素", "Nothing is here"))}
    else:
        parameters = [*parameters, *({"$ref": f"#/components/parameters/{each}"} for each in ("f", "lang"))]
    problem = {"$ref": "#/components/responses/Problem"}
    return {
        "get": {
            "operationId": name,
            "tags": [TAG],
            "summary": say(about),
            "parameters": list(parameters),
            "responses": good | {"default": problem},
        }
    }


def _number(name: str, **limits: int) -> Document:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0, **limits}}


def _picked(drawn: Sequence[Collection]) -> Document:
    return {
        "name": "collections",
        "in": "query",
        "required": False,
        "style": "form",
        "explode": False,
        "description": say(_PICK),
        "schema": {"type": "array", "items": {"type": "string", "enum": [item.id for item in drawn]}},
    }
