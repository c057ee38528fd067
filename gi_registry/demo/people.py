"""Accounts that visitors may use, and the bodies they act for. Passwords are printed on the tour page: demo only."""

from datetime import datetime

from gi_registry.accounts import actions
from gi_registry.accounts.models import ApiKey, Organisation, User
from gi_registry.accounts.rules import KeyScope, OrganisationKind, digest_of
from gi_registry.demo.stage import REASON, Row, Stage, read
from gi_registry.lib.access import Actor, RoleKind
from gi_registry.lib.clock import day_of

KEY_NAME = "demo"


def put_organisation(row: Row, stage: Stage) -> Organisation:
    """A body by its credit code; a household by its name under its sponsor."""
    sponsor = stage.organisations[row["sponsor"]] if "sponsor" in row else None
    known = (
        Organisation.objects.filter(sponsor=sponsor, name_zh=row["name_zh"])
        if sponsor
        else Organisation.objects.filter(uscc=row["uscc"])
    )
    organisation = known.first() or actions.register_organisation(
        kind=OrganisationKind(row["kind"]),
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        uscc=row.get("uscc"),
        sponsor=sponsor,
        division_code=row["division_code"],
        is_demo=True,
        actor=Actor.SYSTEM,
        now=stage.now,
        reason=REASON,
    )
    stage.organisations[row["key"]] = organisation
    return organisation


def put_people(stage: Stage) -> None:
    """Users with their roles. A password that a visitor changed is set back: what the tour page says must open."""
    for row in read("people"):
        user = User.objects.filter(username=row["username"]).first()
        if user is None:
            user = User.objects.create_user(
                row["username"],
                password=row["password"],
                display_name=row["display_name"],
                is_staff=row.get("is_staff", False),
            )
        elif not (user.is_active and user.check_password(row["password"])):
            user.is_active = True
            user.set_password(row["password"])
            user.save(update_fields=["is_active", "password"])
        organisation = stage.organisations[row["organisation"]] if "organisation" in row else None
        actions.grant_role(
            user=user,
            role=RoleKind(row.get("membership", row["role"])),
            organisation=organisation,
            division_prefix=row.get("division_prefix", ""),
            actor=Actor.SYSTEM,
            today=day_of(stage.now),
            reason=REASON,
        )
        stage.users[row["username"]] = user


def put_key(user: User, kept: str, now: datetime) -> str:
    """A key of this person that opens: the one told last time where it still does, otherwise a new one alone.

    Only digests are stored, so a key whose text was lost cannot be told again and is ended.
    """
    usable = ApiKey.objects.usable(now).filter(user=user)
    if kept and usable.filter(key_hash=digest_of(kept)).exists():
        return kept
    for key in usable.filter(name=KEY_NAME):
        actions.revoke_key(key=key, actor=Actor.SYSTEM, now=now)
    _, fresh = actions.create_key(user=user, name=KEY_NAME, scopes=list(KeyScope), actor=Actor.SYSTEM, now=now)
    return fresh.text
