"""The resolver, check by check, as those who certify resolvers ask it: see docs/links.md for the list."""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import jsonschema
import pytest
from django.test import Client

from tests.build_trace import GTIN
from tests.pages.resolving import (
    HOST,
    UNIT,
    UNKNOWN_LOT,
    an_accepted_target,
    ask,
    found,
    kinds_in,
    led_to,
    linkset_answer,
    linkset_of,
)
from trace.links import parse
from trace.links.linkset import VOCABULARY
from trace.rules.link_targets import TargetKind, TargetLanguage

pytestmark = pytest.mark.django_db
VECTORS = Path(__file__).parents[1] / "vectors"
RATIFIED = {
    "defaultLink", "defaultLinkMulti", "pip", "registryEntry", "certificationInfo", "masterData", "verificationService",
    "locationInfo", "recallStatus", "traceability", "recipeInfo",
}  # fmt: skip


@pytest.fixture
def goods(world):
    return world.goods


@pytest.fixture
def lot(world):
    return world.number("zhang.released")


@pytest.fixture
def dls(lot):
    """A link of ours at each level, and one of a lot that never was: every check is made of each."""
    article = f"/01/{GTIN}"
    return article, f"{article}/10/{lot}", f"{article}/10/{lot}/21/{UNIT}", f"{article}/10/{UNKNOWN_LOT}"


# --- the checks ---


def test_the_link_of_a_batch_is_a_digital_link_with_scheme_and_fourteen_digits(goods):
    batch = goods.batch()
    read = parse(batch.digital_link)
    assert (read.get("01"), read.get("10")) == (GTIN, batch.number)
    assert read.uri(HOST) == batch.digital_link


def test_an_unknown_lot_is_answered_by_its_article(client, goods, lot):
    answer = ask(client, f"/01/{GTIN}/10/{UNKNOWN_LOT}")
    assert answer.status_code == 307
    assert found(client, f"/01/{GTIN}/10/{UNKNOWN_LOT}", "registryEntry") == found(
        client, f"/01/{GTIN}", "registryEntry"
    )


def test_the_description_file_is_valid_and_open_to_browsers(client):
    answer = ask(client, "/.well-known/gs1resolver", Origin="https://checker.example")
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Content-Type"] == "application/json"
    jsonschema.validate(answer.json(), json.loads((VECTORS / "gs1_resolver_description.schema.json").read_text()))
    assert answer.json()["resolverRoot"] == HOST
    assert ask(client, "/.well-known/gs1resolver", method="options").status_code == 204
    assert Client(enforce_csrf_checks=True).post("/.well-known/gs1resolver").status_code == 405


def test_the_root_of_the_host_answers(client):
    assert ask(client, "/").status_code == 200


def test_options_open_the_link_to_other_sites_and_name_the_methods_and_the_linkset(client, dls):
    for dl in dls:
        asked = {"Origin": "https://checker.example", "Access-Control-Request-Method": "GET"}
        answer = ask(client, dl, method="options", **asked)
        assert answer.status_code == 204
        assert answer["Access-Control-Allow-Origin"] == "*"
        methods = answer["Access-Control-Allow-Methods"]
        assert all(method in methods for method in ("GET", "HEAD", "OPTIONS"))
        assert 'rel="linkset"' in answer["Link"]


def test_the_redirect_names_the_linkset_in_one_header_without_the_old_relations(client, dls):
    for dl in dls:
        header = ask(client, dl)["Link"]
        assert f'<{HOST}{dl}?linkType=linkset>; rel="linkset"' in header
        assert 'rel="gs1:' not in header
        assert 'rel="application/linkset' not in header
        assert len(header.split(",")) == 2


@pytest.mark.parametrize("accept", ["*/*", "text/html", "application/json", "application/linkset+json"])
def test_a_meaningless_segment_is_a_bad_request_and_never_200(client, dls, accept):
    for dl in dls:
        answer = ask(client, f"{dl}/foo", accept)
        assert answer.status_code == 400
        assert answer["Access-Control-Allow-Origin"] == "*"


def test_a_trailing_slash_changes_nothing(client, dls):
    for dl in dls:
        with_slash, without = ask(client, f"{dl}/"), ask(client, dl)
        assert (with_slash.status_code, with_slash["Location"]) == (without.status_code, without["Location"])


def test_the_query_is_passed_on(client, dls):
    for dl in dls:
        target = urlsplit(led_to(ask(client, f"{dl}?foo=bar")))
        assert parse_qs(target.query)["foo"] == ["bar"]


@pytest.mark.parametrize("name", ["linkset", "all"])
@pytest.mark.parametrize("accept", ["*/*", "text/html", ""])
def test_the_linkset_is_given_without_a_redirect(client, dls, name, accept):
    for dl in dls:
        answer = ask(client, f"{dl}?linkType={name}", accept)
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/linkset+json"


@pytest.mark.parametrize("query", ["", "?linkType=all", "?linkType=linkset"])
def test_the_linkset_is_given_to_whoever_accepts_its_type(client, dls, query):
    for dl in dls:
        assert ask(client, dl + query, "application/linkset+json").status_code == 200
        assert ask(client, dl + query, "application/linkset json").json() == linkset_answer(client, dl)


def test_the_linkset_is_valid(client, goods, dls):
    an_accepted_target(goods)
    for dl in dls:
        schema = json.loads((VECTORS / "gs1_linkset.schema.json").read_text())
        jsonschema.validate(linkset_answer(client, dl), schema, format_checker=jsonschema.FormatChecker())


def test_the_schema_of_these_tests_refuses_what_is_known_to_be_refused(client, goods):
    """A context in the document, no itemDescription, short names of types, wrong languages, foreign members."""
    goods.batch()
    schema = json.loads((VECTORS / "gs1_linkset.schema.json").read_text())
    good = linkset_answer(client, f"/01/{GTIN}")
    spoiled = []
    for change in (
        lambda told: told.update({"@context": "https://x.example"}),
        lambda told: told["linkset"][0].pop("itemDescription"),
        lambda told: told["linkset"][0].update({"gs1:pip": []}),
        lambda told: told["linkset"][0].update({"https://ref.gs1.org/voc/a-b": []}),
        lambda told: told["linkset"][0][f"{VOCABULARY}pip"][0].update(hreflang=["zh-Hans"]),
        lambda told: told["linkset"][0][f"{VOCABULARY}pip"][0].update(rel="alternate"),
        lambda told: told["linkset"][0][f"{VOCABULARY}pip"][0].pop("title"),
    ):
        told = json.loads(json.dumps(good))
        change(told)
        spoiled.append(told)
    for told in spoiled:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(told, schema)


def test_the_linkset_names_its_context_in_the_header_and_declares_its_type(client, dls):
    for dl in dls:
        answer = ask(client, dl, "application/linkset+json")
        part = next(part for part in answer["Link"].split(",") if "json-ld#context" in part)
        assert 'rel="http://www.w3.org/ns/json-ld#context"' in part
        assert 'type="application/ld+json"' in part
        assert answer["Content-Type"].startswith("application/linkset+json")


def test_there_is_exactly_one_default_link_with_the_link_asked_for_as_its_anchor(client, dls):
    for dl in dls:
        contexts = linkset_of(client, dl)
        assert contexts[0]["anchor"] == HOST + dl
        members = [link for context in contexts for link in context.get(f"{VOCABULARY}defaultLink", [])]
        assert len(members) == 1


def test_a_plain_request_is_led_to_the_default_link(client, dls):
    for dl in dls:
        (default,) = found(client, dl, "defaultLink")
        assert led_to(ask(client, dl)) == default["href"]
        assert led_to(ask(client, dl, language="en-US,en;q=0.9")) == default["href"]
        assert led_to(ask(client, dl, method="head")) == default["href"]


@pytest.mark.parametrize("spelling", ["gs1:{}", "gs1%3A{}", "gs1%253A{}", VOCABULARY + "{}", "https://gs1.org/voc/{}"])
def test_a_type_with_one_link_leads_there(client, goods, dls, spelling):
    for dl in dls:
        for kind in kinds_in(client, dl):
            links = found(client, dl, kind)
            if len(links) == 1:
                assert led_to(ask(client, f"{dl}?linkType={spelling.format(kind)}")) == links[0]["href"]


def test_of_several_links_of_a_type_the_one_with_the_attributes_asked_for_is_chosen(client, goods, dls):
    for language in TargetLanguage:
        an_accepted_target(goods, TargetKind.RECIPES, language, f"https://www.zhangji-cu.cn/{language}")
    for dl in dls:
        several = {kind: links for kind in kinds_in(client, dl) if len(links := found(client, dl, kind)) > 1}
        assert {"recipeInfo", "defaultLinkMulti", "verificationService"} & set(several)
        for kind, links in several.items():
            for link in links:
                answer = ask(client, f"{dl}?linkType=gs1:{kind}", link["type"], link["hreflang"][0])
                assert led_to(answer) == link["href"]


def test_links_that_suit_alike_are_shown_for_choice(client, goods, lot):
    for language in TargetLanguage:
        an_accepted_target(goods, TargetKind.RECIPES, language, f"https://www.zhangji-cu.cn/{language}")
    answer = ask(client, f"/01/{GTIN}?linkType=gs1:recipeInfo")
    assert answer.status_code == 300
    assert [link["hreflang"] for link in answer.json()["linkset"][0][f"{VOCABULARY}recipeInfo"]] == [["en"], ["zh"]]
    page = ask(client, f"/01/{GTIN}?linkType=gs1:recipeInfo", "text/html")
    assert page.status_code == 300
    assert "www.zhangji-cu.cn" in page.content.decode()
    assert 'href="https://www.zhangji-cu.cn' not in page.content.decode()


def test_of_several_defaults_the_one_with_the_attributes_asked_for_is_chosen(client, dls):
    for dl in dls:
        for query in ("", "?"):
            for link in found(client, dl, "defaultLinkMulti"):
                assert led_to(ask(client, dl + query, link["type"], link["hreflang"][0])) == link["href"]


def test_every_type_in_a_linkset_is_one_of_the_vocabulary(client, goods, dls):
    an_accepted_target(goods, TargetKind.RECIPES)
    for dl in dls:
        assert kinds_in(client, dl) <= RATIFIED


@pytest.mark.parametrize("asked", ["gs1:hasRetailers", "gs1:nothing", "nothing", "https://x.example/y", "gs1:", "%00"])
def test_a_type_that_is_not_there_is_not_found(client, dls, asked):
    for dl in dls:
        for accept in ("*/*", "text/html", "application/json"):
            assert ask(client, f"{dl}?linkType={asked}", accept).status_code == 404
