"""People, decided without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_registry.accounts.rules import (
    KEY_PATTERN,
    OrganisationKind,
    digest_of,
    membership_faults,
    new_key,
    organisation_faults,
)
from gi_registry.lib.access import Actor, Role, RoleKind, role_in, watcher, writer

USCC = "91140121TEXT00017Y"


def codes(faults):
    return [fault.code for fault in faults]


def test_a_company_with_a_valid_code_is_accepted():
    assert (
        organisation_faults(kind=OrganisationKind.COMPANY, uscc=USCC, has_sponsor=False, sponsor_has_uscc=False) == []
    )


def test_a_household_needs_a_sponsor_that_has_a_code():
    def household(**facts):
        return codes(organisation_faults(kind=OrganisationKind.HOUSEHOLD, **facts))

    assert household(uscc=None, has_sponsor=True, sponsor_has_uscc=True) == []
    assert household(uscc=None, has_sponsor=False, sponsor_has_uscc=False) == ["sponsor_missing"]
    assert household(uscc=None, has_sponsor=True, sponsor_has_uscc=False) == ["sponsor_without_uscc"]
    assert household(uscc=USCC, has_sponsor=True, sponsor_has_uscc=True) == ["household_uscc"]


@pytest.mark.parametrize("kind", [kind for kind in OrganisationKind if kind is not OrganisationKind.HOUSEHOLD])
def test_everybody_but_a_household_needs_a_code(kind):
    assert codes(organisation_faults(kind=kind, uscc=None, has_sponsor=True, sponsor_has_uscc=True)) == ["uscc_length"]


@pytest.mark.parametrize(
    ("role", "prefix", "fits"),
    [
        (RoleKind.REGISTRAR, "14", True),
        (RoleKind.REGISTRAR, "1401", False),
        (RoleKind.CITY_REGULATOR, "1401", True),
        (RoleKind.CITY_REGULATOR, "140121", False),
        (RoleKind.COUNTY_REGULATOR, "140121", True),
        (RoleKind.COUNTY_REGULATOR, "14", False),
        (RoleKind.AUDITOR, "1401", True),
        (RoleKind.AUDITOR, "", False),
        (RoleKind.REGISTRAR, "１４", False),
    ],
)
def test_an_official_watches_a_place_of_the_roles_own_level(role, prefix, fits):
    assert (membership_faults(role=role, has_organisation=False, division_prefix=prefix) == []) is fits


def test_a_producer_and_a_holder_act_for_an_organisation():
    for role in (RoleKind.PRODUCER, RoleKind.HOLDER):
        assert membership_faults(role=role, has_organisation=True, division_prefix="") == []
        assert codes(membership_faults(role=role, has_organisation=False, division_prefix="")) == [
            "organisation_missing"
        ]


@given(st.binary(min_size=64, max_size=64))
def test_a_key_is_found_by_its_prefix_and_known_by_its_digest(randomness):
    parts = iter((randomness[:4], randomness[4:36]))
    fresh = new_key(lambda size: next(parts)[:size])
    match = KEY_PATTERN.fullmatch(fresh.text)
    assert match is not None
    assert match[1] == fresh.prefix
    assert fresh.digest == digest_of(fresh.text)
    assert fresh.text.encode() not in fresh.digest


def test_an_empty_prefix_watches_nothing():
    actor = Actor(1, "x", (Role(RoleKind.COUNTY_REGULATOR, division_prefix=""),))
    assert not actor.watches("140121", RoleKind.COUNTY_REGULATOR)
    assert not watcher(actor, "140121", RoleKind.COUNTY_REGULATOR)


def test_a_read_only_key_writes_nothing_whatever_its_roles():
    actor = Actor(1, "x", (Role(RoleKind.REGISTRAR, division_prefix="14"),), key_id=5, can_write=False)
    assert role_in(actor, RoleKind.REGISTRAR).code == "read_only_key"
    assert writer(Actor.ANONYMOUS).code == "sign_in"


@given(st.text("0123456789", min_size=6, max_size=6), st.sampled_from(["14", "1401", "140121"]))
def test_a_place_is_watched_exactly_when_it_lies_under_the_prefix(code, prefix):
    actor = Actor(1, "x", (Role(RoleKind.AUDITOR, division_prefix=prefix),))
    assert actor.watches(code, RoleKind.AUDITOR) == code.startswith(prefix)
    assert not actor.watches(code, RoleKind.REGISTRAR)
