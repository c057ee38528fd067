"""Putting the demonstration in: in the order in which it happened, each thing once, everything or nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from gi_registry.accounts.models import User
from gi_registry.demo.books import put_books
from gi_registry.demo.goods import GOOD_UNIT, OFTEN_UNIT, VOID_UNIT, put_batches, put_form, put_links
from gi_registry.demo.people import put_key, put_organisation, put_people
from gi_registry.demo.register import (
    end_authorisation,
    postpone_season,
    put_association,
    put_authorisation,
    put_producer,
    put_season,
)
from gi_registry.demo.stage import Stage, read
from gi_registry.demo.yearly import put_annual_reports
from gi_registry.lib.clock import day_of
from gi_registry.lib.ids import ALPHABET, VALUES, check_character
from products.actions import count_site_cells
from products.models import Indication
from trace import actions as trace_actions
from trace.codes.layout import UNIT_LENGTH
from trace.codes.sign import code_at
from trace.models import Batch, Issuance
from trace.rules.verdicts import Verdict

# Well formed, and so improbable (one in 2**45) that no batch will ever bear it.
NEVER_ISSUED = "TEXT00000" + check_character("TEXT00000")
FIRST_INDICATION = "shanxi-laochencu"
UNAVAILABLE_PATH = "/c/wording/unavailable/"


@dataclass(frozen=True, slots=True)
class Loaded:
    samples: dict[Verdict, Batch]
    unit_samples: dict[Verdict, Issuance]
    users: dict[str, User]
    keys: dict[str, str]


@transaction.atomic
def load_demo(*, now: datetime, kept_keys: dict[str, str]) -> Loaded:
    """Add what is missing and leave the rest as it is: numbers, once drawn, stay.

    ``kept_keys``: user name -> API key told by an earlier load. Raises register.NoRegister, and the rooms' own refusals.
    """
    with connection.cursor() as cursor:  # two loads at once would both find everything missing
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('gi_registry.demo', 0))")
    trace_actions.make_partitions(today=day_of(now))
    data, stage = read("producers"), Stage(now)
    rows = data["producers"]
    for row in (data["association"], *rows):
        put_organisation(row, stage)
    put_people(stage)
    put_association(data["association"], stage)
    for row in rows:
        put_producer(row, stage)
    _put_rights_and_goods(rows, data["seasons"], stage)
    put_links(stage)
    samples, unit_samples = put_batches(stage)
    put_books(stage)
    put_annual_reports(stage)
    for row in rows:
        for wish in row["authorisations"]:
            end_authorisation(row["key"], wish, stage)
    for season in data["seasons"]:
        postpone_season(season, stage)
    count_site_cells(today=day_of(now))
    keys = {name: put_key(user, kept_keys.get(name, ""), now) for name, user in stage.users.items()}
    return Loaded(samples, unit_samples, stage.users, keys)


def _put_rights_and_goods(rows: list[dict[str, Any]], seasons: list[dict[str, Any]], stage: Stage) -> None:
    for row in rows:
        for wish in row["authorisations"]:
            put_authorisation(row["key"], wish, stage)
        for form in row["forms"]:
            put_form(row["key"], form, stage)
    for season in seasons:
        put_season(season, stage)


def card_of(loaded: Loaded, base_url: str) -> dict[str, Any]:
    """What ``var/demo.json`` says."""
    base = base_url.rstrip("/")
    first = loaded.samples[Verdict.REGISTERED]
    return {
        "base_url": base,
        "accounts": [
            {
                "role": row["role"],
                "username": row["username"],
                "password": row["password"],
                "api_key": loaded.keys[row["username"]],
                "scope": _scope(loaded.users[row["username"]], row),
            }
            for row in read("people")
        ],
        "samples": _sample_urls(loaded.samples, base),
        "unit_samples": _unit_sample_urls(loaded.unit_samples, base),
        "batch": {
            "number": first.number,
            "url": f"{base}/c/{first.number}",
            "digital_link": f"{base}/01/{first.form.gtin}/10/{first.number}",
        },
        "indication": Indication.objects.get(slug=FIRST_INDICATION).slug,
    }


def _scope(user: User, row: dict[str, Any]) -> str:
    """Over what the account may act: a division code prefix, or an organisation's credit code."""
    if "division_prefix" in row:
        return row["division_prefix"]
    return (
        user.memberships.select_related("organisation").get(organisation__isnull=False, ended_on=None).organisation.uscc
    )


def _sample_urls(samples: dict[Verdict, Batch], base: str) -> dict[str, str]:
    urls = {verdict: f"{base}/c/{batch.number}" for verdict, batch in samples.items()}
    urls[Verdict.MISTYPED] = f"{base}/c/{mistyped(samples[Verdict.REGISTERED].number)}"
    urls[Verdict.NOT_ISSUED] = f"{base}/c/{NEVER_ISSUED}"
    urls[Verdict.UNAVAILABLE] = f"{base}{UNAVAILABLE_PATH}"
    return {verdict.value: urls[verdict] for verdict in Verdict}


def _unit_sample_urls(samples: dict[Verdict, Issuance], base: str) -> dict[str, str]:
    """One link to a unit for each verdict that a unit can have."""
    first = samples[Verdict.REGISTERED]
    good = _unit_url(first, GOOD_UNIT, base)
    urls = {verdict: _unit_url(issuance, GOOD_UNIT, base) for verdict, issuance in samples.items()}
    urls[Verdict.CHECKED_OFTEN] = _unit_url(first, OFTEN_UNIT, base)
    urls[Verdict.VOIDED] = _unit_url(first, VOID_UNIT, base)
    urls[Verdict.MISTYPED] = good[:-UNIT_LENGTH] + mistyped(good[-UNIT_LENGTH:])
    # Signed for a unit beyond those that were issued: nobody holds it, and it is none of the batch's.
    urls[Verdict.NOT_ISSUED] = _unit_url(first, first.count, base)
    return {verdict.value: urls[verdict] for verdict in Verdict if verdict in urls}


def _unit_url(issuance: Issuance, index: int, base: str) -> str:
    return f"{base}/c/{issuance.batch.number}/{code_at(issuance.unit_keys, index)}"


def mistyped(number: str) -> str:
    """A lot number or a unit code with a slip in its fifth character, as a finger makes it."""
    slip = ALPHABET[(VALUES[number[4]] + 1) % len(ALPHABET)]
    return number[:4] + slip + number[5:]
