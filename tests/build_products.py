"""The register for tests: names, titles, producers, sites and authorisations, made by the same actions as the real ones."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from gi_registry.accounts.models import Organisation
from gi_registry.lib.access import Actor, Role, RoleKind
from products import actions
from products.models import (
    ApplicationDocument,
    Authorisation,
    Holder,
    Indication,
    Producer,
    Season,
    Site,
    SpecificationVersion,
    Title,
)
from products.rules.authorisations import Given
from products.rules.titles import PROVEN, TitleFacts
from products.rules.words import (
    AuthorisationState,
    Confidence,
    DocumentKind,
    FactOperator,
    SiteKind,
    SpecificationStatus,
    TitleKind,
    TitleStatus,
    Unit,
)
from regions.geometry import point_at, read_geometry
from regions.models import Division, Region
from tests.build_regions import a_boundary, a_region, a_square, the_divisions
from tests.cast import NOW, Cast

DOCUMENT = "5e" * 32
REGISTRAR = Role(RoleKind.REGISTRAR, division_prefix="14")
SINCE = date(2026, 1, 1)
# Fields well inside Qingxu and Qi county, some 4 km from any line, beside each other.
QINGXU_FIELD = (112.05, 37.45, 112.051, 37.451)
QINGXU_FIELD_BESIDE = (112.052, 37.45, 112.053, 37.451)
QI_FIELD = (112.55, 37.55, 112.551, 37.551)
QINGXU_WORKS = (112.06, 37.46)


def everybody(*organisations: Organisation | None) -> Actor:
    """Somebody with every role for these organisations and the province: builders build, policies are tested elsewhere."""
    kinds = (RoleKind.PRODUCER, RoleKind.HOLDER)
    own = tuple(Role(kind, o.pk) for o in organisations if o for kind in kinds)
    return Actor(user_id=None, name="builder", roles=(REGISTRAR, *own))


def an_indication(name_zh: str = "清徐陈醋", **more: Any) -> Indication:
    """A name in Qingxu. The divisions must be there (``build_regions.the_divisions``)."""
    facts = {
        "name_zh": name_zh,
        "name_en": "Qingxu vinegar",
        "category": "食醋",
        "main_division_code": "140121",
        "division_codes": ["140121"],
        "confidence": Confidence.HIGH,
        "actor": Actor.SYSTEM,
        "now": NOW,
    }
    return actions.create_indication(**{**facts, **more})


def a_holder(name_zh: str = "清徐县陈醋协会", organisation: Organisation | None = None, **more: Any) -> Holder:
    return actions.enter_holder(name_zh=name_zh, organisation=organisation, actor=Actor.SYSTEM, now=NOW, **more)


def a_title(
    indication: Indication,
    *,
    kind: TitleKind = TitleKind.GI_PRODUCT,
    status: TitleStatus | None = None,
    number: str = "2004年第104号公告",
    expires_on: date | None = None,
    now: datetime = NOW,
    **more: Any,
) -> Title:
    """A title that stands on proof (recognised or registered) unless ``status`` names where it should begin or stand."""
    is_product = kind is TitleKind.GI_PRODUCT
    wanted = status or (TitleStatus.RECOGNISED if is_product else TitleStatus.REGISTERED)
    start = TitleStatus.REPORTED if wanted in PROVEN else wanted
    names = {"announcement_number" if is_product else "title_number": number}
    facts = TitleFacts(recognised_on=date(2004, 8, 9), expires_on=expires_on, **names)
    title = actions.open_title(
        indication=indication,
        kind=kind,
        status=start,
        facts=facts if start is TitleStatus.REPORTED else None,
        actor=everybody(),
        now=now,
        **{"confidence": Confidence.HIGH, **more},
    )
    if start is wanted:
        return title
    if not is_product and expires_on is None:
        facts = replace(facts, expires_on=date(2034, 8, 9))
    given = replace(facts, document_sha256=DOCUMENT)
    return actions.move_title(title=title, to=wanted, given=given, actor=everybody(), now=now)


def a_specification(title: Title, *, announced: bool = True, **more: Any) -> SpecificationVersion:
    """Ageing of at least 12 months, in force since 2014 unless ``effective_from`` says otherwise."""
    facts = {
        "label_zh": "2014 版",
        "label_en": "Version of 2014",
        "effective_from": date(2014, 10, 1),
        "facts": [
            {
                "key": "ageing",
                "label_zh": "陈酿期",
                "label_en": "Ageing",
                "operator": FactOperator.MIN,
                "low": 12,
                "unit": Unit.MONTH,
            }
        ],
        "actor": everybody(),
        "now": NOW,
    }
    version = actions.draft_specification(title=title, **{**facts, **more})
    if not announced:
        return version
    actor, now = everybody(), facts["now"]
    version = actions.move_specification(specification=version, to=SpecificationStatus.REVIEWED, actor=actor, now=now)
    return actions.announce_specification(specification=version, document_sha256=DOCUMENT, actor=actor, now=now)


def a_producer(organisation: Organisation, division: Division | None = None, **more: Any) -> Producer:
    """An organisation as a producer in its own division, shown in public."""
    place = division or Division.objects.get(code=organisation.division_code)
    facts = {"is_public": organisation.kind != "household", "actor": Actor.SYSTEM, "now": NOW}
    return actions.register_producer(organisation=organisation, division=place, **{**facts, **more})


def a_site(
    producer: Producer,
    indication: Indication,
    *,
    box: tuple[float, float, float, float] | None = None,
    point: tuple[float, float] | None = None,
    kind: SiteKind | None = None,
    name: str = "东地",
    now: datetime = NOW,
) -> Site:
    """A field in a box, or a workshop at a point; a field in the middle of Qingxu when neither is given."""
    document = {"type": "Point", "coordinates": list(point)} if point else a_square(*(box or QINGXU_FIELD))
    return actions.register_site(
        producer=producer,
        indication=indication,
        kind=kind or (SiteKind.WORKSHOP if point else SiteKind.FIELD),
        name=name,
        geometry=read_geometry(document, kinds=frozenset({"Point", "Polygon", "MultiPolygon"})),
        actor=Actor.SYSTEM,
        now=now,
    )


# As little as is told for a PDF by its first bytes.
REPORT = b"%PDF-1.7\n% total acid 6.2 g per 100 ml"


def a_document(
    authorisation: Authorisation, data: bytes = REPORT, kind: DocumentKind = DocumentKind.TEST_REPORT, **more: Any
) -> ApplicationDocument:
    facts = {"name": "检验报告.pdf", "actor": Actor.SYSTEM, "now": NOW, **more}
    return actions.add_document(authorisation=authorisation, kind=kind, data=data, **facts)


# The road of an honest application, and what each step brings.
ROAD = (
    (AuthorisationState.SUBMITTED, Given()),
    (AuthorisationState.ORIGIN_CHECKED, Given(reason="实地核验")),
    (AuthorisationState.PROV_OK, Given()),
    (AuthorisationState.ACTIVE, Given(approval_reference="晋知局核〔2026〕1号", valid_from=SINCE)),
)


def an_authorisation(
    producer: Producer,
    title: Title,
    sites: Sequence[Site],
    *,
    state: AuthorisationState = AuthorisationState.ACTIVE,
    valid_from: date = SINCE,
    valid_until: date | None = None,
    now: datetime = NOW,
) -> Authorisation:
    """Walks the road of an application as far as ``state``; SUSPENDED and REVOKED go on from ACTIVE."""
    actor = everybody(producer.organisation, title.holder.organisation if title.holder else None)
    row = actions.draft_authorisation(producer=producer, title=title, sites=sites, actor=actor, now=now)
    a_document(row, actor=actor)
    after = {
        AuthorisationState.SUSPENDED: [AuthorisationState.SUSPENDED],
        AuthorisationState.REVOKED: [AuthorisationState.SUSPENDED, AuthorisationState.REVOKED],
    }.get(state, [])
    road = [*ROAD, *((step, Given(reason="抽检不合格")) for step in after)]
    for to, given in road:
        if row.state == state:
            break
        is_first = row.state == AuthorisationState.PROV_OK
        dates = {"valid_from": valid_from, "valid_until": valid_until or title.expires_on} if is_first else {}
        row = actions.move_authorisation(authorisation=row, to=to, given=replace(given, **dates), actor=actor, now=now)
    return row


def a_season(indication: Indication, **more: Any) -> Season:
    facts = {
        "name": "2026 年产季",
        "opens_on": date(2026, 9, 1),
        "closes_on": date(2026, 12, 31),
        "actor": everybody(),
        "now": NOW,
    }
    return actions.open_season(indication=indication, **{**facts, **more})


@dataclass
class Register:
    """What ``the_register`` made. Zhang's ``authorisation`` is active for ``field`` and ``works``; Feng has none."""

    divisions: dict[str, Division]
    region: Region
    indication: Indication
    holder: Holder
    title: Title
    specification: SpecificationVersion
    zhang: Producer
    feng: Producer
    field: Site
    works: Site
    authorisation: Authorisation


def the_register(cast: Cast) -> Register:
    """A small whole register: the vinegar of Qingxu and Qi, held by Chen's association, made by Zhang."""
    divisions = the_divisions()
    codes = ["140121", "140727"]
    region = a_region(division_codes=codes, source_text="清徐县、祁县")
    a_boundary(region, division_codes=codes)
    indication = an_indication(division_codes=codes)
    holder = a_holder(organisation=cast.chen.organisation)
    title = a_title(indication, holder=holder, region=region)
    zhang = a_producer(cast.zhang.organisation, public_point=point_at(*QINGXU_WORKS))
    field = a_site(zhang, indication)
    works = a_site(zhang, indication, point=QINGXU_WORKS, name="老作坊")
    return Register(
        divisions=divisions,
        region=region,
        indication=indication,
        holder=holder,
        title=title,
        specification=a_specification(title),
        zhang=zhang,
        feng=a_producer(cast.feng.organisation),
        field=field,
        works=works,
        authorisation=an_authorisation(zhang, title, [field, works]),
    )
