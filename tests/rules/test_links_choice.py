"""Which of several links suits a client best, and what the headers of clients are taken to mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.links.linkset import (
    CONTEXT,
    Level,
    Link,
    best_of,
    default_of,
    document,
    kind_of,
    link_header,
    merged,
    of_kind,
    with_query,
)
from trace.links.negotiation import language_quality, read_accept, read_languages, type_quality


def a_link(kind="pip", href="https://a.cn/", media_type="text/html", languages=("zh",), **more):
    return Link(kind, href, "题", media_type, languages, **more)


ZH, EN = a_link(href="https://a.cn/zh"), a_link(href="https://a.cn/en", languages=("en",))
DATA = a_link(href="https://a.cn/data", media_type="application/json", languages=("zh", "en"))


@pytest.mark.parametrize(
    ("accept", "languages", "chosen"),
    [
        ("text/html", "zh", [ZH]),
        ("text/html", "zh-CN,zh;q=0.9,en;q=0.8", [ZH]),
        ("text/html", "en-GB", [EN]),
        ("text/html", "en;q=0.4, zh;q=0.6", [ZH]),
        ("text/html", "fr", [ZH, EN]),
        ("text/html", "", [ZH, EN]),
        ("application/json", "", [DATA]),
        ("application/*", "en", [DATA]),
        ("application/json;q=0.5,text/html;q=0.9", "en", [EN]),
        ("image/png", "en", [EN, DATA]),
        ("*/*", "en", [EN, DATA]),
        ("", "", [ZH, EN, DATA]),
        ("undefined", "*", [ZH, EN, DATA]),
        ("text/html;q=0, */*", "zh", [DATA]),
    ],
)
def test_the_type_is_chosen_first_and_then_the_language(accept, languages, chosen):
    assert best_of([ZH, EN, DATA], read_accept(accept), read_languages(languages)) == chosen


def test_a_blank_in_a_type_is_a_plus_that_was_undone():
    assert read_accept("application/vc jwt") == (("application/vc+jwt", 1.0),)
    assert read_accept("application/linkset json;q=0.5, text/html") == (
        ("application/linkset+json", 0.5),
        ("text/html", 1.0),
    )


@given(st.text(max_size=200))
def test_no_header_ever_breaks_the_choice(text):
    assert 0.0 <= type_quality(read_accept(text), "text/html") <= 1.0
    assert 0.0 <= language_quality(read_languages(text), ("zh", "en")) <= 1.0
    assert best_of([ZH, EN], read_accept(text), read_languages(text))


def test_a_plain_request_gets_the_default_and_one_that_names_a_type_the_default_of_that_type():
    level = Level(
        "https://a.cn/01/1",
        "醋",
        (
            a_link("defaultLink", "https://a.cn/page"),
            a_link("defaultLinkMulti", "https://a.cn/page"),
            a_link("defaultLinkMulti", "https://a.cn/data", "application/json"),
        ),
    )
    for accept, wanted in (
        ("*/*", "page"),
        ("", "page"),
        ("text/html,*/*;q=0.1", "page"),
        ("application/json", "data"),
    ):
        assert default_of([level], read_accept(accept), ()).href == f"https://a.cn/{wanted}"
    assert default_of([level], read_accept("image/png"), ()).href == "https://a.cn/page"


@pytest.mark.parametrize(
    "asked",
    ["gs1:pip", "gs1%3Apip", "https://ref.gs1.org/voc/pip", "https://gs1.org/voc/pip", "http://gs1.org/voc/pip", "pip"],
)
def test_a_type_is_found_by_any_spelling_of_the_vocabulary(asked):
    assert kind_of(asked) == "pip"


def test_what_is_said_of_a_lot_hides_what_is_said_of_its_article():
    lower, upper = Level("a", "", (ZH,)), Level("b", "", (EN, a_link("faqs")))
    assert of_kind([lower, upper], "pip") == [ZH]
    assert of_kind([lower, upper], "faqs") == [a_link("faqs")]
    assert of_kind([lower, upper], "nothing") == []


def test_of_several_speakers_the_closest_is_heard_for_each_type():
    assert merged([[ZH, EN], [a_link("pip", "https://b.cn/"), a_link("faqs")]]) == (ZH, EN, a_link("faqs"))


def test_the_query_is_passed_on_without_what_the_resolver_consumed_or_the_target_says_itself():
    given_query = [("linkType", "gs1:pip"), ("context", "x"), ("code", "spoof"), ("foo", "b r"), ("foo", "2")]
    assert with_query(a_link(href="https://a.cn/x"), given_query) == "https://a.cn/x?code=spoof&foo=b+r&foo=2"
    assert with_query(a_link(href="https://a.cn/x?code=1#f"), given_query) == "https://a.cn/x?code=1&foo=b+r&foo=2#f"
    assert with_query(a_link(href="https://a.cn/x", passes_query=False), given_query) == "https://a.cn/x"
    assert with_query(a_link(href="https://a.cn/x"), [("linkType", "gs1:pip")]) == "https://a.cn/x"


def test_a_link_in_the_document_has_no_members_but_those_that_gs1_knows():
    told = document([Level("https://a.cn/01/1", "醋", (ZH, a_link("faqs", passes_query=False)))])["linkset"][0]
    assert told["https://ref.gs1.org/voc/pip"] == [
        {"href": "https://a.cn/zh", "title": "题", "type": "text/html", "hreflang": ["zh"]}
    ]
    assert told["https://ref.gs1.org/voc/faqs"][0]["fwqs"] is False


def test_the_header_has_no_commas_but_between_its_links():
    header = link_header("https://a.cn/01/1/10/A,B>?linkType=linkset", "https://a.cn/01/1/10/A,B")
    assert len(header.split(",")) == 3
    assert f'<{CONTEXT}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"' in header
    assert '>; rel="owl:sameAs"' in header
    assert "%3E" in header
