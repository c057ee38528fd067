"""Who may: one function a verb, the actor and a row in, Allowed or a reason out. Rows bring their relations with them
(``producer.organisation``, ``title.holder``), so that no function here asks the database for more than the view fetched.
"""

from typing import Any

from gi_registry.lib.access import (
    NOT_YOUR_ROLE,
    REGULATORS,
    SIGN_IN,
    Actor,
    Allowed,
    Decision,
    Denied,
    RoleKind,
    role_in,
    watcher,
    writer,
)
from gi_registry.lib.access import anyone as may_read_public  # noqa: F401 - the register is public
from gi_registry.lib.texts import Text

NOT_YOURS = Denied("not_yours", Text("这不是您的记录，您不能修改。", "This record is not yours to change."))
LOCAL = (RoleKind.COUNTY_REGULATOR, RoleKind.REGISTRAR)


def may_read_scoped(actor: Actor, thing: Any = None) -> Decision:
    """Rows that are not public: whoever is known, through the scope."""
    return SIGN_IN if actor.is_anonymous else Allowed()


# --- the register itself -----------------------------------------------------------------------------------------


def may_keep_register(actor: Actor, thing: Any = None) -> Decision:
    """Indications, holders and specifications are kept by the provincial registrar, each in its own province."""
    if thing is None:
        return role_in(actor, RoleKind.REGISTRAR)
    return watcher(actor, division_of(thing), RoleKind.REGISTRAR)


def may_draft_specification(actor: Actor, thing: Any = None) -> Decision:
    """Versions are drafted and reviewed by the holder of the title or the registrar; the registrar alone announces."""
    if thing is None:
        return role_in(actor, RoleKind.REGISTRAR, RoleKind.HOLDER)
    return _in_some_role(actor, getattr(thing, "title", thing), title_roles)


def may_keep_holder(actor: Actor, holder: Any = None) -> Decision:
    """A holder lies in no division: any provincial registrar keeps it."""
    return role_in(actor, RoleKind.REGISTRAR)


def division_of(thing: Any) -> str:
    """The division code that decides jurisdiction over a row of this room: where the thing itself lies, or its producer;
    only what lies nowhere (titles, specifications, seasons) is with the main division of its indication."""
    for path in (
        "division.code",
        "producer.division.code",
        "main_division_code",
        "indication.main_division_code",
        "title.indication.main_division_code",
    ):
        found = thing
        for step in path.split("."):
            found = getattr(found, step, None)
        if found:
            return str(found)
    return ""


def title_roles(actor: Actor, title: Any) -> frozenset[RoleKind]:
    """In which roles an actor may move a title: as its holder, or as the registrar of its province."""
    roles = set()
    if title.holder and title.holder.organisation_id in actor.organisation_ids(RoleKind.HOLDER):
        roles.add(RoleKind.HOLDER)
    if actor.watches(title.indication.main_division_code, RoleKind.REGISTRAR):
        roles.add(RoleKind.REGISTRAR)
    return frozenset(roles)


def may_open_title(actor: Actor, title: Any = None) -> Decision:
    """A registrar enters titles; a holder drafts an application."""
    return role_in(actor, RoleKind.REGISTRAR, RoleKind.HOLDER)


def may_move_title(actor: Actor, title: Any = None) -> Decision:
    """The door only: which step is whose is decided step by step in ``rules.titles``."""
    return _in_some_role(actor, title, title_roles)


def may_keep_season(actor: Actor, season: Any = None) -> Decision:
    """Seasons are set by a holder of a title of the indication (the action checks which) or by the registrar."""
    return role_in(actor, RoleKind.REGISTRAR, RoleKind.HOLDER)


# --- producers ---------------------------------------------------------------------------------------------------


def owns_producer(actor: Actor, producer: Any) -> bool:
    """Its own people, and for a household those of the body that vouches for it."""
    own = actor.organisation_ids(RoleKind.PRODUCER)
    return producer.organisation_id in own or (
        producer.organisation.sponsor_id is not None and producer.organisation.sponsor_id in own
    )


def may_register_producer(actor: Actor, thing: Any = None) -> Decision:
    """By the registrar, or by a county for its own ground (the action checks the division)."""
    return role_in(actor, *LOCAL)


def may_change_producer(actor: Actor, producer: Any = None) -> Decision:
    decision = writer(actor)
    if not decision or producer is None:
        return decision
    if owns_producer(actor, producer) or actor.watches(producer.division.code, *LOCAL):
        return Allowed()
    return NOT_YOURS


# --- sites -------------------------------------------------------------------------------------------------------


def may_register_site(actor: Actor, producer: Any = None) -> Decision:
    """By the producer, or by county or province on its behalf."""
    if producer is None:
        return role_in(actor, RoleKind.PRODUCER, *LOCAL)
    return may_change_producer(actor, producer)


def may_change_upload(actor: Actor, upload: Any = None) -> Decision:
    """A file of sites is handled by whoever may register them."""
    return may_register_site(actor, upload.producer if upload else None)


def may_review_site(actor: Actor, site: Any = None) -> Decision:
    """A person at the county (or a level above it) looks at what the machine could not decide."""
    if site is None:
        return role_in(actor, *REGULATORS)
    return watcher(actor, site.division.code, *REGULATORS)


def may_retire_site(actor: Actor, site: Any = None) -> Decision:
    if site is None:
        return role_in(actor, RoleKind.PRODUCER, *LOCAL)
    return may_change_producer(actor, site.producer)


# --- authorisations ----------------------------------------------------------------------------------------------


def authorisation_roles(actor: Actor, authorisation: Any) -> frozenset[RoleKind]:
    """In which roles an actor may move an authorisation."""
    roles = set()
    if owns_producer(actor, authorisation.producer):
        roles.add(RoleKind.PRODUCER)
    holder = authorisation.title.holder
    if holder and holder.organisation_id in actor.organisation_ids(RoleKind.HOLDER):
        roles.add(RoleKind.HOLDER)
    code = authorisation.producer.division.code
    roles.update(kind for kind in REGULATORS if actor.watches(code, kind))
    return frozenset(roles)


def may_draft_authorisation(actor: Actor, producer: Any = None) -> Decision:
    """Applied for by the producer, or written for it by county or province with its consent."""
    return may_register_site(actor, producer)


def may_change_authorisation(actor: Actor, authorisation: Any = None) -> Decision:
    """An application is edited by those who may draft it."""
    return may_change_producer(actor, authorisation.producer if authorisation else None)


def may_change_document(actor: Actor, document: Any = None) -> Decision:
    """As its application."""
    return may_change_authorisation(actor, document.authorisation if document else None)


def may_move_authorisation(actor: Actor, authorisation: Any = None) -> Decision:
    """The door only: which step is whose is decided step by step in ``rules.authorisations``."""
    return _in_some_role(actor, authorisation, authorisation_roles)


def _in_some_role(actor: Actor, thing: Any, roles_of: Any) -> Decision:
    decision = writer(actor)
    if not decision or thing is None:
        return decision
    return Allowed() if roles_of(actor, thing) else NOT_YOUR_ROLE


# --- history -----------------------------------------------------------------------------------------------------


def may_read_history(actor: Actor, thing: Any = None) -> Decision:
    """Who changed a record and why is for its own people, its holder, the authorities and the auditor."""
    if actor.is_anonymous:
        return SIGN_IN
    if thing is None or actor.watches(division_of(thing), *REGULATORS, RoleKind.AUDITOR):
        return Allowed()
    holder = getattr(getattr(thing, "title", thing), "holder", None)
    if holder and holder.organisation_id in actor.organisation_ids(RoleKind.HOLDER):
        return Allowed()
    producer = getattr(thing, "producer", thing)
    if hasattr(producer, "organisation_id") and hasattr(producer, "division") and owns_producer(actor, producer):
        return Allowed()
    return Denied("history", Text("您无权查看此记录的变更历史。", "You may not see this record's history."))


def may_read_holder_history(actor: Actor, holder: Any = None) -> Decision:
    """A holder's own people, the registrar and the auditor."""
    if actor.is_anonymous:
        return SIGN_IN
    is_own = holder is not None and holder.organisation_id in actor.organisation_ids(RoleKind.HOLDER)
    if holder is None or is_own or actor.has(RoleKind.REGISTRAR, RoleKind.AUDITOR):
        return Allowed()
    return Denied("history", Text("您无权查看此记录的变更历史。", "You may not see this record's history."))
