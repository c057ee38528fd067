"""Whatever goes wrong under /api/ is a problem document (RFC 9457), in the reader's language, and never a 500."""

import json

import pytest
from django.test import Client

from gi_registry.accounts.rules import KeyScope

pytestmark = pytest.mark.django_db
MEMBERS = {"type", "title", "status", "detail", "instance", "code", "errors", "request_id"}
BATCHES = "/api/v1/trace/batches/"


def problem(response, status, code):
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    document = response.json()
    assert set(document) == MEMBERS
    assert (document["status"], document["code"]) == (status, code)
    assert document["request_id"] == response["X-Request-Id"]
    return document


def test_an_address_that_leads_nowhere_is_a_problem_document():
    document = problem(Client().get("/api/v1/nowhere/"), 404, "not_found")
    assert document["instance"] == "/api/v1/nowhere/"


def test_a_problem_speaks_the_readers_language():
    chinese = Client().get("/api/v1/nowhere/").json()
    english = Client().get("/api/v1/nowhere/", headers={"Accept-Language": "en-GB,en;q=0.9"}).json()
    assert chinese["title"] == "没有找到"
    assert english["title"] == "Not found"


def test_a_method_without_a_policy_is_not_allowed_and_says_what_is(cast, as_machine):
    response = as_machine(cast.zhang).put(BATCHES, "{}", content_type="application/json")
    problem(response, 405, "method_not_allowed")
    assert "GET" in response["Allow"]
    assert "PUT" not in response["Allow"]


def test_nobody_is_asked_to_sign_in_and_told_how():
    response = Client().get(BATCHES)
    document = problem(response, 401, "unauthenticated")
    assert response["WWW-Authenticate"] == "Api-Key"
    assert document["errors"][0]["code"] == "sign_in"


@pytest.mark.parametrize("key", ["Api-Key x", "Api-Key gi_00000000_" + "A" * 43, "Api-Key ", "api-key gi__"])
def test_a_key_that_opens_nothing_is_said_to_be_so(key):
    problem(Client().get(BATCHES, headers={"Authorization": key}), 401, "unauthenticated")


def test_a_read_only_key_changes_nothing_and_says_why(cast):
    from_key = {"Authorization": f"Api-Key {cast.zhang.key(KeyScope.READ)}"}
    response = Client().post(BATCHES, "{}", content_type="application/json", headers=from_key)
    assert problem(response, 403, "forbidden")["errors"][0]["code"] == "read_only_key"


def test_a_session_without_the_csrf_token_changes_nothing(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.zhang.user)
    problem(client.post(BATCHES, "{}", content_type="application/json"), 403, "forbidden")


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        ("{", "application/json", 400, "malformed"),
        ('{"quantity": NaN}', "application/json", 400, "malformed"),
        ("[" * 100_000, "application/json", 400, "malformed"),
        ("\udcff".encode("utf-8", "surrogateescape"), "application/json", 400, "malformed"),
        ("[1]", "application/json", 400, "invalid"),
        ("null", "application/json", 400, "invalid"),
        ("a=1", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        ("{}", "multipart/form-data; boundary=x", 415, "unsupported_media_type"),
        ("<a/>", "application/xml", 415, "unsupported_media_type"),
    ],
)
def test_a_body_that_cannot_be_read_is_said_to_be_so(cast, as_machine, body, kind, status, code):
    problem(as_machine(cast.zhang).post(BATCHES, body, content_type=kind), status, code)


def test_a_body_over_the_limit_is_refused_before_it_is_read(cast, as_machine):
    body = json.dumps({"producer_lot": "x" * 10_000_000})
    problem(as_machine(cast.zhang).post(BATCHES, body, content_type="application/json"), 413, "too_large")


def test_an_unknown_field_is_named(cast, as_machine):
    response = as_machine(cast.zhang).post(BATCHES, '{"quantitty": 1}', content_type="application/json")
    errors = problem(response, 400, "invalid")["errors"]
    assert {"pointer": "/quantitty", "code": "unknown_field"}.items() <= errors[0].items()
    assert "quantitty" in errors[0]["detail"]


def test_an_unknown_parameter_and_a_forged_cursor_are_refused(cast, as_machine):
    client = as_machine(cast.zhang)
    for query in ("colour=red", "cursor=forged", "cursor=cD0nOw%3D%3D", "page_size=0", "page_size=1001", "page_size=x"):
        problem(client.get(f"{BATCHES}?{query}"), 400, "invalid")


def test_a_format_that_nobody_serves_is_not_acceptable(cast, as_machine):
    response = as_machine(cast.zhang).get(BATCHES, headers={"Accept": "application/xml"})
    problem(response, 406, "not_acceptable")


@pytest.mark.parametrize("key", ["", "x" * 256, "键"])
def test_an_idempotency_key_that_is_none_is_refused(cast, as_machine, key):
    response = as_machine(cast.zhang).post(
        BATCHES, "{}", content_type="application/json", headers={"Idempotency-Key": key}
    )
    assert problem(response, 400, "invalid")["errors"][0]["code"] == "idempotency_key"


def test_a_page_that_is_missing_is_a_page_for_people():
    response = Client().get("/nowhere/", headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")


def test_liveness_and_readiness_answer():
    assert Client().get("/livez").content == b"ok"
    assert Client().get("/readyz").json() == {"ready": True, "reasons": [], "warnings": []}
    assert b"gi_requests_total" in Client().get("/metrics").content
