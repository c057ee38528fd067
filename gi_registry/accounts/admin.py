"""Staff open accounts here. Every button is one of the actions of this room, allowed by its policy."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from gi_registry.accounts import actions, policy
from gi_registry.accounts.models import ApiKey, Membership, Organisation, User
from gi_registry.accounts.rules import OrganisationKind, membership_faults, organisation_faults
from gi_registry.lib import clock
from gi_registry.lib.access import RoleKind
from gi_registry.lib.admin import LookAdmin
from gi_registry.lib.language import say

ORGANISATION_FIELDS = ("kind", "name_zh", "name_en", "uscc", "sponsor", "division_code", "is_demo")
MEMBERSHIP_FIELDS = ("user", "role", "organisation", "division_prefix")


class EnteredAdmin(LookAdmin):
    """Rows are entered through an action; once entered they are only looked at."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_staff and bool(policy.may_register_people(request.actor))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return super().get_fields(request, obj) if obj else self.entered

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Our own history says who entered it; the admin's second log would only disagree one day."""


class OrganisationForm(ModelForm):
    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "kind" in data:
            sponsor = data.get("sponsor")
            data["uscc"] = (data.get("uscc") or "").strip().upper() or None
            for fault in organisation_faults(
                kind=OrganisationKind(data["kind"]),
                uscc=data["uscc"],
                has_sponsor=sponsor is not None,
                sponsor_has_uscc=bool(sponsor and sponsor.uscc),
            ):
                self.add_error(fault.pointer.strip("/") or None, say(fault.text))
        return data


class MembershipForm(ModelForm):
    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "role" in data:
            for fault in membership_faults(
                role=RoleKind(data["role"]),
                has_organisation=data.get("organisation") is not None,
                division_prefix=data.get("division_prefix", ""),
            ):
                self.add_error(fault.pointer.strip("/") or None, say(fault.text))
        return data


@admin.register(Organisation)
class OrganisationAdmin(EnteredAdmin):
    form = OrganisationForm
    entered = ORGANISATION_FIELDS
    list_display = ("number", "name_zh", "kind", "uscc", "division_code", "is_demo")
    list_filter = ("kind", "is_demo")
    search_fields = ("name_zh", "name_en", "uscc", "number")
    autocomplete_fields = ("sponsor",)

    def save_model(self, request: HttpRequest, obj: Organisation, form: ModelForm, change: bool) -> None:
        given = {name: form.cleaned_data[name] for name in ORGANISATION_FIELDS}
        given["kind"] = OrganisationKind(given["kind"])
        made = actions.register_organisation(**given, actor=request.actor, now=clock.now())
        obj.__dict__.update(made.__dict__)


@admin.register(Membership)
class MembershipAdmin(EnteredAdmin):
    form = MembershipForm
    entered = MEMBERSHIP_FIELDS
    list_display = ("user", "role", "organisation", "division_prefix", "started_on", "ended_on")
    list_filter = ("role",)
    list_select_related = ("user", "organisation")
    autocomplete_fields = ("user", "organisation")
    actions = ("end_roles",)

    def save_model(self, request: HttpRequest, obj: Membership, form: ModelForm, change: bool) -> None:
        given = {name: form.cleaned_data[name] for name in MEMBERSHIP_FIELDS}
        given["role"] = RoleKind(given["role"])
        made = actions.grant_role(**given, actor=request.actor, today=clock.today())
        obj.__dict__.update(made.__dict__)

    @admin.action(description="结束所选角色 / End these roles", permissions=["add"])
    def end_roles(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        for membership in queryset:
            actions.end_role(membership=membership, actor=request.actor, today=clock.today(), reason="admin")
        messages.success(request, "OK")


@admin.register(ApiKey)
class ApiKeyAdmin(LookAdmin):
    list_display = ("prefix", "name", "user", "scopes", "created_at", "expires_at", "revoked_at", "last_used_at")
    exclude = ("key_hash",)
    list_select_related = ("user",)
    actions = ("revoke_keys",)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.is_staff and bool(policy.may_register_people(request.actor))

    @admin.action(description="停用所选密钥 / Revoke these keys", permissions=["revoke"])
    def revoke_keys(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        for key in queryset:
            actions.revoke_key(key=key, actor=request.actor, now=clock.now())
        messages.success(request, "OK")


@admin.register(User)
class PersonAdmin(UserAdmin):
    """Django's own: a password is set here and a person switched off; roles are memberships, never permissions."""

    list_display = ("username", "display_name", "email", "is_active", "is_staff")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (None, {"fields": ("display_name", "email", "is_active", "is_staff", "is_superuser")}),
    )
    filter_horizontal = ()
    list_filter = ("is_active", "is_staff")
