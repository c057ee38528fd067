"""Questions about the register that span models: search, what is in force, who stands behind a name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import shapely
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, Count, F, Func, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import Greatest, Length

from gi_registry.accounts.rules import OrganisationKind
from products.models import (
    Authorisation,
    Indication,
    Producer,
    Site,
    SiteUpload,
    SiteUploadRow,
    SpecificationRule,
    SpecificationVersion,
    Title,
)
from products.rules.search import MAX_QUERY, MAX_RESULTS, Query, has_han, query_of
from products.rules.titles import PUBLIC
from products.rules.words import UploadRowState
from regions.geometry import Outline, draw, from_geos
from regions.models import Boundary, Division
from regions.rules.places import is_division_code, parent_of, prefix_of

# --- search ------------------------------------------------------------------------------------------------------

MIN_FUZZY = 4  # letters; shorter Latin words resemble everything


def search(text: str, *, within: QuerySet[Indication] | None = None, limit: int = MAX_RESULTS) -> list[Indication]:
    """Indications for what was typed, best first: a number of a title, the name itself, its beginning, a part of it,
    its initials, its category, its sound (a misheard character), then spellings that resemble it. At most ``limit``.
    """
    query = query_of(text)
    if not query.key:
        return []
    rows = Indication.objects.all() if within is None else within
    found = list(_close(rows, query, text.strip())[:limit])
    if not found:
        found = list(_fuzzy(rows, query, text.strip()[:MAX_QUERY])[:limit])
    return found


def _any_name(lookup: str, key: str, fields: Iterable[str] = ("folded_zh", "folded_en", "folded_pinyin")) -> Q:
    wanted = Q()
    for field in fields:
        wanted |= Q(**{f"{field}__{lookup}": key})
    return wanted


def _close(rows: QuerySet[Indication], query: Query, typed: str) -> QuerySet[Indication]:
    key = query.key
    numbered = Title.objects.filter(
        Q(title_number__iexact=typed) | Q(announcement_number=typed), status__in=PUBLIC
    ).values("indication_id")
    ranks = [
        (_any_name("exact", key) | Q(pk__in=numbered), 0),
        (_any_name("startswith", key), 1),
        (_any_name("contains", key), 2),
        (Q(initials=key), 3),
        (Q(initials__startswith=key), 4),
        (Q(initials__contains=key), 5),
        (Q(category__contains=key), 6),
    ]
    # The short pieces narrow by index; the ranks check what the pieces only suggest.
    candidate = Q(grams__contains=list(query.grams)) | Q(pk__in=numbered)
    if query.sound:
        ranks.append((Q(folded_pinyin__contains=query.sound), 7))
        candidate |= Q(folded_pinyin__contains=query.sound)
    rank = Case(*(When(wanted, then=place) for wanted, place in ranks), default=None, output_field=IntegerField())
    return (
        rows.filter(candidate)
        .annotate(rank=rank)
        .filter(rank__isnull=False)
        .order_by("rank", Length("folded_zh"), "pk")
    )


_TEXTS = Indication._meta.get_field("grams")


def _fuzzy(rows: QuerySet[Indication], query: Query, typed: str) -> QuerySet[Indication]:
    """Half of the two-character pieces of a Chinese query, or a Latin word that resembles part of a name."""
    if has_han(query.key):
        if len(query.grams) < 2:
            return rows.none()
        pieces = list(query.grams)
        shared = Func(
            F("grams"),
            Value(pieces, output_field=_TEXTS),
            template="cardinality(ARRAY(SELECT unnest(%(expressions)s)))",
            arg_joiner=") INTERSECT SELECT unnest(",
            output_field=IntegerField(),
        )
        near = rows.filter(grams__overlap=pieces).annotate(shared=shared)
        return near.filter(shared__gte=(len(pieces) + 1) // 2).order_by("-shared", "pk")
    if len(query.key) < MIN_FUZZY:
        return rows.none()
    likeness = Greatest(TrigramWordSimilarity(query.key, "folded_pinyin"), TrigramWordSimilarity(typed, "name_en"))
    near = Q(folded_pinyin__trigram_word_similar=query.key) | Q(name_en__trigram_word_similar=typed)
    return rows.filter(near).annotate(likeness=likeness).order_by("-likeness", "pk")


def codes_touching(code: str) -> list[str]:
    """Codes that an area in a division may be written with: the division, what it lies in, and what lies in it."""
    if not is_division_code(code):
        return [code]
    above, up = [], parent_of(code)
    while up:
        above.append(up)
        up = parent_of(up)
    inside = Division.objects.filter(code__startswith=prefix_of(code)).values_list("code", flat=True)
    return [*above, code, *inside]


# --- what holds on a day -----------------------------------------------------------------------------------------


def specification_in_force(title: Title, on: date) -> SpecificationVersion | None:
    """The version of a title's specification whose days of effect hold ``on``: one that was announced, or is reported."""
    return SpecificationVersion.objects.on(on).filter(title=title).first()


def standing_titles(indication: Indication, on: date) -> list[Title]:
    """Titles of a name that stand on a day, the older first."""
    titles = indication.titles.public().select_related("holder", "region").order_by("recognised_on", "pk")
    return [title for title in titles if title.stands_on(on)]


def eligible_sites(authorisation: Authorisation) -> QuerySet[Site]:
    """Sites that goods under this authorisation may come from today."""
    return authorisation.sites.active().select_related("division")


def standing_authorisation(producer: Producer, indication: Indication, on: date) -> Authorisation | None:
    """An authorisation of a producer for a name that stands on a day, with its title; the latest where there are several."""
    rows = (
        Authorisation.objects.filter(producer=producer, title__indication=indication)
        .select_related("title", "producer")
        .order_by("-valid_from", "-pk")
    )
    return next((row for row in rows if row.stands_on(on)), None)


# --- who stands behind a name ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PublicFace:
    """What anybody may know of a producer. ``number`` is None where there is no public page."""

    name_zh: str
    name_en: str
    uscc: str
    number: str | None
    division: Division
    is_demo: bool


def public_face(producer: Producer) -> PublicFace:
    """The producer as shown; a household is shown as the body that vouches for it, since its name is personal data.

    No query where ``organisation__sponsor`` and ``division`` were fetched along.
    """
    body = producer.organisation
    is_household = body.kind == OrganisationKind.HOUSEHOLD
    shown = body.sponsor if is_household and body.sponsor else body
    has_page = producer.is_public and not is_household
    return PublicFace(
        name_zh=shown.name_zh,
        name_en=shown.name_en,
        uscc=body.mark_uscc,
        number=producer.number if has_page else None,
        division=producer.division,
        is_demo=shown.is_demo,
    )


# --- files of sites ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class UploadCounts:
    """Rows of a file: those looked at by what is expected of them, the others by what became of them."""

    waiting: int = 0
    active: int = 0
    flagged: int = 0
    proposed: int = 0
    refused: int = 0
    faulty: int = 0
    left_out: int = 0
    done: int = 0


def upload_counts(uploads: Iterable[SiteUpload]) -> dict[int, UploadCounts]:
    """The counts of several uploads by primary key, in one query."""
    counts = {upload.pk: UploadCounts() for upload in uploads}
    grouped = SiteUploadRow.objects.filter(upload__in=list(counts)).values("upload_id", "state", "outcome").order_by()
    for group in grouped.annotate(rows=Count("pk")):
        found = counts[group["upload_id"]]
        word = group["outcome"] if group["state"] == UploadRowState.READY else group["state"]
        setattr(found, word, getattr(found, word) + group["rows"])
    return counts


def with_rules() -> Prefetch:
    """The rules of versions with the facts that they rest on, in one query."""
    return Prefetch("rules", SpecificationRule.objects.select_related("fact").order_by("place"))


# --- pages -------------------------------------------------------------------------------------------------------


def with_details(rows: QuerySet[Indication]) -> QuerySet[Indication]:
    """What the indication page and detail show, in a fixed number of queries."""
    titles = Title.objects.public().select_related("holder", "region").order_by("recognised_on", "pk")
    versions = SpecificationVersion.objects.binding().prefetch_related("facts", with_rules()).order_by("-effective")
    return rows.prefetch_related(
        "sources",
        "figures",
        "seasons",
        Prefetch("titles", titles.prefetch_related(Prefetch("specifications", versions)), to_attr="public_titles"),
    )


def authorised_producers(indication: Indication, limit: int) -> list[Authorisation]:
    """Authorisations that stand, of producers that are shown, by name. At most ``limit``."""
    rows = (
        Authorisation.objects.public()
        .standing()
        .filter(title__indication=indication)
        .select_related("producer__organisation", "producer__division", "title")
        .order_by("producer__organisation__name_zh", "pk")
    )
    return list(rows[:limit])


def public_authorisations(producer: Producer) -> list[Authorisation]:
    """What anybody may know of a producer's rights, standing or ended, the newest first."""
    rows = Authorisation.objects.public().filter(producer=producer).select_related("title__indication")
    return list(rows.order_by("-pk")[:100])


def outline_of(region_ids: Iterable[int], on: date) -> Outline | None:
    """A drawing of the regions as they are on a day, all zones together; None where there is no boundary."""
    shapes = [from_geos(row.geom) for row in Boundary.objects.as_of(on).filter(region_id__in=list(region_ids))[:20]]
    if not shapes:
        return None
    return draw(shapes[0] if len(shapes) == 1 else shapely.union_all(shapes))
