"""Product forms: one article as it stands on the shelf, such as the 500 mL bottle of a vinegar."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from gi_registry.lib.ids import new_number
from products.models.steps import kept, only_words
from trace.querysets import ProductFormQuerySet
from trace.rules.quantities import QuantityUnit

# With its photo the verdict page stays under 60 KB: 14 for page and style, 2 for the script.
MOST_PHOTO_BYTES = 44_000
PHOTO_PATH = "/c/photos/{}.jpg"


@pghistory.track()
class ProductForm(models.Model):
    """What a batch is packed as: name, net content, packing, and the GTIN where the producer has one."""

    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    producer = models.ForeignKey("products.Producer", models.PROTECT, related_name="+")
    indication = models.ForeignKey("products.Indication", models.PROTECT, related_name="+")
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True, default="")
    net_content = models.DecimalField(max_digits=12, decimal_places=3)
    net_content_unit = models.CharField(max_length=12, choices=QuantityUnit.choices())
    packing = models.CharField(max_length=80, blank=True, default="")
    gtin = models.CharField(max_length=14, null=True, blank=True, help_text="14 digits; shorter GTINs are padded.")
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = ProductFormQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(net_content__gt=0), name="form_net_content_positive"),
            only_words("net_content_unit", QuantityUnit, "form_unit_known"),
            models.CheckConstraint(
                condition=Q(gtin__isnull=True) | Q(gtin__regex=r"^[0-9]{14}$"), name="form_gtin_shape"
            ),
            # A GTIN names one article of one producer; two forms with one GTIN would make its links ambiguous.
            models.UniqueConstraint(fields=["gtin"], condition=Q(gtin__isnull=False), name="form_gtin_once"),
        ]
        triggers = [
            # Batches and printed links point here: a form goes out of use, it is never deleted or given away.
            kept(),
            pgtrigger.ReadOnly(name="fixed", fields=["number", "producer", "indication"]),
        ]

    def __str__(self) -> str:
        return self.name_zh


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["jpeg"])
class FormPhoto(models.Model):
    """The photo that the producer shows of an article: our own copy, small enough for the verdict page.

    ``digest`` is the first half of its SHA-256 in hex. The address is made of it, so what stands there never changes.
    """

    form = models.OneToOneField(ProductForm, models.PROTECT, primary_key=True, related_name="photo")
    digest = models.CharField(max_length=32, db_index=True)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    jpeg = models.BinaryField(max_length=MOST_PHOTO_BYTES)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{32}$"), name="photo_digest_shape"),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="photo_has_a_size"),
        ]

    def __str__(self) -> str:
        return self.digest

    @property
    def path(self) -> str:
        return PHOTO_PATH.format(self.digest)
