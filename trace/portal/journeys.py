"""What has been answered of a batch that is being registered, kept on the server from page to page.

Until every question has an answer they are kept in the session, under a key that stands in the address, so that two tabs
do not write over each other. The last answer writes the draft batch itself, once for each key however often it is sent:
from then on the draft holds them, on every device and for as long as it takes.
"""

import secrets
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.ids import is_well_formed
from gi_registry.lib.models import AnsweredRequest
from gi_registry.lib.problems import Missing
from trace import actions, serializers
from trace.models import Batch
from trace.portal.doors import own_batches
from trace.portal.once import once
from trace.rules.dates import BatchDates

IN_SESSION = "portal.answers"
# A clerk with more half-answered registrations than this has long forgotten the first.
MOST_AT_ONCE = 5
KEY_BYTES = 8


@dataclass(frozen=True, slots=True)
class Answers:
    """As text, the way forms and sessions hold them: numbers of rows, ISO days, decimals; "" where not answered."""

    form: str = ""
    authorisation: str = ""
    sites: tuple[str, ...] = ()
    produced_on: str = ""
    best_before_on: str = ""
    harvested_on: str = ""
    produced_from: str = ""
    packed_on: str = ""
    season: str = ""
    quantity: str = ""
    quantity_unit: str = ""
    pack_count: str = ""
    producer_lot: str = ""

    @property
    def first_gap(self) -> str:
        """The page whose question is still open; "check" when none is."""
        if not self.form or not self.authorisation:
            return "product"
        if not self.sites:
            return "sites"
        if not self.produced_on:
            return "dates"
        return "check" if self.quantity else "amount"


@dataclass(frozen=True, slots=True)
class Journey:
    """One registration under way: its key in the address, its answers, and the draft once it is written."""

    key: str
    answers: Answers
    draft: Batch | None = None


def new_key() -> str:
    """Sixteen lower-case hexadecimal digits: never taken for a lot number, which has ten characters."""
    return secrets.token_hex(KEY_BYTES)


def find(request: HttpRequest, key: str) -> Journey:
    """The journey of a key: a lot number means that draft, any other key what the session holds (or a blank start)."""
    number = key if is_well_formed(key) else _number_of(request.actor, key)
    if number:
        draft = own_batches(request.actor).told().filter(number=number).first()
        if draft is None:
            raise Missing
        return Journey(draft.number, answers_of(draft), draft)
    if len(key) != 2 * KEY_BYTES:
        raise Missing
    return Journey(key, _held(request.session).get(key, Answers()))


def keep(request: HttpRequest, journey: Journey, **told: Any) -> Journey:
    """Keep further answers. Raises Invalid or Refused where the draft would not hold them; the old ones then stay."""
    answers = replace(journey.answers, **told)
    if journey.draft is not None:
        now = clock.now()
        content = content_of(request.actor, answers)
        draft = actions.change_draft(batch=journey.draft, content=content, actor=request.actor, now=now)
        return Journey(draft.number, answers, draft)
    number = _write_draft(request.actor, journey.key, answers, clock.now()) if answers.first_gap == "check" else ""
    held = {key: asdict(kept) for key, kept in _held(request.session).items() if key != journey.key}
    request.session[IN_SESSION] = dict([*held.items(), (journey.key, asdict(answers))][-MOST_AT_ONCE:])
    return find(request, number) if number else Journey(journey.key, answers)


def _write_draft(actor: Actor, key: str, answers: Answers, now: datetime) -> str:
    """The number of the draft made under a key."""
    return once(
        actor,
        key,
        now,
        lambda: actions.draft_batch(content=content_of(actor, answers), actor=actor, now=now).number,
    )


def forget(request: HttpRequest, key: str) -> None:
    """Drop what the session holds of a journey."""
    held = {other: asdict(kept) for other, kept in _held(request.session).items() if other != key}
    request.session[IN_SESSION] = held


def unfinished(request: HttpRequest) -> list[Journey]:
    """Journeys that are not yet drafts, newest first."""
    return [
        Journey(key, kept)
        for key, kept in reversed(_held(request.session).items())
        if not _number_of(request.actor, key)
    ]


def content_of(actor: Actor, answers: Answers) -> actions.Content:
    """The answers as an action takes them: rows are looked up among the actor's own, as the API does it."""
    told: dict[str, Any] = {
        "form": answers.form,
        "authorisation": answers.authorisation,
        "sites": list(answers.sites),
        "season": answers.season or None,
        "producer_lot": answers.producer_lot,
        "quantity": Decimal(answers.quantity),
        "quantity_unit": answers.quantity_unit,
        "pack_count": int(answers.pack_count) if answers.pack_count else None,
    }
    return serializers.content_of(actor, told | {name: _day(getattr(answers, name)) for name in BatchDates.__slots__})


def answers_of(batch: Batch) -> Answers:
    """What a draft holds, as answers."""
    return Answers(
        form=batch.form.number,
        authorisation=batch.authorisation.number,
        sites=tuple(site.number for site in batch.sites.order_by("pk")),
        season=batch.season.number if batch.season else "",
        quantity=f"{batch.quantity.normalize():f}",
        quantity_unit=batch.quantity_unit,
        pack_count=str(batch.pack_count or ""),
        producer_lot=batch.producer_lot,
        **{name: str(getattr(batch, name) or "") for name in BatchDates.__slots__},
    )


def _held(session: SessionBase) -> dict[str, Answers]:
    """What the session holds, oldest first. A session written by an earlier release may lack or have other answers."""
    known = {field.name for field in fields(Answers)}
    held = {}
    for key, kept in session.get(IN_SESSION, {}).items():
        told = {name: value for name, value in kept.items() if name in known}
        held[key] = Answers(**{**told, "sites": tuple(told.get("sites", ()))})
    return held


def _number_of(actor: Actor, key: str) -> str:
    """The draft that was written under a key, if it was."""
    answered = AnsweredRequest.objects.filter(identity=actor.identity, key=f"portal:{key}").first()
    return answered.location if answered else ""


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
