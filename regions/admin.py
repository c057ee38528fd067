"""Look at every place; change them only through the API and its actions."""

from django.contrib import admin

from gi_registry.lib.admin import LookAdmin
from regions.models import Boundary, Division, DivisionChange, Region


@admin.register(Division)
class DivisionAdmin(LookAdmin):
    list_display = ["code", "name_zh", "name_en", "level", "area_m2"]
    list_filter = ["level"]
    search_fields = ["code", "name_zh", "pinyin"]
    exclude = ["geom"]


@admin.register(DivisionChange)
class DivisionChangeAdmin(LookAdmin):
    list_display = ["old_code", "old_name_zh", "new_code", "new_name_zh", "share", "changed_on"]
    search_fields = ["old_code", "old_name_zh", "new_code", "new_name_zh"]


@admin.register(Region)
class RegionAdmin(LookAdmin):
    list_display = ["number", "name_zh", "extent", "declared_check", "accuracy_m", "updated_at"]
    list_filter = ["declared_check", "extent"]
    search_fields = ["number", "slug", "name_zh", "name_en"]


@admin.register(Boundary)
class BoundaryAdmin(LookAdmin):
    list_display = ["region", "zone", "valid", "method", "accuracy_m", "area_m2"]
    list_filter = ["method"]
    exclude = ["geom", "divisions"]
