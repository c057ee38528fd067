"""The register for staff: everything to look at, nothing to change but through the actions."""

from django.contrib import admin

from gi_registry.lib.admin import LookAdmin
from products.models import Authorisation, Holder, Indication, Producer, Season, Site, SpecificationVersion, Title


@admin.register(Indication)
class IndicationAdmin(LookAdmin):
    list_display = ("name_zh", "name_en", "category", "main_division_code", "confidence")
    list_filter = ("confidence", "category")
    search_fields = ("name_zh", "folded_en", "folded_pinyin", "initials")


@admin.register(Title)
class TitleAdmin(LookAdmin):
    list_display = ("number", "indication", "kind", "status", "title_number", "announcement_number", "recognised_on")
    list_filter = ("kind", "status")
    list_select_related = ("indication",)
    search_fields = ("number", "title_number", "announcement_number")


@admin.register(SpecificationVersion)
class SpecificationAdmin(LookAdmin):
    list_display = ("number", "title", "label_zh", "status", "effective")
    list_filter = ("status",)
    list_select_related = ("title",)


@admin.register(Holder)
class HolderAdmin(LookAdmin):
    list_display = ("number", "name_zh", "name_en", "is_demo")
    search_fields = ("number", "name_zh")


@admin.register(Producer)
class ProducerAdmin(LookAdmin):
    list_display = ("number", "organisation", "division", "is_public")
    list_filter = ("is_public",)
    list_select_related = ("organisation",)
    search_fields = ("number", "organisation__name_zh", "organisation__uscc")


@admin.register(Site)
class SiteAdmin(LookAdmin):
    # No search or filter reaches the geometry: a lookup on it from the address bar would be a way into GDAL.
    list_display = ("number", "name", "kind", "producer", "indication", "area_m2", "placement", "state")
    list_filter = ("state", "placement", "kind")
    list_select_related = ("producer__organisation", "indication")
    search_fields = ("number", "name")
    exclude = ("geom",)


@admin.register(Authorisation)
class AuthorisationAdmin(LookAdmin):
    list_display = ("number", "producer", "title", "state", "valid_from", "valid_until", "last_used_on")
    list_filter = ("state",)
    list_select_related = ("producer__organisation", "title")
    search_fields = ("number", "approval_reference")


@admin.register(Season)
class SeasonAdmin(LookAdmin):
    list_display = ("number", "indication", "name", "opens_on", "closes_on")
    list_select_related = ("indication",)
