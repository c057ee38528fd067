"""Producers, sites and authorisations in and out. What is public holds neither plots nor persons."""

from typing import Any

from rest_framework import serializers

from gi_registry.lib import clock
from gi_registry.lib.shapes import In, Out, WordField
from products.models import Authorisation
from products.rules.authorisations import MAX_SITES
from products.rules.words import AuthorisationState, SiteKind, SiteState, TitleKind
from products.serializers.fields import DivisionCodeField, DivisionRefOut, GeometryField, PointField, ReasonedIn
from regions.geometry import SITES
from regions.rules import CoordinateSystem, Placement
from regions.serializers.fields import CRS_HELP, CrsField


class ProducerChangeIn(ReasonedIn):
    """What a producer chooses to show of itself."""

    public_point = PointField(required=False, allow_null=True)
    intro_zh = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    intro_en = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    is_public = serializers.BooleanField(required=False)


class ProducerIn(ProducerChangeIn):
    organisation = serializers.CharField(max_length=10, help_text="Number of a registered organisation.")
    division = DivisionCodeField()


class ProducerFilterIn(In):
    division = DivisionCodeField(required=False)
    indication = serializers.SlugField(required=False, max_length=80)


class ProducerOut(Out):
    number = serializers.CharField()
    name_zh = serializers.CharField(source="organisation.name_zh")
    name_en = serializers.CharField(source="organisation.name_en")
    kind = serializers.CharField(source="organisation.kind")
    uscc = serializers.CharField(source="organisation.mark_uscc")
    division = DivisionRefOut()
    public_point = PointField(allow_null=True)
    intro_zh = serializers.CharField()
    intro_en = serializers.CharField()
    is_public = serializers.BooleanField()
    is_demo = serializers.BooleanField(source="organisation.is_demo")
    version = serializers.IntegerField()


class GrantOut(Out):
    """An authorisation as anybody may know it."""

    number = serializers.CharField()
    indication = serializers.CharField(source="title.indication.slug")
    title = serializers.CharField(source="title.number")
    kind = WordField(TitleKind, source="title.kind")
    state = WordField(AuthorisationState)
    stands = serializers.SerializerMethodField(help_text="Whether it stands today.")
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)
    approval_reference = serializers.CharField()

    def get_stands(self, row: Authorisation) -> bool:
        return row.stands_on(clock.today())


class ProducerDetailOut(ProducerOut):
    authorisations = GrantOut(many=True, source="public_grants")


class SiteIn(ReasonedIn):
    """A plot or premises. Its area, division and placement are computed, never taken from the request."""

    producer = serializers.CharField(max_length=10)
    indication = serializers.SlugField(max_length=80)
    kind = WordField(SiteKind)
    name = serializers.CharField(max_length=80)
    geometry = GeometryField(kinds=SITES)
    crs = CrsField(help_text=f"Of `geometry`. {CRS_HELP}")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The geometry is WGS 84 by now; the history keeps what it was drawn in, as the way back is exact."""
        system = attrs.pop("crs")
        if system is not CoordinateSystem.CRS84:
            attrs["reason"] = f"{attrs['reason']} [{system}]".strip()
        return attrs


class SiteReviewIn(In):
    is_accepted = serializers.BooleanField()
    note = serializers.CharField(max_length=1000)


class SiteFilterIn(In):
    producer = serializers.CharField(required=False, max_length=10)
    indication = serializers.SlugField(required=False, max_length=80)
    state = WordField(SiteState, required=False)


class SiteOut(Out):
    number = serializers.CharField()
    producer = serializers.CharField(source="producer.number")
    indication = serializers.CharField(source="indication.slug")
    kind = WordField(SiteKind)
    name = serializers.CharField()
    geometry = GeometryField(kinds=SITES, source="geom")
    area_m2 = serializers.FloatField(allow_null=True)
    division = DivisionRefOut()
    placement = serializers.ChoiceField(choices=[("", ""), *Placement.choices()])
    state = WordField(SiteState)
    reviewed_note = serializers.CharField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()


class SitesIn(ReasonedIn):
    sites = serializers.ListField(child=serializers.CharField(max_length=10), min_length=1, max_length=MAX_SITES)


class AuthorisationIn(SitesIn):
    producer = serializers.CharField(max_length=10)
    title = serializers.CharField(max_length=10)


class AuthorisationMoveIn(ReasonedIn):
    """One step and what it brings: a reference and dates to grant, a criterion to refuse, a deadline to rectify."""

    to = WordField(AuthorisationState)
    approval_reference = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    refusal_criterion = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    valid_from = serializers.DateField(required=False, allow_null=True, default=None)
    valid_until = serializers.DateField(required=False, allow_null=True, default=None)
    deadline_on = serializers.DateField(required=False, allow_null=True, default=None)


class AuthorisationFilterIn(In):
    producer = serializers.CharField(required=False, max_length=10)
    title = serializers.CharField(required=False, max_length=10)
    indication = serializers.SlugField(required=False, max_length=80)
    state = WordField(AuthorisationState, required=False)


class AuthorisationOut(GrantOut):
    """An authorisation as its producer, its holder and the authorities see it."""

    producer = serializers.CharField(source="producer.number")
    producer_name_zh = serializers.CharField(source="producer.organisation.name_zh")
    sites = serializers.SerializerMethodField(help_text="Numbers of the sites it covers.")
    state_reason = serializers.CharField()
    refusal_criterion = serializers.CharField()
    suspended_by = serializers.CharField()
    deadline_on = serializers.DateField(allow_null=True)
    last_used_on = serializers.DateField(allow_null=True)
    stop_proposed_on = serializers.DateField(allow_null=True)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()

    def get_sites(self, row: Authorisation) -> list[str]:
        return [site.number for site in row.sites.all()]
