"""The right of a producer to use the special mark under a title, for named sites and a stretch of days."""

from datetime import date

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Q

from gi_registry.lib.access import RoleKind
from gi_registry.lib.ids import new_number
from products.models.producers import Producer, Site
from products.models.steps import kept, only_steps, only_words, quoted
from products.models.titles import Title
from products.querysets import AuthorisationQuerySet
from products.rules import authorisations
from products.rules.authorisations import MACHINE, OPEN, STANDING, Spell
from products.rules.words import AuthorisationState

_STANDING = [state.value for state in sorted(STANDING)]
_NEEDS_SITE = f"""
IF NEW.state IN ({quoted(_STANDING)}) AND OLD.state NOT IN ({quoted(_STANDING)}) AND NOT EXISTS (
    SELECT 1 FROM products_authorisedsite a JOIN products_site s ON s.id = a.site_id
    WHERE a.authorisation_id = NEW.id AND s.state = 'active'
) THEN
    RAISE EXCEPTION 'an authorisation stands on at least one active site';
END IF;
RETURN NEW;
"""  # noqa: S608 - only our own words


@pghistory.track()
class Authorisation(models.Model):
    """``spells`` are the days on which it stood; ``valid_until`` is its last day and cannot outlast the title."""

    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    producer = models.ForeignKey(Producer, models.PROTECT, related_name="authorisations")
    title = models.ForeignKey(Title, models.PROTECT, related_name="authorisations")
    state = models.CharField(
        max_length=16, choices=AuthorisationState.choices(), default=AuthorisationState.DRAFT.value
    )
    sites = models.ManyToManyField(Site, through="AuthorisedSite", related_name="authorisations")
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    spells = ArrayField(DateRangeField(), default=list, blank=True)
    approval_reference = models.CharField(max_length=120, blank=True, default="")
    refusal_criterion = models.CharField(max_length=300, blank=True, default="")
    state_reason = models.TextField(blank=True, default="")
    suspended_by = models.CharField(max_length=20, choices=RoleKind.choices(), blank=True, default="")
    deadline_on = models.DateField(
        null=True, blank=True, help_text="Of rectification, or until a suspension is reviewed."
    )
    last_used_on = models.DateField(null=True, blank=True)
    stop_proposed_on = models.DateField(
        null=True, blank=True, help_text="When the clock of non-use proposed to stop it."
    )
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = AuthorisationQuerySet.as_manager()

    class Meta:
        constraints = [
            only_words("state", AuthorisationState, "authorisation_state_known"),
            models.UniqueConstraint(
                fields=["producer", "title"],
                condition=Q(state__in=sorted(state.value for state in OPEN)),
                name="authorisation_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_STANDING) | (Q(valid_from__isnull=False) & ~Q(approval_reference="")),
                name="authorisation_stands_on_approval",
            ),
            models.CheckConstraint(
                condition=~Q(state=AuthorisationState.REFUSED.value) | ~Q(refusal_criterion=""),
                name="authorisation_refused_by_criterion",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="authorisation_dates_in_order",
            ),
        ]
        indexes = [models.Index(fields=["title", "state"], name="authorisation_of_title")]
        triggers = [
            kept(),
            only_steps("state", MACHINE, [AuthorisationState.DRAFT]),
            pgtrigger.Trigger(
                name="needs_site", when=pgtrigger.Before, operation=pgtrigger.UpdateOf("state"), func=_NEEDS_SITE
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def days(self) -> list[Spell]:
        return [Spell(spell.lower, spell.upper) for spell in self.spells]

    @days.setter
    def days(self, spells: list[Spell]) -> None:
        self.spells = [DateRange(spell.begun, spell.ended) for spell in spells]

    def stands_on(self, on: date) -> bool:
        """Whether it stood (stands) on a day and its title with it. No query where ``title`` was fetched along."""
        return authorisations.stands_on(self.days, self.valid_until, on) and self.title.stands_on(on)


@pghistory.track()
class AuthorisedSite(models.Model):
    """A site that an authorisation covers."""

    authorisation = models.ForeignKey(Authorisation, models.CASCADE)
    site = models.ForeignKey(Site, models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authorisation", "site"], name="authorised_site_once")]

    def __str__(self) -> str:
        return f"{self.authorisation_id} {self.site_id}"
