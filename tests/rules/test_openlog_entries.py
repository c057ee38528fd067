"""Entries: one spelling only, nothing that JSON cannot hold exactly, commitments that hold and say nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_registry.openlog import entries
from gi_registry.openlog.entries import Entry, EntryFault

AT = datetime(2026, 3, 4, 9, 30, tzinfo=timezone(timedelta(hours=8)))
ENTRY = Entry(
    "E1", "batch.released", "batch:7K3QX9PA28", 2, "ab" * 32, AT, AT, "producer", {"packs": 12, "name": "老陈醋"}
)


def test_an_entry_is_canonical_json_with_its_instants_in_utc():
    told = entries.read(ENTRY.bytes())
    assert ENTRY.bytes().startswith(b'{"before":"')
    assert told["occurred_at"] == told["recorded_at"] == "2026-03-04T01:30:00.000000Z"
    assert told["facts"] == {"packs": 12, "name": "老陈醋"}
    assert "commitment" not in told
    assert list(told) == sorted(told)


def test_equal_facts_are_equal_bytes_whatever_their_order():
    assert replace(ENTRY, facts={"name": "老陈醋", "packs": 12}).bytes() == ENTRY.bytes()
    assert replace(ENTRY, occurred_at=AT.astimezone(UTC)).bytes() == ENTRY.bytes()


@pytest.mark.parametrize("value", [1.5, float("nan"), Decimal("1.5"), 2**53, "\ud800", AT, b"bytes", {1: 2}])
def test_what_json_does_not_hold_exactly_is_refused(value):
    with pytest.raises(EntryFault):
        replace(ENTRY, facts={"deep": [{"value": value}]}).bytes()


def test_an_instant_without_an_offset_is_refused():
    with pytest.raises(EntryFault, match="offset"):
        replace(ENTRY, occurred_at=AT.replace(tzinfo=None)).bytes()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"null",
        b'{"schema":2}',
        b'{"schema":1.0}',
        b'{"schema":1, "a":1}',
        b'{"schema":1,"schema":1}',
        b'{"b":1,"schema":1,"a":1}',
        b'{"a":NaN,"schema":1}',
        b'{"a":"\\u0041","schema":1}',
        b"\xff",
        b"[" * 60_000,
        b'{"a":' + b"9" * 5_000 + b',"schema":1}',
    ],
)
def test_other_bytes_are_no_entry(data):
    with pytest.raises(EntryFault):
        entries.read(data)


@given(st.binary(min_size=16, max_size=40), st.binary(max_size=100), st.binary(max_size=100))
def test_a_commitment_holds_for_its_payload_and_salt_only(salt, payload, other):
    data = replace(ENTRY, facts=None, commitment=entries.commitment(salt, payload)).bytes()
    assert entries.is_committed(data, salt, payload)
    assert entries.is_committed(data, salt, other) is (payload == other)
    assert not entries.is_committed(data, salt[::-1] + b"1", payload)


def test_nothing_is_committed_to_by_an_entry_of_public_facts():
    assert not entries.is_committed(ENTRY.bytes(), bytes(16), b"")
    with pytest.raises(EntryFault, match="16 bytes"):
        entries.commitment(bytes(15), b"payload")
