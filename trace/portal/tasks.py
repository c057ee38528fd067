"""What a producer has to see to today, each thing with the page on which it is done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse

from gi_registry.lib.access import Actor
from gi_registry.lib.language import name_of, say
from gi_registry.lib.texts import Text
from products.querysets import produced_by
from products.rules.words import AuthorisationState, SiteState
from trace.lineage import told_name
from trace.models import Batch, Recall, RecallNotice, Transfer
from trace.portal.doors import own_authorisations, own_batches, own_sites, own_uploads
from trace.rules.batches import BatchState
from trace.rules.label_orders import GoodsKind, TransferState

ENDS_SOON_DAYS = 60
MOST_OF_A_KIND = 5
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
_FLAGGED = Text(
    "靠近产地边界，县级部门会派人核对；您不必做什么。",
    "Close to the boundary of the region: the county will look at it. You need not do anything.",
)
_FILE = Text("场地文件待登记", "Sites to register")
_ROWS = Text("文件里有 {count} 处场地，还没有全部处理。", "{count} sites in the file, not all dealt with.")
_OFFERED = Text("{name} 流转给您的货品", "Goods that {name} offers you")
_MADE = Text("生产日期 {day}", "Made on {day}")
_TO_RELEASE = Text("待放行", "To release")
