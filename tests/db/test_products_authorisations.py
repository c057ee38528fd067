"""Authorisations from application to end, on a real register."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from gi_registry.lib.history import history_of
from gi_registry.lib.problems import Forbidden, Invalid, Refused
from products import actions
from products.models import Authorisation, Producer, Site
from products.queries import eligible_sites, public_face, standing_authorisation
from products.rules.authorisations import Given
from products.rules.titles import TitleFacts
from products.rules.words import AuthorisationState as A
from products.rules.words import TitleKind, TitleStatus
from tests.build_products import (
    DOCUMENT,
    QI_FIELD,
    SINCE,
    a_document,
    a_holder,
    a_producer,
    a_site,
    a_title,
    an_authorisation,
    an_indication,
    everybody,
)
from tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db
REASON = Given(reason="抽检不合格")
GRANT = Given(approval_reference="晋知局核〔2026〕2号", valid_from=TODAY)


def move(row, to, actor, given=REASON, now=NOW):
    return actions.move_authorisation(authorisation=row, to=to, given=given, actor=actor, now=now)


def codes_of(call) -> list[str]:
    with pytest.raises((Invalid, Refused)) as no:
        call()
    return [error.code for error in no.value.errors]


def test_an_application_goes_from_producer_to_county_to_province(cast, register):
    plot = a_site(register.feng, register.indication, box=QI_FIELD)
    feng, zhao, lin = cast.feng.actor, cast.zhao.actor, cast.lin.actor
    row = actions.draft_authorisation(producer=register.feng, title=register.title, sites=[plot], actor=feng, now=NOW)
    a_document(row)
    row = move(row, A.SUBMITTED, feng, Given())
    row = move(row, A.RETURNED, zhao)
    row = move(row, A.SUBMITTED, feng, Given())
    row = move(row, A.ORIGIN_CHECKED, zhao)
    row = move(row, A.PROV_OK, lin, Given())
    row = move(row, A.ACTIVE, lin, GRANT)
    assert row.stands_on(TODAY)
    assert not row.stands_on(TODAY - timedelta(days=1))
    assert standing_authorisation(register.feng, register.indication, TODAY) == row
    assert list(eligible_sites(row)) == [plot]
    assert [event["who"] for event in history_of(row)][:2] == ["林登记", "林登记"]


@pytest.mark.parametrize("who", ["chen", "li", "zhao", "wang", "zhang", "feng", "sun", "hu"])
def test_only_the_province_grants(cast, register, who):
    plot = a_site(register.feng, register.indication, box=QI_FIELD)
    row = an_authorisation(register.feng, register.title, [plot], state=A.PROV_OK)
    with pytest.raises(Forbidden):
        move(row, A.ACTIVE, getattr(cast, who).actor, GRANT)


def test_a_county_checks_the_origin_on_its_own_ground_only(cast, register):
    plot = a_site(register.feng, register.indication, box=QI_FIELD)
    row = an_authorisation(register.feng, register.title, [plot], state=A.SUBMITTED)
    with pytest.raises(Forbidden):
        move(row, A.ORIGIN_CHECKED, cast.li.actor)
    assert move(row, A.ORIGIN_CHECKED, cast.gao.actor).state == A.ORIGIN_CHECKED


def test_a_grant_names_every_criterion_that_fails(cast, register):
    plot = a_site(register.feng, register.indication, box=QI_FIELD)
    row = an_authorisation(register.feng, register.title, [plot], state=A.PROV_OK)
    actions.retire_site(site=plot, actor=cast.feng.actor, now=NOW)
    assert codes_of(lambda: move(row, A.ACTIVE, cast.lin.actor, GRANT)) == ["no_eligible_site"]
    ending = TitleFacts(ended_on=date(2026, 1, 1), document_sha256=DOCUMENT, reason="撤销")
    for to in (TitleStatus.CANCEL_REQUESTED, TitleStatus.CANCELLED):
        actions.move_title(title=register.title, to=to, given=ending, actor=everybody(), now=NOW)
    assert codes_of(lambda: move(row, A.ACTIVE, cast.lin.actor, GRANT)) == ["title_does_not_stand", "no_eligible_site"]
    assert codes_of(lambda: move(row, A.ACTIVE, cast.lin.actor, Given())) == [
        "missing_approval_reference",
        "missing_valid_from",
    ]


def test_a_licence_cannot_outlast_its_mark(cast, register):
    mark = a_title(
        register.indication,
        kind=TitleKind.CERTIFICATION_MARK,
        number="6173333",
        expires_on=date(2027, 6, 1),
        region=register.region,
    )
    row = an_authorisation(register.zhang, mark, [register.field], state=A.PROV_OK)
    late = replace(GRANT, valid_until=date(2027, 6, 2))
    assert codes_of(lambda: move(row, A.ACTIVE, cast.lin.actor, late)) == ["outlasts_title"]
    assert codes_of(lambda: move(row, A.ACTIVE, cast.lin.actor, GRANT)) == ["outlasts_title"]
    row = move(row, A.ACTIVE, cast.lin.actor, replace(GRANT, valid_until=date(2027, 6, 1)))
    assert not row.stands_on(date(2027, 6, 2))


def test_a_suspension_interrupts_the_days_on_which_it_stood(cast, register):
    row, may = register.authorisation, datetime(2026, 5, 1, 4, tzinfo=UTC)
    row = move(row, A.SUSPENDED, cast.chen.actor, now=may)
    assert not row.stands_on(date(2026, 5, 1))
    row = move(row, A.ACTIVE, cast.chen.actor, now=NOW)
    assert [row.stands_on(day) for day in (date(2026, 4, 30), date(2026, 7, 1), TODAY)] == [True, False, True]
    row.refresh_from_db()
    assert row.stands_on(date(2026, 4, 30))


def test_a_holder_cannot_lift_the_registrars_suspension(cast, register):
    row = move(register.authorisation, A.SUSPENDED, cast.lin.actor)
    assert codes_of(lambda: move(row, A.ACTIVE, cast.chen.actor)) == ["suspended_by_registrar"]
    assert move(row, A.ACTIVE, cast.lin.actor).suspended_by == ""


def test_a_second_equal_step_is_refused(cast, register):
    move(register.authorisation, A.SUSPENDED, cast.lin.actor)
    assert codes_of(lambda: move(register.authorisation, A.SUSPENDED, cast.lin.actor)) == ["authorisation_move"]


def test_one_open_authorisation_a_producer_and_title(register):
    assert codes_of(lambda: an_authorisation(register.zhang, register.title, [register.field])) == [
        "authorisation_open"
    ]


def test_sites_of_another_are_refused_by_name(cast, register):
    grapes = an_indication("清徐葡萄", name_en="grape")
    title = a_title(grapes, number="葡萄公告", holder=a_holder("葡萄协会"))
    with pytest.raises(Invalid) as no:
        actions.draft_authorisation(
            producer=register.zhang, title=title, sites=[register.field], actor=cast.zhang.actor, now=NOW
        )
    assert (no.value.errors[0].code, no.value.errors[0].pointer) == ("site_not_eligible", "/sites/0")
    with pytest.raises(Invalid):
        actions.draft_authorisation(
            producer=register.feng, title=register.title, sites=[register.works], actor=cast.feng.actor, now=NOW
        )


def test_a_works_applies_with_the_plots_of_households_it_vouches_for(cast, register):
    ma = a_producer(cast.ma.organisation)
    plot = a_site(ma, register.indication, box=(112.08, 37.45, 112.081, 37.451))
    mark = a_title(register.indication, kind=TitleKind.COLLECTIVE_MARK, number="7", region=register.region)
    row = an_authorisation(register.zhang, mark, [plot], valid_until=date(2034, 1, 1))
    assert row.state == A.ACTIVE


def test_sites_change_only_before_it_is_sent(cast, register):
    plot = a_site(register.feng, register.indication, box=QI_FIELD)
    works = a_site(register.feng, register.indication, point=(112.56, 37.56))
    row = an_authorisation(register.feng, register.title, [plot], state=A.DRAFT)
    row = actions.change_sites(authorisation=row, sites=[works], actor=cast.feng.actor, now=NOW)
    assert list(row.sites.all()) == [works]
    row = move(row, A.SUBMITTED, cast.feng.actor, Given())
    assert codes_of(lambda: actions.change_sites(authorisation=row, sites=[plot], actor=cast.feng.actor, now=NOW)) == [
        "not_editable"
    ]


def test_the_wall_refuses_standing_without_an_active_site(register):
    Site.objects.filter(producer=register.zhang).update(state="retired")
    rows = Authorisation.objects.filter(pk=register.authorisation.pk)
    rows.update(state="suspended")
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(state="active")


# --- the clock of non-use ---


def run(command: str, now: datetime, monkeypatch) -> str:
    monkeypatch.setattr("gi_registry.lib.clock.now", lambda: now)
    said = StringIO()
    call_command(command, stdout=said)
    return said.getvalue()


def test_the_clock_warns_then_proposes_and_a_person_stops(cast, register, monkeypatch):
    row = register.authorisation
    assert row.valid_from == SINCE
    at_18, at_24 = datetime(2027, 7, 1, 4, tzinfo=UTC), datetime(2028, 1, 1, 4, tzinfo=UTC)
    assert "warned: 0" in run("dormant_authorisations", at_18 - timedelta(days=1), monkeypatch)
    assert "warned: 1" in run("dormant_authorisations", at_18, monkeypatch)
    assert "warned: 0" in run("dormant_authorisations", at_18, monkeypatch)
    row.refresh_from_db()
    assert (row.state, row.stands_on(date(2027, 7, 1))) == (A.DORMANT_WARNING, True)
    assert codes_of(lambda: move(row, A.STOPPED, cast.lin.actor, now=at_18)) == ["not_dormant"]
    assert "stop: 1" in run("dormant_authorisations", at_24, monkeypatch)
    row.refresh_from_db()
    assert row.stop_proposed_on == date(2028, 1, 1)
    row = move(row, A.STOPPED, cast.lin.actor, now=at_24)
    assert not row.stands_on(date(2028, 1, 1))


def test_a_use_ends_the_warning(register, monkeypatch):
    row, later = register.authorisation, datetime(2027, 8, 1, 4, tzinfo=UTC)
    run("dormant_authorisations", later, monkeypatch)
    actions.note_use(authorisation=row, on=date(2027, 8, 1), actor=everybody(), now=later)
    row.refresh_from_db()
    assert (row.state, row.last_used_on) == (A.ACTIVE, date(2027, 8, 1))
    actions.note_use(authorisation=row, on=date(2027, 1, 1), actor=everybody(), now=later)
    row.refresh_from_db()
    assert row.last_used_on == date(2027, 8, 1)


def test_validity_that_has_run_out_ends_it(cast, register, monkeypatch):
    plot = a_site(register.feng, register.indication, box=QI_FIELD)
    row = an_authorisation(register.feng, register.title, [plot], valid_until=TODAY)
    assert "expired: 0" in run("turn_register", NOW, monkeypatch)
    assert "expired: 1" in run("turn_register", NOW + timedelta(days=1), monkeypatch)
    row.refresh_from_db()
    assert row.state == A.EXPIRED
    assert row.stands_on(TODAY)


# --- who sees ---


def test_each_sees_what_is_theirs(cast, register):
    seen = {
        name: (
            Authorisation.objects.visible_to(person.actor).count(),
            Site.objects.visible_to(person.actor).count(),
            Producer.objects.visible_to(person.actor).count(),
        )
        for name, person in cast.everyone().items()
    }
    assert seen == {
        "lin": (1, 2, 2),
        "sun": (1, 2, 2),
        "wang": (1, 2, 1),
        "li": (1, 2, 1),
        "gao": (0, 0, 1),
        "zhao": (0, 0, 1),
        "chen": (1, 2, 1),
        "zhang": (1, 2, 1),
        "feng": (0, 0, 1),
        "ma": (0, 0, 0),
        "hu": (0, 0, 0),
    }


def test_a_household_is_shown_as_the_works_that_vouches_for_it(cast, register):
    ma = a_producer(cast.ma.organisation)
    face = public_face(ma)
    assert (face.name_zh, face.number) == ("清徐张记醋厂", None)
    assert face.uscc == cast.zhang.organisation.uscc
    assert not Producer.objects.public().filter(pk=ma.pk).exists()
    with pytest.raises(Invalid) as no:
        actions.update_producer(producer=ma, changes={"is_public": True}, actor=cast.ma.actor, now=NOW)
    assert no.value.errors[0].code == "household_stays_private"
