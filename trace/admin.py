"""Goods for staff: everything to look at, nothing to change but through the actions. Checks have a composite key, which the
admin cannot show; their tallies stand with the batches."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from gi_registry.lib.admin import LookAdmin, StepAdmin
from trace import actions
from trace.models import Batch, LinkTarget, ProductForm, Report


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
class BatchAdmin(StepAdmin):
    list_display = ("number", "form", "producer", "state", "produced_on", "quantity", "quantity_unit", "division_code")
    list_filter = ("state",)
    list_select_related = ("form", "producer__organisation")
    search_fields = ("number", "producer_lot")
    raw_id_fields = ("sites",)
    actions = ("hold", "resume", "recall", "void", "open_review", "close_review")

    @admin.action(description="暂停销售 / Put on hold")
    def hold(self, request: HttpRequest, queryset: QuerySet[Batch]) -> None:
        self.take(request, queryset, actions.hold_batch, "batch", **self.given(request))

    @admin.action(description="恢复销售 / Resume sales")
    def resume(self, request: HttpRequest, queryset: QuerySet[Batch]) -> None:
        self.take(request, queryset, actions.resume_batch, "batch", **self.given(request))

    @admin.action(description="召回 / Recall")
    def recall(self, request: HttpRequest, queryset: QuerySet[Batch]) -> None:
        self.take(request, queryset, actions.recall_batch, "batch", **self.given(request))

    @admin.action(description="作废 / Void")
    def void(self, request: HttpRequest, queryset: QuerySet[Batch]) -> None:
        self.take(request, queryset, actions.void_batch, "batch", **self.given(request))

    @admin.action(description="开始核查 / Open a review")
    def open_review(self, request: HttpRequest, queryset: QuerySet[Batch]) -> None:
        self.take(request, queryset, actions.open_review, "batch", **self.given(request))

    @admin.action(description="结束核查 / Close the review")
    def close_review(self, request: HttpRequest, queryset: QuerySet[Batch]) -> None:
        self.take(request, queryset, actions.close_review, "batch", **self.given(request))


@admin.register(LinkTarget)
class LinkTargetAdmin(StepAdmin):
    list_display = ("number", "href", "kind", "language", "form", "title", "state", "division_code")
    list_filter = ("state", "kind")
    list_select_related = ("form", "title__indication")
    search_fields = ("number", "href")
    actions = ("accept", "refuse", "withdraw")

    @admin.action(description="采用 / Accept")
    def accept(self, request: HttpRequest, queryset: QuerySet[LinkTarget]) -> None:
        self.take(request, queryset, actions.review_target, "target", is_accepted=True, **self.given(request))

    @admin.action(description="不予采用 / Refuse")
    def refuse(self, request: HttpRequest, queryset: QuerySet[LinkTarget]) -> None:
        self.take(request, queryset, actions.review_target, "target", is_accepted=False, **self.given(request))

    @admin.action(description="撤下 / Withdraw")
    def withdraw(self, request: HttpRequest, queryset: QuerySet[LinkTarget]) -> None:
        self.take(request, queryset, actions.withdraw_target, "target", **self.given(request))


@admin.register(Report)
class ReportAdmin(StepAdmin):
    """Seen here too only by the officials of the place: what consumers wrote is not for every member of staff."""

    list_display = ("number", "kind", "state", "lot", "code", "division_code", "reported_at", "closed_at")
    list_filter = ("state", "kind")
    search_fields = ("number", "lot", "code")
    actions = ("close",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        return Report.objects.visible_to(request.actor)

    @admin.action(description="结案，原因写处理结果 / Close, the reason being the answer")
    def close(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        self.take(request, queryset, actions.close_report, "report", answer=self.given(request)["reason"])
