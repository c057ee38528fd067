"""Batches in and out."""

from typing import Any

from rest_framework import serializers

from gi_registry.lib.access import Actor
from gi_registry.lib.problems import Invalid
from gi_registry.lib.shapes import In, Out, WordField
from gi_registry.lib.texts import Refusal, Text, Word
from products.models import Authorisation, Season, Site
from products.querysets import produced_by
from trace.actions import Content
from trace.models import Batch, ProductForm
from trace.qr import DEFAULT_DPI, PROFILES
from trace.rules.batches import MAX_REASON, BatchState
from trace.rules.dates import BatchDates
from trace.rules.prints import LinkKind
from trace.rules.quantities import QuantityUnit
from trace.serializers.numbers import NumberField, row_of, unknown

MAX_SITES = 200
_FORM = Text("产品规格", "product form")
_AUTHORISATION = Text("核准", "authorisation")
_SEASON = Text("产季", "season")
_SITE = Text("场地", "site")
_WHICH = Refusal(
    "authorisation_needed",
    Text(
        "您对该地理标志没有核准，或有多个核准，请写明是哪一个。",
        "You have no authorisation for this indication, or several: say which.",
    ),
    "/authorisation",
)


class StartState(Word):
    """In which state a new batch is left."""

    DRAFT = BatchState.DRAFT.value, BatchState.DRAFT.text.zh, BatchState.DRAFT.text.en
    REGISTERED = BatchState.REGISTERED.value, BatchState.REGISTERED.text.zh, BatchState.REGISTERED.text.en


class BatchChangeIn(In):
    """What a producer states of a batch. Days are ISO dates in China; amounts are decimals with a unit."""

    form = NumberField()
    authorisation = NumberField(
        required=False, help_text="May be left out where you have exactly one for the indication."
    )
    sites = serializers.ListField(child=NumberField(), max_length=MAX_SITES, required=False, default=list)
    season = NumberField(required=False, allow_null=True, default=None)
    producer_lot = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    harvested_on = serializers.DateField(required=False, allow_null=True, default=None)
    produced_from = serializers.DateField(required=False, allow_null=True, default=None)
    produced_on = serializers.DateField()
    packed_on = serializers.DateField(required=False, allow_null=True, default=None)
    best_before_on = serializers.DateField(required=False, allow_null=True, default=None)
    quantity = serializers.DecimalField(max_digits=15, decimal_places=3)
    quantity_unit = WordField(QuantityUnit)
    pack_count = serializers.IntegerField(required=False, allow_null=True, default=None)


class BatchIn(BatchChangeIn):
    """A new batch. ``state: registered`` registers it in the same call, or writes nothing."""

    state = WordField(StartState, required=False, default=StartState.DRAFT)


class BatchFilterIn(In):
    state = WordField(BatchState, required=False)
    indication = serializers.SlugField(required=False, max_length=80)
    producer = NumberField(required=False)
    q = serializers.CharField(required=False, max_length=60, help_text="Lot, own lot text or product name.")


class ReasonIn(In):
    """Why. Hold, resume, recall, close and void owe it; of hold and recall it is shown to the public."""

    reason = serializers.CharField(max_length=MAX_REASON, required=False, allow_blank=True, default="")


class ReviewIn(In):
    """Open a review or close it."""

    is_open = serializers.BooleanField()
    reason = serializers.CharField(max_length=MAX_REASON, required=False, allow_blank=True, default="")


class QrIn(In):
    dpi = serializers.ChoiceField(choices=[str(dpi) for dpi in PROFILES], required=False, default=str(DEFAULT_DPI))
    link = WordField(LinkKind, required=False, default=LinkKind.BATCH)


class SiteBriefOut(Out):
    number = serializers.CharField()
    name = serializers.CharField()


class TallyOut(Out):
    """Distinct checks: one a device a day."""

    count = serializers.IntegerField()
    first_on = serializers.DateField(allow_null=True)
    first_province = serializers.CharField(allow_blank=True)


class BatchOut(Out):
    """A batch as its producer, its holder and its officials see it."""

    number = serializers.CharField(help_text="The lot number: random, with a check character, for ever this batch's.")
    state = WordField(BatchState)
    state_reason = serializers.CharField()
    url = serializers.SerializerMethodField(help_text="The link in its QR code.")
    digital_link = serializers.SerializerMethodField(
        help_text="The GS1 form of the link, where the product has a GTIN."
    )
    indication = serializers.CharField(source="indication.slug")
    producer = serializers.CharField(source="producer.number")
    producer_name = serializers.CharField(source="producer.organisation.name_zh")
    form = serializers.CharField(source="form.number")
    form_name = serializers.CharField(source="form.name_zh")
    authorisation = serializers.CharField(source="authorisation.number")
    specification = serializers.CharField(source="specification.number", default=None, allow_null=True)
    season = serializers.CharField(source="season.number", default=None, allow_null=True)
    sites = SiteBriefOut(many=True)
    division_code = serializers.CharField()
    producer_lot = serializers.CharField()
    harvested_on = serializers.DateField(allow_null=True)
    produced_from = serializers.DateField(allow_null=True)
    produced_on = serializers.DateField()
    packed_on = serializers.DateField(allow_null=True)
    best_before_on = serializers.DateField(allow_null=True)
    quantity = serializers.DecimalField(max_digits=15, decimal_places=3)
    quantity_unit = WordField(QuantityUnit)
    pack_count = serializers.IntegerField(allow_null=True)
    registered_at = serializers.DateTimeField(allow_null=True)
    released_at = serializers.DateTimeField(allow_null=True)
    review_opened_at = serializers.DateTimeField(allow_null=True)
    checks = TallyOut(source="tally", default=None, allow_null=True)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_url(self, batch: Batch) -> str:
        return batch.link

    def get_digital_link(self, batch: Batch) -> str | None:
        return batch.digital_link


def content_of(actor: Actor, data: dict[str, Any], batch: Batch | None = None) -> Content:
    """The content after a request: rows are looked up among the actor's own. Raises Invalid with each unknown number."""
    known = _known(batch) if batch else {}
    sent = {name: value for name, value in data.items() if name != "state"}
    if "form" in sent:
        own = ProductForm.objects.own_of(actor).select_related(
            "producer__organisation", "producer__division", "indication"
        )
        sent["form"] = row_of(own.defer("producer__division__geom"), sent["form"], _FORM, "/form")
    form: ProductForm = sent.get("form") or known["form"]
    if "sites" in sent:
        sent["sites"] = _sites_of(actor, sent["sites"])
    if sent.get("season"):
        sent["season"] = row_of(
            Season.objects.filter(indication=form.indication_id), sent["season"], _SEASON, "/season"
        )
    if "authorisation" in sent or not batch:
        sent["authorisation"] = _authorisation_of(form, sent.get("authorisation"))
    merged = known | sent
    dates = BatchDates(**{name: merged.pop(name) for name in BatchDates.__slots__})
    merged["quantity_unit"] = QuantityUnit(merged["quantity_unit"])
    return Content(dates=dates, **merged)


def _known(batch: Batch) -> dict[str, Any]:
    """What a draft states now."""
    names = ("form", "authorisation", "season", "producer_lot", "quantity", "quantity_unit", "pack_count")
    sites = tuple(batch.sites.select_related("division").defer("geom", "division__geom").order_by("pk"))
    return {name: getattr(batch, name) for name in (*names, *BatchDates.__slots__)} | {"sites": sites}


def _authorisation_of(form: ProductForm, number: str | None) -> Authorisation:
    """The one named, or the producer's only one for the indication."""
    own = Authorisation.objects.filter(producer=form.producer_id).select_related("title")
    if number:
        return row_of(own, number, _AUTHORISATION, "/authorisation")
    found = list(own.standing().filter(title__indication=form.indication_id)[:2])
    if len(found) != 1:
        raise Invalid(_WHICH)
    return found[0]


def _sites_of(actor: Actor, numbers: list[str]) -> tuple[Site, ...]:
    own = Site.objects.filter(produced_by(actor, "producer__"), number__in=numbers)
    found = {site.number: site for site in own.select_related("division").defer("geom", "division__geom")}
    missing = [unknown(n, _SITE, f"/sites/{place}") for place, n in enumerate(numbers) if n not in found]
    if missing:
        raise Invalid(missing)
    return tuple(found[number] for number in dict.fromkeys(numbers))
