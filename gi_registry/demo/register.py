"""Producers, sites, holders, seasons and authorisations, each through every step that a real one would take."""

from datetime import UTC, datetime

from fpdf import FPDF

from gi_registry.demo.people import put_organisation
from gi_registry.demo.stage import REASON, Row, Stage
from gi_registry.lib.texts import Text
from products import actions
from products.models import Authorisation, Holder, Indication, Producer, Season, Site, Title
from products.rules.authorisations import Given
from products.rules.words import AuthorisationState as A
from products.rules.words import DocumentKind, SiteKind
from regions.geometry import SITES, point_at, read_geometry
from regions.models import Division

ENTERED_DAYS_BEFORE = 10
CHECKED_DAYS_AFTER = 12
NO_REGISTER = Text("请先运行 load_register。", "Run load_register first.")


class NoRegister(LookupError):
    """The demo stands on real names and places, and they are not there yet."""


def indication_of(slug: str) -> Indication:
    found = Indication.objects.filter(slug=slug).first()
    if found is None:
        raise NoRegister(f"{slug}: {NO_REGISTER.zh} {NO_REGISTER.en}")
    return found


def title_of(row: Row) -> Title:
    """The first title of this kind that a name has; the oldest where it has several marks."""
    titles = Title.objects.filter(indication=indication_of(row["indication"]), kind=row["title"])
    return titles.select_related("holder").order_by("pk")[0]


def authorisation_of(producer: Producer, indication: Indication) -> Authorisation:
    return Authorisation.objects.select_related("title").get(producer=producer, title__indication=indication)


def put_association(row: Row, stage: Stage) -> None:
    """An invented body with the holder's rights, so that a visitor can be one.

    It is entered as a demonstration holder, by name and by flag, and only on a title of which no source names the real
    holder: nothing that was read anywhere is covered up.
    """
    organisation = put_organisation(row, stage)
    holder = Holder.objects.filter(organisation=organisation).first() or actions.enter_holder(
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        organisation=organisation,
        is_demo=True,
        actor=stage.registrar,
        now=stage.now,
        reason=REASON,
    )
    title = title_of(row["holds"])
    if title.holder_id is None:
        actions.update_title(
            title=title, changes={"holder": holder}, actor=stage.registrar, now=stage.now, reason=REASON
        )


def put_producer(row: Row, stage: Stage) -> Producer:
    """An organisation as a maker of goods, with its sites."""
    organisation = put_organisation(row, stage)
    entered = stage.at(_entered(row))
    point = row.get("public_point")
    producer = Producer.objects.filter(organisation=organisation).first() or actions.register_producer(
        organisation=organisation,
        division=Division.objects.get(code=row["division_code"]),
        public_point=point_at(*point) if point else None,
        intro_zh=row.get("intro_zh", ""),
        intro_en=row.get("intro_en", ""),
        is_public=row.get("is_public", True),
        actor=stage.registrar,
        now=entered,
        reason=REASON,
    )
    stage.producers[row["key"]] = producer
    known = set(Site.objects.filter(producer=producer).values_list("name", flat=True))
    for site in row["sites"]:
        if site["name"] not in known:
            actions.register_site(
                producer=producer,
                indication=indication_of(site["indication"]),
                kind=SiteKind(site["kind"]),
                name=site["name"],
                geometry=read_geometry(site["geometry"], kinds=SITES),
                actor=stage.maker(row["key"]),
                now=entered,
                reason=REASON,
            )
    return producer


def _entered(row: Row) -> int:
    first = min((wish["applied"] for wish in row["authorisations"]), default=-200)
    return first - ENTERED_DAYS_BEFORE


def put_authorisation(key: str, row: Row, stage: Stage) -> None:
    """An application with all sites of the producer (and of its households), granted where the data say when."""
    producer, title = stage.producers[key], title_of(row)
    if Authorisation.objects.filter(producer=producer, title=title).exists():
        return
    own = Site.objects.filter(producer=producer, indication=title.indication_id)
    vouched = Site.objects.filter(
        producer__organisation__sponsor=producer.organisation_id, indication=title.indication_id
    )
    authorisation = actions.draft_authorisation(
        producer=producer,
        title=title,
        sites=list((own | vouched).select_related("producer__organisation").order_by("pk")),
        actor=stage.maker(key),
        now=stage.at(row["applied"]),
        reason=REASON,
    )
    actions.add_document(
        authorisation=authorisation,
        kind=DocumentKind.TEST_REPORT,
        name="示例检验报告.pdf",
        data=_report(key),
        actor=stage.maker(key),
        now=stage.at(row["applied"]),
    )
    _move(authorisation, A.SUBMITTED, "producer", row["applied"], key, stage)
    if "granted" in row:
        _grant(authorisation, key, row, stage)


def _report(key: str) -> bytes:
    """A page that says of itself that it reports nothing."""
    page = FPDF()
    page.set_creation_date(datetime(2026, 1, 1, tzinfo=UTC))
    page.add_page()
    page.set_font("Helvetica", size=14)
    page.multi_cell(
        0,
        8,
        f"Sample document of the demonstration ({key}).\nIt stands where a test report would be and reports nothing.",
    )
    return bytes(page.output())


def _grant(authorisation: Authorisation, key: str, row: Row, stage: Stage) -> None:
    """County, province and announcement. The reference says of itself that it is none."""
    checked = row["applied"] + CHECKED_DAYS_AFTER
    reason = Given(reason="示例：实地核对，场地在产地范围内。")
    _move(authorisation, A.ORIGIN_CHECKED, "registrar", checked, key, stage, reason)
    _move(authorisation, A.PROV_OK, "registrar", checked + 5, key, stage)
    given = Given(
        reason=REASON,
        approval_reference=row["reference"],
        valid_from=stage.on(row["granted"]),
        valid_until=stage.on(row["valid_until"]),
    )
    _move(authorisation, A.ACTIVE, "registrar", row["granted"], key, stage, given)


def end_authorisation(key: str, row: Row, stage: Stage) -> None:
    """What happened to a right later on (suspended, expired), once the goods made under it are in."""
    authorisation = Authorisation.objects.get(producer=stage.producers[key], title=title_of(row))
    if authorisation.state != A.ACTIVE:
        return
    for step in row.get("then", ()):
        _move(authorisation, A(step["to"]), "registrar", step["at"], key, stage, Given(reason=step["reason"]))


def _move(
    authorisation: Authorisation, to: A, by: str, days: int, key: str, stage: Stage, given: Given | None = None
) -> None:
    actions.move_authorisation(
        authorisation=authorisation, to=to, actor=stage.actor(by, key), now=stage.at(days), given=given
    )


def put_season(row: Row, stage: Stage) -> None:
    """A season that was open when goods were made for it; ``postpone_season`` then moves its day into the future."""
    indication = indication_of(row["indication"])
    if not Season.objects.filter(indication=indication, name=row["name"]).exists():
        actions.open_season(
            indication=indication,
            name=row["name"],
            opens_on=stage.on(row["opens"]),
            closes_on=stage.on(row["closes"]),
            actor=stage.registrar,
            now=stage.at(row["opens"]),
            reason=REASON,
        )


def postpone_season(row: Row, stage: Stage) -> None:
    """Put the opening off, again whenever its day has come: the sample "season not open" must go on saying so."""
    season = Season.objects.get(indication=indication_of(row["indication"]), name=row["name"])
    if season.opens_on <= stage.on(0):
        changes = {"opens_on": stage.on(row["postponed_to"]), "closes_on": stage.on(row["closes"])}
        actions.change_season(
            season=season, changes=changes, actor=stage.registrar, now=stage.now, reason=row["reason"]
        )
