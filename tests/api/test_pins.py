"""The hidden PIN over HTTP: the right one opens once, five tries are all, and guesses at other codes cost nothing here."""

import pytest
from django.db import OperationalError

from gi_registry.lib.keyfaults import KeyFault
from gi_registry.lib.limits import shares
from tests.build_codes import an_issuance, code_of, forged, mistyped
from tests.build_trace import the_goods
from trace import limits
from trace.codes.sign import pin_at
from trace.models import Check, PinTry, UnitTally

URL = "/api/v1/trace/check/pin"
PHONE = {"User-Agent": "Mozilla/5.0 (iPhone) Safari/604.1"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def issuance(cast):
    shares.forget()
    goods = the_goods(cast)
    return an_issuance(goods, goods.batch(), has_pin=True)


def link_of(issuance, index=0):
    return f"http://testserver/c/{issuance.batch.number}/{code_of(issuance, index)}"


def pin_of(issuance, index=0):
    return pin_at(issuance.unit_keys, index)


def wrong(issuance, index=0):
    return f"{(int(pin_of(issuance, index)) + 1) % 10**8:08}"


def send(client, code, pin, **more):
    return client.post(URL, {"code": code, "pin": pin}, content_type="application/json", headers={**PHONE, **more})


def test_the_right_pin_opens_and_the_same_again_tells_the_day(client, issuance):
    first = send(client, link_of(issuance), pin_of(issuance))
    assert (first.status_code, first["Cache-Control"]) == (200, "no-store")
    assert first.json()["outcome"] == "opened"
    again = send(client, link_of(issuance), pin_of(issuance)).json()
    assert (again["outcome"], again["tries_left"]) == ("opened_before", 3)
    assert again["opened_on"] == first.json()["opened_on"]
    assert again["opened_on"] in again["statement"]["zh"]
    assert again["opened_on"] in again["statement"]["en"]


def test_a_pin_is_right_for_its_own_unit_alone(client, issuance):
    assert send(client, link_of(issuance, 1), pin_of(issuance, 0)).json()["outcome"] == "wrong"


def test_five_wrong_tries_close_it_for_the_right_one_too(client, issuance):
    told = [send(client, link_of(issuance), wrong(issuance)).json() for _ in range(5)]
    assert [one["tries_left"] for one in told] == [4, 3, 2, 1, 0]
    assert [one["outcome"] for one in told] == ["wrong"] * 4 + ["no_tries_left"]
    assert send(client, link_of(issuance), pin_of(issuance)).json()["outcome"] == "no_tries_left"


def test_codes_without_a_unit_record_nothing(client, issuance):
    lot, code = issuance.batch.number, code_of(issuance)
    for typed, outcome in (
        (f"{lot}/{forged(code)}", "not_issued"),
        (f"{lot}/{mistyped(code)}", "mistyped"),
        (lot, "not_issued"),
        ("醋", "mistyped"),
    ):
        told = send(client, typed, pin_of(issuance)).json()
        assert (told["outcome"], told["tries_left"], told["opened_on"]) == (outcome, None, None)
    assert not PinTry.objects.exists()
    assert not UnitTally.objects.exists()
    assert not Check.objects.exists()


def test_an_issuance_without_pins_says_so(client, cast):
    goods = the_goods(cast)
    issuance = an_issuance(goods, goods.batch())
    assert send(client, link_of(issuance), "12345678").json()["outcome"] == "no_pin"
    assert not UnitTally.objects.exists()


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"code": "7K3QX9PA28"}, "/pin", "required"),
        ({"pin": "12345678"}, "/code", "required"),
        ({"code": "7K3QX9PA28", "pin": "1234"}, "/pin", "pin_shape"),
        ({"code": "7K3QX9PA28", "pin": "1" * 41}, "/pin", "max_length"),
        ({"code": "x" * 3_000, "pin": "12345678"}, "/code", "max_length"),
        ({"code": "7K3QX9PA28", "pin": "12345678", "more": 1}, "/more", "unknown_field"),
    ],
)
def test_a_body_that_is_none_is_told_by_field(client, body, pointer, code):
    answer = client.post(URL, body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert (pointer, code) in {(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]}


def test_a_network_that_tries_many_units_is_put_off(client, issuance, monkeypatch):
    monkeypatch.setattr(limits, "PINS", type(limits.PINS)("pins.network", 2, 600))
    for index in range(2):
        assert send(client, link_of(issuance, index), wrong(issuance)).status_code == 200
    answer = send(client, link_of(issuance, 2), wrong(issuance))
    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    assert PinTry.objects.count() == 2


@pytest.mark.parametrize("away", [KeyFault("没有密钥", "no keys"), OperationalError("away")])
def test_what_cannot_be_compared_uses_no_try(client, issuance, monkeypatch, away):
    link = link_of(issuance)

    def fail(*_args, **_more):
        raise away

    monkeypatch.setattr("trace.queries.signed", fail)
    answer = send(client, link, "12345678")
    assert (answer.status_code, answer.json()["outcome"]) == (503, "unavailable")
    assert not PinTry.objects.exists()


def test_the_page_asks_without_script_and_tells_what_came_of_it(client, issuance):
    page = f"/c/{issuance.batch.number}/{code_of(issuance)}/pin"
    asked = client.get(page, headers={"Accept-Language": "en"})
    assert asked.status_code == 200
    assert b"The 8 digits under the coating" in asked.content
    assert not PinTry.objects.exists()
    bad = client.post(page, {"pin": "12"}, headers={"Accept-Language": "en"})
    assert (bad.status_code, b"8 digits under the coating" in bad.content) == (400, True)
    told = client.post(page, {"pin": pin_of(issuance)}, headers={**PHONE, "Accept-Language": "en"})
    assert b"given for the first time" in told.content
    assert b"<form" not in told.content.partition(b"<main")[2]
    assert told["Cache-Control"] == "no-store"


def test_a_page_for_nonsense_is_a_page(client):
    assert client.get("/c/%00/%F0%9F%8D%B6/pin").status_code in (200, 404)
