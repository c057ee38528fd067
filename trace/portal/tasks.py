"""What a producer has to see to today, each thing with the page on which it is done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse

from gi_registry.lib.access import Actor, RoleKind
from gi_registry.lib.language import name_of, say
from gi_registry.lib.texts import Text
from products.models import Authorisation
from products.querysets import produced_by
from products.rules.words import AuthorisationState, SiteState
from trace import annual
from trace.lineage import told_name
from trace.models import AnnualUseReport, Batch, Recall, RecallNotice, Transfer
from trace.portal.doors import own_authorisations, own_batches, own_sites, own_uploads
from trace.rules.annual_reports import WRITABLE, AnnualState
from trace.rules.batches import BatchState
from trace.rules.label_orders import GoodsKind, TransferState

ENDS_SOON_DAYS = 60
MOST_OF_A_KIND, MOST_RIGHTS = 5, 200
_WANTING = (
    AuthorisationState.DRAFT,
    AuthorisationState.RETURNED,
    AuthorisationState.RECTIFYING,
    AuthorisationState.DORMANT_WARNING,
    AuthorisationState.SUSPENDED,
)

_TONES = {AuthorisationState.SUSPENDED: "bad", AuthorisationState.DRAFT: ""}


@dataclass(frozen=True, slots=True)
class Task:
    """``tag``: what kind of thing it is, with its tone ("" is plain); ``title``, ``detail``: which one, and why."""

    tag: str
    tone: str
    title: str
    detail: str
    href: str


def tasks_of(actor: Actor, today: date) -> list[Task]:
    """The most pressing first; of each kind the newest few, as the lists behind them hold all."""
    return [
        *_recalls(actor),
        *_stopped(actor),
        *_rights(actor, today),
        *_sites(actor),
        *_files(actor),
        *_offers(actor),
        *_reports(actor, today),
        *_drafts(actor),
        *_waiting(actor),
    ]


def _batches(actor: Actor, *states: BatchState) -> list[Batch]:
    found = own_batches(actor).select_related("form").filter(state__in=states)
    return list(found.order_by("-id")[:MOST_OF_A_KIND])


def _stopped(actor: Actor) -> Iterator[Task]:
    for batch in _batches(actor, BatchState.ON_HOLD):
        href = reverse("portal-batch", args=[batch.number])
        yield Task(say(BatchState.ON_HOLD), "warn", name_of(batch.form), batch.state_reason, href)


def _recalls(actor: Actor) -> Iterator[Task]:
    """Notices that nobody read yet."""
    told = RecallNotice.objects.filter(produced_by(actor, "producer__"), read_at__isnull=True)
    for recall in Recall.objects.filter(pk__in=told.values("recall")).order_by("-pk")[:MOST_OF_A_KIND]:
        yield Task(say(_CALLED), "bad", recall.reason, say(_TO_READ), reverse("portal-recall", args=[recall.number]))


def _rights(actor: Actor, today: date) -> Iterator[Task]:
    soon = today + timedelta(days=ENDS_SOON_DAYS)
    ends = Q(state=AuthorisationState.ACTIVE, valid_until__range=(today, soon))
    for right in own_authorisations(actor).filter(Q(state__in=_WANTING) | ends).order_by("-pk")[:MOST_OF_A_KIND]:
        state = AuthorisationState(right.state)
        is_ending = state is AuthorisationState.ACTIVE
        detail = say(_ENDS).format(day=right.valid_until) if is_ending else right.state_reason
        if state is AuthorisationState.DRAFT:
            detail = say(_NOT_SENT)
        tone = _TONES.get(state, "warn")
        title = say(_RIGHT).format(name=name_of(right.title.indication))
        href = reverse("portal-right", args=[right.number])
        yield Task(say(_ENDING if is_ending else state), tone, title, detail, href)


def _reports(actor: Actor, today: date) -> Iterator[Task]:
    """Annual reports that came back, are half written or not begun; and for a holder who also produces, those that wait for its word."""
    seen = AnnualUseReport.objects.visible_to(actor).told()
    own = produced_by(actor, "authorisation__producer__")
    for row in seen.filter(own, state__in=WRITABLE).order_by("-state", "-pk")[:MOST_OF_A_KIND]:
        state = AnnualState(row.state)
        tone, detail = ("warn", row.reason) if state is AnnualState.RETURNED else ("", say(_REPORT_NOT_SENT))
        href = reverse("portal-annual-report", args=[row.number])
        yield Task(say(state), tone, _report_of(row.authorisation, row.year), detail, href)
    rights = list(own_authorisations(actor).order_by("-pk")[:MOST_RIGHTS])
    owed = [pair for pair in annual.unwritten(rights, today) if pair[1] == today.year - 1][:MOST_OF_A_KIND]
    dues = annual.dues_of((right.title_id, year) for right, year in owed)
    for right, year in owed:
        due = dues.get((right.title_id, year))
        detail = say(_REPORT_DUE).format(day=due.due_on) if due else say(_NO_DUE)
        href = reverse("portal-new-annual-report", args=[right.number, year])
        yield Task(say(_TO_REPORT), "info", _report_of(right, year), detail, href)
    waiting = seen.filter(state=AnnualState.SUBMITTED).exclude(own).order_by("pk") if actor.has(RoleKind.HOLDER) else ()
    for row in waiting[:MOST_OF_A_KIND]:
        title, href = _report_of(row.authorisation, row.year), reverse("portal-annual-report", args=[row.number])
        yield Task(say(_TO_REVIEW), "info", title, told_name(row.producer), href)


def _report_of(right: Authorisation, year: int) -> str:
    return say(_REPORT).format(name=name_of(right.title.indication), year=year)


def _sites(actor: Actor) -> Iterator[Task]:
    for site in own_sites(actor).filter(state=SiteState.FLAGGED).order_by("-pk")[:MOST_OF_A_KIND]:
        href = reverse("portal-site", args=[site.number])
        yield Task(say(SiteState.FLAGGED), "warn", site.name, say(_FLAGGED), href)


def _files(actor: Actor) -> Iterator[Task]:
    for file in own_uploads(actor).open().order_by("-pk")[:MOST_OF_A_KIND]:
        detail = say(_ROWS).format(count=f"{file.row_count:,}")
        href = reverse("portal-upload", args=[file.number])
        yield Task(say(_FILE), "info", file.file_name, detail, href)


def _offers(actor: Actor) -> Iterator[Task]:
    """Goods that another producer offers."""
    offers = Transfer.objects.filter(produced_by(actor, "taker__"), state=TransferState.OFFERED).told()
    for offer in offers.order_by("-pk")[:MOST_OF_A_KIND]:
        title = say(_OFFERED).format(name=told_name(offer.giver.producer))
        href = reverse("portal-transfer", args=[offer.number])
        yield Task(say(TransferState.OFFERED), "info", title, say(GoodsKind(offer.kind)), href)


def _drafts(actor: Actor) -> Iterator[Task]:
    for batch in _batches(actor, BatchState.DRAFT):
        detail = say(_MADE).format(day=batch.produced_on)
        yield Task(say(BatchState.DRAFT), "", name_of(batch.form), detail, reverse("portal-check", args=[batch.number]))


def _waiting(actor: Actor) -> Iterator[Task]:
    for batch in _batches(actor, BatchState.REGISTERED):
        detail = say(_MADE).format(day=batch.produced_on)
        yield Task(say(_TO_RELEASE), "info", name_of(batch.form), detail, reverse("portal-batch", args=[batch.number]))


_CALLED = Text("召回通知", "Recall")
_TO_READ = Text("您的货品被召回，请阅读并确认。", "Goods of yours are recalled: read it and say so.")
_RIGHT = Text("{name} 专用标志使用核准", "Authorisation for {name}")
_ENDING = Text("即将到期", "Ends soon")
_ENDS = Text("至 {day}。请及时申请续期。", "Until {day}. Apply for renewal in time.")
_NOT_SENT = Text("申请还没有提交。", "The application has not been sent.")
_REPORT = Text("{name} {year} 年专用标志年报", "Report for {year} on use of {name}")
_TO_REPORT, _TO_REVIEW = Text("待填年报", "Report to write"), Text("待审年报", "Report to review")
_REPORT_NOT_SENT = Text("年报还没有提交。", "The report has not been sent.")
_REPORT_DUE = Text("截止 {day}。", "Due on {day}.")
_NO_DUE = Text("没有设定截止日。", "No due day was set.")
_FLAGGED = Text(
    "靠近产地边界，县级部门会派人核对；您不必做什么。",
    "Close to the boundary of the region: the county will look at it. You need not do anything.",
)
_FILE = Text("场地文件待登记", "Sites to register")
_ROWS = Text("文件里有 {count} 处场地，还没有全部处理。", "{count} sites in the file, not all dealt with.")
_OFFERED = Text("{name} 流转给您的货品", "Goods that {name} offers you")
_MADE = Text("生产日期 {day}", "Made on {day}")
_TO_RELEASE = Text("待放行", "To release")
