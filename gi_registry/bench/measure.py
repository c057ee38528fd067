"""What is measured. Each measurement gives rows for the report: what, how much, and against what."""

import http.client
import json
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gi_registry.bench import checks, codes, copies, database, genealogy, imports, ledger, load, maps, openlog, server
from gi_registry.bench.report import Figure

SECONDS = 3
CLIENTS, BATCHES_A_CLIENT = 8, 100


def register(say: Callable[[str], None]) -> list[Figure]:
    """Batches registered a second over HTTP, eight clients, each batch with its own Idempotency-Key."""
    with database.fresh() as (url, card), server.running(url) as base:
        headers, body = _producer(base, card)

        def call(connection: http.client.HTTPConnection, number: int) -> int:
            unique = {**headers, "Idempotency-Key": uuid.uuid4().hex}
            connection.request(
                "POST", "/api/v1/trace/batches/", json.dumps({**body, "producer_lot": f"B{number}"}), unique
            )
            answer = connection.getresponse()
            answer.read()
            return answer.status

        load.write_rate(base, CLIENTS, 5, call)
        rate = load.write_rate(base, CLIENTS, BATCHES_A_CLIENT, call)
        empty = load.read_rate(base, ["/bench/empty"], SECONDS)
    say(f"register: {rate:.0f} batches/s with {CLIENTS} clients")
    return [Figure(f"register, {CLIENTS} clients", rate, "batches/s", rate / empty, "", f"empty view {empty:.0f}")]


def _producer(base: str, card: dict[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """Headers of the demo's producer, and the body of a batch that it may register, copied from one it has released."""
    key = next(account["api_key"] for account in card["accounts"] if account["role"] == "producer")
    headers = {"Authorization": f"Api-Key {key}", "Content-Type": "application/json"}
    asked = urllib.request.Request(f"{base}/api/v1/trace/batches/{card['batch']['number']}/", headers=headers)  # noqa: S310
    with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310
        batch = json.load(answer)
    body = {
        **{name: batch[name] for name in ("form", "authorisation", "produced_on", "quantity", "quantity_unit")},
        "sites": [site["number"] for site in batch["sites"]],
        "state": "registered",
    }
    return headers, body


@dataclass(frozen=True, slots=True)
class Measurement:
    """``run`` gives the figures; ``about`` says on the page what they are, and what is unequal about them.

    ``in_full`` proves the same on more, and takes minutes longer.
    """

    run: Callable[[Callable[[str], None]], list[Figure]]
    about: str
    in_full: Callable[[Callable[[str], None]], list[Figure]] | None = None


MEASUREMENTS = {
    "check": Measurement(checks.measure, checks.ABOUT, checks.measure_in_full),
    "register": Measurement(register, "Batches sent in one by one, each written with its history.\n"),
    "map": Measurement(maps.measure, maps.ABOUT),
    "codes": Measurement(codes.measure, codes.ABOUT),
    "guesses": Measurement(codes.prove, codes.ABOUT_PROOFS, codes.prove_in_full),
    "copies": Measurement(copies.measure, copies.ABOUT),
    "import": Measurement(imports.measure, imports.ABOUT),
    "ledger": Measurement(ledger.measure, ledger.ABOUT),
    "genealogy": Measurement(genealogy.measure, genealogy.ABOUT),
    "log": Measurement(openlog.measure, openlog.ABOUT),
}
