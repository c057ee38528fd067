"""Addresses elsewhere: proposed by those whose goods they speak of, served only once an official accepted them."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction

from gi_registry.lib.access import Actor
from gi_registry.lib.history import remember
from gi_registry.lib.problems import Invalid, Refused
from products.actions.rows import constraint_of, locked, only_if, save
from products.models import Title
from trace import policy
from trace.links.targets import judged
from trace.models import LinkTarget, ProductForm
from trace.rules.link_targets import (
    ALREADY_SERVED,
    MAX_OPEN,
    NO_GTIN,
    OPEN,
    TOO_MANY,
    TargetKind,
    TargetLanguage,
    TargetMedia,
    TargetState,
    step_refusals,
)

RELATED = ("form__producer__organisation", "title__holder")


@dataclass(frozen=True, slots=True)
class TargetContent:
    """What is proposed: for one article, or for the goods of one title."""

    kind: TargetKind
    href: str
    language: TargetLanguage
    label_zh: str
    label_en: str = ""
    media_type: TargetMedia = TargetMedia.HTML
    form: ProductForm | None = None
    title: Title | None = None


@transaction.atomic
def propose_target(*, content: TargetContent, actor: Actor, now: datetime) -> LinkTarget:
    """Propose an address. Raises Invalid (address), Refused (no GTIN, too many)."""
    form, title = content.form, content.title
    target = LinkTarget(form=form, title=title, created_at=now, updated_at=now)
    only_if(policy.propose(actor, target))
    if form is not None and not form.gtin:
        raise Refused(NO_GTIN)
    href, faults = judged(content.href, our_host=urlsplit(settings.GI_PUBLIC_URL).netloc)
    if faults:
        raise Invalid(faults)
    # One at a time for each article or title, so that nobody passes the limit beside another.
    locked(form or title)  # type: ignore[type-var]
    if LinkTarget.objects.filter(form=form, title=title, state__in=OPEN).count() >= MAX_OPEN:
        raise Refused(TOO_MANY)
    for name in ("kind", "language", "media_type", "label_zh", "label_en"):
        setattr(target, name, getattr(content, name))
    target.href = href
    target.division_code = form.producer.division.code if form else title.indication.main_division_code  # type: ignore[union-attr]
    with remember(actor):
        target.save()
    return target


@transaction.atomic
def review_target(
    *, target: LinkTarget, is_accepted: bool, actor: Actor, now: datetime, reason: str = ""
) -> LinkTarget:
    """An official's Yes or No to an address. Raises Refused."""
    to = TargetState.ACCEPTED if is_accepted else TargetState.REFUSED
    return _move(target, to, policy.control, actor=actor, now=now, reason=reason)


@transaction.atomic
def withdraw_target(*, target: LinkTarget, actor: Actor, now: datetime, reason: str = "") -> LinkTarget:
    """Take an address down: by whoever proposed it, or an official. Raises Refused."""
    return _move(target, TargetState.WITHDRAWN, policy.take_down, actor=actor, now=now, reason=reason)


def _move(target: LinkTarget, to: TargetState, may, *, actor: Actor, now: datetime, reason: str) -> LinkTarget:
    row = locked(target, *RELATED)
    only_if(may(actor, row))
    if faults := step_refusals(TargetState(row.state), to, reason):
        raise Refused(faults)
    reviewed = {} if to is TargetState.WITHDRAWN else {"reviewed_at": now}
    try:
        with remember(actor, reason), transaction.atomic():
            save(row, now, state=to.value, state_reason=reason.strip(), **reviewed)
    except IntegrityError as error:
        if constraint_of(error) in ("target_of_form_once", "target_of_title_once"):
            raise Refused(ALREADY_SERVED) from error
        raise
    return row
