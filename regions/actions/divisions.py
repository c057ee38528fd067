"""Taking over divisions from a published data set, and noting what earlier codes became."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from gi_registry.lib.access import Actor
from gi_registry.lib.history import remember
from gi_registry.lib.problems import Invalid
from gi_registry.lib.texts import Refusal, Text
from regions.actions.drawings import draw_divisions
from regions.geometry import GeometryRefused, as_multipolygon, read_geometry, to_geos
from regions.models import Division, DivisionChange
from regions.rules import ChangeShare, DivisionLevel, english_name, initials_of, level_of, parent_of, pinyin_of

_UPDATED = ["name_zh", "name_en", "pinyin", "initials", "level", "parent", "valid_from", "geom"]
_BAD_CODE = Text("行政区划代码应为六位数字。", "A division code has six digits.")
_UNKNOWN = Text("没有代码为 {code} 的行政区划。", "No division has the code {code}.")
_ORPHAN = Text("上级行政区划 {code} 尚未登记。", "The division above it, {code}, is not known.")


@transaction.atomic
def import_divisions(
    *, features: Iterable[Mapping[str, Any]], actor: Actor, now: datetime, reason: str = ""
) -> dict[str, Division]:
    """Add or update divisions from GeoJSON features; the result is keyed by code.

    Properties: ``adcode`` and ``name_zh``; optional ``name_en`` and ``valid_from``. Level and parent follow from the code;
    the parent must come along or be known already.
    """
    rows = [_division(feature, f"/features/{place}") for place, feature in enumerate(features)]
    kept = {row.code: row for row in Division.objects.filter(code__in=filter(None, (parent_of(r.code) for r in rows)))}
    with remember(actor, reason):
        for level in DivisionLevel:
            batch = [row for row in rows if row.level == level]
            for row in batch:
                row.parent = _parent(row.code, kept)
            stored = Division.objects.bulk_create(
                batch, update_conflicts=True, unique_fields=["code"], update_fields=_UPDATED
            )
            kept.update({row.code: row for row in stored})
        draw_divisions({row.level for row in rows})
    with connection.cursor() as cursor:
        # Every place is looked up in these from now on. PostgreSQL would count them by itself a minute later, and until
        # then read them whole for each point.
        cursor.execute("ANALYZE regions_division, regions_divisionpart")
    return {row.code: kept[row.code] for row in rows}


@transaction.atomic
def record_division_change(
    *,
    old_code: str,
    old_name_zh: str,
    old_name_en: str = "",
    new_code: str,
    new_name_zh: str,
    new_name_en: str = "",
    share: ChangeShare,
    changed_after: date,
    changed_before: date,
    changed_on: date | None = None,
    note_zh: str = "",
    note_en: str = "",
    source: str = "",
    actor: Actor,
    now: datetime,
) -> DivisionChange:
    """Note that an earlier code went, wholly or in part, into a later one; noting it again corrects the note."""
    if not Division.objects.filter(code=new_code).exists():
        raise Invalid(Refusal("division_unknown", _UNKNOWN.format(code=new_code), "/new_code"))
    with remember(actor):
        change, _ = DivisionChange.objects.update_or_create(
            old_code=old_code,
            new_code=new_code,
            defaults={
                "old_name_zh": old_name_zh,
                "old_name_en": old_name_en,
                "new_name_zh": new_name_zh,
                "new_name_en": new_name_en,
                "share": share,
                "changed_after": changed_after,
                "changed_before": changed_before,
                "changed_on": changed_on,
                "note_zh": note_zh,
                "note_en": note_en,
                "source": source,
            },
        )
    return change


def _division(feature: Mapping[str, Any], pointer: str) -> Division:
    properties = feature["properties"]
    code, name = str(properties["adcode"]), properties["name_zh"]
    try:
        level = level_of(code)
    except ValueError as error:
        raise Invalid(Refusal("division_code", _BAD_CODE, f"{pointer}/properties/adcode")) from error
    try:
        outline = as_multipolygon(read_geometry(feature["geometry"], pointer=f"{pointer}/geometry"))
    except GeometryRefused as refused:
        raise Invalid(refused.refusals) from refused
    return Division(
        code=code,
        name_zh=name,
        name_en=properties.get("name_en") or english_name(name, level),
        pinyin=pinyin_of(name),
        initials=initials_of(name),
        level=level,
        valid_from=properties.get("valid_from"),
        geom=to_geos(outline),
    )


def _parent(code: str, kept: Mapping[str, Division]) -> Division | None:
    above = parent_of(code)
    if above is None:
        return None
    if above not in kept:
        raise Invalid(Refusal("division_orphan", _ORPHAN.format(code=above), "/features"))
    return kept[above]
