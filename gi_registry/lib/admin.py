"""The staff admin looks at everything in its scope and changes nothing by itself: what it offers are the rooms' own actions."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest


class LookAdmin(admin.ModelAdmin):
    """Read only. A room's admin adds admin actions that call the room's actions, never a form that saves a row."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)
