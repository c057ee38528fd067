"""GIS clients have two fields, user name and password: under /ogc/ the password may be an API key, elsewhere it may not."""

from base64 import b64encode

import pytest
from django.test import Client

from gi_registry.accounts.models import ApiKey
from gi_registry.accounts.rules import KeyScope
from tests.cast import NOW

pytestmark = pytest.mark.django_db
SITES = "/ogc/collections/sites/items"


@pytest.fixture(autouse=True)
def register(register):
    return register


def basic(password, user="anything"):
    return {"Authorization": "Basic " + b64encode(f"{user}:{password}".encode()).decode()}


def ids(response):
    assert response.status_code == 200, response.content
    return {feature["id"] for feature in response.json()["features"]}


@pytest.mark.parametrize("user", ["", "li", "李清徐"])
def test_a_key_as_password_sees_what_the_key_sees_whatever_the_user_name(cast, client, user):
    key = cast.li.key()
    by_header = ids(client.get(SITES, headers={"Authorization": f"Api-Key {key}"}))
    assert by_header
    assert ids(client.get(SITES, headers=basic(key, user))) == by_header


def test_each_key_keeps_to_its_own_place(cast, client, register):
    assert register.field.number in ids(client.get(SITES, headers=basic(cast.li.key())))
    assert register.field.number not in ids(client.get(SITES, headers=basic(cast.zhao.key(KeyScope.READ))))


def test_layers_for_the_signed_in_are_listed_with_a_key_and_not_without(cast, client):
    def listed(**more):
        return {each["id"] for each in client.get("/ogc/collections", **more).json()["collections"]}

    assert "sites" in listed(headers=basic(cast.li.key()))
    assert "sites" not in listed()


@pytest.mark.parametrize("path", ["/ogc/", "/ogc/collections", "/ogc/collections/divisions/items", SITES])
@pytest.mark.parametrize("password", ["", "noon-in-Qingxu-2026", "gi_00000000_" + "A" * 43])
def test_a_wrong_key_is_refused_even_where_none_is_needed(client, path, password):
    response = client.get(path, headers=basic(password, "lin"))
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Basic ")
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "unauthenticated"


@pytest.mark.parametrize("credentials", ["", "%%%", "bGlu", "/////w==", "Ö", "a" * 9_000])
def test_credentials_that_cannot_be_read_are_refused(client, credentials):
    response = client.get(SITES, headers={"Authorization": f"Basic {credentials}"})
    assert response.status_code == 401


def test_a_revoked_key_opens_nothing(cast, client):
    key = cast.li.key()
    ApiKey.objects.update(revoked_at=NOW)
    assert client.get(SITES, headers=basic(key)).status_code == 401


def test_a_password_is_no_session_and_sets_no_cookie(cast, client):
    response = client.get(SITES, headers=basic(cast.li.key()))
    assert not response.cookies
    assert "private" in response["Cache-Control"]
    assert {"Authorization", "Cookie"} <= {name.strip() for name in response["Vary"].split(",")}
    assert client.get(SITES).status_code == 401


@pytest.mark.parametrize("path", ["/api/v1/trace/batches/", "/api/v1/products/sites/"])
def test_nowhere_else_is_a_password_taken(cast, client, path):
    response = client.get(path, headers=basic(cast.li.key()))
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Api-Key"


def test_a_gis_client_is_challenged_to_ask_its_user_and_a_browser_is_not():
    """Without the exception a browser would cover the page with a window of its own, in which nobody should type."""
    assert Client().get(SITES)["WWW-Authenticate"].startswith("Basic ")
    assert Client().get(SITES, headers={"Sec-Fetch-Mode": "cors"})["WWW-Authenticate"] == "Api-Key"
