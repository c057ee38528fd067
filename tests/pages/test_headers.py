"""What every answer tells the browser: no sniffing, no framing, no referrer to others, no camera where none is needed."""

import pytest
from django.test import Client

from gi_registry.lib.headers import allowing

pytestmark = pytest.mark.django_db
PATHS = (
    "/",
    "/c/",
    "/c/7K3QX9PA28",
    "/accounts/login/",
    "/api/v1/trace/check?code=7K3QX9PA28",
    "/ogc/",
    "/nothing/",
    "/livez",
)
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_defends_itself(client, path):
    answer = client.get(path)
    assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy
    assert "http:" not in policy
    assert "https:" not in policy
    expected = allowing("camera") if path == "/c/" else allowing()
    assert answer.headers["Permissions-Policy"] == expected


def test_only_the_page_that_scans_may_use_the_camera(client):
    assert "camera=(self)" in client.get("/c/").headers["Permissions-Policy"]
    assert "camera=()" in client.get("/c/?code=7K3QX9PA28").headers["Permissions-Policy"]
    assert "geolocation=()" in client.get("/c/").headers["Permissions-Policy"]


def test_only_the_page_that_scans_may_compile_its_reader(client):
    """A photo that could not be read leads to the same page, with the same reader."""
    for page in (client.get("/c/"), client.post("/c/photo", {})):
        assert "'wasm-unsafe-eval'" in page.headers["Content-Security-Policy"]
    assert "wasm" not in client.get("/c/?code=7K3QX9PA28").headers["Content-Security-Policy"]


def test_with_https_the_browser_is_held_to_it(settings):
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    for path in PATHS:
        told = Client().get(path, secure=True).headers["Strict-Transport-Security"]
        assert told == "max-age=31536000; includeSubDomains"
    assert "Strict-Transport-Security" not in Client().get("/c/").headers
