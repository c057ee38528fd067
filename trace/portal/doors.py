"""Who comes into the portal, and the rows that each may open. Every page goes through here."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control

from gi_registry.lib.access import Actor, Decision, RoleKind
from gi_registry.lib.problems import Forbidden, Missing
from products.models import Authorisation, Producer, Site, SiteUpload
from products.querysets import produced_by
from trace import policy
from trace.models import Batch, SheetImport

View = Callable[..., HttpResponse]


def for_people(view: View) -> View:
    """Anybody signed in; others are sent to sign in and come back. Kept by no cache but the reader's own."""
    return cache_control(private=True, no_cache=True)(login_required(view))


def for_producers(view: View) -> View:
    """Only people of a producer: the door of everything that makes or changes goods."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        permit(policy.make(request.actor))
        return view(request, *args, **kwargs)

    return for_people(guarded)


def permit(decision: Decision) -> None:
    """Pass, or the reason as a 403 page."""
    if not decision:
        raise Forbidden(decision)


def is_producer(actor: Actor) -> bool:
    return actor.has(RoleKind.PRODUCER)


def batch_or_404(actor: Actor, number: str) -> Batch:
    """One batch with all that a page shows of it. Another's is not there."""
    batch = Batch.objects.visible_to(actor).told().filter(number=number).first()
    if batch is None:
        raise Missing
    return batch


def makers(actor: Actor) -> QuerySet[Producer]:
    """The producers that the actor speaks for: its own, and the households that its organisation vouches for."""
    return Producer.objects.visible_to(actor).filter(produced_by(actor, "")).select_related("organisation")


def own_batches(actor: Actor) -> QuerySet[Batch]:
    return Batch.objects.visible_to(actor).filter(produced_by(actor, "producer__"))


def own_sites(actor: Actor) -> QuerySet[Site]:
    """Outlines stay in the database: a page shows the area."""
    sites = Site.objects.visible_to(actor).filter(produced_by(actor, "producer__"))
    return sites.select_related("division", "indication", "producer__organisation").defer("geom", "division__geom")


def own_uploads(actor: Actor) -> QuerySet[SiteUpload]:
    uploads = SiteUpload.objects.visible_to(actor).filter(produced_by(actor, "producer__"))
    uploads = uploads.select_related("indication", "producer__organisation", "producer__division")
    return uploads.defer("producer__division__geom")


def own_imports(actor: Actor) -> QuerySet[SheetImport]:
    return SheetImport.objects.visible_to(actor).select_related("producer__organisation")


def own_authorisations(actor: Actor) -> QuerySet[Authorisation]:
    rights = Authorisation.objects.visible_to(actor).filter(produced_by(actor, "producer__"))
    return rights.select_related("title__indication", "title__holder", "producer__organisation")
