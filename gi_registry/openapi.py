"""The finishing of the OpenAPI document: our API only, problem answers everywhere, examples that tests produced."""

import json
import re
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
# What may go wrong, by method, beside 400 (the request has mistakes) and 406, which every address may answer.
_WHO, _WHERE, _BODY = ("401", "403"), ("404",), ("409", "413", "415")
PROBLEM_STATUSES = {
    "400": "The request has mistakes.",
    "401": "Nobody is signed in, or the key opens nothing.",
    "403": "Not for this role, or a key that may only read.",
    "404": "No such thing, or none that you may see.",
    "406": "No such format here.",
    "409": "Sound, but refused in the present state.",
    "412": "Changed by someone else since you read it.",
    "413": "The body is over the limit.",
    "415": "Not a content type that is read here.",
    "422": "The idempotency key was used for another request.",
    "428": "If-Match is required.",
    "429": "Asked too often, or too many at a time: again after `Retry-After` seconds.",
}
# One tag for each noun, so that the list of operations reads like the list of things.
NOUNS = {
    "regions/divisions": "Provinces, cities and counties, present and former.",
    "regions/regions": "Production regions and their dated outlines.",
    "regions/locate": "Where many points lie.",
    "regions/assess": "How polygons lie against divisions and production regions.",
    "products/indications": "Protected names.",
    "products/holders": "Bodies that answer for titles.",
    "products/seasons": "When goods of a name are made.",
    "products/titles": "Protection titles and their lives.",
    "products/specifications": "What goods of a title must be, by dates.",
    "products/producers": "Who makes the goods.",
    "products/sites": "Plots and premises.",
    "products/site-uploads": "Files of sites from GIS programs.",
    "products/authorisations": "Rights to use the special mark.",
    "products/documents": "Reports and statements beside applications.",
    "trace/forms": "Articles as they are packed.",
    "trace/batches": "Batches, their steps and their QR codes.",
    "trace/evidence": "What is on record of a batch before its release; put there under the batch.",
    "trace/trials": "A version of a specification held against past batches.",
    "trace/batch-links": "What went into which batch, and who stands by it.",
    "trace/issuances": "Unit codes of a batch, and what became of them.",
    "trace/prints": "Labels of many units, drawn as files beside the server.",
    "trace/imports": "Spreadsheets of batches: checked, and registered all together.",
    "trace/link-targets": "Addresses elsewhere that GS1 links may lead to.",
    "trace/alerts": "Leads about copied codes, for officials and title holders.",
    "trace/quota": "What producers may bring to market in a season, and every posting to its books.",
    "trace/seasons": "The books of a season as a whole.",
    "trace/label-orders": "Labels of a season: ordered, issued, and every one accounted for.",
    "trace/transfers": "Goods from one producer to another, confirmed by both.",
    "trace/check": "What the registry knows of a code.",
    "trace/recalls": "Goods called back: by two persons, with what came back.",
    "trace/annual-reports": "What was made, labelled and sold under an authorisation in a year.",
    "trace/annual-report-due-dates": "Days by which annual reports are due, where somebody set one.",
    "trace/reports": "What consumers reported of goods and labels, and the answers.",
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
    """Add the problem answers, the idempotency header, tag, summary and recorded example to every operation."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    content = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    result["components"]["responses"] = {
        f"Problem{status}": {"description": text, "content": content} for status, text in PROBLEM_STATUSES.items()
    }
    result["tags"] = [{"name": noun, "description": text} for noun, text in NOUNS.items()]
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            operation["tags"] = ["/".join(path.removeprefix(PREFIX).split("/")[:2])]
            _summarise(operation)
            if method == "post" and "x-question" not in operation:
                operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
            for status in _problems_of(path, method, operation):
                operation["responses"][status] = {"$ref": f"#/components/responses/Problem{status}"}
            _show_example(operation)
    return result


def _summarise(operation: dict[str, Any]) -> None:
    """The first sentence of a description is its summary."""
    text = " ".join(operation.get("description", "").split("\n\n")[0].split())
    operation["summary"] = re.split(r"(?<=[a-z`)\d])[.:;] ", text)[0].rstrip(".")


def _problems_of(path: str, method: str, operation: dict[str, Any]) -> list[str]:
    statuses = ["400", "406"]
    if operation.get("security"):
        statuses += _WHO
    if "{" in path:
        statuses += _WHERE
    if method in ("post", "patch", "put"):
        statuses += _BODY
    if method == "post" and "x-question" not in operation:
        statuses.append("422")
    if any(parameter["name"] == "If-Match" for parameter in operation.get("parameters", ())):
        statuses += ["412", "428"]
    # A view names what is peculiar to it, such as a picture that cannot be drawn (409).
    return sorted({*statuses, *(status for status in operation["responses"] if status in PROBLEM_STATUSES)})


def _show_example(operation: dict[str, Any]) -> None:
    file = EXAMPLES / f"{operation['operationId']}.json"
    if not file.is_file():
        return
    example = json.loads(file.read_text(encoding="utf-8"))
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body is not None and example.get("request") is not None:
        body["examples"] = {"recorded": {"value": example["request"]}}
    answer = operation["responses"].get(str(example["status"]), {})
    for content in answer.get("content", {}).values() if example["response"] is not None else ():
        content["examples"] = {"recorded": {"value": example["response"]}}
