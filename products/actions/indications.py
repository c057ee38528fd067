"""Entering and correcting names, holders and seasons."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from gi_registry.accounts.models import Organisation
from gi_registry.lib.access import NOT_YOUR_ROLE, Actor, RoleKind
from gi_registry.lib.history import remember
from gi_registry.lib.problems import Forbidden, Refused
from gi_registry.lib.texts import Refusal, Text
from products import policy
from products.actions.rows import constraint_of, locked_as_read, only_if, save, stop
from products.models import Figure, Holder, Indication, Season, Source
from products.rules.search import RESERVED_SLUGS, keys_of, slug_of
from products.rules.words import Confidence
from regions.codes import division_faults

_TAKEN = Refusal("name_taken", Text("该名称或网址标识已登记。", "This name or slug is registered already."), "/name_zh")
_NO_SLUG = Refusal(
    "slug_needed", Text("无法由名称得出网址标识，请填写。", "No slug can be made from this name: give one."), "/slug"
)
_SOURCE_TWICE = Refusal("source_repeated", Text("来源重复。", "A source is listed twice."), "/sources")
_SEASON_TAKEN = Refusal("season_taken", Text("已有同名产季。", "There is a season of this name already."), "/name")
_HOLDER_TAKEN = Refusal(
    "holder_taken", Text("该单位已登记为管理人。", "This body is a holder already."), "/organisation"
)


def _place_faults(main_division_code: str, division_codes: Sequence[str]) -> list[Refusal]:
    faults = division_faults(division_codes)
    return faults + [fault.at("/main_division_code") for fault in division_faults([main_division_code])]


@transaction.atomic
def create_indication(
    *,
    name_zh: str,
    category: str,
    main_division_code: str,
    division_codes: Sequence[str],
    confidence: Confidence,
    actor: Actor,
    now: datetime,
    name_en: str = "",
    pinyin: str = "",
    slug: str = "",
    sources: Sequence[dict[str, str]] = (),
    figures: Sequence[dict[str, Any]] = (),
    reason: str = "",
    **texts: str,
) -> Indication:
    """Enter a name. ``texts``: category_en and the pairs summary, notes, agreement. ``sources``: label_zh, label_en, url.

    Raises Invalid for unknown or abolished division codes, Refused for a name already there.
    """
    slug = slug or slug_of(name_zh, pinyin)
    if not slug:
        stop([_NO_SLUG])
    if slug in RESERVED_SLUGS:
        stop([Refusal("slug_reserved", Text("该网址标识已保留。", "This slug is reserved."), "/slug")])
    stop(_place_faults(main_division_code, division_codes))
    try:
        with remember(actor, reason), transaction.atomic():
            indication = Indication.objects.create(
                slug=slug,
                name_zh=name_zh,
                name_en=name_en,
                category=category,
                main_division_code=main_division_code,
                division_codes=list(division_codes),
                confidence=confidence.value,
                created_at=now,
                updated_at=now,
                **asdict(keys_of(name_zh, name_en, category, pinyin)),
                **texts,
            )
            _put_sources(indication, sources)
            Figure.objects.bulk_create(Figure(indication=indication, **figure) for figure in figures)
    except IntegrityError as error:
        raise _taken(error) from error
    return indication


def _taken(error: IntegrityError) -> Refused:
    return Refused(_SOURCE_TWICE if constraint_of(error) == "source_once" else _TAKEN)


def _put_sources(indication: Indication, sources: Sequence[dict[str, str]]) -> None:
    Source.objects.filter(indication=indication).delete()
    Source.objects.bulk_create(Source(indication=indication, **source) for source in sources)


@transaction.atomic
def update_indication(
    *, indication: Indication, changes: dict[str, Any], actor: Actor, now: datetime, reason: str = ""
) -> Indication:
    """Correct a name. ``changes`` holds columns, and ``sources`` to replace the list. The slug stays: it is in links."""
    row = locked_as_read(indication)
    sources = changes.pop("sources", None)
    codes = changes.get("division_codes", row.division_codes)
    stop(_place_faults(changes.get("main_division_code", row.main_division_code), codes))
    # A new name is read anew, unless its reading came with it.
    pinyin = changes.get("pinyin") or ("" if "name_zh" in changes else row.pinyin)
    for name, value in changes.items():
        setattr(row, name, value)
    keys = keys_of(row.name_zh, row.name_en, row.category, pinyin)
    try:
        with remember(actor, reason), transaction.atomic():
            save(row, now, **asdict(keys))
            if sources is not None:
                _put_sources(row, sources)
    except IntegrityError as error:
        raise _taken(error) from error
    return row


@transaction.atomic
def enter_holder(
    *,
    name_zh: str,
    actor: Actor,
    now: datetime,
    name_en: str = "",
    organisation: Organisation | None = None,
    is_demo: bool = False,
    reason: str = "",
) -> Holder:
    """Enter the body behind a title; ``organisation`` gives its people the holder's rights."""
    try:
        with remember(actor, reason), transaction.atomic():
            return Holder.objects.create(
                name_zh=name_zh,
                name_en=name_en,
                organisation=organisation,
                is_demo=is_demo,
                created_at=now,
                updated_at=now,
            )
    except IntegrityError as error:
        raise Refused(_HOLDER_TAKEN) from error


@transaction.atomic
def update_holder(*, holder: Holder, changes: dict[str, Any], actor: Actor, now: datetime, reason: str = "") -> Holder:
    row = locked_as_read(holder)
    try:
        with remember(actor, reason), transaction.atomic():
            save(row, now, **changes)
    except IntegrityError as error:
        raise Refused(_HOLDER_TAKEN) from error
    return row


def only_season_keeper(actor: Actor, indication: Indication) -> None:
    """Raises Forbidden to all but the registrar of the place and the holders of titles of the name."""
    only_if(policy.may_keep_season(actor))
    if actor.watches(indication.main_division_code, RoleKind.REGISTRAR):
        return
    own = actor.organisation_ids(RoleKind.HOLDER)
    if not indication.titles.public().filter(holder__organisation_id__in=own).exists():
        raise Forbidden(NOT_YOUR_ROLE)


def _season_faults(opens_on: date, closes_on: date) -> list[Refusal]:
    if opens_on <= closes_on:
        return []
    text = Text("产季结束不能早于开始。", "A season cannot close before it opens.")
    return [Refusal("dates_out_of_order", text, "/closes_on")]


@transaction.atomic
def open_season(
    *,
    indication: Indication,
    name: str,
    opens_on: date,
    closes_on: date,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> Season:
    """Set the days of a season. Raises Forbidden to a holder of other names, Refused for a name already used."""
    only_season_keeper(actor, indication)
    stop(_season_faults(opens_on, closes_on))
    try:
        with remember(actor, reason), transaction.atomic():
            return Season.objects.create(
                indication=indication, name=name, opens_on=opens_on, closes_on=closes_on, created_at=now, updated_at=now
            )
    except IntegrityError as error:
        raise Refused(_SEASON_TAKEN) from error


@transaction.atomic
def change_season(*, season: Season, changes: dict[str, Any], actor: Actor, now: datetime, reason: str = "") -> Season:
    row = locked_as_read(season, "indication")
    only_season_keeper(actor, row.indication)
    stop(_season_faults(changes.get("opens_on", row.opens_on), changes.get("closes_on", row.closes_on)))
    try:
        with remember(actor, reason), transaction.atomic():
            save(row, now, **changes)
    except IntegrityError as error:
        raise Refused(_SEASON_TAKEN) from error
    return row
