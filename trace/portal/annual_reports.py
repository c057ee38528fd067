"""Annual reports at the desk: what is to be written, the figures drawn, what was sold, sent under a number, accepted or returned."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from gi_registry.lib import clock
from gi_registry.lib.access import READERS, Actor, RoleKind
from gi_registry.lib.clock import day_of
from gi_registry.lib.ids import grouped
from gi_registry.lib.language import name_of, say
from gi_registry.lib.problems import Missing, Problem, Refused
from gi_registry.lib.texts import Refusal, Text
from products.models import Authorisation, Title
from trace import actions, annual, policy
from trace.models import AnnualUseReport, ReportDueDate
from trace.portal.annual_forms import DecisionAsked, DueQuestion, OfReport, SendQuestion, StatementQuestion
from trace.portal.asking import Matter, Question, answers_in, ask
from trace.portal.doors import for_people, for_producers, is_producer, own_authorisations, permit
from trace.portal.leaves import leaf_of
from trace.portal.meters import label_meter, season_meter
from trace.portal.tasks import MOST_RIGHTS
from trace.rules.annual_figures import Labels
from trace.rules.annual_reports import WRITABLE, AnnualState, Statement, gaps, is_late, notes, year_faults
from trace.rules.ledger import AccountKind

MOST_TITLES, MOST_DUES, MOST_YEARS = 300, 50, 5
_S = AnnualState
_FATES = ("active", "unused", "returned", "destroyed", "spoiled", "lost")
_READ_AGAIN = Refusal(
    "stale",
    Text(
        "在您打开这一页之后，有人修改了这份报告。请返回报告页面看过，再重新填写。",
        "Somebody changed this report after you opened this page. Go back, look at it, and answer again.",
    ),
)
_BEGIN, _BEGIN_DO = Text("填写 {year} 年年报", "Report for {year}"), Text("开始填写", "Begin")
_BEGIN_EFFECT = Text(
    "批次、标识和采收由系统按登记汇总，您只需填写销售情况。",
    "Batches, labels and harvests come from the register; you state what was sold.",
)
_STATE, _STATE_DO = Text("填写销售情况", "State what was sold"), Text("保存", "Save")
_STATE_EFFECT = Text("保存后还没有提交，可以再改。", "Saved, it is not sent yet and can be changed.")
_SAVED = Text("已保存，还没有提交。", "Saved. It is not sent yet.")
_SEND, _SEND_DO = Text("请核对后提交", "Check and send"), Text("提交年报", "Send the report")
_SEND_EFFECT = Text(
    "提交后，系统汇总的数字按此刻固定；除非退回，不能再改。",
    "The figures of the register are kept as they are now. It cannot be changed unless it comes back.",
)
_DUE, _DUE_DO = Text("设定截止日", "Set a due day"), Text("设定", "Set it")
_DUE_EFFECT = Text(
    "本名称的使用人都会看到。已有截止日的，以这次为准。",
    "All users of the name see it. One that was set before is moved.",
)
_DUE_DONE = Text("已设定 {year} 年年报的截止日：{day}。", "Reports for {year} are due on {day}.")


@dataclass(frozen=True, slots=True)
class Way:
    """What may be decided of a report."""

    act: Callable[..., AnnualUseReport]
    button: Text
    question: Text
    effect: Text
    done: Text
    is_reason_owed: bool = False


WAYS = {
    "accept": Way(
        actions.accept_report, Text("接受", "Accept"), Text("接受这份年报？", "Accept this report?"),
        Text("接受后不能再改。", "It is never changed again."), Text("已接受。", "Accepted."),
    ),
    "return": Way(
        actions.return_report, Text("退回", "Return"), Text("退回这份年报？", "Return this report?"),
        Text("填报人会看到原因，改正后重新提交。", "Its writer sees the reason, puts it right and sends it again."),
        Text("已退回。", "Returned."), is_reason_owed=True,
    ),
}  # fmt: skip


def report_or_404(actor: Actor, number: str) -> AnnualUseReport:
    found = AnnualUseReport.objects.visible_to(actor).told().filter(number=number).first()
    if found is None:
        raise Missing
    return found


def here(report: AnnualUseReport) -> str:
    return reverse("portal-annual-report", args=[report.number])


def about(report: AnnualUseReport) -> str:
    title = report.authorisation.title
    return f"{name_of(title.indication)} · {report.year} · {name_of(report.producer.organisation)}"


def to_write(actor: Actor) -> list[tuple[Authorisation, int, ReportDueDate | None]]:
    """Reports that the actor's producers have not begun, each with the day by which it is due, if one was set."""
    rights = list(own_authorisations(actor).order_by("-pk")[:MOST_RIGHTS]) if is_producer(actor) else []
    found = annual.unwritten(rights, clock.today())
    dues = annual.dues_of((right.title_id, year) for right, year in found)
    return [(right, year, dues.get((right.title_id, year))) for right, year in found]


@for_people
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """What is to be written; then the reports that the reader may see, newest first, by year and state."""
    actor, asked, last = request.actor, request.GET, clock.today().year - 1
    years = [str(last - back) for back in range(MOST_YEARS)]
    year = asked.get("year", "") if asked.get("year") in years else ""
    state = asked.get("state", "") if asked.get("state") in set(_S) else ""
    rows = AnnualUseReport.objects.visible_to(actor).told()
    rows = rows.filter(**({"year": int(year)} if year else {}), **({"state": state} if state else {}))
    leaf = leaf_of(rows, asked)
    context = {
        "leaf": leaf,
        "year": year,
        "years": years,
        "state": state,
        "states": list(_S),
        "to_write": to_write(actor),
        "sheet_year": year or str(last),
        "has_sheet": actor.has(*READERS, RoleKind.HOLDER),
        "may_set": bool(policy.set_due_date(actor)),
        "dues": ReportDueDate.objects.visible_to(actor)
        .told()
        .filter(year__gte=last - 1)
        .order_by("-year", "due_on")[:MOST_DUES],
    }
    return render(request, "trace/portal/annual_reports.html", context)


@for_producers
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, number: str, year: int) -> HttpResponse:
    """The draft of a year's report; where there is one, that."""
    right = own_authorisations(request.actor).filter(number=number).first()
    if right is None or year_faults(year):
        raise Missing
    permit(policy.make(request.actor, right))
    if known := AnnualUseReport.objects.filter(authorisation=right, year=year).first():
        return redirect(here(known))
    line = f"{name_of(right.title.indication)} · {name_of(right.producer.organisation)}"
    back, title = reverse("portal-annual-reports"), _BEGIN.format(year=year)
    matter = Matter(title, _BEGIN_DO, back, line, _BEGIN_EFFECT, is_looked_at=False)

    def send(told: dict[str, Any]) -> str:
        given = {"statement": Statement(), "actor": request.actor, "now": clock.now()}
        return here(actions.draft_report(authorisation=right, year=year, **given))

    return ask(request, Question(answers_in(request)), matter, send)


@for_people
@require_safe
def report(request: HttpRequest, number: str) -> HttpResponse:
    """One report: its figures drawn, what was stated, what is missing, and what may be done."""
    found = report_or_404(request.actor, number)
    is_own, is_open = bool(policy.make(request.actor, found)), found.state in WRITABLE
    may_decide = found.state == _S.SUBMITTED and bool(policy.review_annual_report(request.actor, found))
    context = {
        **told(found),
        "is_own": is_own,
        "is_open": is_open,
        "gaps": gaps(found.statement) if is_open else [],
        "ways": list(WAYS.items()) if may_decide else [],
    }
    return render(request, "trace/portal/annual_report.html", context)


def told(found: AnnualUseReport) -> dict[str, Any]:
    """A report with its figures, drawn, and the day by which it is due."""
    figures, sent = annual.figures_in(found), found.submitted_at
    due = annual.dues_of_reports([found]).get((found.authorisation.title_id, found.year))
    return {
        "report": found,
        "figures": figures,
        "is_frozen": found.kept_figures is not None,
        "articles": [(article, _drawn(article.labels)) for article in figures.articles],
        "seasons": [(season, season_meter(season)) for season in figures.seasons],
        "notes": notes(figures),
        "due": due,
        "is_late": is_late(due and due.due_on, sent and day_of(sent), clock.today()),
    }


def _drawn(labels: Labels) -> Any:
    return label_meter({AccountKind(name).value: Decimal(getattr(labels, name)) for name in _FATES})


@for_producers
@require_http_methods(["GET", "HEAD", "POST"])
def state(request: HttpRequest, number: str) -> HttpResponse:
    """State what was sold; it is looked at once more and saved."""
    found = report_or_404(request.actor, number)
    permit(policy.make(request.actor, found))
    form = StatementQuestion(answers_in(request), report=found)
    matter = Matter(_STATE, _STATE_DO, here(found), about(found), _STATE_EFFECT)

    def send(said: dict[str, Any]) -> str:
        _done(actions.state_figures, form, request, statement=form.statement)
        messages.success(request, say(_SAVED))
        return here(found)

    return ask(request, form, matter, send)


def _done(act: Callable[..., AnnualUseReport], form: OfReport, request: HttpRequest, **given: Any) -> AnnualUseReport:
    """An action on what was read. Where somebody else was quicker, that is said beside what was typed."""
    try:
        return act(report=form.read, actor=request.actor, now=clock.now(), **given)
    except Problem as problem:
        if problem.code == "stale":
            raise Refused(_READ_AGAIN) from problem
        raise


@for_producers
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, number: str) -> HttpResponse:
    """Everything once more, then sent."""
    found = report_or_404(request.actor, number)
    permit(policy.make(request.actor, found))
    lacking = gaps(found.statement) if found.state in WRITABLE else []
    form = SendQuestion(answers_in(request), report=found)
    form.about = told(found)
    effect = lacking[0].text if lacking else _SEND_EFFECT
    matter = Matter(_SEND, _SEND_DO, here(found), about(found), effect, is_looked_at=False, is_open=not lacking)

    def send(said: dict[str, Any]) -> str:
        made = _done(actions.submit_report, form, request)
        return reverse("portal-annual-sent", args=[made.number])

    return ask(request, form, matter, send)


@for_producers
@require_safe
def sent(request: HttpRequest, number: str) -> HttpResponse:
    """The confirmation, with the number of the report."""
    found = report_or_404(request.actor, number)
    if found.submitted_at is None:
        raise Missing
    return render(request, "trace/portal/annual_sent.html", {"report": found})


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Accept a report as it was read, or return it with the reason."""
    found, way = report_or_404(request.actor, number), WAYS.get(name)
    if way is None:
        raise Missing
    permit(policy.review_annual_report(request.actor, found))
    form = DecisionAsked(answers_in(request), report=found, is_owed=way.is_reason_owed)
    line = f"{about(found)} · {grouped(found.number)}"
    matter = Matter(way.question, way.button, here(found), line, way.effect, is_looked_at=False)

    def send(said: dict[str, Any]) -> str:
        _done(way.act, form, request, reason=said["reason"])
        messages.success(request, say(way.done))
        return here(found)

    return ask(request, form, matter, send)


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def set_due(request: HttpRequest) -> HttpResponse:
    """Set the day by which reports under a title are due."""
    permit(policy.set_due_date(request.actor))
    titles = Title.objects.public().kept_by(request.actor).select_related("indication", "holder")
    rows = titles.order_by("indication__name_zh", "pk")[:MOST_TITLES]
    form = DueQuestion(answers_in(request), titles=rows, today=clock.today())
    matter = Matter(_DUE, _DUE_DO, reverse("portal-annual-reports"), "", _DUE_EFFECT)

    def send(said: dict[str, Any]) -> str:
        given = {name: said[name] for name in ("year", "due_on", "source")}
        title = form.titles[said["title"]]
        due = actions.set_due_date(title=title, actor=request.actor, now=clock.now(), **given)
        messages.success(request, say(_DUE_DONE).format(year=due.year, day=due.due_on))
        return reverse("portal-annual-reports")

    return ask(request, form, matter, send)
