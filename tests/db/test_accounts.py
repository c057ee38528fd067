"""What the database holds about people when everything above it fails."""

from datetime import timedelta

import pytest
from django.db import Error, transaction

from gi_registry.accounts import actions
from gi_registry.accounts.models import ApiKey, Membership, Organisation
from gi_registry.accounts.queries import actor_of, bearer_of
from gi_registry.accounts.rules import KeyScope, OrganisationKind
from gi_registry.lib.access import Actor, RoleKind
from gi_registry.lib.history import history_of
from gi_registry.lib.problems import Invalid, Refused
from tests.cast import NOW, TODAY, an_organisation

pytestmark = pytest.mark.django_db


def refused_by_the_wall(change):
    with pytest.raises(Error), transaction.atomic():
        change()


def test_the_wall_refuses_a_company_without_a_code_and_a_household_with_one(cast):
    works, household = cast.zhang.organisation, cast.ma.organisation
    refused_by_the_wall(lambda: Organisation.objects.filter(pk=works.pk).update(uscc=None))
    refused_by_the_wall(lambda: Organisation.objects.filter(pk=household.pk).update(uscc="91140121TEXT00017Y"))
    refused_by_the_wall(lambda: Organisation.objects.filter(pk=household.pk).update(sponsor=None))


def test_the_wall_refuses_a_sponsor_without_a_code(cast):
    household = cast.ma.organisation
    other = an_organisation("刘家", "", OrganisationKind.HOUSEHOLD, "140121", sponsor=cast.zhang.organisation)
    refused_by_the_wall(lambda: Organisation.objects.filter(pk=other.pk).update(sponsor=household))


def test_a_code_is_registered_once(cast):
    with pytest.raises(Refused) as refusal:
        actions.register_organisation(
            kind=OrganisationKind.COMPANY, name_zh="又一家", uscc=cast.zhang.organisation.uscc, division_code="140121",
            actor=cast.lin.actor, now=NOW,
        )  # fmt: skip
    assert refusal.value.errors[0].code == "uscc_taken"
    assert Organisation.objects.filter(name_zh="又一家").count() == 0


def test_a_wrong_code_names_the_field_and_both_checks(cast):
    with pytest.raises(Invalid) as fault:
        actions.register_organisation(
            kind=OrganisationKind.COMPANY, name_zh="x", uscc="91140121TEXT00027Y", division_code="140121",
            actor=cast.lin.actor, now=NOW,
        )  # fmt: skip
    assert {error.pointer for error in fault.value.errors} == {"/uscc"}
    assert "uscc_organisation_check" in {error.code for error in fault.value.errors}


def test_the_wall_keeps_officials_to_places_and_producers_to_organisations(cast):
    membership = Membership.objects.get(user=cast.li.user)
    refused_by_the_wall(lambda: Membership.objects.filter(pk=membership.pk).update(division_prefix=""))
    refused_by_the_wall(
        lambda: Membership.objects.filter(user=cast.zhang.user).update(organisation=None, division_prefix="14")
    )


def test_a_role_that_ended_gives_nothing(cast):
    membership = Membership.objects.get(user=cast.li.user)
    actions.end_role(membership=membership, actor=cast.lin.actor, today=TODAY, reason="moved")
    assert cast.li.actor.roles == ()


def test_granting_a_role_twice_gives_it_once(cast):
    for _ in range(2):
        actions.grant_role(
            user=cast.hu.user, role=RoleKind.AUDITOR, division_prefix="14", actor=cast.lin.actor, today=TODAY
        )
    assert Membership.objects.filter(user=cast.hu.user).count() == 1


def test_a_key_opens_until_it_expires_or_is_revoked(cast):
    key, fresh = actions.create_key(
        user=cast.zhang.user, name="ERP", scopes=[KeyScope.READ], actor=cast.zhang.actor, now=NOW,
        expires_at=NOW + timedelta(days=1),
    )  # fmt: skip
    bearer = bearer_of(fresh.text, NOW)
    assert (bearer.model, bearer.model.user, bearer.key_id) == (key, key.user, key.pk)
    assert bearer.actor == actor_of(key.user, key)
    assert bearer_of(fresh.text, NOW + timedelta(days=1)) is None
    assert bearer_of(fresh.text[:-1] + ("A" if fresh.text[-1] != "A" else "B"), NOW) is None
    assert not actor_of(key.user, key).can_write
    actions.revoke_key(key=key, actor=cast.zhang.actor, now=NOW)
    assert bearer_of(fresh.text, NOW) is None


def test_the_secret_of_a_key_is_nowhere_in_the_database(cast):
    key, fresh = actions.create_key(
        user=cast.zhang.user, name="ERP", scopes=[KeyScope.READ], actor=cast.zhang.actor, now=NOW
    )
    row = ApiKey.objects.filter(pk=key.pk).values().get()
    assert fresh.text not in str(row)
    assert fresh.text.rsplit("_", 1)[1] not in str(row)


def test_a_persons_keys_are_bounded(cast):
    for _ in range(actions.KEYS_A_PERSON):
        cast.zhang.key()
    with pytest.raises(Refused):
        cast.zhang.key()


def test_a_key_cannot_look_at_keys(cast):
    key = ApiKey.objects.create(
        user=cast.zhang.user, name="x", prefix="0" * 8, key_hash=b"", scopes=["read"], created_at=NOW
    )
    assert list(ApiKey.objects.visible_to(cast.zhang.actor)) == [key]
    assert list(ApiKey.objects.visible_to(actor_of(cast.zhang.user, key))) == []
    assert list(ApiKey.objects.visible_to(Actor.ANONYMOUS)) == []


def test_use_of_a_key_is_noted_once_a_minute(cast):
    key, _ = actions.create_key(user=cast.zhang.user, name="x", scopes=[KeyScope.READ], actor=cast.zhang.actor, now=NOW)
    for seconds in (0, 30):
        actions.note_key_use(key_id=key.pk, last_used_at=key.last_used_at, now=NOW + timedelta(seconds=seconds))
        key.refresh_from_db()
        assert key.last_used_at == NOW


def test_organisations_are_seen_by_their_people_their_sponsors_and_their_officials(cast):
    def seen_by(person):
        return set(Organisation.objects.visible_to(person.actor).values_list("name_zh", flat=True))

    assert seen_by(cast.zhang) == {"清徐张记醋厂", "马家"}
    assert seen_by(cast.feng) == {"祁县冯记醋厂"}
    assert seen_by(cast.ma) == {"马家"}
    assert seen_by(cast.li) == {"清徐张记醋厂", "马家", "清徐县陈醋协会"}
    assert seen_by(cast.zhao) == {"祁县冯记醋厂"}
    assert len(seen_by(cast.sun)) == len(seen_by(cast.lin)) == 4
    assert seen_by(cast.hu) == set()
    assert set(Organisation.objects.visible_to(Actor.ANONYMOUS)) == set()


def test_the_history_of_an_organisation_tells_who_what_and_before(cast):
    works = cast.zhang.organisation
    with actions.remember(cast.lin.actor, "typing mistake"):
        Organisation.objects.filter(pk=works.pk).update(name_en="Zhang Vinegar")
    newest = history_of(works)[0]
    assert newest["who"] == "林登记"
    assert newest["why"] == "typing mistake"
    assert newest["changes"] == [{"field": "name_en", "before": "Zhang Vinegar Works", "after": "Zhang Vinegar"}]


def test_history_cannot_be_rewritten(cast):
    works = cast.zhang.organisation
    refused_by_the_wall(lambda: works.events.update(name_zh="x"))
    refused_by_the_wall(lambda: works.events.all().delete())
