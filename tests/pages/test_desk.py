"""The desk: who may sit at it, the page that tells how to connect, and the files that it gives away."""

import json
import re
from xml.etree import ElementTree

import pytest

from gi_registry.desk.looks import LOOKS, look_of
from gi_registry.lib.texts import Text
from gi_registry.maps import CATALOGUE
from gi_registry.ogc.collection import Shape

pytestmark = pytest.mark.django_db
CONNECT, MAP, PROJECT, STYLE = (
    "/desk/connect/",
    "/desk/map/",
    "/desk/connect/gi-registry.qgs",
    "/desk/connect/style.json",
)
OFFICIALS = ("lin", "wang", "li", "sun")
OTHERS = ("chen", "zhang", "ma", "hu")
PRIVATE = {layer.id for layer in CATALOGUE if not layer.is_public}


@pytest.fixture(autouse=True)
def register(register):
    return register


def page_of(client, path, language="zh"):
    response = client.get(path, headers={"Accept-Language": language})
    assert response.status_code == 200, response.content[:500]
    return response.content.decode()


@pytest.mark.parametrize("path", [CONNECT, MAP, PROJECT, "/desk/connect/sites.qml"])
def test_officials_sit_at_the_desk_others_learn_why_not_and_nobody_signs_in_first(cast, as_person, path):
    people = cast.everyone()
    assert {name: as_person(people[name]).get(path).status_code for name in OFFICIALS} == dict.fromkeys(OFFICIALS, 200)
    for name in OTHERS:
        refused = as_person(people[name]).get(path, headers={"Accept-Language": "zh"})
        assert refused.status_code == 403
        assert "监管台供登记、监管和审计人员使用" in refused.content.decode()
    nobody = as_person(None).get(path)
    assert (nobody.status_code, nobody["Location"]) == (302, f"/accounts/login/?next={path}")


def test_the_desk_leads_to_the_page_that_connects(cast, as_person):
    assert as_person(cast.li).get("/desk/")["Location"] == CONNECT


def test_the_page_gives_the_one_address_as_this_reader_reaches_it(cast, as_person):
    page = as_person(cast.li).get(CONNECT, headers={"Host": "gis.example", "Accept-Language": "zh"}).content.decode()
    assert 'data-copy="http://gis.example/ogc/"' in page
    assert "http://gis.example/desk/connect/style.json" in page
    assert 'href="/accounts/keys/"' in page


@pytest.mark.parametrize("path", [CONNECT, MAP])
def test_the_pages_are_whole_in_english_and_need_no_looser_content_policy(cast, as_person, path):
    page = page_of(as_person(cast.li), path, "en")
    without_switch = re.sub(r'<[^>]*lang="zh-CN"[^>]*>[^<]*', "", page)
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"[●■▲◆]", "", without_switch))
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)", page)


def test_every_layer_that_the_reader_may_see_is_named_with_how_it_is_drawn(cast, as_person):
    page = page_of(as_person(cast.li), CONNECT)
    for layer in CATALOGUE:
        assert layer.title.zh in page
        assert f'href="/desk/connect/{layer.id}.qml"' in page
    assert page.count('class="swatch"') > len(list(CATALOGUE))


def test_no_two_layers_are_told_apart_by_colour_alone():
    """Areas differ by their line's pattern, points by their shape, and what is counted bears its number."""
    # Sites are drawn alike whether they are taken together or by their shape.
    looks = [look for name, look in LOOKS.items() if name not in ("site_areas", "site_points")]
    areas = [(look.stroke.dash, bool(look.fill), look.number) for look in looks if look.area and not look.point]
    points = [look.mark for look in looks if look.point]
    assert len(set(areas)) == len(areas)
    assert len(set(points)) == len(points)


# --- the QGIS project ---


def project_of(client, **asked):
    response = client.get(PROJECT, asked, headers={"Accept-Language": "zh"})
    assert response.status_code == 200
    assert response["Content-Disposition"] == 'attachment; filename="gi-registry.qgs"'
    return ElementTree.fromstring(response.content)  # noqa: S314 - our own


def test_the_project_holds_every_layer_at_this_address_and_never_a_key(cast, as_person):
    project = project_of(as_person(cast.li))
    sources = [layer.findtext("datasource") for layer in project.iter("maplayer")]
    assert all("http://testserver/ogc" in source for source in sources)
    features = {re.search(r"typename='(\w+)'", source)[1] for source in sources if "typename" in source}
    assert features == {layer.id for layer in CATALOGUE if layer.shape is not Shape.ANY}
    tiles = {re.search(r"/collections/(\w+)/tiles/", source)[1] for source in sources if "type=xyz" in source}
    assert tiles == {layer.id for layer in CATALOGUE if layer.drawing}
    assert not any("authcfg" in source or "password" in source for source in sources)
    assert "gi_" not in ElementTree.tostring(project, encoding="unicode")


def test_the_project_names_the_configuration_that_the_reader_keeps_the_key_in(cast, as_person):
    project = project_of(as_person(cast.li), auth="abc1234")
    assert all("authcfg" in layer.findtext("datasource") for layer in project.iter("maplayer"))


@pytest.mark.parametrize("given", ["gi_00000000_" + "A" * 43, "abc", "ABC1234", "a' or '1"])
def test_what_is_no_id_of_a_configuration_is_refused(cast, as_person, given):
    refused = as_person(cast.li).get(PROJECT, {"auth": given}, headers={"Accept": "application/json"})
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"] == "/auth"


def test_the_notice_stands_on_the_drawn_map_and_on_every_layer(cast, as_person, settings):
    settings.MAP_REVIEW_NUMBER = "晋S〔2026〕001号"
    settings.MAP_ATTRIBUTION = Text.read("山西省<某>局|An office")
    project = project_of(as_person(cast.li))
    assert "审图号：晋S〔2026〕001号" in project.findtext("properties/CopyrightLabel/Label")
    assert project.findtext("properties/CopyrightLabel/Enabled") == "true"
    attributions = [layer.findtext("attribution") for layer in project.iter("maplayer")]
    assert all(told.startswith("山西省<某>局 · ") for told in attributions)


def test_a_style_of_one_layer_can_be_taken_alone(cast, as_person):
    client = as_person(cast.li)
    for layer in CATALOGUE:
        given = client.get(f"/desk/connect/{layer.id}.qml")
        style = ElementTree.fromstring(given.content)  # noqa: S314 - our own
        assert len(style.findall("renderer-v2/symbols/symbol")) == (len(look_of(layer).sorts) or 1)
    assert client.get("/desk/connect/nothing.qml").status_code == 404


# --- the MapLibre style ---


def test_the_style_shows_each_reader_the_layers_that_they_may_know_of(cast, as_person):
    drawn = {layer.id for layer in CATALOGUE if layer.drawing and not look_of(layer).number}
    for person, wanted in ((None, drawn - PRIVATE), (cast.hu, drawn), (cast.li, drawn)):
        response = as_person(person).get(STYLE)
        sources = {name for name, source in response.json()["sources"].items() if source["type"] == "vector"}
        assert sources == wanted
        assert "Cookie" in response["Vary"]
        assert response["Cache-Control"] == "private, no-cache"


def test_the_style_needs_nothing_from_elsewhere_and_names_layers_and_facts_that_tiles_have(cast, client):
    style = client.get(STYLE).json()
    assert "glyphs" not in style
    assert "sprite" not in style
    assert set(re.findall(r'"(https?://[^/"]+)', json.dumps(style))) == {"http://testserver"}
    ids = [part["id"] for part in style["layers"]]
    assert len(set(ids)) == len(ids)
    for part in style["layers"][1:]:
        layer = CATALOGUE.get(part["metadata"]["collection"])
        # Cells have a count, sums are made by the reader, and names stand on points of their own.
        known = {"id", "count", "sum", "level", "name_zh", "name_en", *layer.drawing.facts}
        named = set(re.findall(r'\["(?:get|has)", "(\w+)"\]', json.dumps(part)))
        assert named <= known, part["id"]


def test_a_name_stands_once_inside_its_division(cast, client, register):
    names = client.get(STYLE).json()["sources"]["names"]["data"]["features"]
    assert [each["properties"]["name_zh"] for each in names] == ["太原市", "晋源区", "清徐县", "晋中市", "祁县"]
    assert client.get(STYLE, headers={"Accept-Language": "en"}).status_code == 200


def test_officials_find_the_desk_from_their_own_page(cast, as_person):
    assert 'href="/desk/map/"' in page_of(as_person(cast.li), "/portal/")
    assert 'href="/desk/map/"' not in page_of(as_person(cast.chen), "/portal/")
