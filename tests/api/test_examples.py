"""The examples that the API documentation shows are answers that were really given, and answers still look like them.

``GI_RECORD=1 ./gi test tests/api/test_examples.py`` records them anew. Each operation is asked as the first person in the
table of ``matrix.py`` who may, about the first thing named there.
"""

import json
import os
import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from gi_registry.openapi import EXAMPLES
from tests.api.matrix import FILES, TABLE, body_of, sending
from tests.api.test_matrix import address

RECORDING = os.environ.get("GI_RECORD") == "1"
MOST_ROWS, LONGEST = 2, 400
PREFERRED = ("zhang", "chen", "li", "lin")


def outline(path: str) -> str:
    """An address without the names of what it is about, alike in the table and in the schema."""
    return re.sub(r"\{[^}]+\}", "{}", path.partition("?")[0])


ROWS = {(row.method, outline(row.path)): row for row in reversed(TABLE) if row.path.startswith("/api/")}


@pytest.fixture(scope="module")
def operations() -> dict[tuple[str, str], str]:
    """(method, outline) -> operationId, of the whole documented API."""
    schema = SchemaGenerator().get_schema(public=True)
    return {
        (method.upper(), outline(path)): operation["operationId"]
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    }


def cut(value: Any) -> Any:
    """Long lists and texts cut short: an example is to be read."""
    if isinstance(value, dict):
        return {name: cut(part) for name, part in value.items()}
    if isinstance(value, list):
        is_outline = bool(value) and isinstance(value[0], list)
        return [cut(part) for part in (value if is_outline else value[:MOST_ROWS])]
    return f"{value[:LONGEST]}…" if isinstance(value, str) and len(value) > LONGEST else value


def read(answer: Any) -> Any:
    kind = answer["Content-Type"]
    if "json" in kind:
        return answer.json()
    return b"".join(answer).decode() if "svg" in kind or "csv" in kind else None


def ask(world: Any, row: Any) -> dict[str, Any]:
    """As the first who may, or the first of them who is shown anything where that is an empty list."""
    asked = [ask_as(who, world, row) for who in PREFERRED if row.expected[who] == 200] if is_list(row) else []
    told = (one for one in asked if one["response"] and one["response"].get("results"))
    return next(told, None) or ask_as(next(who for who in PREFERRED if row.expected[who] == 200), world, row)


def is_list(row: Any) -> bool:
    return row.method == "GET" and row.path.endswith("/") and "{" not in row.path


def ask_as(who: str, world: Any, row: Any) -> dict[str, Any]:
    client = Client(headers={"Accept": "*/*", "Accept-Language": "zh", "If-Match": "*", **world.headers(who)})
    body = body_of(row.body, world) if row.body else None
    sent = {} if body is None else sending(body)
    with transaction.atomic():
        answer = getattr(client, row.method.lower())(address(row, world), **sent)
        transaction.set_rollback(True)
    assert answer.status_code in (200, 201), b"".join(answer)
    told = body and {name: FILES[name] if isinstance(part, bytes) else part for name, part in body.items()}
    return {"status": answer.status_code, "request": told, "response": cut(read(answer))}


def differences(one: Any, other: Any, place: str = "") -> list[str]:
    """Where two values differ in keys or kinds. Null stands for any kind, an empty list for any list."""
    if one is None or other is None:
        return []
    if type(one) is not type(other) and {type(one), type(other)} != {int, float}:
        return [f"{place}: {type(one).__name__} and {type(other).__name__}"]
    if isinstance(one, dict):
        if set(one) != set(other):
            return [f"{place}: {sorted(set(one) ^ set(other))}"]
        return [fault for name in one for fault in differences(one[name], other[name], f"{place}/{name}")]
    if isinstance(one, list) and one and other:
        return differences(one[0], other[0], f"{place}/0")
    return []


@pytest.mark.django_db
@pytest.mark.parametrize("asked", sorted(ROWS), ids=" ".join)
def test_an_operation_answers_like_its_recorded_example(world, operations, asked):
    file = EXAMPLES / f"{operations[asked]}.json"
    example = ask(world, ROWS[asked])
    if RECORDING:
        file.write_text(json.dumps(example, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    recorded = json.loads(file.read_text(encoding="utf-8"))
    assert differences(recorded, example) == [], f"GI_RECORD=1 ./gi test {__file__} records the examples anew"


def test_every_operation_has_its_example_and_every_example_its_operation(operations):
    assert set(operations) == set(ROWS)
    assert {file.stem for file in EXAMPLES.glob("*.json")} == set(operations.values())


def test_examples_are_small_enough_to_be_read():
    assert {file.name: file.stat().st_size for file in EXAMPLES.glob("*.json") if file.stat().st_size > 8_000} == {}
