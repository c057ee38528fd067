"""The life of an authorisation to use the special mark: its steps, who takes them on what ground, and when it stands.

A refusal must name the criterion that failed: a certification-mark holder has to admit everybody whose goods meet the
conditions (Trademark Law Implementing Regulations, Art. 4). Two years without use end the right to the mark (CNIPA's
trial measures of 2020 on the special mark); the clock warns at 18 months and proposes at 24, and a person decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gi_registry.lib.access import RoleKind
from gi_registry.lib.texts import Refusal, Text
from products.rules.calendar import months_after
from products.rules.documents import missing_from
from products.rules.words import AuthorisationState as A
from products.rules.words import DocumentKind

WARN_AFTER_MONTHS = 18
STOP_AFTER_MONTHS = 24
MAX_SITES = 200

STANDING = frozenset({A.ACTIVE, A.RECTIFYING, A.DORMANT_WARNING})
OPEN = STANDING | {A.DRAFT, A.SUBMITTED, A.RETURNED, A.ORIGIN_CHECKED, A.PROV_OK, A.SUSPENDED}
EDITABLE = frozenset({A.DRAFT, A.RETURNED})
ENDED = frozenset({A.STOPPED, A.REVOKED, A.EXPIRED})
PUBLIC = STANDING | ENDED | {A.SUSPENDED}


class Need(StrEnum):
    """What a step must bring. Values are the names of input fields."""

    REASON = "reason"
    APPROVAL_REFERENCE = "approval_reference"
    VALID_FROM = "valid_from"
    CRITERION = "refusal_criterion"
    DEADLINE = "deadline_on"


@dataclass(frozen=True, slots=True)
class Step:
    who: frozenset[RoleKind]
    needs: tuple[Need, ...] = ()
    is_by_clock: bool = False  # proposed or taken by the daily command


def _by(*who: RoleKind, needs: tuple[Need, ...] = ()) -> Step:
    return Step(frozenset(who), needs)


# An upper level sees every clock of the lower one and may take over.
_COUNTY = (RoleKind.COUNTY_REGULATOR, RoleKind.CITY_REGULATOR, RoleKind.REGISTRAR)
_PROVINCE = RoleKind.REGISTRAR
_APPLY = _by(RoleKind.PRODUCER)
_WITHDRAW = _by(RoleKind.PRODUCER)
_EXPIRE = Step(frozenset({_PROVINCE}), (Need.REASON,), is_by_clock=True)
_SUSPEND = _by(RoleKind.HOLDER, _PROVINCE, needs=(Need.REASON,))

MACHINE: dict[A, dict[A, Step]] = {
    A.DRAFT: {A.SUBMITTED: _APPLY, A.WITHDRAWN: _WITHDRAW},
    A.SUBMITTED: {
        A.ORIGIN_CHECKED: _by(*_COUNTY, needs=(Need.REASON,)),
        A.RETURNED: _by(*_COUNTY, needs=(Need.REASON,)),
        A.WITHDRAWN: _WITHDRAW,
    },
    A.RETURNED: {A.SUBMITTED: _APPLY, A.WITHDRAWN: _WITHDRAW},
    A.ORIGIN_CHECKED: {
        A.PROV_OK: _by(_PROVINCE),
        A.REFUSED: _by(_PROVINCE, needs=(Need.CRITERION, Need.REASON)),
        A.WITHDRAWN: _WITHDRAW,
    },
    A.PROV_OK: {A.ACTIVE: _by(_PROVINCE, needs=(Need.APPROVAL_REFERENCE, Need.VALID_FROM)), A.WITHDRAWN: _WITHDRAW},
    A.ACTIVE: {
        A.RECTIFYING: _by(*_COUNTY, needs=(Need.REASON, Need.DEADLINE)),
        A.DORMANT_WARNING: Step(frozenset({_PROVINCE}), (Need.REASON,), is_by_clock=True),
        A.SUSPENDED: _SUSPEND,
        A.EXPIRED: _EXPIRE,
    },
    A.RECTIFYING: {
        A.ACTIVE: _by(*_COUNTY, needs=(Need.REASON,)),
        A.STOPPED: _by(_PROVINCE, needs=(Need.REASON,)),
        A.SUSPENDED: _SUSPEND,
        A.EXPIRED: _EXPIRE,
    },
    A.DORMANT_WARNING: {
        A.ACTIVE: Step(frozenset({_PROVINCE}), (Need.REASON,), is_by_clock=True),  # used again
        A.STOPPED: _by(_PROVINCE, needs=(Need.REASON,)),
        A.SUSPENDED: _SUSPEND,
        A.EXPIRED: _EXPIRE,
    },
    A.SUSPENDED: {
        A.ACTIVE: _by(RoleKind.HOLDER, _PROVINCE, needs=(Need.REASON,)),
        A.REVOKED: _by(_PROVINCE, needs=(Need.REASON,)),
        A.EXPIRED: _EXPIRE,
    },
}


@dataclass(frozen=True, slots=True)
class Given:
    """What came with a step."""

    reason: str = ""
    approval_reference: str = ""
    refusal_criterion: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    deadline_on: date | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """What a step stands on, read from the database by the caller.

    ``documents`` are the kinds that are there. ``site_count`` counts the sites applied with, ``eligible_count`` those of them
    that are active and not outside the title's region. ``dormant_since`` is the last day of use, or the first day of validity
    where there was none.
    """

    title_stands: bool = True
    title_expires_on: date | None = None
    site_count: int = 0
    documents: frozenset[DocumentKind] = frozenset()
    eligible_count: int = 0
    valid_until: date | None = None
    dormant_since: date | None = None
    deadline_on: date | None = None
    was_suspended_by_registrar: bool = False


def step_of(state: A, to: A) -> Step | None:
    return MACHINE.get(state, {}).get(to)


def move_faults(
    state: A, to: A, given: Given, ground: Ground, today: date, by: frozenset[RoleKind] = frozenset()
) -> list[Refusal]:
    """Why a step cannot be taken; empty when it can. ``by``: the roles in which the actor may take this step."""
    step = step_of(state, to)
    if step is None:
        text = Text(
            f"核准不能从“{state.text.zh}”变为“{to.text.zh}”。",
            f"An authorisation cannot go from “{state.text.en}” to “{to.text.en}”.",
        )
        return [Refusal("authorisation_move", text, "/to")]
    faults = [_missing(need) for need in step.needs if not getattr(given, need.value)]
    guard = _GUARDS.get((state, to)) or _GUARDS.get(to)
    return faults + (guard(given, ground, today, by) if guard else [])


_MISSING = {
    Need.REASON: Text("请写明理由。", "Give the reason."),
    Need.APPROVAL_REFERENCE: Text("请填写核准公告号或授权文号。", "Give the announcement or delegation reference."),
    Need.VALID_FROM: Text("请填写生效日期。", "Give the first day of validity."),
    Need.CRITERION: Text("不予核准须写明未满足的条件。", "A refusal must name the criterion that failed."),
    Need.DEADLINE: Text("请填写整改期限。", "Give the deadline for rectification."),
}


def _missing(need: Need) -> Refusal:
    return Refusal(f"missing_{need.value}", _MISSING[need], f"/{need.value}")


_NO_SITE = Refusal("no_site", Text("申请须至少列出一处生产场地。", "List at least one production site."), "/sites")
_NOT_ELIGIBLE = Refusal(
    "no_eligible_site",
    Text("没有一处场地是有效且不在产地范围之外的。", "None of the sites is active and not outside the region."),
    "/sites",
)
_TITLE = Refusal(
    "title_does_not_stand", Text("该保护形式目前不具效力。", "The protection title does not stand."), "/title"
)


def _submission(given: Given, ground: Ground, today: date, by: frozenset[RoleKind]) -> list[Refusal]:
    faults = [*([] if ground.site_count else [_NO_SITE]), *missing_from(ground.documents)]
    return faults if ground.title_stands else [*faults, _TITLE]


def _activation(given: Given, ground: Ground, today: date, by: frozenset[RoleKind]) -> list[Refusal]:
    faults = _standing(ground)
    until = given.valid_until
    if given.valid_from and until and until < given.valid_from:
        text = Text("有效期止不能早于有效期起。", "The last day of validity cannot be before the first.")
        faults.append(Refusal("dates_out_of_order", text, "/valid_until"))
    if ground.title_expires_on and (until is None or until > ground.title_expires_on):
        text = Text(
            f"有效期不得超过保护形式的到期日 {ground.title_expires_on:%Y-%m-%d}。",
            f"Validity cannot outlast the title, which expires on {ground.title_expires_on:%Y-%m-%d}.",
        )
        faults.append(Refusal("outlasts_title", text, "/valid_until"))
    return faults


def _standing(ground: Ground) -> list[Refusal]:
    faults = [] if ground.title_stands else [_TITLE]
    return faults if ground.eligible_count else [*faults, _NOT_ELIGIBLE]


def _return_to_active(given: Given, ground: Ground, today: date, by: frozenset[RoleKind]) -> list[Refusal]:
    return _standing(ground)


def _reinstatement(given: Given, ground: Ground, today: date, by: frozenset[RoleKind]) -> list[Refusal]:
    """A holder may lift its own interim suspension, never the registrar's."""
    faults = _standing(ground)
    if ground.was_suspended_by_registrar and RoleKind.REGISTRAR not in by:
        text = Text("登记机构作出的暂停只能由登记机构解除。", "Only the registrar lifts what the registrar suspended.")
        faults.append(Refusal("suspended_by_registrar", text, "/to"))
    return faults


def _rectification(given: Given, ground: Ground, today: date, by: frozenset[RoleKind]) -> list[Refusal]:
    if given.deadline_on is None or given.deadline_on > today:
        return []
    return [Refusal("deadline_past", Text("整改期限须晚于今天。", "The deadline must be after today."), "/deadline_on")]


def _missed_deadline(given: Given, ground: Ground, today: date, by: frozenset[RoleKind]) -> list[Refusal]:
    if ground.deadline_on and today > ground.deadline_on:
        return []
    text = Text("整改期限尚未届满。", "The deadline for rectification has not passed.")
    return [Refusal("deadline_open", text, "/to")]


def _dormancy(months: int):
    def guard(given: Given, ground: Ground, today: date, by: frozenset[RoleKind]) -> list[Refusal]:
        if ground.dormant_since and months_after(ground.dormant_since, months) <= today:
            return []
        text = Text(f"连续未使用尚未满 {months} 个月。", f"It has not gone unused for {months} months.")
        return [Refusal("not_dormant", text, "/to")]

    return guard


def _expiry(given: Given, ground: Ground, today: date, by: frozenset[RoleKind]) -> list[Refusal]:
    if (ground.valid_until and ground.valid_until < today) or not ground.title_stands:
        return []
    text = Text("有效期未满，且保护形式仍具效力。", "Validity has not run out and the title still stands.")
    return [Refusal("not_expired", text, "/to")]


_GUARDS = {
    A.SUBMITTED: _submission,
    (A.PROV_OK, A.ACTIVE): _activation,
    (A.RECTIFYING, A.ACTIVE): _return_to_active,
    (A.SUSPENDED, A.ACTIVE): _reinstatement,
    A.RECTIFYING: _rectification,
    (A.RECTIFYING, A.STOPPED): _missed_deadline,
    A.DORMANT_WARNING: _dormancy(WARN_AFTER_MONTHS),
    (A.DORMANT_WARNING, A.STOPPED): _dormancy(STOP_AFTER_MONTHS),
    A.EXPIRED: _expiry,
}


# --- standing ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of days on which an authorisation stood: from ``begun`` up to, not including, ``ended``."""

    begun: date
    ended: date | None = None

    def holds(self, on: date) -> bool:
        return self.begun <= on and (self.ended is None or on < self.ended)


def spells_after(spells: Sequence[Spell], state: A, to: A, valid_from: date | None, today: date) -> list[Spell]:
    """The spells after a step: one opens when it begins to stand, the open one closes when it stops standing.

    A first activation may reach back to an earlier day of validity (the announcement is entered late); coming back from
    a suspension never does, or goods made meanwhile would be whitewashed.
    """
    stands, will_stand = state in STANDING, to in STANDING
    if will_stand and not stands:
        begun = valid_from if state is A.PROV_OK and valid_from else today
        return [*spells, Spell(begun)]
    if stands and not will_stand and spells and spells[-1].ended is None:
        last = spells[-1]
        closed = [] if last.begun >= today else [Spell(last.begun, today)]
        return [*spells[:-1], *closed]
    return list(spells)


def stands_on(spells: Sequence[Spell], valid_until: date | None, on: date) -> bool:
    """Whether the authorisation itself stood on a day; that its title stood too is for the caller to ask."""
    return (valid_until is None or on <= valid_until) and any(spell.holds(on) for spell in spells)


# --- the dormant clock -------------------------------------------------------------------------------------------


class Dormancy(StrEnum):
    USED = "used"
    WARN = "warn"
    STOP = "stop"


def dormancy(last_used_on: date | None, valid_from: date, today: date) -> Dormancy:
    """What the clock of non-use says today: counted from the last use, or from the first day of validity."""
    since = max(last_used_on, valid_from) if last_used_on else valid_from
    if months_after(since, STOP_AFTER_MONTHS) <= today:
        return Dormancy.STOP
    if months_after(since, WARN_AFTER_MONTHS) <= today:
        return Dormancy.WARN
    return Dormancy.USED
