"""The life of a protection title: which status may follow which, by whom, on what proof, and when a title stands.

A province mirrors what the national office (CNIPA) decides. A step marked national is entered by the provincial
registrar as a fact with its announcement, date and document hash; no local role has a bare "recognise" button.

Sources: steps of a GI product from CNIPA Order 80 (2023); marks from the Trademark Law (opposition 3 months, Art. 33;
term 10 years, Art. 39). Articles of Order 80 after the seventh were read second-hand, so its two months of opposition
are kept in one named constant.
"""

import re
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from itertools import pairwise

from gi_registry.lib.access import RoleKind
from gi_registry.lib.texts import Refusal, Text
from products.rules.calendar import months_after
from products.rules.words import Confidence, TitleKind
from products.rules.words import TitleStatus as S

OPPOSITION_MONTHS = {TitleKind.GI_PRODUCT: 2, TitleKind.CERTIFICATION_MARK: 3, TitleKind.COLLECTIVE_MARK: 3}
MARKS = (TitleKind.CERTIFICATION_MARK, TitleKind.COLLECTIVE_MARK)
SHA256 = re.compile(r"[0-9a-f]{64}\Z")

# A request to cancel may be made by anybody: it must not end the rights of honest producers before it is decided.
PROVEN = frozenset({S.RECOGNISED, S.CHANGE_PENDING, S.CANCEL_REQUESTED, S.REGISTERED})
# An invalidated mark counts as never having stood.
STOOD_ONCE = frozenset({S.CANCELLED, S.EXPIRED, S.CONVERTED, S.LAPSED})
ENDED = STOOD_ONCE | {S.INVALIDATED}
PUBLIC = PROVEN | ENDED | {S.REPORTED, S.ANNOUNCED_PRELIM, S.OPPOSED, S.PUBLISHED}
CREDIBLE = frozenset({Confidence.HIGH, Confidence.MEDIUM})


class Fact(StrEnum):
    """Facts that a step may have to bring with it. Values are field names of a title, but for NUMBER and REASON."""

    ANNOUNCEMENT_NUMBER = "announcement_number"
    TITLE_NUMBER = "title_number"
    NUMBER = "number"  # either of the two above
    APPLIED_ON = "applied_on"
    PUBLISHED_ON = "published_on"
    RECOGNISED_ON = "recognised_on"
    EXPIRES_ON = "expires_on"
    ENDED_ON = "ended_on"
    DOCUMENT = "document_sha256"
    REASON = "reason"


@dataclass(frozen=True, slots=True)
class TitleFacts:
    """Facts of a title, known or brought by a step. Dates are days in China; the hash is lower-case hex."""

    title_number: str = ""
    announcement_number: str = ""
    applied_on: date | None = None
    published_on: date | None = None
    recognised_on: date | None = None
    expires_on: date | None = None
    ended_on: date | None = None
    document_sha256: str = ""
    reason: str = ""

    def has(self, fact: Fact) -> bool:
        if fact is Fact.NUMBER:
            return bool(self.title_number or self.announcement_number)
        return bool(getattr(self, fact.value))

    def over(self, known: "TitleFacts") -> "TitleFacts":
        """These facts where given, the known ones elsewhere."""
        return TitleFacts(*(getattr(self, f.name) or getattr(known, f.name) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed step: who takes it and what must be brought. ``is_national``: the registrar enters CNIPA's fact."""

    who: frozenset[RoleKind]
    needs: tuple[Fact, ...] = ()
    is_national: bool = False


def _by(*who: RoleKind, needs: tuple[Fact, ...] = ()) -> Step:
    return Step(frozenset(who), needs)


def _national(*needs: Fact) -> Step:
    return Step(frozenset({RoleKind.REGISTRAR}), needs, is_national=True)


_HOLDER = _by(RoleKind.HOLDER)
_REASONED = _by(RoleKind.REGISTRAR, needs=(Fact.REASON,))
_RECOGNITION = _national(Fact.ANNOUNCEMENT_NUMBER, Fact.RECOGNISED_ON, Fact.DOCUMENT)
_DECISION = _national(Fact.DOCUMENT)
_ENDING = _national(Fact.ENDED_ON, Fact.DOCUMENT)
_REFUSAL = _national(Fact.ANNOUNCEMENT_NUMBER, Fact.DOCUMENT, Fact.REASON)

Steps = dict[S, dict[S, Step]]

_PRODUCT: Steps = {
    S.REPORTED: {S.RECOGNISED: _RECOGNITION, S.CANCELLED: _ENDING, S.DISPROVED: _REASONED},
    S.DRAFT: {S.SUBMITTED: _HOLDER, S.WITHDRAWN: _HOLDER},
    S.SUBMITTED: {
        S.PRELIM_OK: _by(RoleKind.REGISTRAR),
        S.RETURNED: _REASONED,
        S.REJECTED: _REASONED,
        S.WITHDRAWN: _HOLDER,
    },
    S.RETURNED: {S.SUBMITTED: _HOLDER, S.WITHDRAWN: _HOLDER},
    S.PRELIM_OK: {S.FORWARDED: _by(RoleKind.REGISTRAR, needs=(Fact.DOCUMENT,)), S.WITHDRAWN: _HOLDER},
    S.FORWARDED: {
        S.ACCEPTED: _DECISION,
        S.CORRECTION: _national(Fact.DOCUMENT, Fact.REASON),
        S.NOT_ACCEPTED: _national(Fact.DOCUMENT, Fact.REASON),
        S.WITHDRAWN: _HOLDER,
    },
    S.CORRECTION: {S.FORWARDED: _by(RoleKind.REGISTRAR, needs=(Fact.DOCUMENT,)), S.WITHDRAWN: _HOLDER},
    S.ACCEPTED: {
        S.ANNOUNCED_PRELIM: _national(Fact.ANNOUNCEMENT_NUMBER, Fact.PUBLISHED_ON, Fact.DOCUMENT),
        S.REFUSED: _REFUSAL,
        S.WITHDRAWN: _HOLDER,
    },
    S.ANNOUNCED_PRELIM: {
        S.OPPOSED: _national(Fact.REASON),
        S.RECOGNISED: _RECOGNITION,
        S.REFUSED: _REFUSAL,
        S.WITHDRAWN: _HOLDER,
    },
    S.OPPOSED: {S.ANNOUNCED_PRELIM: _DECISION, S.REFUSED: _REFUSAL, S.WITHDRAWN: _HOLDER},
    S.RECOGNISED: {
        S.CHANGE_PENDING: _by(RoleKind.HOLDER, RoleKind.REGISTRAR, needs=(Fact.REASON,)),
        S.CANCEL_REQUESTED: _REASONED,
    },
    S.CHANGE_PENDING: {S.RECOGNISED: _national(Fact.ANNOUNCEMENT_NUMBER, Fact.DOCUMENT)},
    S.CANCEL_REQUESTED: {S.RECOGNISED: _national(Fact.DOCUMENT, Fact.REASON), S.CANCELLED: _ENDING},
}

_REGISTRATION = _national(Fact.TITLE_NUMBER, Fact.RECOGNISED_ON, Fact.EXPIRES_ON, Fact.DOCUMENT)
_MARK: Steps = {
    S.REPORTED: {
        S.REGISTERED: _REGISTRATION,
        S.EXPIRED: _ENDING,
        S.CANCELLED: _ENDING,
        S.INVALIDATED: _ENDING,
        S.DISPROVED: _REASONED,
    },
    S.FILED: {
        S.PUBLISHED: _national(Fact.ANNOUNCEMENT_NUMBER, Fact.PUBLISHED_ON, Fact.DOCUMENT),
        S.REFUSED: _national(Fact.DOCUMENT, Fact.REASON),
        S.WITHDRAWN: _HOLDER,
    },
    S.PUBLISHED: {
        S.REGISTERED: _REGISTRATION,
        S.REFUSED: _national(Fact.DOCUMENT, Fact.REASON),
        S.WITHDRAWN: _HOLDER,
    },
    S.REGISTERED: {
        S.REGISTERED: _national(Fact.EXPIRES_ON, Fact.DOCUMENT),  # renewal: a new term on a new document
        S.EXPIRED: _ENDING,
        S.CANCELLED: _ENDING,
        S.INVALIDATED: _ENDING,
    },
}

_OLD_REGISTRATION = _national(Fact.NUMBER, Fact.RECOGNISED_ON, Fact.DOCUMENT)
# No new ones since March 2022: there is no way in but a report of an old certificate.
_AGRO: Steps = {
    S.REPORTED: {
        S.REGISTERED: _OLD_REGISTRATION,
        S.CONVERTED: _ENDING,
        S.LAPSED: _ENDING,
        S.DISPROVED: _REASONED,
    },
    S.REGISTERED: {S.CONVERTED: _ENDING, S.LAPSED: _ENDING},
}
_FOREIGN: Steps = {
    S.REPORTED: {S.REGISTERED: _OLD_REGISTRATION, S.CANCELLED: _ENDING, S.DISPROVED: _REASONED},
    S.FILED: {
        S.REGISTERED: _OLD_REGISTRATION,
        S.REFUSED: _national(Fact.DOCUMENT, Fact.REASON),
        S.WITHDRAWN: _HOLDER,
    },
    S.REGISTERED: {S.EXPIRED: _ENDING, S.CANCELLED: _ENDING},
}

MACHINES: dict[TitleKind, Steps] = {
    TitleKind.GI_PRODUCT: _PRODUCT,
    TitleKind.CERTIFICATION_MARK: _MARK,
    TitleKind.COLLECTIVE_MARK: _MARK,
    TitleKind.AGRO_GI: _AGRO,
    TitleKind.FOREIGN: _FOREIGN,
}
STARTS: dict[TitleKind, frozenset[S]] = {
    TitleKind.GI_PRODUCT: frozenset({S.REPORTED, S.DRAFT}),
    TitleKind.CERTIFICATION_MARK: frozenset({S.REPORTED, S.FILED}),
    TitleKind.COLLECTIVE_MARK: frozenset({S.REPORTED, S.FILED}),
    TitleKind.AGRO_GI: frozenset({S.REPORTED}),
    TitleKind.FOREIGN: frozenset({S.REPORTED, S.FILED}),
}


def step_of(kind: TitleKind, status: S, to: S) -> Step | None:
    """The step from one status to another, or None where the law of that kind knows none."""
    return MACHINES[kind].get(status, {}).get(to)


def start_faults(kind: TitleKind, status: S) -> list[Refusal]:
    """Why a title of this kind cannot begin in this status; empty when it can."""
    if status in STARTS[kind]:
        return []
    allowed = sorted(STARTS[kind])
    text = Text(
        f"{kind.text.zh}只能从以下状态开始：{'、'.join(word.text.zh for word in allowed)}。",
        f"A {kind.text.en.lower()} can only begin as: {', '.join(word.text.en.lower() for word in allowed)}.",
    )
    return [Refusal("title_start", text, "/status")]


def move_faults(kind: TitleKind, status: S, to: S, given: TitleFacts, known: TitleFacts, today: date) -> list[Refusal]:
    """Why a step cannot be taken with these facts; empty when it can. ``given`` comes with the step itself.

    Proof must come with the step: a hash left over from an earlier stage proves that stage only.
    """
    step = step_of(kind, status, to)
    if step is None:
        text = Text(
            f"{kind.text.zh}不能从“{status.text.zh}”变为“{to.text.zh}”。",
            f"A {kind.text.en.lower()} cannot go from “{status.text.en}” to “{to.text.en}”.",
        )
        return [Refusal("title_move", text, "/to")]
    faults = [_missing(fact) for fact in step.needs if not given.has(fact)]
    if given.document_sha256 and not SHA256.match(given.document_sha256):
        text = Text(
            "文件哈希应为 64 位小写十六进制 SHA-256。", "A document hash is 64 lower-case hex digits (SHA-256)."
        )
        faults.append(Refusal("document_sha256_form", text, "/document_sha256"))
    facts = given.over(known)
    return faults + date_faults(facts, today) + _opposition_faults(kind, to, facts)


_NAMES = {
    Fact.ANNOUNCEMENT_NUMBER: Text("公告号", "the announcement number"),
    Fact.TITLE_NUMBER: Text("注册号或证书号", "the registration or certificate number"),
    Fact.NUMBER: Text("公告号或证书号", "the announcement or certificate number"),
    Fact.APPLIED_ON: Text("申请日期", "the date of application"),
    Fact.PUBLISHED_ON: Text("公告日期", "the date of publication"),
    Fact.RECOGNISED_ON: Text("认定或注册日期", "the date of recognition or registration"),
    Fact.EXPIRES_ON: Text("到期日期", "the date of expiry"),
    Fact.ENDED_ON: Text("终止日期", "the date on which it ended"),
    Fact.DOCUMENT: Text("文件的 SHA-256 哈希", "the SHA-256 hash of the document"),
    Fact.REASON: Text("理由", "the reason"),
}


def _missing(fact: Fact) -> Refusal:
    name = _NAMES[fact]
    pointer = "/title_number" if fact is Fact.NUMBER else f"/{fact.value}"
    return Refusal(
        f"missing_{fact.value}", Text(f"此步骤须提供{name.zh}。", f"This step must bring {name.en}."), pointer
    )


_ORDER = (Fact.APPLIED_ON, Fact.PUBLISHED_ON, Fact.RECOGNISED_ON, Fact.ENDED_ON)


def date_faults(facts: TitleFacts, today: date) -> list[Refusal]:
    """Dates in the future or out of order: applied <= published <= recognised <= ended; expiry after recognition."""
    faults = []
    known = [(fact, getattr(facts, fact.value)) for fact in _ORDER if facts.has(fact)]
    for fact, day in known:
        if day > today:
            name = _NAMES[fact]
            text = Text(f"{name.zh}不能晚于今天。", f"{name.en.capitalize()} cannot be later than today.")
            faults.append(Refusal("date_in_future", text, f"/{fact.value}"))
    for (earlier, first), (later, second) in pairwise(known):
        if second < first:
            one, two = _NAMES[earlier], _NAMES[later]
            text = Text(f"{two.zh}不能早于{one.zh}。", f"{two.en.capitalize()} cannot be before {one.en}.")
            faults.append(Refusal("dates_out_of_order", text, f"/{later.value}"))
    if facts.expires_on and facts.recognised_on and facts.expires_on <= facts.recognised_on:
        text = Text("到期日期须晚于注册日期。", "The date of expiry must be after the date of registration.")
        faults.append(Refusal("dates_out_of_order", text, "/expires_on"))
    return faults


def _opposition_faults(kind: TitleKind, to: S, facts: TitleFacts) -> list[Refusal]:
    months = OPPOSITION_MONTHS.get(kind)
    if to not in (S.RECOGNISED, S.REGISTERED) or months is None or not (facts.published_on and facts.recognised_on):
        return []
    ends = months_after(facts.published_on, months)
    if facts.recognised_on >= ends:
        return []
    text = Text(
        f"异议期为公告后 {months} 个月，至 {ends:%Y-%m-%d} 止；认定日期不能早于该日。",
        f"Opposition is open for {months} months, until {ends:%Y-%m-%d}; recognition cannot be dated before that day.",
    )
    return [Refusal("opposition_open", text, "/recognised_on")]


def stands_on(status: S, confidence: Confidence | None, facts: TitleFacts, on: date) -> bool:
    """Whether a title stands (stood) on a day.

    ``reported`` means compiled from public sources and not yet checked by the registrar; with high or medium confidence
    it stands, so that a register compiled from public sources is of use. The day of ending is the first day without it.
    """
    if status in PROVEN or (status is S.REPORTED and confidence in CREDIBLE):
        begun = facts.recognised_on is None or facts.recognised_on <= on
        return begun and (facts.expires_on is None or on <= facts.expires_on)
    if status in STOOD_ONCE and facts.recognised_on and facts.ended_on:
        return facts.recognised_on <= on < facts.ended_on
    return False
