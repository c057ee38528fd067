"""What the rules are told of a batch, gathered from the register."""

from collections.abc import Container, Iterable
from datetime import date

from products.models import Authorisation, Producer, Site
from products.rules.words import SiteState
from trace.models import Batch
from trace.rules.batches import AuthorisationFacts, BatchFacts, SeasonFacts, SiteFacts
from trace.rules.dates import BatchDates
from trace.rules.quantities import QuantityUnit


def authorisation_facts(authorisation: Authorisation, produced_on: date, today: date) -> AuthorisationFacts:
    """``authorisation`` comes with its title."""
    return AuthorisationFacts(
        producer_id=authorisation.producer_id,
        indication_id=authorisation.title.indication_id,
        stood_at_production=authorisation.stands_on(produced_on),
        stands_now=authorisation.stands_on(today),
        title_stands=authorisation.title.stands_on(today),
    )


def site_facts(sites: Iterable[Site], producer: Producer, covered: Container[int]) -> tuple[SiteFacts, ...]:
    """``sites`` come with their producer and its organisation; ``covered``: keys of those that the authorisation names."""
    return tuple(
        SiteFacts(
            number=site.number,
            is_own=producer.pk == site.producer_id or site.producer.organisation.sponsor_id == producer.organisation_id,
            indication_id=site.indication_id,
            is_active=site.state == SiteState.ACTIVE,
            is_covered=site.pk in covered,
        )
        for site in sites
    )


def dates_of(batch: Batch) -> BatchDates:
    return BatchDates(**{name: getattr(batch, name) for name in BatchDates.__slots__})


def batch_facts(
    batch: Batch, today: date, sites: tuple[SiteFacts, ...] | None = None, right: AuthorisationFacts | None = None
) -> BatchFacts:
    """Everything that registration looks at. ``sites`` and ``right`` where they are known already."""
    season = batch.season
    if sites is None:
        named = list(batch.sites.select_related("producer__organisation").defer("geom").order_by("pk"))
        covered = batch.authorisation.sites.filter(pk__in=[site.pk for site in named])
        sites = site_facts(named, batch.producer, set(covered.values_list("pk", flat=True)))
    return BatchFacts(
        producer_id=batch.producer_id,
        indication_id=batch.indication_id,
        authorisation=right or authorisation_facts(batch.authorisation, batch.produced_on, today),
        sites=sites,
        season=SeasonFacts(season.indication_id, season.opens_on, season.closes_on) if season else None,
        dates=dates_of(batch),
        quantity=batch.quantity,
        unit=QuantityUnit(batch.quantity_unit),
        pack_count=batch.pack_count,
        form_is_active=batch.form.is_active,
        net_content=batch.form.net_content,
        net_unit=QuantityUnit(batch.form.net_content_unit),
    )
