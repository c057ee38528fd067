"""The pages of the whole house: complete without scripts, bounded in statements, right in both languages."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gi_registry.lib.problems import TITLES
from tests.build_products import an_indication

pytestmark = pytest.mark.django_db
CHINESE = {"Accept": "text/html", "Accept-Language": "zh-CN"}
ENGLISH = {"Accept": "text/html", "Accept-Language": "en-GB"}


@pytest.fixture(autouse=True)
def _fresh_sketch(db):
    cache.delete("home.sketch")


def text_of(client, path="/", headers=CHINESE):
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def test_home_stands_when_the_register_is_empty(client):
    assert "名录尚为空" in text_of(client)


def test_home_searches_and_checks_without_scripts(client, register):
    page = text_of(client)
    assert re.search(r'<form action="/products/" method="get".*?name="q"', page, re.DOTALL)
    assert re.search(r'<form action="/c/" method="get".*?name="code"', page, re.DOTALL)


def test_home_lists_what_the_map_shows(client, register):
    page = text_of(client)
    assert f'href="/products/{register.indication.slug}/"' in page
    assert f'href="/products/producers/{register.zhang.number}/"' in page
    assert "太原市" in page
    assert 'class="map__sketch"' in page
    assert "未经审图" in page


def test_home_counts_what_the_register_holds(client, register):
    figures = re.findall(r"<dd>(\d+)</dd>", text_of(client))
    # Zhang shows itself; Feng's works is public too.
    assert figures == ["1", "2", "0"]


def test_a_household_is_not_listed(client, cast, register):
    assert cast.ma.organisation.name_zh not in text_of(client)


def test_home_speaks_english_to_those_who_ask(client, register):
    page = text_of(client, headers=ENGLISH)
    assert '<html lang="en">' in page
    assert "Search the register" in page
    assert "Qingxu vinegar" in page
    assert not re.search(r">[^<]*[\u4e00-\u9fff]{6,}", re.sub(r'<[^>]*lang="zh-CN"[^>]*>[^<]*', "", page))


def test_the_switch_of_language_keeps_the_question(client):
    page = text_of(client, "/about/?from=label")
    assert 'href="?from=label&amp;lang=en"' in page


def test_home_costs_the_same_however_long_the_register_is(client, register):
    text_of(client)
    with CaptureQueriesContext(connection) as few:
        text_of(client)
    for number in range(5):
        an_indication(f"清徐产品{number}号")
    with CaptureQueriesContext(connection) as many:
        text_of(client)
    assert len(many) == len(few) <= 8


def test_about_says_what_a_check_does_not_prove(client):
    assert "查码不说明什么" in text_of(client, "/about/")
    assert "What it does not prove" in text_of(client, "/about/", ENGLISH)


def test_every_problem_code_is_explained_where_its_type_points(client):
    page = text_of(client, "/api/problems/")
    assert all(f'id="{code}"' in page for code in TITLES)


@pytest.mark.parametrize(
    ("target", "reached"),
    [("/about/", "/about/"), ("https://elsewhere.example/", "/"), ("//elsewhere.example/", "/"), ("javascript:1", "/")],
)
def test_large_type_is_remembered_and_leads_back_to_our_own_pages_only(client, target, reached):
    response = client.get("/display/", {"type": "large", "next": target})
    assert response["Location"] == reached
    assert 'data-type="large"' in text_of(client, "/about/")
    client.get("/display/", {"type": "usual"})
    assert "data-type" not in text_of(client, "/about/")


def test_a_page_that_is_not_there_says_so_in_the_look_of_the_house(client):
    response = client.get("/nothing/", headers=ENGLISH)
    assert response.status_code == 404
    assert "Not found" in response.content.decode()
    assert 'href="/c/"' in response.content.decode()


def test_our_own_fault_shows_a_page_that_leans_on_nothing():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE products_indication RENAME COLUMN slug TO gone")
    browser = Client(raise_request_exception=False)
    with CaptureQueriesContext(connection) as spent:
        response = browser.get("/", headers=CHINESE)
    assert response.status_code == 500
    assert "这是我们的故障" in response.content.decode()
    assert not [each for each in spent if "session" in each["sql"]]


@pytest.mark.parametrize("path", ["/", "/about/", "/style/", "/accounts/login/", "/api/problems/"])
def test_nothing_on_a_page_needs_a_looser_content_policy(client, path):
    response = client.get(path, headers=CHINESE)
    page = response.content.decode()
    assert "unsafe-inline" not in response["Content-Security-Policy"]
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)", page)
