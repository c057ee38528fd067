"""Drafting versions of a specification and giving them effect."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.history import remember
from gi_registry.lib.problems import Refused
from gi_registry.lib.texts import Refusal, Text
from products import policy
from products.actions.logged import log_specifications
from products.actions.requirements import (
    check_rules,
    put_rules,
    rows_of_rules,
    rule_refusals,
    rules_as_sent,
    uncheck_rules,
    unchecked_rules,
)
from products.actions.rows import locked, locked_as_read, only_if, save, stop
from products.models import SpecificationFact, SpecificationVersion, Title
from products.rules import specifications
from products.rules.specifications import MAX_FACTS, Effective, FactValue
from products.rules.words import FactOperator, SpecificationStatus, TransitionRule, Unit

_CONFLICTS = frozenset({"specification_move", "own_draft", "rules_unchecked", "not_yet_effective", "not_superseded"})
_DRAFTING = (SpecificationStatus.DRAFT, SpecificationStatus.REVIEWED)
_OVERLAP = Refusal(
    "specification_overlap",
    Text("生效期与该保护形式的另一版本重叠。", "Its days of effect overlap another version of the title."),
    "/effective_from",
)
FACT_COLUMNS = ("key", "label_zh", "label_en", "operator", "low", "high", "text", "text_en", "unit", "clause", "zone")
_NOT_DRAFT = Refusal(
    "not_a_draft",
    Text(
        "只有草稿可以修改；已公告的内容须以新版本更正。",
        "Only a draft is edited; correct an announced one by a new version.",
    ),
)


def _range(begins: date | None, ends: date | None) -> DateRange:
    return DateRange(begins, ends, "[)")


def _fact_faults(facts: Sequence[dict[str, Any]]) -> list[Refusal]:
    if len(facts) > MAX_FACTS:
        text = Text(f"条目不能超过 {MAX_FACTS} 条。", f"There can be at most {MAX_FACTS} facts.")
        return [Refusal("too_many_facts", text, "/facts")]
    faults, seen = [], set()
    for place, fact in enumerate(facts):
        value = FactValue(
            FactOperator(fact["operator"]),
            fact.get("low"),
            fact.get("high"),
            fact.get("text", ""),
            Unit(fact.get("unit") or Unit.NONE),
        )
        faults += specifications.fact_faults(value, f"/facts/{place}")
        name = (fact["key"], fact.get("zone", ""))
        if name in seen:
            text = Text("同一分区内指标重复。", "This fact is given twice for the same zone.")
            faults.append(Refusal("fact_repeated", text, f"/facts/{place}/key"))
        seen.add(name)
    return faults


@dataclass
class _Content:
    """The facts and rules of a version as sent, held together: a rule may rest on a fact."""

    facts: Sequence[dict[str, Any]]
    rules: Sequence[dict[str, Any]]

    def __post_init__(self) -> None:
        self.rows = rows_of_rules(self.rules, self.facts)

    def faults(self) -> list[Refusal]:
        return _fact_faults(self.facts) or rule_refusals(self.rules, self.rows)

    def put(self, version: SpecificationVersion, actor: Actor, now: datetime) -> None:
        before = list(version.rules.select_related("fact"))
        version.rules.all().delete()
        version.facts.all().delete()
        SpecificationFact.objects.bulk_create(SpecificationFact(specification=version, **fact) for fact in self.facts)
        put_rules(version, self.rows, before, actor=actor, now=now)


def content_of(version: SpecificationVersion) -> dict[str, Any]:
    """What a version demands, in the shape in which another is drafted: ``facts`` and ``rules``."""
    return {"facts": _facts_as_sent(version), "rules": rules_as_sent(version)}


def _facts_as_sent(version: SpecificationVersion) -> list[dict[str, Any]]:
    return list(version.facts.order_by("pk").values(*FACT_COLUMNS))


@transaction.atomic
def draft_specification(
    *,
    title: Title,
    label_zh: str,
    actor: Actor,
    now: datetime,
    status: SpecificationStatus = SpecificationStatus.DRAFT,
    effective_from: date | None = None,
    effective_until: date | None = None,
    transition_rule: TransitionRule = TransitionRule.PRODUCTION_START,
    facts: Sequence[dict[str, Any]] = (),
    rules: Sequence[dict[str, Any]] = (),
    reason: str = "",
    **more: Any,
) -> SpecificationVersion:
    """Write a version: a draft, or ``reported`` for one compiled from public sources (which applies on its days at once).

    ``effective_until`` is the first day without it. ``more``: label_en, note_zh, note_en, standards, document_sha256.
    """
    only_if(policy.may_draft_specification(actor, title))
    content = _Content(facts, rules)
    stop(content.faults() + specifications.date_faults(Effective(effective_from, effective_until)))
    try:
        with remember(actor, reason), transaction.atomic():
            version = SpecificationVersion.objects.create(
                title=title,
                label_zh=label_zh,
                status=status.value,
                effective=_range(effective_from, effective_until),
                transition_rule=transition_rule.value,
                drafted_by_id=actor.user_id,
                created_at=now,
                updated_at=now,
                **more,
            )
            content.put(version, actor, now)
    except IntegrityError as error:
        raise Refused(_OVERLAP) from error
    log_specifications([version], actor=actor, now=now, reason=reason)
    return version


@transaction.atomic
def redraft_specification(
    *, specification: SpecificationVersion, changes: dict[str, Any], actor: Actor, now: datetime, reason: str = ""
) -> SpecificationVersion:
    """Edit a draft. ``changes``: columns, ``effective_from``/``effective_until``, and ``facts`` or ``rules`` to replace them
    all. A rule that stays as it was keeps who entered it."""
    row = locked_as_read(specification, "title__indication", "title__holder")
    only_if(policy.may_draft_specification(actor, row))
    if row.status != SpecificationStatus.DRAFT:
        raise Refused(_NOT_DRAFT)
    facts, rules = changes.pop("facts", None), changes.pop("rules", None)
    is_kept = facts is None and rules is None
    content = _Content(
        facts=_facts_as_sent(row) if facts is None else facts, rules=rules_as_sent(row) if rules is None else rules
    )
    begins = changes.pop("effective_from", row.days.begins)
    ends = changes.pop("effective_until", row.days.ends)
    stop([] if is_kept else content.faults())
    stop(specifications.date_faults(Effective(begins, ends)))
    with remember(actor, reason):
        # Whoever touches the text last is its author: the reviewer must be another person.
        save(row, now, effective=_range(begins, ends), drafted_by_id=actor.user_id, **changes)
        if not is_kept:
            content.put(row, actor, now)
    return row


@transaction.atomic
def enter_reported_rules(
    *,
    specification: SpecificationVersion,
    rules: Sequence[dict[str, Any]],
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> SpecificationVersion:
    """Give rules to a version that was compiled from public sources and has none. Refused when it has, or is no report."""
    row = locked(specification, "title__indication")
    only_if(policy.may_keep_register(actor, row))
    if row.status != SpecificationStatus.REPORTED or row.rules.exists():
        raise Refused(_NOT_DRAFT)
    content = _Content(_facts_as_sent(row), rules)
    stop(content.faults())
    with remember(actor, reason):
        save(row, now)
        put_rules(row, content.rows, [], actor=actor, now=now)
    log_specifications([row], actor=actor, now=now, reason=reason)
    return row


@transaction.atomic
def move_specification(
    *,
    specification: SpecificationVersion,
    to: SpecificationStatus,
    actor: Actor,
    now: datetime,
    document_sha256: str = "",
    reason: str = "",
) -> SpecificationVersion:
    """Take one step. Announcing ends the version before it on the new one's first day.

    Raises Invalid (document missing, dates crossed), Refused (no such step, own draft, overlap with another version).
    """
    Title.objects.select_for_update().get(pk=specification.title_id)  # versions of a title change one at a time
    row = locked(specification, "title__indication", "title__holder")
    may = policy.may_draft_specification if to in _DRAFTING else policy.may_keep_register
    only_if(may(actor, row))
    today, status = clock.day_of(now), SpecificationStatus(row.status)
    document = document_sha256 or row.document_sha256
    is_own = row.drafted_by_id is not None and row.drafted_by_id == actor.user_id
    checker = actor if _is_check(status, to) else None
    unchecked = unchecked_rules(row, checker)
    faults = specifications.move_faults(status, to, row.days, document, today, is_own, unchecked)
    stop(faults, _CONFLICTS)
    changes: dict[str, Any] = {"status": to.value, "document_sha256": document}
    if to in (SpecificationStatus.REVIEWED, SpecificationStatus.DRAFT):
        changes["reviewed_by_id"] = actor.user_id if to == SpecificationStatus.REVIEWED else None
    try:
        with remember(actor, reason), transaction.atomic():
            if checker:
                check_rules(row, actor=checker, now=now)
            if to == SpecificationStatus.DRAFT:
                uncheck_rules(row)
            if to == SpecificationStatus.ANNOUNCED and row.days.begins:
                _end_predecessor(row, row.days.begins, actor, now)
            save(row, now, **changes)
    except IntegrityError as error:
        raise Refused(_OVERLAP) from error
    log_specifications([row], actor=actor, now=now, reason=reason)
    turn_specifications(actor=actor, now=now, title=row.title)
    row.refresh_from_db()
    return row


def _is_check(status: SpecificationStatus, to: SpecificationStatus) -> bool:
    """Whether a step is that of the second person: a review, or comparing a report with its announcement."""
    compared = (SpecificationStatus.REPORTED, SpecificationStatus.ANNOUNCED)
    return to == SpecificationStatus.REVIEWED or (status, to) == compared


def announce_specification(
    *, specification: SpecificationVersion, actor: Actor, now: datetime, document_sha256: str = "", reason: str = ""
) -> SpecificationVersion:
    """Announce a reviewed version; it comes into force at once where its first day has come."""
    return move_specification(
        specification=specification,
        to=SpecificationStatus.ANNOUNCED,
        actor=actor,
        now=now,
        document_sha256=document_sha256,
        reason=reason,
    )


def _end_predecessor(version: SpecificationVersion, on: date, actor: Actor, now: datetime) -> None:
    open_ended = SpecificationVersion.objects.binding().filter(
        title_id=version.title_id, effective__endswith__isnull=True
    )
    earlier = Q(effective__startswith__isnull=True) | Q(effective__startswith__lt=on)
    ended = list(open_ended.filter(earlier).exclude(pk=version.pk).select_for_update())
    for row in ended:
        save(row, now, effective=_range(row.days.begins, on))
    log_specifications(ended, actor=actor, now=now)


@transaction.atomic
def turn_specifications(*, actor: Actor, now: datetime, title: Title | None = None) -> int:
    """Announced versions whose first day has come take force; those whose last has gone are superseded. Counts them."""
    today = clock.day_of(now)
    rows = SpecificationVersion.objects.filter(title=title) if title else SpecificationVersion.objects.all()
    begun = rows.filter(status="announced").filter(
        Q(effective__startswith__isnull=True) | Q(effective__startswith__lte=today)
    )
    turned = []
    with remember(actor, "clock"):
        for row in begun.select_for_update():
            save(row, now, status=SpecificationStatus.IN_FORCE.value)
            turned.append(row)
        for row in rows.filter(status="in_force", effective__endswith__lte=today).select_for_update():
            save(row, now, status=SpecificationStatus.SUPERSEDED.value)
            turned.append(row)
    log_specifications(turned, actor=actor, now=now)
    return len(turned)
