"""JSON or a page for people: JSON is the answer to everybody who does not clearly ask for a page."""


def prefers_html(accept: str) -> bool:
    """Whether an Accept header names HTML, and names no JSON at least as willingly (RFC 9110, 12.5.1).

    A wildcard asks for no page: QGIS, GDAL, OWSLib and scripts in a browser send one or nothing, and must get JSON.
    """
    weights: dict[str, float] = {}
    for part in accept.lower()[:1000].split(","):
        media_type, *parameters = (piece.strip() for piece in part.split(";"))
        weight = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
        weights[media_type] = _weight(weight)
    html = weights.get("text/html", 0.0)
    json = max((weight for name, weight in weights.items() if name.split("/")[-1].endswith("json")), default=0.0)
    return html > json


def _weight(text: str) -> float:
    """A quality value; one that cannot be read counts for nothing."""
    is_number = text.replace(".", "", 1).isdigit() and text.isascii() and len(text) <= 5
    return float(text) if is_number else 0.0
