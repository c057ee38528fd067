"""Changing people: one atomic function a verb."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from gi_registry.accounts.models import ApiKey, Membership, Organisation, User
from gi_registry.accounts.rules import (
    KeyScope,
    NewKey,
    OrganisationKind,
    membership_faults,
    new_key,
    organisation_faults,
)
from gi_registry.lib.access import Actor, RoleKind
from gi_registry.lib.history import remember
from gi_registry.lib.problems import Invalid, Refused
from gi_registry.lib.texts import Refusal, Text

KEYS_A_PERSON = 20
KEY_USE_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def register_organisation(
    *,
    kind: OrganisationKind,
    name_zh: str,
    division_code: str,
    actor: Actor,
    now: datetime,
    name_en: str = "",
    uscc: str | None = None,
    sponsor: Organisation | None = None,
    is_demo: bool = False,
    reason: str = "",
) -> Organisation:
    """Enter a body or a household. Raises Invalid for a wrong credit code or sponsor, Refused for a code already entered."""
    uscc = uscc.strip().upper() if uscc else None
    faults = organisation_faults(
        kind=kind, uscc=uscc, has_sponsor=sponsor is not None, sponsor_has_uscc=bool(sponsor and sponsor.uscc)
    )
    if faults:
        raise Invalid(faults)
    try:
        with remember(actor, reason), transaction.atomic():
            return Organisation.objects.create(
                kind=kind.value,
                name_zh=name_zh,
                name_en=name_en,
                uscc=uscc,
                sponsor=sponsor,
                division_code=division_code,
                is_demo=is_demo,
                created_at=now,
                updated_at=now,
            )
    except IntegrityError as error:
        text = Text("该统一社会信用代码已登记。", "This credit code is registered already.")
        raise Refused(Refusal("uscc_taken", text, "/uscc")) from error


@transaction.atomic
def grant_role(
    *,
    user: User,
    role: RoleKind,
    actor: Actor,
    today: date,
    organisation: Organisation | None = None,
    division_prefix: str = "",
    reason: str = "",
) -> Membership:
    """Give a person a role; a role already held is returned as it is."""
    if faults := membership_faults(
        role=role, has_organisation=organisation is not None, division_prefix=division_prefix
    ):
        raise Invalid(faults)
    with remember(actor, reason):
        membership, _ = Membership.objects.current().get_or_create(
            user=user,
            role=role.value,
            organisation=organisation,
            division_prefix=division_prefix,
            defaults={"started_on": today},
        )
    return membership


@transaction.atomic
def end_role(*, membership: Membership, actor: Actor, today: date, reason: str) -> None:
    with remember(actor, reason):
        Membership.objects.current().filter(pk=membership.pk).update(ended_on=today)


@transaction.atomic
def create_key(
    *, user: User, name: str, scopes: list[KeyScope], actor: Actor, now: datetime, expires_at: datetime | None = None
) -> tuple[ApiKey, NewKey]:
    """Make a key; its text is in the second value and nowhere else afterwards."""
    User.objects.select_for_update().get(pk=user.pk)  # two requests at once must not pass the limit together
    if ApiKey.objects.usable(now).filter(user=user).count() >= KEYS_A_PERSON:
        text = Text("密钥过多，请先停用不再使用的。", "Too many keys. Revoke those no longer used.")
        raise Refused(Refusal("too_many_keys", text))
    fresh = new_key()
    with remember(actor):
        key = ApiKey.objects.create(
            user=user,
            name=name,
            prefix=fresh.prefix,
            key_hash=fresh.digest,
            scopes=[scope.value for scope in scopes],
            created_at=now,
            expires_at=expires_at,
        )
    return key, fresh


@transaction.atomic
def revoke_key(*, key: ApiKey, actor: Actor, now: datetime) -> None:
    """End a key at once; a second call changes nothing."""
    with remember(actor):
        ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=now)


def note_key_use(*, key_id: int, last_used_at: datetime | None, now: datetime) -> None:
    """Remember that a key is in use, to the minute: a write a request would cost more than it tells."""
    if last_used_at is None or now - last_used_at >= KEY_USE_NOTED_EVERY:
        stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - KEY_USE_NOTED_EVERY)
        ApiKey.objects.filter(stale, pk=key_id).update(last_used_at=now)
