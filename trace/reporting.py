"""Where a person reports goods or a code, and reads later what came of it. No account, no cookie; a number in return."""

import secrets
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from gi_registry.lib import clock
from gi_registry.lib.addresses import address_of, network_of
from gi_registry.lib.ids import is_well_formed, normalise
from gi_registry.lib.language import say
from gi_registry.lib.limits import require
from gi_registry.lib.problems import Invalid, Missing, Problem
from gi_registry.lib.texts import Text
from trace import actions, limits, queries
from trace.actions.checks import Sender
from trace.asking import PhotoUpload
from trace.models import Report
from trace.places import province_of
from trace.portal.choices import Choice
from trace.portal.forms import Asked, RadioCards, Words
from trace.rules.reports import MAX_CONTACT, MAX_WORDS, ReportKind
from trace.rules.typed import MAX_TYPED, read_typed
from trace.rules.verdicts import Verdict

_LARGE = Text("照片不超过 12 MB。", "A photo may have 12 MB at most.")
_EMPTY = Text("文件是空的，请重新选择照片。", "The file is empty. Choose the photo again.")
_AGAIN = Text("请重新选择照片，再提交一次。", "Choose the photo again before you send.")


class ReportQuestion(Asked):
    """What is asked of whoever reports. ``once`` is made with the form: sent twice, it is one report."""

    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    kind = forms.ChoiceField(widget=RadioCards)
    about = forms.CharField(
        required=False,
        max_length=MAX_TYPED,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    words_said = forms.CharField(required=False, max_length=MAX_WORDS, widget=forms.Textarea(attrs={"rows": 4}))
    photo = forms.FileField(required=False, widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}))
    contact = forms.CharField(
        required=False, max_length=MAX_CONTACT, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    words: ClassVar = {
        "kind": Words(Text("什么情况", "What is the matter"), missing=Text("请选择一种情况。", "Choose one.")),
        "about": Words(Text("批次号或码", "Lot or code"), Text("没有就空着。", "Leave it empty where there is none.")),
        "words_said": Words(
            Text("情况说明", "In your words"),
            Text(
                "例如在哪里买的、哪里不对。请不要写他人的姓名和电话。",
                "Where you bought it and what is wrong, for example. Please name no other person.",
            ),
        ),
        "photo": Words(
            Text("照片", "Photo"),
            Text(
                "拍下标签和外包装。拍摄地点等附带信息会被删除。最大 12 MB。",
                "Of the label and the pack. Where and with what it was taken is removed. At most 12 MB.",
            ),
        ),
        "contact": Words(
            Text("联系方式", "How to reach you"),
            Text(
                "只有处理举报的监管人员看得到，结案半年后删除。",
                "Seen only by the officials who deal with it, and erased half a year after.",
            ),
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, Choice(kind.value, say(kind))) for kind in ReportKind]
        self.fields["photo"].error_messages["empty"] = say(_EMPTY)

    @property
    def is_photo_lost(self) -> bool:
        """A browser sends no file twice by itself, so a form that comes back has to ask for it anew."""
        return bool(self.errors and self.files.get("photo") and "photo" not in self.errors)


# Exempt from CSRF tokens like the beacon: it acts on nobody's session, and a token would need a cookie.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """A short form; with ``?lot=`` and ``?code=`` it says already what it is about."""
    if request.method != "POST":
        about = "/".join(filter(None, (request.GET.get("lot"), request.GET.get("code"))))[:MAX_TYPED]
        return _ask(request, ReportQuestion(initial={"about": about, "once": secrets.token_urlsafe(16)}))
    now = clock.now()
    require(limits.REPORTS, network_of(address_of(request)), now=now)
    require(limits.REPORTS_ALL, "", now=now)
    return _receive(request, _read(request))


def _read(request: HttpRequest) -> ReportQuestion:
    request.upload_handlers = [PhotoUpload(request)]
    try:
        return ReportQuestion(request.POST, request.FILES)
    except RequestDataTooBig as large:
        raise Problem("too_large", _LARGE) from large


def _receive(request: HttpRequest, form: ReportQuestion) -> HttpResponse:
    """On to the report's own page; a form with faults comes back with what was typed, except the photo."""
    if form.is_valid():
        try:
            made = _send(request, form.cleaned_data)
        except Invalid as fault:
            form.take(fault.errors)
        else:
            return HttpResponseRedirect(reverse("reported", args=[made.number]))
    if form.is_photo_lost:
        form.add_error("photo", say(_AGAIN))
    return _ask(request, form, status=400)


def _send(request: HttpRequest, data: dict[str, Any]) -> Report:
    photo = data["photo"]
    told = actions.Told(
        kind=ReportKind(data["kind"]),
        words=data["words_said"],
        contact=data["contact"],
        photo=photo.read() if photo else b"",
    )
    about, address, now = read_typed(data["about"]), address_of(request), clock.now()
    return actions.send_report(
        once=data["once"],
        about=about,
        told=told,
        unit=queries.asked(about, now=now).unit if about.code else None,
        sender=Sender(address, request.headers.get("User-Agent", ""), province_of(address)),
        now=now,
    )


def _ask(request: HttpRequest, form: ReportQuestion, status: int = 200) -> HttpResponse:
    response = render(request, "trace/report.html", {"form": form}, status=status)
    response["Cache-Control"] = "private"  # kept by the browser alone: going back finds what was typed
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def reported(request: HttpRequest, number: str) -> HttpResponse:
    """What became of a report, for whoever has its number: the state and the answer, and nothing of what was written."""
    now = clock.now()
    limits.look(request, now=now)
    found = normalise(number)
    row = Report.objects.filter(number=found).first() if is_well_formed(found) else None
    if row is None:
        # Guessing tracking numbers is put off like guessing codes.
        limits.told(request, Verdict.NOT_ISSUED, now=now)
        raise Missing
    response = render(request, "trace/reported.html", {"report": row})
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
