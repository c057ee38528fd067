"""The finishing of the OpenAPI document: our API only, problem answers everywhere, examples that tests produced."""

import json
from pathlib import Path
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.settings import spectacular_settings

from gi_registry.lib.texts import Word

EXAMPLES = Path(__file__).resolve().parent.parent / "docs" / "examples"
PREFIX = "/api/v1/"
PROBLEM_TYPE = "application/problem+json"
_STRING = {"type": "string"}
PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem document.",
    "required": ["type", "title", "status", "detail", "instance", "code", "errors", "request_id"],
    "properties": {
        **dict.fromkeys(("type", "title", "detail", "instance", "code", "request_id"), _STRING),
        "status": {"type": "integer"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": dict.fromkeys(("pointer", "code", "detail"), _STRING),
            },
        },
    },
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "Same key and same body: the work is done once and answered alike.",
}


class ApiKeyScheme(OpenApiAuthenticationExtension):
    target_class = "gi_registry.accounts.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        text = "`Authorization: Api-Key gi_…`, made on the page /accounts/keys/."
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": text}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "gi_registry.accounts.authentication.SessionAuth"
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


def only_api(endpoints: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Keep the documented API; pages have no schema. Every closed vocabulary keeps its own name in it."""
    words = {f"{word.__name__}Enum": word.choices() for word in Word.__subclasses__()}
    spectacular_settings.ENUM_NAME_OVERRIDES.update(words)
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(PREFIX)]


def problems_and_examples(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add the problem answer, the idempotency header and the recorded example to every operation."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    answer = {
        "description": "What went wrong, in the reader's language.",
        "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for operations in result["paths"].values():
        for method, operation in operations.items():
            operation["responses"]["default"] = answer
            if method == "post":
                operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
            _show_example(operation)
    return result


def _show_example(operation: dict[str, Any]) -> None:
    file = EXAMPLES / f"{operation['operationId']}.json"
    if not file.is_file():
        return
    example = json.loads(file.read_text(encoding="utf-8"))
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body is not None and example.get("request") is not None:
        body["examples"] = {"recorded": {"value": example["request"]}}
    answer = operation["responses"].get(str(example["status"]), {})
    for content in answer.get("content", {}).values():
        content["examples"] = {"recorded": {"value": example["response"]}}
