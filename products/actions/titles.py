"""Entering titles and moving them along their machine."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from gi_registry.lib import clock
from gi_registry.lib.access import NOT_YOUR_ROLE, Actor, Denied, RoleKind
from gi_registry.lib.history import remember
from gi_registry.lib.problems import Forbidden, Refused
from gi_registry.lib.texts import Refusal, Text
from products import policy
from products.actions.logged import log_title
from products.actions.rows import locked, locked_as_read, only_if, save, stop
from products.models import Holder, Indication, Title
from products.rules import titles
from products.rules.titles import TitleFacts
from products.rules.words import Confidence, TitleKind, TitleStatus
from regions.models import Region

_CONFLICTS = frozenset({"title_move", "opposition_open"})
_TAKEN = Refusal(
    "title_number_taken",
    Text("该编号已登记在同类的另一保护形式下。", "Another title of this kind bears this number."),
    "/title_number",
)


def _columns(facts: TitleFacts) -> dict[str, Any]:
    return {name: value for name, value in asdict(facts).items() if name != "reason"}


@transaction.atomic
def open_title(
    *,
    indication: Indication,
    kind: TitleKind,
    status: TitleStatus,
    actor: Actor,
    now: datetime,
    facts: TitleFacts | None = None,
    holder: Holder | None = None,
    region: Region | None = None,
    confidence: Confidence = Confidence.LOW,
    recognised_text: str = "",
    source_note_zh: str = "",
    source_note_en: str = "",
    reason: str = "",
) -> Title:
    """Enter a title where its kind may begin: a draft, a filing, or a report of one that is older than this register.

    The registrar enters any; a holder drafts or files for itself. Raises Forbidden, Invalid, Refused (number taken).
    """
    facts = facts or TitleFacts()
    only_if(policy.may_open_title(actor))
    is_registrar = actor.watches(indication.main_division_code, RoleKind.REGISTRAR)
    is_own = holder is not None and holder.organisation_id in actor.organisation_ids(RoleKind.HOLDER)
    if not is_registrar and not (is_own and status is not TitleStatus.REPORTED):
        raise Forbidden(NOT_YOUR_ROLE)
    stop(titles.start_faults(kind, status) + titles.date_faults(facts, clock.day_of(now)))
    try:
        with remember(actor, reason or facts.reason), transaction.atomic():
            title = Title.objects.create(
                indication=indication,
                kind=kind.value,
                status=status.value,
                holder=holder,
                region=region,
                confidence=confidence.value,
                recognised_text=recognised_text,
                source_note_zh=source_note_zh,
                source_note_en=source_note_en,
                created_at=now,
                updated_at=now,
                **_columns(facts),
            )
    except IntegrityError as error:
        raise Refused(_TAKEN) from error
    log_title(title, actor=actor, now=now, reason=reason or facts.reason)
    return title


@transaction.atomic
def move_title(*, title: Title, to: TitleStatus, actor: Actor, now: datetime, given: TitleFacts | None = None) -> Title:
    """Take one step with the facts it brings (``given.reason`` among them).

    Raises Forbidden for a step of somebody else, Invalid for missing or impossible facts, Refused where no such step
    exists from the present status, or opposition is still open.
    """
    given = given or TitleFacts()
    row = locked(title, "indication", "holder", "region")
    kind, status = TitleKind(row.kind), TitleStatus(row.status)
    roles = policy.title_roles(actor, row)
    only_if(policy.may_move_title(actor, row))
    step = titles.step_of(kind, status, to)
    if step and not roles & step.who:
        raise Forbidden(_not_yours(step.who))
    stop(titles.move_faults(kind, status, to, given, row.facts, clock.day_of(now)), _CONFLICTS)
    try:
        with remember(actor, given.reason), transaction.atomic():
            save(row, now, status=to.value, **_columns(given.over(row.facts)))
    except IntegrityError as error:
        raise Refused(_TAKEN) from error
    log_title(row, actor=actor, now=now, reason=given.reason)
    return row


def _not_yours(who: frozenset[RoleKind]) -> Denied:
    """Whose step it is."""
    zh = "、".join(kind.text.zh for kind in sorted(who))
    en = ", ".join(kind.text.en.lower() for kind in sorted(who))
    return Denied("not_your_step", Text(f"这一步须由以下角色完成：{zh}。", f"This step is taken by: {en}."))


@transaction.atomic
def update_title(*, title: Title, changes: dict[str, Any], actor: Actor, now: datetime, reason: str = "") -> Title:
    """Correct what rests on no announcement: holder, region, confidence, notes. The rest changes by steps alone."""
    row = locked_as_read(title, "indication", "holder", "region")
    with remember(actor, reason):
        save(row, now, **changes)
    return row
