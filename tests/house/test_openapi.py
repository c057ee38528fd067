"""The published description of the API is current, whole and without warnings."""

import json

import pytest
import yaml
from django.core.management import call_command

from gi_registry.openapi import EXAMPLES, NOUNS, PROBLEM_STATUSES
from tests.house.tree import ROOT

PUBLISHED = ROOT / "docs" / "openapi.yaml"
REFRESH = "./gi manage spectacular --validate --fail-on-warn --file docs/openapi.yaml"


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> str:
    """The document as the code describes itself now; making it fails on any warning."""
    file = tmp_path_factory.mktemp("openapi") / "openapi.yaml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(file))
    return file.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def operations(made) -> list[tuple[str, dict]]:
    paths = yaml.safe_load(made)["paths"]
    return [(f"{method.upper()} {path}", op) for path, methods in paths.items() for method, op in methods.items()]


def test_the_published_document_is_current(made):
    assert PUBLISHED.read_text(encoding="utf-8") == made, f"refresh it: {REFRESH}"


def test_operations_have_a_summary_a_description_and_a_name_of_their_own(operations):
    names = [operation["operationId"] for _, operation in operations]
    assert len(names) == len(set(names)) > 70
    assert [place for place, op in operations if not (op.get("summary") and op.get("description"))] == []
    # The words of the base class would be the sign of a handler that nobody described.
    assert [place for place, op in operations if op["description"].startswith("Fetch through scope")] == []
    assert {place: op["summary"] for place, op in operations if len(op["summary"]) > 120} == {}


def test_operations_are_grouped_by_the_nouns_of_the_rooms(operations):
    assert {tag for _, operation in operations for tag in operation["tags"]} == set(NOUNS)


def test_operations_show_a_recorded_example(operations):
    bare = []
    for place, operation in operations:
        example = json.loads((EXAMPLES / f"{operation['operationId']}.json").read_text(encoding="utf-8"))
        answer = operation["responses"][str(example["status"])]
        shown = all("examples" in content for content in answer["content"].values())
        sent = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if (example["response"] is not None and not shown) or (sent is not None and "examples" not in sent):
            bare.append(place)
    assert bare == []


def test_every_answer_is_named(operations):
    """No operation leans on "default": a client can tell from the document what may come back."""
    known = {"200", "201", "206", "304", "416", "503", *PROBLEM_STATUSES}
    assert {place: set(op["responses"]) - known for place, op in operations if set(op["responses"]) - known} == {}


def test_lists_are_pages(operations):
    """A list that is documented as a bare array would break its readers with the second page."""
    told = {
        place: op["responses"]["200"]["content"]["application/json"]["schema"]
        for place, op in operations
        if place.startswith("GET") and any(p["name"] == "cursor" for p in op.get("parameters", ()))
    }
    assert len(told) > 10
    assert {place: schema for place, schema in told.items() if not schema.get("$ref", "").endswith("PageOut")} == {}
