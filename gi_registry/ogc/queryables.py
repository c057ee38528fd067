"""What a filter may ask of a collection, as JSON Schema (OGC 19-079r2, 6.2): the properties declared as filters, and the place."""

from typing import Any

from gi_registry.lib.language import say
from gi_registry.lib.texts import Text
from gi_registry.ogc.collection import Collection
from gi_registry.ogc.cql2.terms import GEOMETRY

_GEOMETRY = Text("几何（在 filter 中用 S_INTERSECTS 等函数）", "Geometry (in a filter, with S_INTERSECTS and its kin)")


def document(root: str, collection: Collection) -> dict[str, Any]:
    """``root`` is the absolute address of the service without a slash at its end.

    A geometry has a format and no type, as the standard wants it. ``additionalProperties`` is false: a name that is not
    listed here is refused, whether it is hidden or does not exist.
    """
    place = collection.shape.schema | {"title": say(_GEOMETRY)}
    listed = {item.name: item.schema | {"title": say(item.title)} for item in collection.filters}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{root}/collections/{collection.id}/queryables",
        "title": say(collection.title),
        "description": say(collection.description),
        "type": "object",
        "properties": {GEOMETRY: place, **listed},
        "additionalProperties": False,
    }
