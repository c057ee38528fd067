"""What the register holds that batches are held against, read once for all batches of one asking, be it one or a thousand.

What is registered is read again here, whatever the caller had read: between the two it may have changed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.contrib.gis.geos import Point

from gi_registry.lib.problems import Problem
from products.models import Authorisation, AuthorisedSite, Season, SeasonQuota, Site, SpecificationVersion
from regions.geometry import point_at
from regions.rules import cell_at
from trace.actions.content import Content
from trace.actions.facts import authorisation_facts
from trace.models import ProductForm
from trace.record import binding_versions
from trace.rules.batches import CELL_RESOLUTION, AuthorisationFacts


class RowsRefused(Exception):
    """Of several that were asked for together some cannot be: by place in the asking, Invalid or Refused. Nothing was done."""

    def __init__(self, problems: Mapping[int, Problem]) -> None:
        self.problems = dict(problems)
        super().__init__(f"{len(self.problems)} refused")

    @property
    def first(self) -> Problem:
        return self.problems[min(self.problems)]


@dataclass(frozen=True, slots=True)
class Spot:
    """A point within a site and the H3 cell that holds it."""

    point: Point
    cell: int


@dataclass(slots=True)
class Ground:
    """``covered``: the sites that each authorisation names, of those asked for."""

    today: date
    forms: Mapping[int, ProductForm] = field(default_factory=dict)
    authorisations: Mapping[int, Authorisation] = field(default_factory=dict)
    sites: Mapping[int, Site] = field(default_factory=dict)
    seasons: Mapping[int, Season] = field(default_factory=dict)
    covered: Mapping[int, set[int]] = field(default_factory=dict)
    _rights: dict[tuple[int, date], AuthorisationFacts] = field(default_factory=dict)
    _spots: dict[int, Spot] = field(default_factory=dict)
    _versions: dict[int, list[SpecificationVersion]] = field(default_factory=dict)
    _quotas: dict[int, list[SeasonQuota]] = field(default_factory=dict)

    @classmethod
    def of(cls, contents: Iterable[Content], today: date, *, is_held: bool) -> "Ground":
        """``is_held``: the authorisations stay as they are until the transaction ends."""
        contents = list(contents)
        forms = ProductForm.objects.select_related("producer__organisation", "producer__division", "indication")
        rights = Authorisation.objects.select_related("title").order_by("pk")
        if is_held:
            rights = rights.select_for_update(of=("self",))
        sites = Site.objects.select_related("producer__organisation", "division").defer("geom", "division__geom")
        seasons = {content.season.pk for content in contents if content.season}
        asked_rights = {content.authorisation.pk for content in contents}
        asked_sites = {site.pk for content in contents for site in content.sites}
        named = AuthorisedSite.objects.filter(authorisation__in=asked_rights, site__in=asked_sites)
        covered: dict[int, set[int]] = {right: set() for right in asked_rights}
        for right, site in named.values_list("authorisation_id", "site_id") if asked_sites else ():
            covered[right].add(site)
        return cls(
            today,
            authorisations={row.pk: row for row in rights.filter(pk__in=asked_rights)},
            forms=forms.defer("producer__division__geom").in_bulk({content.form.pk for content in contents}),
            sites=sites.placed().in_bulk(asked_sites) if asked_sites else {},
            seasons=Season.objects.in_bulk(seasons) if seasons else {},
            covered=covered,
        )

    def spot(self, sites: Iterable[Site]) -> Spot | None:
        """Where goods of these sites were made: within the one that was entered first."""
        first = min((site.pk for site in sites), default=None)
        if first is None:
            return None
        if first not in self._spots:
            site = self.sites[first]
            cell = cell_at(site.longitude, site.latitude, CELL_RESOLUTION)
            self._spots[first] = Spot(point_at(site.longitude, site.latitude), cell)
        return self._spots[first]

    def right(self, authorisation: Authorisation, produced_on: date) -> AuthorisationFacts:
        key = (authorisation.pk, produced_on)
        if key not in self._rights:
            self._rights[key] = authorisation_facts(authorisation, produced_on, self.today)
        return self._rights[key]

    def versions(self, title: int) -> list[SpecificationVersion]:
        if title not in self._versions:
            self._versions[title] = binding_versions(title)
        return self._versions[title]

    def quotas(self, indication: int) -> list[SeasonQuota]:
        """Those in force of the name's seasons."""
        if indication not in self._quotas:
            rows = SeasonQuota.objects.in_force().filter(season__indication=indication)
            self._quotas[indication] = list(rows.select_related("season").order_by("pk"))
        return self._quotas[indication]
