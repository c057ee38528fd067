"""The map from other sites: what anybody may read, any page may read; what needs a key, only who holds the key."""

import pytest

pytestmark = pytest.mark.django_db
ELSEWHERE = {"Origin": "https://map.example.org"}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("", 200),
        ("collections", 200),
        ("collections/divisions/items?limit=1", 200),
        ("collections/divisions/items?limit=none", 400),
        ("collections/sites/items", 401),
        ("collections/nothing", 404),
        ("nothing/at/all", 404),
        ("collections/", 404),
    ],
)
def test_every_answer_may_be_read_elsewhere_refusals_too(register, client, path, status):
    answer = client.get(f"/ogc/{path}", headers=ELSEWHERE)
    assert answer.status_code == status
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Content-Crs" in answer.headers["Access-Control-Expose-Headers"]
    if status >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["", "collections/sites/items", "collections/divisions/tiles/WebMercatorQuad/0/0/0"])
def test_a_browser_may_ask_beforehand_whether_a_key_can_be_sent(client, path):
    asked = {**ELSEWHERE, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}
    answer = client.options(f"/ogc/{path}", headers=asked)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


def test_only_the_map_is_open_to_other_sites(client):
    for path in ("/", "/api/v1/regions/divisions/", "/accounts/login/"):
        assert "Access-Control-Allow-Origin" not in client.get(path, headers=ELSEWHERE).headers
