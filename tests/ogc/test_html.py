"""The map as pages for people: only for those who ask for pages, in both languages, with the same facts as the JSON."""

import re

import pytest

from gi_registry.ogc.formats import prefers_html
from gi_registry.ogc.pages import sketch
from tests.browser import DESK, PHONE, faults, sideways

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
PAGES = (
    "/ogc/",
    "/ogc/conformance",
    "/ogc/api",
    "/ogc/collections",
    "/ogc/collections/indications",
    "/ogc/collections/divisions/items?limit=2",
    "/ogc/collections/producers/items",
    "/ogc/collections/divisions/items/140121",
    "/ogc/collections/divisions/queryables",
    "/ogc/collections/divisions/schema",
    "/ogc/tiles",
    "/ogc/tiles?collections=divisions,producers",
    "/ogc/tiles/WebMercatorQuad",
    "/ogc/tiles/WebMercatorQuad?collections=divisions,producers",
    "/ogc/collections/divisions/tiles",
    "/ogc/collections/divisions/tiles/WebMercatorQuad",
    "/ogc/tileMatrixSets",
    "/ogc/tileMatrixSets/WebMercatorQuad",
)


@pytest.mark.parametrize(
    ("accept", "is_page"),
    [
        (BROWSER, True),
        ("text/html", True),
        ("text/html;q=0.9, application/json;q=0.1", True),
        ("", False),
        ("*/*", False),
        ("application/json", False),
        ("application/geo+json, text/html;q=0.9", False),
        ("application/json, text/html", False),
        ("text/html;q=0", False),
        ("text/html;q=many", False),
        ("text/*", False),
        ("application/geo+json, application/json, */*", False),
        ("," * 5000 + "text/html", False),
    ],
)
def test_a_page_goes_to_those_who_ask_for_one_as_browsers_do(accept, is_page):
    assert prefers_html(accept) is is_page


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_everything_has_a_page_and_json_without_being_asked(client, register, path):
    page = client.get(path, headers={"Accept": BROWSER})
    assert page.headers["Content-Type"].startswith("text/html")
    assert "Accept" in page.headers["Vary"]
    assert client.get(path).headers["Content-Type"].split(";")[0].endswith("json")
    mark = "&" if "?" in path else "?"
    assert client.get(f"{path}{mark}f=html").headers["Content-Type"].startswith("text/html")
    as_json = client.get(f"{path}{mark}f=json", headers={"Accept": BROWSER})
    assert as_json.headers["Content-Type"].split(";")[0].endswith("json")


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_a_page_speaks_one_language_at_a_time_and_leads_to_its_json(client, register, path):
    mark = "&" if "?" in path else "?"
    english = client.get(f"{path}{mark}f=html&lang=en").content.decode()
    assert '<html lang="en"' in english
    main = re.search(r"<main.*?</main>", english, re.DOTALL)[0]
    if "items" not in path:
        assert not re.search(r"[\u4e00-\u9fff]", main), "no Chinese but in the facts themselves"
    (other,) = re.findall(r'<link rel="alternate" type="[^"]+json[^"]*" href="([^"]+)"', english)
    assert client.get(other.replace("&amp;", "&")).headers["Content-Type"].split(";")[0].endswith("json")


@pytest.mark.django_db
def test_the_features_of_a_page_can_be_walked_and_opened(client, register):
    first = client.get("/ogc/collections/divisions/items?limit=4&f=html").content.decode()
    assert "共 6 个要素，本页 4 个" in first
    (following,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = client.get(following.replace("&amp;", "&")).content.decode()
    assert "140727" in second
    (href,) = set(re.findall(r'href="([^"]+/items/140727[^"]*)"', second))
    assert "祁县" in client.get(href).content.decode()


@pytest.mark.django_db
def test_a_page_shows_no_more_than_the_json_would(client, register, as_person, cast):
    assert client.get("/ogc/collections/sites/items", headers={"Accept": BROWSER}).status_code == 401
    page = as_person(cast.hu).get("/ogc/collections/sites/items")
    assert "没有符合条件的要素" in page.content.decode()
    assert page.headers["Cache-Control"] == "private, no-cache"
    assert "sites" not in client.get("/ogc/", headers={"Accept": BROWSER}).content.decode()


@pytest.mark.django_db
def test_a_page_of_ten_thousand_is_cut_to_what_a_person_reads(client, register):
    page = client.get(
        "/ogc/collections/divisions/items?limit=10000&crs=http://www.opengis.net/def/crs/EPSG/0/3857&f=html"
    )
    assert page.status_code == 200
    assert page.content.decode().count("<tr>") == 1 + 6


@pytest.mark.django_db
def test_what_people_wrote_is_shown_as_text(client, register):
    register.indication.name_zh = "<script>alert(1)</script>"
    register.indication.save()
    page = client.get("/ogc/collections/indications/items?f=html").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_a_sketch_holds_every_kind_of_geometry_and_none_is_no_picture():
    shapes = [
        {"type": "Point", "coordinates": [112, 37]},
        {"type": "MultiPoint", "coordinates": [[112, 37], [113, 38]]},
        {"type": "LineString", "coordinates": [[112, 37], [113, 38]]},
        {"type": "Polygon", "coordinates": [[[112, 37], [113, 37], [113, 38], [112, 37]]]},
        {"type": "MultiPolygon", "coordinates": [[[[112, 37], [113, 37], [113, 38], [112, 37]]]]},
        {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [112, 37, 900]}]},
        {"type": "Polygon", "coordinates": []},
        None,
    ]
    drawn = sketch([{"geometry": each} for each in shapes])
    assert (len(drawn.paths), len(drawn.dots)) == (3, 4)
    assert drawn.height == 480
    assert all(0 <= x <= drawn.width + 1 and 0 <= y <= drawn.height for x, y in drawn.dots)
    assert sketch([{"geometry": None}]) is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.browser
@pytest.mark.parametrize(("size", "locale"), [(PHONE, "zh-CN"), (PHONE, "en-GB"), (DESK, "en-GB")])
def test_axe_finds_no_fault_and_no_page_scrolls_sideways(register, live_server, webgl, size, locale):
    wrong, wide, complaints = {}, {}, []
    context = webgl.new_context(viewport=size, locale=locale)
    page = context.new_page()
    page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    for path in PAGES:
        page.goto(live_server.url + path)
        if found := faults(page):
            wrong[path] = found
        if over := sideways(page):
            wide[path] = over
    context.close()
    assert (wrong, wide, complaints) == ({}, {}, [])
