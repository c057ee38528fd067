"""What there is to choose from: only what would hold, and beside each thing that would not, the reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from gi_registry.lib.access import Actor
from gi_registry.lib.language import name_of, say
from gi_registry.lib.texts import Text
from products.models import Authorisation, Indication, Producer, Season, Site
from products.rules.words import AuthorisationState, SiteKind, SiteState, TitleKind
from trace.models import ProductForm
from trace.portal.doors import makers, own_authorisations, own_sites
from trace.rules.quantities import QuantityUnit

M2_IN_MU = Decimal(2000) / 3

_NO_RIGHT = Text("没有“{name}”的专用标志使用核准。", "You have no authorisation to use the mark of “{name}”.")
_NOT_STANDING = Text(
    "核准目前为“{state}”，不能登记新批次。", "The authorisation is now “{state}”: no new batch can be registered."
)
_RAN_OUT = Text("核准已于 {day} 到期。", "The authorisation ended on {day}.")
_NOT_YET = Text("核准自 {day} 起有效。", "The authorisation begins on {day}.")
_TITLE_ENDED = Text(
    "该地理标志的保护目前不在有效状态。", "The protection of this indication does not stand at present."
)
_NO_SITE = Text("核准所列的场地都未启用。", "None of the sites in the authorisation is active.")
_SITE_STATE = Text("场地目前为“{state}”。", "The site is now “{state}”.")
_SITE_OUTSIDE_RIGHT = Text("不在核准所列的场地中。", "Not among the sites of the authorisation.")
_BY = Text("按{kind}的核准", "By the authorisation under the {kind}")
_OWN = Text("您已有场地或核准的", "Yours already")
_OTHERS = Text("其他", "Others")
_UNTIL = Text("，至 {day}", ", until {day}")


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: what it is called, what tells it from its neighbours, and why it cannot be chosen ("" if it can)."""

    value: str
    title: str
    lines: tuple[str, ...] = ()
    reason: str = ""

    def __str__(self) -> str:
        return self.title


@dataclass(frozen=True, slots=True)
class Offer:
    """``open``: can be chosen. ``closed``: cannot, each with its reason."""

    open: tuple[Choice, ...]
    closed: tuple[Choice, ...]

    @classmethod
    def of(cls, choices: Iterable[Choice]) -> "Offer":
        choices = tuple(choices)
        return cls(tuple(c for c in choices if not c.reason), tuple(c for c in choices if c.reason))

    @property
    def pairs(self) -> list[tuple[str, Choice]]:
        """As a form's choices."""
        return [(choice.value, choice) for choice in self.open]


def products_offered(actor: Actor, today: date) -> Offer:
    """The producer's articles, each once for every authorisation under which it may be made today.

    The value is both numbers with a dot between them: an article under two titles is a choice that only its maker can take.
    """
    articles = ProductForm.objects.own_of(actor).filter(is_active=True)
    articles = articles.select_related("indication", "producer__organisation").order_by(
        "indication__name_zh", "name_zh", "net_content"
    )
    rights = list(own_authorisations(actor).order_by("-valid_until", "-pk"))
    covered, is_for_several = _covered(rights), makers(actor).count() > 1
    choices: list[Choice] = []
    for article in articles:
        fitting = [
            r for r in rights if (r.producer_id, r.title.indication_id) == (article.producer_id, article.indication_id)
        ]
        standing = [r for r in fitting if r.stands_on(today) and r.pk in covered]
        maker = (name_of(article.producer.organisation),) if is_for_several else ()
        lines = (*maker, name_of(article.indication), _packed(article))
        choices += [
            Choice(
                f"{article.number}.{r.number}", name_of(article), (*lines, _right(r)) if len(standing) > 1 else lines
            )
            for r in standing
        ]
        if not standing:
            choices.append(Choice("", name_of(article), lines, _why_not(article, fitting, today)))
    return Offer.of(choices)


def _covered(rights: list[Authorisation]) -> set[int]:
    """The authorisations with at least one active site, in one query."""
    found = Authorisation.objects.filter(pk__in=[r.pk for r in rights], sites__state=SiteState.ACTIVE)
    return set(found.values_list("pk", flat=True))


def _packed(article: ProductForm) -> str:
    return " · ".join(filter(None, (amount(article.net_content, article.net_content_unit), article.packing)))


def _right(right: Authorisation) -> str:
    said = say(_BY).format(kind=say(TitleKind(right.title.kind)))
    return said + (say(_UNTIL).format(day=right.valid_until) if right.valid_until else "")


def _why_not(article: ProductForm, fitting: list[Authorisation], today: date) -> str:
    """The reason of the authorisation that is nearest to standing."""
    if not fitting:
        return say(_NO_RIGHT).format(name=name_of(article.indication))
    right = max(fitting, key=lambda r: (r.stands_on(today), AuthorisationState(r.state) in _GRANTED, r.pk))
    if right.stands_on(today):
        return say(_NO_SITE)
    if AuthorisationState(right.state) not in _GRANTED:
        return say(_NOT_STANDING).format(state=say(AuthorisationState(right.state)))
    if right.valid_until and right.valid_until < today:
        return say(_RAN_OUT).format(day=right.valid_until)
    if right.valid_from and right.valid_from > today:
        return say(_NOT_YET).format(day=right.valid_from)
    return say(_TITLE_ENDED)


_GRANTED = frozenset({AuthorisationState.ACTIVE, AuthorisationState.RECTIFYING, AuthorisationState.DORMANT_WARNING})


def sites_offered(actor: Actor, article: ProductForm, right: Authorisation) -> Offer:
    """The producer's sites for the article's indication; those that are active and named in the authorisation are open."""
    maker = article.producer
    sites = own_sites(actor).of_producer(maker).filter(indication_id=article.indication_id)
    named = set(right.sites.values_list("pk", flat=True))
    return Offer.of(_site_choice(site, maker, site.pk in named) for site in sites.order_by("name", "pk"))


def _site_choice(site: Site, maker: Producer, is_named: bool) -> Choice:
    lines = (" · ".join(filter(None, (say(SiteKind(site.kind)), name_of(site.division), area(site.area_m2)))),)
    if site.producer_id != maker.pk:
        lines = (name_of(site.producer.organisation), *lines)
    reason = ""
    if site.state != SiteState.ACTIVE:
        reason = say(_SITE_STATE).format(state=say(SiteState(site.state)))
    elif not is_named:
        reason = say(_SITE_OUTSIDE_RIGHT)
    return Choice(site.number, site.name, lines, reason)


def makers_offered(actor: Actor) -> list[tuple[str, Choice]]:
    """The producers that the actor speaks for, as a form's choices."""
    rows = makers(actor).order_by("pk")
    return [(maker.number, Choice(maker.number, name_of(maker.organisation))) for maker in rows]


def indications_offered(actor: Actor) -> tuple[list[tuple[str, list[tuple[str, str]]]], str | None]:
    """Every name, those first with which the producer already has to do; and the one it will mean where there is one."""
    own = makers(actor).values("pk")
    is_own = Q(titles__authorisations__producer__in=own) | Q(sites__producer__in=own)
    mine = set(Indication.objects.filter(is_own).values_list("pk", flat=True))
    rows = list(Indication.objects.order_by("name_zh", "pk"))
    groups = ((_OWN, [row for row in rows if row.pk in mine]), (_OTHERS, [row for row in rows if row.pk not in mine]))
    offered = [(say(title), [(row.slug, name_of(row)) for row in group]) for title, group in groups if group]
    return offered, groups[0][1][0].slug if len(mine) == 1 else None


def seasons_offered(article: ProductForm) -> list[tuple[str, str]]:
    """The seasons of the article's indication, newest first; empty where none are kept."""
    seasons = Season.objects.filter(indication_id=article.indication_id).order_by("-opens_on")[:12]
    return [(season.number, f"{season.name} ({season.opens_on} – {season.closes_on})") for season in seasons]


def amount(value: Decimal, unit: str) -> str:
    """``1,200 千克``: no zeros that were never typed."""
    return f"{value.normalize():,f} {say(QuantityUnit(unit))}"


def area(area_m2: float | None) -> str:
    """In mu, as fields are spoken of (1 mu = 2000/3 m2); a point has no area."""
    if area_m2 is None:
        return ""
    mu = Decimal(area_m2) / M2_IN_MU
    return f"{mu:,.1f} {say(_MU)}" if mu >= 1 else f"{area_m2:,.0f} {say(_M2)}"


_MU = Text("亩", "mu")
_M2 = Text("平方米", "m²")
