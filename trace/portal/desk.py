"""What a signed-in person who makes no goods is shown first: their roles, and what waits for their decision."""

from typing import Any

from django.db.models import Exists, OuterRef

from gi_registry.lib import clock
from gi_registry.lib.access import READERS, Actor, RoleKind
from gi_registry.lib.texts import Text
from products.models import Authorisation, SeasonQuota, Site
from products.policy import authorisation_roles, may_review_site
from products.rules.authorisations import MACHINE, STANDING
from products.rules.seasons import QuotaState
from products.rules.sites import REVIEWABLE
from products.rules.words import AuthorisationState
from regions.models import Division
from trace.models import AnnualUseReport, Entitlement, LabelOrder, LinkTarget
from trace.rules.annual_reports import AnnualState
from trace.rules.label_orders import OrderState
from trace.rules.link_targets import TargetState

MOST_WAITING = 50
# States in which an application lies on somebody's desk.
APPLIED = (AuthorisationState.SUBMITTED, AuthorisationState.ORIGIN_CHECKED, AuthorisationState.PROV_OK)


def desk_of(actor: Actor) -> dict[str, Any]:
    """The context of the page."""
    return {
        "roles": _roles(actor),
        "has_role": bool(actor.roles),
        "is_official": actor.has(*READERS),
        "reads_batches": actor.has(*READERS, RoleKind.HOLDER),
        "sites": _sites(actor),
        "rights": _rights(actor),
        "seasons": _seasons(actor),
        "waiting_orders": LabelOrder.objects.visible_to(actor).filter(state=OrderState.REQUESTED).count(),
        "waiting_reports": AnnualUseReport.objects.visible_to(actor).filter(state=AnnualState.SUBMITTED).count(),
        "waiting_links": LinkTarget.objects.visible_to(actor).filter(state=TargetState.PROPOSED).count(),
    }


def _roles(actor: Actor) -> list[dict[str, Any]]:
    """Each role with the division that it covers."""
    codes = {role.division_prefix.ljust(6, "0") for role in actor.roles if role.division_prefix}
    places = {row.code: row for row in Division.objects.current().without_geometry().filter(code__in=codes)}
    return [{"kind": role.kind, "place": places.get(role.division_prefix.ljust(6, "0"))} for role in actor.roles]


def _sites(actor: Actor) -> list[Site]:
    """Sites that the machine left to a person, where this person may decide."""
    rows = Site.objects.visible_to(actor).filter(state__in=REVIEWABLE).order_by("id")
    rows = rows.select_related("division", "indication", "producer__organisation").defer("geom", "division__geom")
    return [row for row in rows[:MOST_WAITING] if may_review_site(actor, row)]


_TO_OPEN = Text("产季已到，配额还没有执行", "It has begun and its quota is not in force")
_TO_GRANT = Text("有生产者等待核定额度", "Producers wait for an entitlement")
_TO_CLOSE = Text("产季已过，还没有结束", "It is over and not closed")


def _seasons(actor: Actor) -> list[tuple[SeasonQuota, Text]]:
    """Seasons that this person keeps and that want something, each with what that is."""
    if not actor.has(RoleKind.HOLDER, RoleKind.REGISTRAR):
        return []
    today = clock.today()
    granted = Entitlement.objects.filter(quota=OuterRef(OuterRef("pk")), producer=OuterRef("producer"))
    rights = Authorisation.objects.filter(~Exists(granted), title__indication=OuterRef("season__indication"))
    rows = SeasonQuota.objects.kept_by(actor).exclude(state=QuotaState.CLOSED.value)
    rows = rows.select_related("season__indication").annotate(lacks=Exists(rights.filter(state__in=STANDING)))
    told = []
    for row in rows.order_by("season__closes_on", "pk")[:MOST_WAITING]:
        if row.state == QuotaState.DRAFT and row.season.opens_on <= today:
            told.append((row, _TO_OPEN))
        elif row.state == QuotaState.OPEN and row.season.closes_on < today:
            told.append((row, _TO_CLOSE))
        elif row.state == QuotaState.OPEN and row.lacks:
            told.append((row, _TO_GRANT))
    return told


def _rights(actor: Actor) -> list[Authorisation]:
    """Applications whose next step is one of this person's roles to take."""
    rows = Authorisation.objects.visible_to(actor).filter(state__in=APPLIED).order_by("id")
    rows = rows.select_related("title__indication", "title__holder", "producer__organisation", "producer__division")
    rows = rows.defer("producer__division__geom")
    return [row for row in rows[:MOST_WAITING] if _is_next(actor, row)]


def _is_next(actor: Actor, row: Authorisation) -> bool:
    roles = authorisation_roles(actor, row)
    return any(roles & step.who for step in MACHINE[AuthorisationState(row.state)].values())
