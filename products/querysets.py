"""Named filters on one model each. ``visible_to(actor)`` is the only way in for people and is closed by default;
``public()`` names the facts that anybody may see.
"""

from collections.abc import Iterable
from datetime import date
from functools import reduce
from operator import or_
from typing import Self

from django.contrib.gis.db.models.functions import Intersection
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection, models
from django.db.models import Func, Q

from gi_registry.lib.access import READERS, Actor, RoleKind
from products.rules import authorisations, sites, titles, uploads
from products.rules.specifications import BINDING
from products.rules.words import AuthorisationState

_NOBODY = Q(pk__in=())


def watched(actor: Actor, path: str) -> Q:
    """Rows whose division code at ``path`` lies under a prefix that the actor may read."""
    return reduce(or_, (Q(**{f"{path}__startswith": p}) for p in actor.prefixes(*READERS)), _NOBODY)


def produced_by(actor: Actor, path: str) -> Q:
    """Rows of the actor's own producers, and of the households its organisation vouches for."""
    own = actor.organisation_ids(RoleKind.PRODUCER)
    if not own:
        return _NOBODY
    return Q(**{f"{path}organisation_id__in": own}) | Q(**{f"{path}organisation__sponsor_id__in": own})


def held_by(actor: Actor, path: str) -> Q:
    """Rows under a title of which the actor's organisation is the holder."""
    own = actor.organisation_ids(RoleKind.HOLDER)
    return Q(**{f"{path}holder__organisation_id__in": own}) if own else _NOBODY


def applied_to(actor: Actor, everything: models.Manager) -> Q:
    """Producers or sites named in an application, once sent, under a title of which the actor is the holder."""
    own = actor.organisation_ids(RoleKind.HOLDER)
    if not own:
        return _NOBODY
    sent = everything.filter(
        authorisations__title__holder__organisation_id__in=own,
        authorisations__state__in=[state for state in AuthorisationState if state != AuthorisationState.DRAFT],
    )
    return Q(pk__in=sent.values("pk"))


class IndicationQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Every indication is a public fact."""
        return self.all()

    def in_divisions(self, codes: Iterable[str]) -> Self:
        """Whose area takes in one of these divisions."""
        return self.filter(division_codes__overlap=list(codes))

    def hold(self, indication_id: int) -> None:
        """Wait for, then keep until the transaction ends, the right to change the sites of an indication.

        First in the order of locks: indication -> title -> authorisation -> batch -> tally -> count of a cell.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended('products.indication:' || %s::text, 0))", [indication_id]
            )


class TitleQuerySet(models.QuerySet):
    def public(self) -> Self:
        return self.filter(status__in=titles.PUBLIC)

    def visible_to(self, actor: Actor) -> Self:
        """Public ones; applications for their holder and for the authorities over the indication."""
        return self.filter(
            Q(status__in=titles.PUBLIC) | held_by(actor, "") | watched(actor, "indication__main_division_code")
        )

    def kept_by(self, actor: Actor) -> Self:
        """Those whose specification the actor drafts: as their holder, or as the registrar of their province."""
        watched_as_registrar = (
            Q(indication__main_division_code__startswith=prefix) for prefix in actor.prefixes(RoleKind.REGISTRAR)
        )
        return self.filter(reduce(or_, watched_as_registrar, held_by(actor, "")))

    def standing(self, on: date) -> Self:
        """Those that stand on a day; the same rule as ``rules.titles.stands_on`` for titles not ended."""
        stands = Q(status__in=titles.PROVEN) | Q(status="reported", confidence__in=titles.CREDIBLE)
        return self.filter(
            stands,
            Q(recognised_on__isnull=True) | Q(recognised_on__lte=on),
            Q(expires_on__isnull=True) | Q(expires_on__gte=on),
        )


class SpecificationQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Announced versions are public; drafts are for the holder and the authorities."""
        return self.filter(
            Q(status__in=BINDING, title__status__in=titles.PUBLIC)
            | held_by(actor, "title__")
            | watched(actor, "title__indication__main_division_code")
        )

    def binding(self) -> Self:
        return self.filter(status__in=BINDING)

    def on(self, day: date) -> Self:
        """The version whose days of effect hold this one: at most one a title, by exclusion constraint."""
        return self.binding().filter(effective__contains=day)


class HolderQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Who answers for a title is a public fact."""
        return self.all()


class ProducerQuerySet(models.QuerySet):
    def public(self) -> Self:
        """Firms that chose to be shown. A household never is: its name and yard are personal data."""
        return self.filter(is_public=True).exclude(organisation__kind="household")

    def visible_to(self, actor: Actor) -> Self:
        """Own ones, those under a title one holds, those in the places one watches."""
        if actor.is_anonymous:
            return self.none()
        return self.filter(
            produced_by(actor, "") | applied_to(actor, self.model.objects) | watched(actor, "division__code")
        )

    def shown_to(self, actor: Actor) -> Self:
        """Public ones and those visible to the actor."""
        return self.filter(Q(pk__in=self.public().values("pk")) | Q(pk__in=self.visible_to(actor).values("pk")))


class GroundQuerySet(models.QuerySet):
    """Rows with an outline ``geom`` and its area."""

    def overlapping(self, geom: GEOSGeometry) -> Self:
        """Sharing ground with ``geom``; annotates ``shared_m2`` on the ellipsoid."""
        shared = Func(
            Intersection("geom", geom),
            template="ST_Area(geography(ST_CollectionExtract(%(expressions)s, 3)))",
            output_field=models.FloatField(),
        )
        return self.filter(geom__intersects=geom).annotate(shared_m2=shared)


class SiteQuerySet(GroundQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Never public: own ones, those of indications whose title one holds, those in the places one watches."""
        if actor.is_anonymous:
            return self.none()
        return self.filter(
            produced_by(actor, "producer__") | applied_to(actor, self.model.objects) | watched(actor, "division__code")
        )

    def active(self) -> Self:
        return self.filter(state="active")

    def of_producer(self, producer: models.Model) -> Self:
        """Those that its authorisations may name: its own, and those of households that it vouches for."""
        by_household = Q(producer__organisation__sponsor_id=producer.organisation_id)
        return self.filter(Q(producer_id=producer.pk) | by_household)

    def placed(self) -> Self:
        """With ``longitude`` and ``latitude`` of a point that lies within the outline, also where its centre does not."""
        inner = Func("geom", function="ST_PointOnSurface")
        return self.annotate(
            longitude=Func(inner, function="ST_X", output_field=models.FloatField()),
            latitude=Func(inner, function="ST_Y", output_field=models.FloatField()),
        )

    def measure(self, geom: GEOSGeometry) -> float | None:
        """Square metres on the ellipsoid; None for what has no area."""
        if geom.geom_type not in ("Polygon", "MultiPolygon"):
            return None
        with connection.cursor() as cursor:
            cursor.execute("SELECT ST_Area(geography(ST_GeomFromWKB(%s, 4326)))", [bytes(geom.wkb)])
            return float(cursor.fetchone()[0])

    def taking_ground(self, indication_id: int) -> Self:
        """Land of an indication that another site may not share."""
        return self.filter(indication_id=indication_id, state__in=sites.TAKES_GROUND, kind__in=sites.LAND)


class SiteUploadQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Never public: own ones, and those of producers in the places one watches."""
        if actor.is_anonymous:
            return self.none()
        return self.filter(produced_by(actor, "producer__") | watched(actor, "producer__division__code"))

    def open(self) -> Self:
        return self.filter(state__in=uploads.OPEN)


class SiteUploadRowQuerySet(GroundQuerySet):
    def to_be_tried(self) -> Self:
        return self.filter(state__in=uploads.TRIED)

    def unfit(self) -> Self:
        """Those that are no sites, and will be none as they stand."""
        expected = Q(state="ready", outcome="refused")
        return self.filter(Q(state__in=["faulty", "refused"]) | expected)

    def taking_ground_before(self, number: int) -> Self:
        """Land of earlier rows that, as far as is known, will be registered."""
        return self.filter(number__lt=number, state="ready", kind__in=sites.LAND).exclude(outcome="refused")


class SiteCellQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Public: a cell with too few producers has no row."""
        return self.all()


class AuthorisationQuerySet(models.QuerySet):
    def public(self) -> Self:
        """Granted ones, standing or ended, of producers that are shown."""
        return self.filter(state__in=authorisations.PUBLIC, producer__is_public=True).exclude(
            producer__organisation__kind="household"
        )

    def visible_to(self, actor: Actor) -> Self:
        if actor.is_anonymous:
            return self.none()
        return self.filter(
            produced_by(actor, "producer__")
            | (held_by(actor, "title__") & ~Q(state="draft"))
            | watched(actor, "producer__division__code")
        )

    def standing(self) -> Self:
        """In a state that stands; whether a given day lies in a spell is for ``stands_on``."""
        return self.filter(state__in=authorisations.STANDING)


class ApplicationDocumentQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever sees the application; the file itself stays in the database until it is asked for."""
        seen = self.model._meta.get_field("authorisation").related_model.objects.visible_to(actor)
        return self.filter(authorisation__in=seen).defer("data")


class SeasonQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """When a season opens and closes is a public fact."""
        return self.all()

    def open_on(self, day: date) -> Self:
        return self.filter(opens_on__lte=day, closes_on__gte=day)


class SeasonQuotaQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """What a season allows is a public fact, once it is open; a draft is for those who keep the season."""
        own = actor.organisation_ids(RoleKind.HOLDER)
        kept = self.model.objects.filter(season__indication__titles__holder__organisation_id__in=own).values("pk")
        return self.filter(
            ~Q(state="draft")
            | (Q(pk__in=kept) if own else _NOBODY)
            | watched(actor, "season__indication__main_division_code")
        )

    def kept_by(self, actor: Actor) -> Self:
        """Those that the actor may open, grant from and close: of a name in its place, or of which it holds a public title."""
        own = Q(
            titles__holder__organisation_id__in=actor.organisation_ids(RoleKind.HOLDER),
            titles__status__in=titles.PUBLIC,
        )
        place = reduce(or_, (Q(main_division_code__startswith=p) for p in actor.prefixes(RoleKind.REGISTRAR)), _NOBODY)
        names = self.model._meta.get_field("season").related_model._meta.get_field("indication").related_model
        return self.filter(season__indication__in=names.objects.filter(own | place).values("pk"))

    def in_force(self) -> Self:
        """Those that goods are held against: open, or closed and therefore open for nothing more."""
        return self.exclude(state="draft")

    def told(self) -> Self:
        return self.select_related("season__indication").prefetch_related("ceilings")
