"""The register for staff: everything to look at, nothing to change but through the actions."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from gi_registry.lib.admin import LookAdmin, StepAdmin, StepForm
from gi_registry.lib.texts import Word
from products import actions
from products.models import (
    Authorisation,
    Holder,
    Indication,
    Producer,
    Season,
    Site,
    SiteUpload,
    SpecificationVersion,
    Title,
)
from products.rules.authorisations import Given
from products.rules.titles import TitleFacts
from products.rules.words import AuthorisationState, SpecificationStatus, TitleStatus


def _choice(word: type[Word]) -> forms.ChoiceField:
    return forms.ChoiceField(required=False, choices=[("", "—"), *word.choices()], label="变为 To ")


def _text(label: str, **more: Any) -> forms.CharField:
    return forms.CharField(required=False, label=label, max_length=more.pop("max_length", 120), **more)


def _day(label: str) -> forms.DateField:
    return forms.DateField(required=False, label=label, widget=forms.DateInput({"type": "date"}))


def _document() -> forms.CharField:
    return forms.RegexField(r"^[0-9a-f]{64}\Z", required=False, label="文件 SHA-256 Document ")


class TitleStepForm(StepForm):
    to = _choice(TitleStatus)
    title_number = _text("编号 Number ", max_length=80)
    announcement_number = _text("公告号 Announcement ")
    document_sha256 = _document()
    applied_on = _day("申请 Applied ")
    published_on = _day("公示 Published ")
    recognised_on = _day("认定 Recognised ")
    expires_on = _day("有效期至 Expires ")
    ended_on = _day("终止 Ended ")


class SpecificationStepForm(StepForm):
    to = _choice(SpecificationStatus)
    document_sha256 = _document()


class AuthorisationStepForm(StepForm):
    to = _choice(AuthorisationState)
    approval_reference = _text("核准文号 Approval ")
    refusal_criterion = _text("不符的条件 Criterion ", max_length=300)
    valid_from = _day("自 From ")
    valid_until = _day("至 Until ")
    deadline_on = _day("整改期限 Deadline ")


@admin.register(Indication)
class IndicationAdmin(LookAdmin):
    list_display = ("name_zh", "name_en", "category", "main_division_code", "confidence")
    list_filter = ("confidence", "category")
    search_fields = ("name_zh", "folded_en", "folded_pinyin", "initials")


@admin.register(Title)
class TitleAdmin(StepAdmin):
    list_display = ("number", "indication", "kind", "status", "title_number", "announcement_number", "recognised_on")
    list_filter = ("kind", "status")
    list_select_related = ("indication",)
    search_fields = ("number", "title_number", "announcement_number")
    action_form = TitleStepForm
    actions = ("move",)

    @admin.action(description="变更状态 / Take a step")
    def move(self, request: HttpRequest, queryset: QuerySet[Title]) -> None:
        given = self.given(request)
        if to := self.target(request, given, TitleStatus):
            self.take(request, queryset, actions.move_title, "title", to=to, given=TitleFacts(**given))


@admin.register(SpecificationVersion)
class SpecificationAdmin(StepAdmin):
    list_display = ("number", "title", "label_zh", "status", "effective")
    list_filter = ("status",)
    list_select_related = ("title",)
    action_form = SpecificationStepForm
    actions = ("move",)

    @admin.action(description="变更状态 / Take a step")
    def move(self, request: HttpRequest, queryset: QuerySet[SpecificationVersion]) -> None:
        given = self.given(request)
        if to := self.target(request, given, SpecificationStatus):
            self.take(request, queryset, actions.move_specification, "specification", to=to, **given)


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
class SiteAdmin(StepAdmin):
    # No search or filter reaches the geometry: a lookup on it from the address bar would be a way into GDAL.
    list_display = ("number", "name", "kind", "producer", "indication", "area_m2", "placement", "state")
    list_filter = ("state", "placement", "kind")
    list_select_related = ("producer__organisation", "indication")
    search_fields = ("number", "name")
    exclude = ("geom",)
    actions = ("accept", "refuse", "retire")

    @admin.action(description="审核通过 / Accept")
    def accept(self, request: HttpRequest, queryset: QuerySet[Site]) -> None:
        self._review(request, queryset, is_accepted=True)

    @admin.action(description="审核不通过 / Refuse")
    def refuse(self, request: HttpRequest, queryset: QuerySet[Site]) -> None:
        self._review(request, queryset, is_accepted=False)

    @admin.action(description="停用 / Retire")
    def retire(self, request: HttpRequest, queryset: QuerySet[Site]) -> None:
        self.take(request, queryset, actions.retire_site, "site", **self.given(request))

    def _review(self, request: HttpRequest, queryset: QuerySet[Site], *, is_accepted: bool) -> None:
        note = self.given(request)["reason"]
        self.take(request, queryset, actions.review_site, "site", is_accepted=is_accepted, note=note)


@admin.register(SiteUpload)
class SiteUploadAdmin(LookAdmin):
    list_display = ("number", "producer", "indication", "file_name", "format", "row_count", "state", "created_at")
    list_filter = ("state", "format")
    list_select_related = ("producer__organisation", "indication")
    search_fields = ("number", "file_name", "file_sha256")


@admin.register(Authorisation)
class AuthorisationAdmin(StepAdmin):
    list_display = ("number", "producer", "title", "state", "valid_from", "valid_until", "last_used_on")
    list_filter = ("state",)
    list_select_related = ("producer__organisation", "title")
    search_fields = ("number", "approval_reference")
    action_form = AuthorisationStepForm
    actions = ("move",)

    @admin.action(description="变更状态 / Take a step")
    def move(self, request: HttpRequest, queryset: QuerySet[Authorisation]) -> None:
        given = self.given(request)
        if to := self.target(request, given, AuthorisationState):
            self.take(request, queryset, actions.move_authorisation, "authorisation", to=to, given=Given(**given))


@admin.register(Season)
class SeasonAdmin(LookAdmin):
    list_display = ("number", "indication", "name", "opens_on", "closes_on")
    list_select_related = ("indication",)
