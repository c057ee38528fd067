"""Goods for staff: everything to look at, nothing to change but through the actions. Checks have a composite key, which the
admin cannot show; their tallies stand with the batches."""

from django.contrib import admin

from gi_registry.lib.admin import LookAdmin
from trace.models import Batch, ProductForm


@admin.register(ProductForm)
class ProductFormAdmin(LookAdmin):
    list_display = (
        "number",
        "name_zh",
        "producer",
        "indication",
        "net_content",
        "net_content_unit",
        "gtin",
        "is_active",
    )
    list_filter = ("is_active",)
    list_select_related = ("producer__organisation", "indication")
    search_fields = ("number", "name_zh", "gtin")


@admin.register(Batch)
class BatchAdmin(LookAdmin):
    list_display = ("number", "form", "producer", "state", "produced_on", "quantity", "quantity_unit", "division_code")
    list_filter = ("state",)
    list_select_related = ("form", "producer__organisation")
    search_fields = ("number", "producer_lot")
    raw_id_fields = ("sites",)
