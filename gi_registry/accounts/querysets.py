"""Named filters on people and organisations. Nothing is seen unless a filter says so."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from gi_registry.lib.access import READERS, Actor, RoleKind


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> "OrganisationQuerySet":
        """One's own organisations, the households one sponsors, and those in the places one watches."""
        own = actor.organisation_ids(RoleKind.HOLDER, RoleKind.PRODUCER)
        seen = Q(pk__in=own) | Q(sponsor_id__in=own)
        for prefix in actor.prefixes(*READERS):
            seen |= Q(division_code__startswith=prefix)
        return self.filter(seen)


class MembershipQuerySet(models.QuerySet):
    def current(self) -> "MembershipQuerySet":
        return self.filter(ended_on__isnull=True)


class ApiKeyQuerySet(models.QuerySet):
    def usable(self, now: datetime) -> "ApiKeyQuerySet":
        """Not revoked, not expired, and of a person who may still sign in."""
        return self.filter(revoked_at__isnull=True, user__is_active=True).filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=now)
        )

    def visible_to(self, actor: Actor) -> "ApiKeyQuerySet":
        """One's own keys, and only for a person at a screen: a key cannot look at keys."""
        if actor.user_id is None or actor.key_id is not None:
            return self.none()
        return self.filter(user_id=actor.user_id)
