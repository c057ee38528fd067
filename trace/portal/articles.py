"""The producer's own articles: what its batches can be packed as."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.language import name_of, say
from gi_registry.lib.problems import Invalid, Refused
from gi_registry.lib.texts import Text
from products.models import Authorisation
from products.rules.authorisations import OPEN
from trace import actions
from trace.models import ProductForm
from trace.portal.choices import Choice, Offer
from trace.portal.doors import for_producers, own_authorisations
from trace.portal.forms import ArticleQuestion
from trace.rules.quantities import QuantityUnit

MOST_ROWS = 200

_ADDED = Text("已添加“{name}”。", "Added “{name}”.")


@for_producers
@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    rows = ProductForm.objects.own_of(request.actor).select_related("indication", "photo").defer("photo__jpeg")
    context = {"articles": rows.order_by("-is_active", "indication__name_zh", "name_zh", "net_content")[:MOST_ROWS]}
    return render(request, "trace/portal/articles.html", context)


@for_producers
@require_http_methods(["GET", "HEAD", "POST"])
def new_article(request: HttpRequest) -> HttpResponse:
    """Describe an article. Only for an indication that the producer has, or has asked for, a right to."""
    grounds = _grounds(request.actor)
    offer = Offer.of(
        Choice(value, name_of(right.title.indication), (name_of(right.producer.organisation),))
        for value, right in grounds.items()
    )
    only = offer.open[0].value if len(offer.open) == 1 else None
    form = ArticleQuestion(request.POST or None, offer=offer, initial={"indication": only})
    if form.is_valid():
        try:
            article = _create(request.actor, form, grounds[form.cleaned_data["indication"]])
        except (Invalid, Refused) as refused:
            form.take(refused.errors)
        else:
            messages.success(request, say(_ADDED).format(name=name_of(article)))
            return redirect("portal-articles")
    context = {"form": form, "offer": offer}
    return render(request, "trace/portal/new_article.html", context, status=400 if form.errors else 200)


def _grounds(actor: Actor) -> dict[str, Authorisation]:
    """Producer and indication of each open right, under the value that stands in the form."""
    rights = own_authorisations(actor).filter(state__in=OPEN).order_by("title__indication__name_zh", "pk")
    return {f"{right.producer.number}.{right.title.indication.slug}": right for right in rights}


def _create(actor: Actor, form: ArticleQuestion, right: Authorisation) -> ProductForm:
    told = form.cleaned_data
    content = actions.FormContent(
        name_zh=told["name_zh"],
        name_en=told["name_en"],
        net_content=told["net_content"],
        net_content_unit=QuantityUnit(told["net_content_unit"]),
        packing=told["packing"],
        gtin=told["gtin"],
    )
    return actions.create_form(
        producer=right.producer, indication=right.title.indication, content=content, actor=actor, now=clock.now()
    )
