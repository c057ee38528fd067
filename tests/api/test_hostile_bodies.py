"""Requests made to cost more than they are worth, or to break what stands behind the door: small answers, and never a 500."""

import math
import time

import pytest
from django.db import connection

from tests.api.asking import codes, send

pytestmark = pytest.mark.django_db
BATCHES = "/api/v1/trace/batches/"
SITES = "/api/v1/products/sites/"
NUL_COOKIE = 'sessionid="\\000abcdefghijklmnop"'


def test_ten_thousand_unknown_fields_earn_a_short_answer(cast, as_machine):
    body = {f"field{place}": 1 for place in range(10_000)}
    answer = send(as_machine(cast.feng), "post", BATCHES, body)
    assert answer.status_code == 400
    assert len(answer.content) < 20_000


def test_a_list_above_its_length_is_refused_before_its_items_are_read(cast, as_machine):
    body = {"sites": ["x"] * 50_000}
    answer = send(as_machine(cast.feng), "post", BATCHES, body)
    assert codes(answer) == [("/sites", "max_length")]


@pytest.mark.parametrize("path", ["/", "/portal/", BATCHES, "/products/", "/api/v1/products/producers/"])
def test_a_session_cookie_that_no_column_can_hold_is_no_fault_of_the_server(client, path):
    client.raise_request_exception = False
    answer = client.get(path, headers={"Cookie": NUL_COOKIE, "Accept": "text/html"})
    assert answer.status_code < 500


def a_star(points, longitude=112.5, latitude=37.6):
    """Thin spikes round one place: every segment crosses the envelope of every other, which makes judging it dear."""
    ring = []
    for place in range(points):
        turn, reach = 2 * math.pi * place / points, 0.02 if place % 2 else 0.0004
        ring.append([longitude + reach * math.cos(turn), latitude + reach * math.sin(turn)])
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def test_a_star_of_spikes_is_refused_before_it_is_judged(cast, as_machine):
    body = {
        "producer": "x",
        "indication": "x",
        "kind": "field",
        "name": "星",
        "geometry": a_star(50_000),
    }
    began = time.perf_counter()
    answer = send(as_machine(cast.feng), "post", SITES, body)
    assert codes(answer) == [("/geometry/coordinates/0/5000", "too_many_vertices")]
    assert time.perf_counter() - began < 3


def test_made_up_methods_share_one_counter(client):
    for place in range(5):
        client.generic(f"MADEUP{place}", "/livez")
    assert b"MADEUP" not in client.get("/metrics").content


def test_what_one_reader_may_see_is_kept_by_no_shared_cache(cast, as_machine):
    for path in (BATCHES, SITES, "/api/v1/products/producers/", "/ogc/collections/sites/items"):
        answer = as_machine(cast.feng).get(path)
        assert "private" in answer["Cache-Control"], path
        assert {"Authorization", "Cookie"} <= set(answer["Vary"].split(", ")), path


def test_the_admin_has_no_sign_in_of_its_own_that_could_be_guessed_at_without_limit(client):
    answer = client.post("/admin/login/", {"username": "registrar", "password": "guess"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_failed_sign_ins_leave_no_address_and_no_claim_of_one_escapes_the_count(cast, client):
    for place in range(11):
        claim = {"X-Forwarded-For": f"198.51.100.{place}"}
        client.post(
            "/accounts/login/", {"login": f"name{place}", "password": "wrong"}, REMOTE_ADDR="192.0.2.77", headers=claim
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM lib_cache WHERE cache_key LIKE '%login_failed%:ip:%'")
        keys = [key for (key,) in cursor.fetchall()]
    assert len(keys) == 1
    assert "192.0.2" not in keys[0]
    assert "198.51" not in keys[0]
