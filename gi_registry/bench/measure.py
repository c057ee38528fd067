"""What is measured. Each measurement gives rows for the report: what, how much, and against what."""

import http.client
import json
import statistics
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from gi_registry.accounts.rules import new_key
from gi_registry.bench import database, load, server

SIZES = (1_000, 100_000, 1_000_000)
ROUNDS, SECONDS = 5, 3
CLIENTS, BATCHES_A_CLIENT = 8, 100


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report."""

    name: str
    value: float
    unit: str
    ratio: float | None = None
    target: str = ""


def check(say: Callable[[str], None]) -> list[Figure]:
    """``trace/check`` as JSON against an empty Django view on the same server, taking turns, at three sizes."""
    figures, ratios = [], []
    with database.fresh() as url:
        for size in SIZES:
            lots = database.fill(url, size)
            paths = [f"/api/v1/trace/check?code={lot}" for lot in lots]
            with server.running(url) as base:
                load.read_rate(base, paths, 1)
                turns = []
                for _ in range(ROUNDS):
                    empty = load.read_rate(base, ["/bench/empty"], SECONDS)
                    turns.append((load.read_rate(base, paths, SECONDS), empty))
            ratio = statistics.median(full / empty for full, empty in turns)
            rate = statistics.median(full for full, _ in turns)
            ratios.append(ratio)
            say(f"check, {size:>9,} batches: {rate:8.0f} /s, {ratio:.3f} of an empty view")
            figures.append(Figure(f"check, {size:,} batches", rate, "requests/s", ratio, ">= 0.20 of an empty view"))
    spread = max(ratios) / min(ratios) - 1
    figures.append(Figure("check, spread over sizes", spread * 100, "%", None, "<= 20 %"))
    return figures


def register(say: Callable[[str], None]) -> list[Figure]:
    """Batches registered a second over HTTP, eight clients, each batch with its own Idempotency-Key."""
    with database.fresh() as url, server.running(url) as base:
        headers, body = _producer(url)

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
    return [Figure(f"register, {CLIENTS} clients", rate, "batches/s", rate / empty)]


def _producer(url: str) -> tuple[dict[str, str], dict[str, object]]:
    """A key of the demo's producer and the body of a batch that it may register, taken from one it has released."""
    with database.connect(url) as connection:
        row = connection.execute(
            "SELECT f.number, a.number, b.quantity_unit, b.produced_on, array_agg(s.number)"
            " FROM trace_batch b JOIN trace_productform f ON f.id = b.form_id"
            " JOIN products_authorisation a ON a.id = b.authorisation_id"
            " JOIN trace_batch_sites bs ON bs.batch_id = b.id JOIN products_site s ON s.id = bs.site_id"
            " JOIN products_producer p ON p.id = b.producer_id"
            " JOIN accounts_membership m ON m.organisation_id = p.organisation_id AND m.role = 'producer'"
            " JOIN accounts_user u ON u.id = m.user_id"
            " WHERE b.state = 'released' AND a.state = 'active' AND u.username = 'producer' GROUP BY b.id, f.id, a.id LIMIT 1"
        ).fetchone()
    if row is None:
        raise RuntimeError("the demo has no released batch of its producer to copy")
    form, authorisation, unit, produced_on, sites = row
    body = {
        "form": form, "authorisation": authorisation, "sites": sites, "produced_on": produced_on.isoformat(),
        "quantity": "100", "quantity_unit": unit, "state": "registered",
    }  # fmt: skip
    return {"Authorization": f"Api-Key {_key(url)}", "Content-Type": "application/json"}, body


def _key(url: str) -> str:
    fresh = new_key()
    with database.connect(url) as connection:
        connection.execute(
            "INSERT INTO accounts_apikey (user_id, name, prefix, key_hash, scopes, created_at)"
            " SELECT id, 'bench', %s, %s, '{read,write}', now() FROM accounts_user WHERE username = 'producer'",
            [fresh.prefix, fresh.digest],
        )
    return fresh.text


MEASUREMENTS: dict[str, Callable[[Callable[[str], None]], list[Figure]]] = {"check": check, "register": register}
