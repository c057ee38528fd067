"""The photo of an article: choose one, or take it away. Buyers see it when they check a batch of the article."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.language import name_of, say
from gi_registry.lib.problems import Invalid, Missing
from gi_registry.lib.texts import Text
from trace import actions
from trace.models import ProductForm
from trace.portal.doors import for_producers
from trace.portal.forms import Asked, Words

_SHOWN = Text("“{name}”的照片已更新。", "The photo of “{name}” is up to date.")
_GONE = Text("“{name}”不再显示照片。", "“{name}” shows no photo any more.")
_CHOOSE = Text("请选择一张照片。", "Choose a photo.")


class PhotoQuestion(Asked):
    photo = forms.FileField(widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}))
    words: ClassVar = {
        "photo": Words(
            Text("照片", "Photo"),
            Text(
                "商品正面，背景干净，不要拍到人。JPEG、PNG 或 WebP，不超过 5 MB。拍摄地点等附带信息会被删除。",
                "The front of the pack on a plain ground, and nobody in it. JPEG, PNG or WebP, at most 5 MB. Where and with"
                " what it was taken is removed.",
            ),
            _CHOOSE,
        )
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photo"].error_messages.update(dict.fromkeys(("invalid", "missing", "empty"), say(_CHOOSE)))


@for_producers
@require_http_methods(["GET", "HEAD", "POST"])
def photo(request: HttpRequest, number: str) -> HttpResponse:
    """Show a photo of an article; the button ``remove`` takes it away."""
    article = _own(request.actor, number)
    if "remove" in request.POST:
        actions.remove_photo(form=article, actor=request.actor, now=clock.now())
        return _done(request, article, _GONE)
    form = PhotoQuestion(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        try:
            data = form.cleaned_data["photo"].read()
            actions.set_photo(form=article, photo=data, actor=request.actor, now=clock.now())
            return _done(request, article, _SHOWN)
        except Invalid as refused:
            form.take(refused.errors)
    context = {"form": form, "article": article}
    return render(request, "trace/portal/photo.html", context, status=400 if form.errors else 200)


def _own(actor: Actor, number: str) -> ProductForm:
    own = ProductForm.objects.own_of(actor).select_related("indication", "photo").defer("photo__jpeg")
    article = own.filter(number=number).first()
    if article is None:
        raise Missing
    return article


def _done(request: HttpRequest, article: ProductForm, text: Text) -> HttpResponse:
    messages.success(request, say(text).format(name=name_of(article)))
    return redirect("portal-articles")
