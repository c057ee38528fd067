"""One thing is asked, looked at once more, and sent once. No step of it needs script, and what was typed comes back with every fault."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from gi_registry.lib import clock
from gi_registry.lib.ids import new_number
from gi_registry.lib.language import say
from gi_registry.lib.problems import Invalid, Refused
from gi_registry.lib.texts import Text
from trace.portal.forms import Asked, Words
from trace.portal.once import once
from trace.rules.batches import MAX_REASON

_YES, _NO = Text("是", "Yes"), Text("否", "No")
_REASON = Words(Text("原因", "Reason"))


@dataclass(frozen=True, slots=True)
class Matter:
    """What a page asks. ``about``: of which thing; ``effect``: what will be so once it is sent; ``is_looked_at``: the answers are
    shown again before they are sent; ``is_open``: there is something to choose from, otherwise ``effect`` says why not."""

    title: Text
    button: Text
    back: str
    about: str = ""
    effect: Text | None = None
    is_looked_at: bool = True
    is_open: bool = True


class Question(Asked):
    """Answers that are shown again. ``key``: two presses of one button are one; ``beside``: a template shown with them, of what
    follows; ``above``: one shown over the questions; ``script``: what makes answering easier."""

    above = beside = script = ""
    key = forms.SlugField(widget=forms.HiddenInput, max_length=20, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", new_number())

    @property
    def answers(self) -> Iterator[tuple[str, str]]:
        """What was asked and what was answered, as a person reads it."""
        for field in self.visible_fields():
            if self.cleaned_data.get(field.name) not in (None, ""):
                yield str(field.label), self.read_out(field.name)

    def read_out(self, name: str) -> str:
        value, field = self.cleaned_data[name], self.fields[name]
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices)[value])
        if isinstance(value, bool):
            return say(_YES if value else _NO)
        return f"{value:,}" if isinstance(value, int) else str(value)

    def pressed(self, path: str) -> str:
        """The same for the same answers on one page: what was changed and sent again is another matter."""
        told = {**self.cleaned_data, "key": self.cleaned_data["key"] or new_number()}
        return sha256("|".join([path, *(f"{name}={told[name]}" for name in sorted(told))]).encode()).hexdigest()


class ReasonAsked(Question):
    """A step, with its reason."""

    reason = forms.CharField(max_length=MAX_REASON, widget=forms.Textarea(attrs={"rows": 3}))
    words = {"reason": _REASON}

    def __init__(self, *args: Any, is_owed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = is_owed


def answers_in(request: HttpRequest) -> Any:
    """What a form is bound to: a press of a button without any answer is one too."""
    return request.POST if request.method == "POST" else None


def ask(request: HttpRequest, form: Question, matter: Matter, send: Callable[[dict[str, Any]], str]) -> HttpResponse:
    """The question, then the answers once more, then ``send``, which gives the address to go on to."""
    context = {"form": form, "matter": matter}
    if "change" not in request.POST and form.is_valid():
        if matter.is_looked_at and "send" not in request.POST:
            return render(request, "trace/portal/look_again.html", context)
        try:
            address = once(request.actor, form.pressed(request.path), clock.now(), lambda: send(form.cleaned_data))
            return _gone_through(request, redirect(address))
        except (Invalid, Refused) as refused:
            form.take(refused.errors)
    return render(request, "trace/portal/ask.html", context, status=400 if form.errors else 200)


def _gone_through(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The device may forget what was typed on this page (``static/kept.js``)."""
    page = quote(request.get_full_path(), safe="")
    response.set_cookie("gi_went_through", page, max_age=300, samesite="Lax", secure=request.is_secure())
    return response
