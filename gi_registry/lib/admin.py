"""The staff admin looks at everything in its scope and changes nothing by itself: what it offers are the rooms' own actions."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from gi_registry.lib import clock
from gi_registry.lib.history import history_of
from gi_registry.lib.language import say
from gi_registry.lib.problems import Problem
from gi_registry.lib.texts import Text, Word


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

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Our own history, written by the database; the admin's own log of clicks is not kept."""
        thing = get_object_or_404(self.get_queryset(request), pk=self.model._meta.pk.to_python(object_id))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "object": thing,
            "events": history_of(thing) if hasattr(thing, "events") else [],
        }
        return render(request, "admin/history.html", context)


_NO_TARGET = Text("请选择要变为的状态。", "Choose the state that it shall have.")


class StepForm(ActionForm):
    """What an action asks beside the rows; a room's form adds the facts that its steps need."""

    reason = forms.CharField(
        required=False, max_length=1000, label="原因 Reason ", widget=forms.TextInput({"size": 40})
    )


class StepAdmin(LookAdmin):
    """Looks at rows, and takes steps with those ticked. Policy and rules are asked by the action, row by row."""

    action_form = StepForm

    def given(self, request: HttpRequest) -> dict[str, Any]:
        """What was typed beside the action, without the action itself. The admin has checked the form before."""
        form = self.action_form(request.POST)
        form.fields["action"].choices = self.get_action_choices(request)
        form.full_clean()
        return {name: value for name, value in form.cleaned_data.items() if name not in ("action", "select_across")}

    def target(self, request: HttpRequest, given: dict[str, Any], word: type[Word]) -> Any:
        """Where the step leads, taken out of what was given; None, and said, where nothing was chosen."""
        chosen = given.pop("to")
        if not chosen:
            messages.error(request, say(_NO_TARGET))
        return word(chosen) if chosen else None

    def take(self, request: HttpRequest, rows: QuerySet[Any], act: Callable[..., Any], field: str, **more: Any) -> None:
        """One action for each row; a row that is refused says why and stops no other."""
        for row in rows:
            try:
                act(**{field: row}, actor=request.actor, now=clock.now(), **more)
            except Problem as problem:
                words = " ".join(say(refusal.text) for refusal in problem.errors) or say(problem.detail)
                messages.error(request, f"{row}: {words}")
            else:
                messages.success(request, f"{row}: OK")
