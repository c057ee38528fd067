"""Postings to the books of a season: eight clients on one balance, and each on its own."""

import json
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from gi_registry.bench import database
from gi_registry.bench.report import Figure
from gi_registry.bench.workers import at_once
from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from products.actions import QuotaContent, set_quota
from products.actions.indications import open_season
from products.models import Authorisation, Season, SeasonQuota
from products.rules.seasons import CeilingBasis, CeilingOrigin
from products.rules.words import Unit
from trace.actions import open_quota
from trace.actions.ledger import post
from trace.rules import ledger
from trace.rules.ledger import Key, PostingKind, Terms

CLIENTS, SECONDS = 8, 10
MUCH = Decimal(10) ** 15
ABOUT = """Harvests posted to the books of a season, each a transaction of its own with its checks: accounts locked and read, the
posting and its entries written, balances moved by triggers, the sum of each book checked. Eight processes, on one
producer's accounts (every posting waits for the one before it) and each on a producer's of its own.
"""


def measure(say: Callable[[str], None]) -> list[Figure]:
    """Postings a second, and the slowest in a hundred."""
    with database.fresh() as (url, _):
        quotas = at_once("ledger", url, [["prepare"]])[0]
        one = _clients(url, [quotas["quotas"][0]])
        hot = _clients(url, [quotas["quotas"][0]] * CLIENTS)
        many = _clients(url, quotas["quotas"])
    for name, told in (("one client", one), ("one hot account", hot), ("many accounts", many)):
        say(f"{name}: {told['rate']:,.0f} postings/s, p99 {told['p99']:.1f} ms")
    flush = f"fsync {_setting('fsync')}, synchronous_commit {_setting('synchronous_commit')}"
    return [
        Figure("postings, one client", one["rate"], "/s", None, "", flush),
        Figure(
            "postings, 8 clients on many accounts", many["rate"], "/s", many["rate"] / one["rate"], "", "one client"
        ),
        Figure(
            "postings, 8 clients on one hot account", hot["rate"], "/s", hot["rate"] / many["rate"], "", "many accounts"
        ),
        Figure("slowest in a hundred, one hot account", hot["p99"], "ms"),
    ]


def _setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])


def _clients(url: str, quotas: list[int]) -> dict[str, float]:
    # All begin together, however long a process takes to start.
    begin = time.time() + 4
    told = at_once("ledger", url, [["client", quota, begin] for quota in quotas])
    waits = sorted(wait for one in told for wait in one["waits"])
    return {
        "rate": len(waits) / SECONDS,
        "p99": waits[int(len(waits) * 0.99)] * 1000,
    }


def work(name: str, *given: str) -> None:
    """In the process of a client: its answer as JSON."""
    told = _prepare() if name == "prepare" else _client(int(given[0]), float(given[1]))
    sys.stdout.write(json.dumps(told))


def _prepare() -> dict[str, Any]:
    """Eight seasons with a quota, and much for one producer to harvest in each: accounts of their own."""
    right = Authorisation.objects.select_related("title__indication").order_by("pk")[0]
    quotas = []
    for place in range(CLIENTS):
        opens = clock.today() - timedelta(days=10_000 + place)
        days = {"opens_on": opens, "closes_on": opens}
        by = {"actor": Actor.SYSTEM, "now": clock.now()}
        quota = quota_for(open_season(indication=right.title.indication, name=f"bench {place}", **days, **by))
        grant(quota, right.producer_id)
        quotas.append(quota.pk)
    return {"quotas": quotas}


def quota_for(season: Season) -> SeasonQuota:
    """In force, and counted in kilograms."""
    ceiling = {"zone_zh": "全域", "basis": CeilingBasis.PER_PRODUCER.value, "amount": Decimal(1), "source": "bench"}
    ceilings = [{**ceiling, "origin": CeilingOrigin.HOLDER_SET.value}]
    content = QuotaContent(Unit.KILOGRAM, Unit.KILOGRAM, "bench", ceilings)
    by = {"actor": Actor.SYSTEM, "now": clock.now()}
    return open_quota(quota=set_quota(season=season, content=content, **by), **by)


def grant(quota: SeasonQuota, producer: int) -> None:
    """So much that no measurement comes to its end."""
    _posted(quota, PostingKind.GRANT, ledger.grant(Decimal(0), MUCH, producer, Terms(), is_capped=False))


@transaction.atomic
def _posted(quota: SeasonQuota, kind: PostingKind, legs: ledger.Legs) -> None:
    keys = [leg.key for leg in legs]
    post(quota=quota, kind=kind, keys=keys, legs=lambda balances: legs, actor=Actor.SYSTEM, now=clock.now())


def _client(quota_id: int, begin: float) -> dict[str, Any]:
    quota = SeasonQuota.objects.get(pk=quota_id)
    producer = Authorisation.objects.order_by("pk")[0].producer_id
    legs = ledger.move(Decimal(1), Key(ledger.AccountKind.ENTITLEMENT, producer), Key(ledger.AccountKind.RAW, producer))
    time.sleep(max(0.0, begin - time.time()))
    waits, end = [], time.monotonic() + SECONDS
    while (asked := time.monotonic()) < end:
        _posted(quota, PostingKind.HARVEST, legs)
        waits.append(time.monotonic() - asked)
    return {"waits": waits}
