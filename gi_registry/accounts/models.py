"""Who people are. At the bottom of the house, because every history points here."""

import pghistory
import pgtrigger
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from gi_registry.accounts.querysets import ApiKeyQuerySet, MembershipQuerySet, OrganisationQuerySet
from gi_registry.accounts.rules import ORGANISATION_ROLES, KeyScope, OrganisationKind
from gi_registry.lib.access import RoleKind
from gi_registry.lib.ids import new_number

_HOUSEHOLD = OrganisationKind.HOUSEHOLD.value
_SPONSOR_HAS_USCC = """
IF NEW.sponsor_id IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM accounts_organisation s WHERE s.id = NEW.sponsor_id AND s.uscc IS NOT NULL) THEN
    RAISE EXCEPTION 'a sponsor must have a credit code';
END IF;
RETURN NEW;
"""


class User(AbstractUser):
    """A person who signs in. What the person may do is said by memberships alone."""

    display_name = models.CharField(max_length=80, blank=True, default="")

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(fields=["email"], condition=~Q(email=""), name="user_email_once"),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username


@pghistory.track()
class Organisation(models.Model):
    """A body with a unified social credit code, or a household under a sponsor that has one."""

    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices())
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True, default="")
    uscc = models.CharField(max_length=18, null=True, blank=True, unique=True)
    sponsor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="sponsored")
    division_code = models.CharField(max_length=6)
    is_demo = models.BooleanField(
        default=False, help_text="Invented for demonstration; said wherever the name is shown."
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in OrganisationKind]), name="organisation_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind=_HOUSEHOLD, uscc__isnull=True, sponsor__isnull=False)
                | (~Q(kind=_HOUSEHOLD) & Q(uscc__isnull=False)),
                name="organisation_uscc_or_sponsor",
            ),
            models.CheckConstraint(
                condition=Q(uscc__isnull=True) | Q(uscc__regex=r"^[0-9A-HJ-NP-RTUWXY]{18}$"),
                name="organisation_uscc_shape",
            ),
            models.CheckConstraint(condition=Q(division_code__regex=r"^[0-9]{6}$"), name="organisation_division_shape"),
            models.CheckConstraint(condition=~Q(sponsor=F("id")), name="organisation_no_self_sponsor"),
        ]
        indexes = [models.Index(fields=["division_code"], name="organisation_division", opclasses=["text_pattern_ops"])]
        triggers = [
            pgtrigger.Trigger(
                name="sponsor_has_uscc",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("sponsor_id"),
                func=_SPONSOR_HAS_USCC,
            )
        ]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def mark_uscc(self) -> str:
        """The credit code that the special mark carries: one's own, or for a household its sponsor's."""
        return self.uscc or (self.sponsor.uscc if self.sponsor else "") or ""


@pghistory.track()
class Membership(models.Model):
    """A role of a person: for an organisation, or for the places under a division code prefix."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=RoleKind.choices())
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="memberships")
    division_prefix = models.CharField(max_length=6, blank=True, default="")
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[kind.value for kind in RoleKind]), name="membership_role_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    role__in=[kind.value for kind in ORGANISATION_ROLES], organisation__isnull=False, division_prefix=""
                )
                | (
                    ~Q(role__in=[kind.value for kind in ORGANISATION_ROLES])
                    & Q(organisation__isnull=True, division_prefix__regex=r"^([0-9]{2}){1,3}$")
                ),
                name="membership_for_organisation_or_place",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "organisation", "division_prefix"],
                condition=Q(ended_on__isnull=True),
                nulls_distinct=False,
                name="membership_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


@pghistory.track(exclude=["last_used_at", "key_hash"])
class ApiKey(models.Model):
    """A machine's key: found by its prefix, known by its digest, narrowed by scopes, ended by date or by hand."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=8, unique=True)
    key_hash = models.BinaryField(max_length=32)
    scopes = ArrayField(models.CharField(max_length=10, choices=KeyScope.choices()), size=4)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "revoked_at"], name="api_key_of_user")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"
