"""The looks as QGIS files: a project of ready layers (.qgs) and the style of one layer (.qml), for QGIS 3.22 and later.

No file ever holds a key. Layers for the signed-in ask QGIS's own window for it, or use the authentication configuration whose
id was given. The notice of the map goes into the project's copyright decoration, so that it stands on every print as well.
"""

import math
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from gi_registry.desk.looks import INK, Look, Mark, Stroke, in_drawing_order, look_of
from gi_registry.desk.maplibre import SEEN_FROM_ZOOM
from gi_registry.lib.language import is_english, say
from gi_registry.lib.texts import Text
from gi_registry.ogc.collection import SHANXI, Collection, Shape
from gi_registry.ogc.drawing import MAX_ZOOM
from gi_registry.ogc.notices import attribution_of, notice

VERSION = "3.22.0"
MEDIA_TYPE = "application/x-qgis-layer-settings"
DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
# As many features as QGIS asks for at a time by itself.
PAGE_SIZE = 1000
QGIS_NUMBERS = {"EPSG:4326": "3452", "EPSG:3857": "3857"}
EARTH_M = 6_378_137  # the radius in EPSG:3857
MM_A_PIXEL = 0.26
MARK_MM = 3.4
POINT, POLYGON = "0", "2"
ON_POINT, INSIDE = "1", "4"  # where QGIS puts a label
NEAR_SCALE = 1_500_000
BOTTOM_LEFT = 0
TITLE = Text("山西地理标志地图", "Map of the Shanxi GI Registry")
TILES = Text("瓦片：看图快", "Tiles: quick to draw")
FEATURES = Text("要素：查属性、选取、导出", "Features: tables, selecting, export")


def project(root: str, layers: tuple[Collection, ...], auth_id: str = "") -> bytes:
    """``root``: the absolute address of the map service, without a slash at its end. Tiles are drawn, features wait but for names."""
    document = Element("qgis", version=VERSION, projectname=say(TITLE))
    _text(document, "title", say(TITLE))
    _crs(SubElement(document, "projectCrs"), "EPSG:3857")
    tree = SubElement(document, "layer-tree-group")
    canvas = SubElement(document, "mapcanvas", name="theMapCanvas")
    _extent(canvas)
    _crs(SubElement(canvas, "destinationsrs"), "EPSG:3857")
    shelf = SubElement(document, "projectlayers")
    topmost_first = in_drawing_order(layers)[::-1]
    for title, make in ((FEATURES, _feature_layer), (TILES, _tile_layer)):
        group = SubElement(tree, "layer-tree-group", name=say(title), expanded="1", checked=_checked(True))
        for layer in topmost_first:
            found, look = make(root, layer, auth_id), look_of(layer)
            if found is not None:
                shelf.append(found)
                # Names are written by the features: on tiles a name would stand once in each of them.
                _leaf(group, layer, found, is_on=look.named if make is _feature_layer else look.is_on)
    _metadata(document)
    return _written(document)


def layer_style(layer: Collection) -> bytes:
    """For "Load style" in the properties of a layer that somebody added by hand."""
    document = Element("qgis", version=VERSION, styleCategories="Symbology")
    document.append(_feature_renderer(layer, look_of(layer)))
    return _written(document)


def _written(document: Element) -> bytes:
    ElementTree.indent(document, " ")
    return (DOCTYPE + ElementTree.tostring(document, encoding="unicode") + "\n").encode()


def _checked(is_on: bool) -> str:
    return "Qt::Checked" if is_on else "Qt::Unchecked"


def _leaf(group: Element, layer: Collection, made: Element, *, is_on: bool) -> None:
    told = {
        name: made.findtext(tag, "")
        for name, tag in (("id", "id"), ("source", "datasource"), ("providerKey", "provider"))
    }
    SubElement(group, "layer-tree-layer", told, name=say(layer.title), expanded="0", checked=_checked(is_on))


# --- layers ---


def _tile_layer(root: str, layer: Collection, auth_id: str) -> Element | None:
    """XYZ tiles. QGIS knows no layer lists, so a collection is a layer; those not on tiles are left out."""
    if not layer.drawing:
        return None
    address = f"{root}/collections/{layer.id}/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}"
    source = f"type=xyz&url={address}&zmin=0&zmax={MAX_ZOOM}" + (f"&authcfg={auth_id}" if auth_id else "")
    found = _layer("vector-tile", "vectortile", f"tiles_{layer.id}", source, layer, "EPSG:3857")
    look = look_of(layer)
    styles = SubElement(SubElement(found, "renderer", type="basic"), "styles")
    for style in _tile_styles(layer, look):
        styles.append(style)
    if look.point:
        words = SubElement(SubElement(found, "labeling", type="basic"), "styles")
        given = {
            "layer": layer.id,
            "geometry": POINT,
            "expression": '"id" is null',
            "enabled": "1",
            "name": say(layer.title),
        }
        words.append(
            _labels("style", given | {"min-zoom": "-1", "max-zoom": "-1"}, '"count"', look.stroke.colour, ON_POINT)
        )
    return found


def _feature_layer(root: str, layer: Collection, auth_id: str) -> Element | None:
    """OGC API Features. Only what is in view is asked for. QGIS takes all features of a layer for what the first one is, so a
    mixed layer is left to those of one shape beside it."""
    if layer.shape is Shape.ANY:
        return None
    source = f"url='{root}/' typename='{layer.id}' pageSize='{PAGE_SIZE}' restrictToRequestBBOX='1'"
    if auth_id:
        source += f" authcfg='{auth_id}'"
    found = _layer("vector", "OAPIF", f"features_{layer.id}", source, layer, "EPSG:4326")
    look = look_of(layer)
    found.append(_feature_renderer(layer, look))
    field = f'"{look.number}"' if look.number else _name_by_scale(look) if look.named else ""
    if field:
        found.set("labelsEnabled", "1")
        found.append(_labels("labeling", {"type": "simple"}, field, INK, INSIDE))
    return found


def _name_by_scale(look: Look) -> str:
    """Names of the second sort from afar, of the third near by."""
    name = 'coalesce("name_en", "name_zh")' if is_english() else '"name_zh"'
    far, near = (f"\"{look.field}\" = '{sort.value}'" for sort in look.sorts[1:])
    return f"CASE WHEN @map_scale > {NEAR_SCALE} THEN if({far}, {name}, NULL) ELSE if({near}, {name}, NULL) END"


def _layer(kind: str, provider: str, name: str, source: str, layer: Collection, crs: str) -> Element:
    found = Element("maplayer", type=kind)
    _text(found, "id", name)
    _text(found, "datasource", source)
    _text(found, "layername", say(layer.title))
    _text(found, "abstract", say(layer.description))
    _text(found, "attribution", attribution_of(layer))
    _text(found, "provider", provider)
    _crs(SubElement(found, "srs"), crs)
    return found


def _feature_renderer(layer: Collection, look: Look) -> Element:
    if not look.sorts:
        renderer = Element("renderer-v2", type="singleSymbol")
        symbols = SubElement(renderer, "symbols")
        symbols.append(_fill(look.stroke, look, "0") if look.area else _marker(look, "0"))
        return renderer
    renderer = Element("renderer-v2", type="categorizedSymbol", attr=look.field)
    categories, symbols = SubElement(renderer, "categories"), SubElement(renderer, "symbols")
    for place, sort in enumerate(look.sorts):
        SubElement(
            categories, "category", value=str(sort.value), symbol=str(place), label=say(sort.title), render="true"
        )
        symbols.append(_fill(sort.stroke, None, str(place)))
    return renderer


def _tile_styles(layer: Collection, look: Look) -> Iterator[Element]:
    is_one, is_cell = '"id" is not null', '"id" is null'
    if look.fill or look.area:
        yield _tile_style(layer, POLYGON, _fill(look.stroke if look.area else None, look, "0"))
    for sort in reversed(look.sorts):
        wanted = f"\"{look.field}\" = '{sort.value}'"
        yield _tile_style(layer, POLYGON, _fill(sort.stroke, None, "0"), wanted, min_zoom=sort.min_zoom)
    if look.is_small:
        yield _tile_style(layer, POLYGON, _centre(_marker(look, "@0@0")), max_zoom=SEEN_FROM_ZOOM - 1)
    if look.point:
        yield _tile_style(layer, POINT, _marker(look, "0"), is_one)
        yield _tile_style(layer, POINT, _disc(look), is_cell)


def _tile_style(
    layer: Collection, geometry: str, symbol: Element, expression: str = "", min_zoom: int = -1, max_zoom: int = -1
) -> Element:
    zooms = {"min-zoom": str(min_zoom), "max-zoom": str(max_zoom)}
    given = {"layer": layer.id, "geometry": geometry, "expression": expression, "enabled": "1", **zooms}
    style = Element("style", given, name=say(layer.title))
    SubElement(style, "symbols").append(symbol)
    return style


# --- symbols ---


def _fill(stroke: Stroke | None, look: Look | None, name: str) -> Element:
    """An area: ``look`` fills it, ``stroke`` runs round it; either may be missing."""
    filled = look is not None and bool(look.fill)
    line = stroke or Stroke(INK, 0)
    pattern = "no" if stroke is None else "solid" if not stroke.dash else "dot" if stroke.dash[0] <= 1 else "dash"
    return _symbol(
        "fill",
        name,
        "SimpleFill",
        color=_colour(look.fill, look.opacity) if filled else _colour(INK, 0),
        style="solid" if filled else "no",
        outline_color=_colour(line.colour),
        outline_style=pattern,
        outline_width=f"{line.width_px * MM_A_PIXEL:.2f}",
        outline_width_unit="MM",
        joinstyle="round",
    )


def _marker(look: Look, name: str, size_mm: float = MARK_MM, mark: Mark | None = None, inside: str = "") -> Element:
    rim = look.stroke.colour if inside else "#ffffff"
    return _symbol(
        "marker",
        name,
        "SimpleMarker",
        name_=(mark or look.mark).qgis,
        color=_colour(inside or look.stroke.colour),
        outline_color=_colour(rim),
        outline_width="0.3",
        size=str(size_mm),
        size_unit="MM",
    )


def _disc(look: Look) -> Element:
    return _marker(look, "0", size_mm=6, mark=Mark.CIRCLE, inside="#ffffff")


def _centre(marker: Element) -> Element:
    found = _symbol("fill", "0", "CentroidFill", point_on_surface="1", point_on_all_parts="0")
    found[0].append(marker)
    return found


def _symbol(kind: str, name: str, layer_class: str, **facts: str) -> Element:
    symbol = Element("symbol", type=kind, name=name, alpha="1")
    options = SubElement(SubElement(symbol, "layer", {"class": layer_class}, enabled="1"), "Option", type="Map")
    for fact, value in facts.items():
        SubElement(options, "Option", type="QString", name=fact.removesuffix("_"), value=value)
    return symbol


def _labels(tag: str, given: dict[str, str], field: str, colour: str, placement: str) -> Element:
    """QGIS leaves labels out, without a word, where one of these is missing."""
    found = Element(tag, given)
    settings = SubElement(found, "settings")
    text = {
        "fieldName": field,
        "isExpression": "1",
        "fontSize": "9",
        "fontSizeUnit": "Point",
        "textColor": _colour(colour),
    }
    words = SubElement(settings, "text-style", text, fontFamily="Sans Serif", namedStyle="Regular", textOpacity="1")
    SubElement(
        words, "text-buffer", bufferDraw="1", bufferSize="0.7", bufferSizeUnits="MM", bufferColor="255,255,255,255"
    )
    SubElement(
        settings,
        "placement",
        placement=placement,
        quadOffset="4",
        dist="0",
        centroidInside="1",
        polygonPlacementFlags="2",
    )
    limits = {"fontMinPixelSize": "3", "fontMaxPixelSize": "10000", "maxNumLabels": "2000", "obstacleFactor": "1"}
    SubElement(settings, "rendering", limits, drawLabels="1", obstacle="0", scaleVisibility="0")
    return found


def _colour(hexadecimal: str, opacity: float = 1) -> str:
    red, green, blue = (int(hexadecimal[place : place + 2], 16) for place in (1, 3, 5))
    return f"{red},{green},{blue},{round(opacity * 255)}"


# --- the rest of a project ---


def _crs(place: Element, name: str) -> None:
    """QGIS reads the name of a system only beside one of its own numbers for it."""
    found = SubElement(place, "spatialrefsys")
    _text(found, "srsid", QGIS_NUMBERS[name])
    _text(found, "authid", name)


def _extent(canvas: Element) -> None:
    _text(canvas, "units", "meters")
    west, south, east, north = SHANXI
    extent = SubElement(canvas, "extent")
    for side, value in (("xmin", west), ("xmax", east)):
        _text(extent, side, f"{math.radians(value) * EARTH_M:.0f}")
    for side, value in (("ymin", south), ("ymax", north)):
        _text(extent, side, f"{math.log(math.tan(math.pi / 4 + math.radians(value) / 2)) * EARTH_M:.0f}")


def _metadata(document: Element) -> None:
    """The notice, on the drawn map and in the project's properties."""
    told = notice()
    sentences = " ".join(say(text) for text in told.sentences)
    properties = SubElement(document, "properties")
    # Without this QGIS leaves the project without a reference system.
    SubElement(SubElement(properties, "SpatialRefSys"), "ProjectionsEnabled", type="int").text = "1"
    label = SubElement(properties, "CopyrightLabel")
    for name, kind, value in (
        ("Enabled", "bool", "true"),
        ("Placement", "int", str(BOTTOM_LEFT)),
        ("Label", "QString", f"{say(told.provider)} · {sentences}" if told.provider.zh else sentences),
    ):
        SubElement(label, name, type=kind).text = value
    metadata = SubElement(document, "projectMetadata")
    _text(metadata, "title", say(TITLE))
    _text(metadata, "abstract", sentences)
    _text(metadata, "rights", say(told.provider))


def _text(place: Element, tag: str, text: str) -> Element:
    found = SubElement(place, tag)
    found.text = text
    return found
