"""The answer to a check: facts as the database gives them, turned into a verdict with what may be told in public.

No query is made here. What is left out is left out on purpose: quantities and pack counts (a competitor would read a
producer's volume from them), sites, people, and the name of a household, for which its sponsor's stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Self

from gi_registry.accounts.rules import OrganisationKind
from gi_registry.lib.clock import CHINA, day_of
from gi_registry.lib.texts import Text
from products.rules import authorisations, titles
from products.rules.authorisations import Spell
from products.rules.titles import TitleFacts
from products.rules.words import Confidence, TitleKind, TitleStatus
from trace.codes.keyring import EpochState
from trace.models.forms import PHOTO_PATH
from trace.rules.batches import BatchState
from trace.rules.copies import PUBLIC_REASONS, Kept, State
from trace.rules.issuances import IssuanceState
from trace.rules.logged import batch_object
from trace.rules.provinces import members
from trace.rules.quantities import QuantityUnit
from trace.rules.typed import Kind, Typed
from trace.rules.verdicts import CheckFacts, UnitFacts, Verdict, decide, grade_of, shows_record
from trace.rules.wording import (
    FOREIGN_HOST,
    KEY_COMPROMISED,
    LOT_NEEDED,
    SEASON_OPENS,
    UNIT_CODE_UNKNOWN,
    UNIT_WORDINGS,
    WORDINGS,
    Wording,
)
from trace.units import Signed

Facts = Mapping[str, Any]
# States whose reason concerns whoever holds the goods.
PUBLIC_REASON = (BatchState.ON_HOLD, BatchState.RECALLED)

_NO_CHECKS = {"count": 0, "first_on": None, "first_province": None}


def _told(words: Wording) -> dict[str, Any]:
    return {
        "title": words.title.as_dict(),
        "statement": words.statement.as_dict(),
        "advice": words.advice.as_dict(),
        "tone": words.tone.value,
        "proves": [text.as_dict() for text in words.proves],
        "does_not_prove": [text.as_dict() for text in words.does_not_prove],
    }


_WORDS = {verdict: _told(words) for verdict, words in WORDINGS.items()}
_WORDS_OF_A_UNIT = {verdict: _told(words) for verdict, words in UNIT_WORDINGS.items()}


@dataclass(frozen=True, slots=True)
class Lot:
    """What is registered of a lot, the same for each of its units, as it stands on a day: ``known`` for the verdict, ``record``
    for anybody to read. Nobody may change them: one may serve many answers."""

    gtin: str
    known: CheckFacts
    record: Mapping[str, Any]

    @classmethod
    def of(cls, facts: Facts, today: date, public_url: str) -> Self:
        known = _known(facts, today)
        return cls(facts["form"]["gtin"], known, _record(facts, known, today, public_url))


@dataclass(frozen=True, slots=True)
class Found:
    """A lot, one unit of it where one was asked about, and how often the lot was checked."""

    lot: Lot
    checks: Facts
    unit: Facts | None = None

    @property
    def known(self) -> CheckFacts:
        unit = _unit_facts(self.unit) if self.unit else None
        return replace(self.lot.known, checks=self.checks["count"], unit=unit)


def is_issued(typed: Typed, found: Found | None, unit: Signed | None = None) -> bool:
    """Whether what was typed was ever issued under the lot that was found: a signed code may be of an issuance never made,
    of another key, or beyond the count; and a GS1 link may name a GTIN that is not that of the lot."""
    if found is None or (typed.gtin and found.lot.gtin != typed.gtin):
        return False
    if not typed.code:
        return True
    made = found.unit
    return bool(
        made
        and unit
        and made["state"] != IssuanceState.PREPARING
        and made["epoch"] == unit.epoch.name
        and unit.index < made["count"]
    )


def answer_of(
    typed: Typed, found: Found | None, *, now: datetime, our_host: str, public_url: str, unit: Signed | None = None
) -> dict[str, Any]:
    """The answer to a check, the same keys for every verdict. ``found``: something that ``is_issued``, or None; ``unit`` whose
    key signed the code.

    A unit code without its lot is answered as mistyped, with a note that says what is lacking.
    """
    known = found.known if found else None
    verdict = decide(known, is_well_formed=typed.is_well_formed and not typed.lacks_lot, today=day_of(now))
    told = {**found.lot.record, **_of_unit(found)} if found and shows_record(verdict) else _NO_RECORD
    return {
        "verdict": verdict.value,
        **_words(verdict, known),
        "grade": grade_of(known),
        "kind": typed.kind.value,
        "lot": typed.lot or None,
        "code": typed.code or None,
        "url": _url(typed, public_url) if verdict is not Verdict.MISTYPED else None,
        **told,
        "notes": list(_notes(typed, our_host, verdict, told["season"], unit)),
        "as_of": _instant(now),
    }


def _words(verdict: Verdict, known: CheckFacts | None) -> dict[str, Any]:
    """Those of the batch for whatever is the matter with all of it, though one unit of it was asked about."""
    if known is None or known.unit is None:
        return _WORDS[verdict]
    is_of_batch = (verdict is Verdict.UNDER_REVIEW and known.is_under_review) or (
        verdict is Verdict.NOT_ACTIVATED and known.state is BatchState.REGISTERED
    )
    return (_WORDS if is_of_batch else _WORDS_OF_A_UNIT)[verdict]


def _url(typed: Typed, public_url: str) -> str | None:
    """The link that was asked about, as it is printed."""
    if not typed.lot:
        return None
    return f"{public_url}/c/{typed.lot}/{typed.code}" if typed.code else f"{public_url}/c/{typed.lot}"


def unavailable(typed: Typed, *, now: datetime) -> dict[str, Any]:
    """The answer when the register cannot be asked: ours is the fault, and nothing is said of the goods."""
    return {
        "verdict": Verdict.UNAVAILABLE.value,
        **_WORDS[Verdict.UNAVAILABLE],
        "grade": None,
        "kind": typed.kind.value,
        "lot": typed.lot or None,
        "code": typed.code or None,
        "url": None,
        **_NO_RECORD,
        "notes": [],
        "as_of": _instant(now),
    }


def example(verdict: Verdict, *, now: datetime) -> dict[str, Any]:
    """The words of a verdict without any record, for the page that shows them."""
    empty = unavailable(Typed(Kind.BATCH, "", is_well_formed=True), now=now)
    return {**empty, "verdict": verdict.value, **_WORDS[verdict], "is_example": True}


def _known(facts: Facts, today: date) -> CheckFacts:
    """What the verdict asks of a lot."""
    batch, season = facts["batch"], facts["season"]
    return CheckFacts(
        state=BatchState(batch["state"]),
        was_registered=batch["registered_at"] is not None,
        was_authorised_at_production=_was_authorised(facts, date.fromisoformat(batch["produced_on"])),
        is_authorised_now=_was_authorised(facts, today),
        is_under_review=batch["review_opened_at"] is not None,
        season_opens_on=_day(season["opens_on"]) if season else None,
        best_before_on=_day(batch["best_before_on"]),
        checks=0,
        pack_count=batch["pack_count"],
    )


def _unit_facts(unit: Facts) -> UnitFacts:
    kept: Kept = unit["kept"]
    return UnitFacts(
        is_withdrawn=unit["is_withdrawn"] or unit["state"] == IssuanceState.VOID,
        is_activated=unit["is_activated"],
        checks=kept.state.count,
        grade=kept.judged.grade,
    )


def _was_authorised(facts: Facts, on: date) -> bool:
    """Whether authorisation and title both stood on a day, by the rules of the register."""
    held = facts["authorisation"]
    spells = [Spell(date.fromisoformat(begun), _day(ended)) for begun, ended in facts["spells"]]
    if not authorisations.stands_on(spells, _day(held["valid_until"]), on):
        return False
    return any(_title_stands(title, on) for title in facts["titles"] if title["id"] == held["title_id"])


def _title_stands(title: Facts, on: date) -> bool:
    facts = TitleFacts(
        recognised_on=_day(title["recognised_on"]),
        expires_on=_day(title["expires_on"]),
        ended_on=_day(title["ended_on"]),
    )
    return titles.stands_on(TitleStatus(title["status"]), Confidence(title["confidence"]), facts, on)


def _instant(now: datetime) -> str:
    return now.astimezone(CHINA).isoformat(timespec="seconds")


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _notes(typed: Typed, our_host: str, verdict: Verdict, season: Facts | None, unit: Signed | None) -> Any:
    if typed.host and typed.host != our_host:
        yield _note("foreign_host", FOREIGN_HOST.format(host=typed.host))
    if typed.code and typed.lot and verdict is Verdict.NOT_ISSUED:
        yield _note("unit_code_unknown", UNIT_CODE_UNKNOWN)
    if typed.lacks_lot and typed.is_well_formed:
        yield _note("lot_needed", LOT_NEEDED)
    if unit and shows_record(verdict) and unit.epoch.state is EpochState.COMPROMISED:
        yield _note("key_compromised", KEY_COMPROMISED)
    if season and verdict is Verdict.OUT_OF_SEASON:
        yield _note("season_opens", SEASON_OPENS.format(name=season["name"], day=season["opens_on"]))


def _note(code: str, text: Text) -> dict[str, str]:
    return {"code": code, **text.as_dict()}


_NO_RECORD: dict[str, Any] = {
    "indication": None,
    "producer": None,
    "product": None,
    "batch": None,
    "region": None,
    "authorisation": None,
    "specification": None,
    "season": None,
    "log": None,
    "checks": _NO_CHECKS,
    "unit": None,
}


def _record(facts: Facts, known: CheckFacts, today: date, public_url: str) -> dict[str, Any]:
    """The registered facts that anybody may read."""
    region = facts["region"]
    return {
        "indication": _indication(facts, today),
        "producer": _producer(facts),
        "product": _product(facts["form"], facts["photo"], public_url),
        "batch": _batch(facts["batch"]),
        "region": region and {**_named(region), "number": region["number"], "slug": region["slug"]},
        "authorisation": _authorisation(facts["authorisation"], known),
        "specification": facts["specification"] and _specification(facts["specification"], facts["standards"]),
        "season": facts["season"],
        "log": _logged(facts, public_url),
    }


def _logged(facts: Facts, public_url: str) -> dict[str, Any] | None:
    """Where the open log tells of the lot; None until it does."""
    if (entry := facts["entry"]) is None:
        return None
    name, log = batch_object(facts["batch"]["number"]), f"{public_url}/log"
    return {"object": name, "entry": entry, "proof": f"{log}/proof/{entry}", "history": f"{log}/objects/{name}/"}


def _of_unit(found: Found) -> dict[str, Any]:
    """How often what was asked about was checked, and what anybody may read of one unit. Reasons that would teach a copier
    what gives him away are left out."""
    if not found.unit:
        return {"checks": found.checks, "unit": None}
    kept: Kept = found.unit["kept"]
    state: State = kept.state
    seen_in = members(state.first_province)
    reasons = [reason for reason in kept.judged.reasons if reason in PUBLIC_REASONS]
    return {
        "checks": {
            "count": state.count,
            "first_on": _iso(state.first_on),
            "first_province": seen_in[0].name.zh if seen_in else None,
        },
        "unit": {
            "reasons": [{"code": reason.value, **reason.text.as_dict()} for reason in reasons],
            "has_pin": found.unit["has_pin"],
            "opened_on": _iso(state.opened_on),
        },
    }


def _named(thing: Facts) -> dict[str, str]:
    return {"name": thing["name_zh"], "name_en": thing["name_en"]}


def _indication(facts: Facts, today: date) -> dict[str, Any]:
    indication = facts["indication"]
    told = [
        {
            "number": title["title_number"] or None,
            "announcement_number": title["announcement_number"] or None,
            "kind": title["kind"],
            "kind_name": TitleKind(title["kind"]).text.as_dict(),
            "status": title["status"],
            "status_name": TitleStatus(title["status"]).text.as_dict(),
            "recognised_on": title["recognised_on"],
            "stands": _title_stands(title, today),
            "is_ground": title["id"] == facts["authorisation"]["title_id"],
        }
        for title in facts["titles"]
        if TitleStatus(title["status"]) in titles.PUBLIC
    ]
    return {"slug": indication["slug"], **_named(indication), "category": indication["category"], "titles": told}


def _producer(facts: Facts) -> dict[str, Any]:
    """A household is told by the body that vouches for it, whose credit code the mark carries."""
    producer, maker, division = facts["producer"], facts["organisation"], facts["division"]
    is_household = maker["kind"] == OrganisationKind.HOUSEHOLD
    shown = facts["sponsor"] if is_household else maker
    return {
        **(_named(shown) if shown else {"name": None, "name_en": None}),
        "uscc": shown and shown["uscc"],
        "number": producer["number"] if producer["is_public"] and not is_household else None,
        "is_household": is_household,
        "county": {"code": division["code"], **_named(division)},
        "is_demo": maker["is_demo"],
    }


def _product(form: Facts, photo: Facts | None, public_url: str) -> dict[str, Any]:
    size = photo and {"width": photo["width"], "height": photo["height"]}
    return {
        **_named(form),
        "net_content": _plain(form["net_content"]),
        "net_content_unit": form["net_content_unit"],
        "net_content_text": QuantityUnit(form["net_content_unit"]).text.as_dict(),
        "packing": form["packing"],
        "gtin": form["gtin"],
        "photo": photo and {"url": f"{public_url}{PHOTO_PATH.format(photo['digest'])}", **size},
    }


def _plain(number: str) -> str:
    """``500.000`` as people write it: ``500``."""
    return number.rstrip("0").rstrip(".") if "." in number else number


def _batch(batch: Facts) -> dict[str, Any]:
    state = BatchState(batch["state"])
    days = ("harvested_on", "produced_from", "produced_on", "packed_on", "best_before_on")
    return {
        "number": batch["number"],
        "state": state.value,
        "state_reason": batch["state_reason"] or None if state in PUBLIC_REASON else None,
        "producer_lot": batch["producer_lot"] or None,
        **{day: batch[day] for day in days},
        "registered_at": batch["registered_at"],
        "released_at": batch["released_at"],
    }


def _authorisation(held: Facts, known: CheckFacts) -> dict[str, Any]:
    return {
        "number": held["number"],
        "approval_reference": held["approval_reference"] or None,
        "stood_at_production": known.was_authorised_at_production,
        "stands_now": known.is_authorised_now,
        "valid_until": held["valid_until"],
        "ended_on": held["ended_on"],
    }


def _specification(version: Facts, standards: list[str]) -> dict[str, Any]:
    return {
        "number": version["number"],
        "name": version["label_zh"],
        "name_en": version["label_en"],
        "standards": standards,
    }
