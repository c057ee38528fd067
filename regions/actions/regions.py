"""Writing a production region into the register as it was announced."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from gi_registry.lib.access import Actor
from gi_registry.lib.history import remember
from gi_registry.lib.problems import Invalid, Refused
from gi_registry.lib.texts import Refusal, Text
from regions.codes import division_faults
from regions.models import Division, Region
from regions.rules import DeclaredBox, Envelope, Extent, check_box, extent_of

SLUG_TAKEN = Text("已有产地范围使用此标识。", "Another region already has this slug.")
NO_DIVISIONS = Text("请至少给出一个行政区划代码。", "Give at least one division code.")


@transaction.atomic
def create_region(
    *,
    slug: str,
    name_zh: str,
    name_en: str,
    source_text: str,
    accuracy_m: int,
    division_codes: Sequence[str],
    declared: DeclaredBox | None = None,
    extent: Extent | None = None,
    source: str = "",
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> Region:
    """A region with its printed words. Its outline follows by ``publish_boundary``.

    The printed box is compared with the envelope of the divisions and stored with the finding, whatever it is: a wrong
    box is a fact about the announcement, not a reason to refuse the region. ``extent`` is read from the printed area
    where it is not given.
    """
    declared = declared or DeclaredBox()
    if faults := division_faults(division_codes):
        raise Invalid(faults)
    place = Division.objects.filter(code__in=division_codes).envelope()
    if place is None:
        raise Invalid(Refusal("division_codes_empty", NO_DIVISIONS, "/division_codes"))
    if Region.objects.filter(slug=slug).exists():
        raise Refused(Refusal("slug_taken", SLUG_TAKEN, "/slug"))
    extent = extent or extent_of(source_text)
    with remember(actor, reason):
        return Region.objects.create(
            slug=slug,
            name_zh=name_zh,
            name_en=name_en,
            source_text=source_text,
            source=source,
            extent=extent,
            accuracy_m=accuracy_m,
            **_judged(declared, place, extent),
            created_at=now,
            updated_at=now,
        )


def _judged(declared: DeclaredBox, place: Envelope, extent: Extent) -> dict[str, str]:
    finding = check_box(declared, place, extent)
    printed = {f"declared_{side}": text for side, text in declared.printed().items()}
    notes = {"declared_note_zh": finding.note.zh, "declared_note_en": finding.note.en} if finding.reasons else {}
    return {**printed, "declared_check": finding.check, **notes}
