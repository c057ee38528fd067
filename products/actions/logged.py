"""What of the register is said to the open log, in the transaction in which it happens: what everybody may read of it, and a
commitment to the reason. What is still between an applicant and the authorities is not said."""

from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from gi_registry.accounts.rules import OrganisationKind
from gi_registry.lib import jsonio
from gi_registry.lib.access import Actor
from gi_registry.openlog.actions import Event, record
from products.actions.requirements import rules_as_sent
from products.models import Authorisation, SpecificationVersion, Title
from products.rules import authorisations, titles
from products.rules.logged import Logged, authorisation_object, specification_object, title_object
from products.rules.specifications import BINDING
from products.rules.words import AuthorisationState, SpecificationStatus, TitleStatus


def log_title(title: Title, *, actor: Actor, now: datetime, reason: str = "") -> None:
    if TitleStatus(title.status) not in titles.PUBLIC:
        return
    name, facts = title_object(title.number), title_facts(title)
    _say([Event(Logged.TITLE_STATUS.value, name, now, facts, _secret(reason))], actor, now)


def title_facts(title: Title) -> dict[str, Any]:
    return {
        "title": title.number,
        "indication": title.indication.slug,
        "kind": title.kind,
        "status": title.status,
        "title_number": title.title_number or None,
        "announcement_number": title.announcement_number or None,
        "recognised_on": _day(title.recognised_on),
        "expires_on": _day(title.expires_on),
        "ended_on": _day(title.ended_on),
        "document_sha256": title.document_sha256 or None,
    }


def log_specifications(
    versions: Iterable[SpecificationVersion], *, actor: Actor, now: datetime, reason: str = ""
) -> None:
    """With a digest of the demands, so that they cannot be other ones afterwards."""
    said = [version for version in versions if SpecificationStatus(version.status) in BINDING]
    _say([_specification(version, now, reason) for version in said], actor, now)


def _specification(version: SpecificationVersion, now: datetime, reason: str) -> Event:
    name, facts = specification_object(version.number), specification_facts(version)
    return Event(Logged.SPECIFICATION_STATUS.value, name, now, facts, _secret(reason))


def specification_facts(version: SpecificationVersion) -> dict[str, Any]:
    """Its demands by their digest."""
    return {
        "specification": version.number,
        "title": version.title.number,
        "label": version.label_zh,
        "status": version.status,
        "begins_on": _day(version.days.begins),
        "ends_on": _day(version.days.ends),
        "document_sha256": version.document_sha256 or None,
        "rules_sha256": sha256(jsonio.dumps(rules_as_sent(version))).hexdigest(),
    }


def log_authorisations(rows: Iterable[Authorisation], *, actor: Actor, now: datetime, reason: str = "") -> None:
    said = [row for row in rows if AuthorisationState(row.state) in authorisations.PUBLIC]
    _say([_authorisation(row, now, reason) for row in said], actor, now)


def _authorisation(row: Authorisation, now: datetime, reason: str) -> Event:
    facts, secret = authorisation_facts(row), {"producer": row.producer.number, **(_secret(reason) or {})}
    return Event(Logged.AUTHORISATION_STATE.value, authorisation_object(row.number), now, facts, secret)


def authorisation_facts(row: Authorisation) -> dict[str, Any]:
    """Of a household, and of who is not listed, nothing is told."""
    maker = row.producer
    is_told = maker.is_public and maker.organisation.kind != OrganisationKind.HOUSEHOLD
    return {
        "authorisation": row.number,
        "title": row.title.number,
        "producer": maker.number if is_told else None,
        "state": row.state,
        "approval_reference": row.approval_reference or None,
        "valid_from": _day(row.valid_from),
        "valid_until": _day(row.valid_until),
        "ended_on": _day(row.ended_on),
    }


def _say(events: list[Event], actor: Actor, now: datetime) -> None:
    if events:
        record(events, actor=actor, now=now)


def _secret(reason: str) -> dict[str, Any] | None:
    return {"reason": reason.strip()} if reason.strip() else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
