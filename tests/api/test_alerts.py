"""Alerts over HTTP: for officials of the place and the holder of the title, told by counts and reasons alone."""

import json

import pytest

from trace.models import Alert
from trace.rules.copies import Reason

URL = "/api/v1/trace/alerts/"

pytestmark = pytest.mark.django_db


def listed(client, world, who, **asked):
    answer = client.get(URL, asked, headers=world.headers(who))
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


@pytest.mark.parametrize(
    ("who", "owners"),
    [
        ("lin", {"zhang", "feng"}),
        ("sun", {"zhang", "feng"}),
        ("chen", {"zhang", "feng"}),
        ("wang", {"zhang"}),
        ("li", {"zhang"}),
        ("gao", {"feng"}),
        ("zhao", {"feng"}),
        ("zhang", set()),
        ("feng", set()),
        ("ma", set()),
        ("hu", set()),
    ],
)
def test_each_sees_the_alerts_of_its_place_or_title_and_no_producer_any(client, world, who, owners):
    assert {world.name_of(alert["number"]) for alert in listed(client, world, who)} == {f"{o}.alert" for o in owners}


def test_nobody_is_asked_to_sign_in(client, world):
    assert client.get(URL).status_code == 401


def test_an_alert_says_what_was_counted_and_neither_a_code_nor_a_person(client, world):
    (alert,) = listed(client, world, "li")
    assert alert["kind"] == "copied_unit"
    assert [reason["code"] for reason in alert["reasons"]] == ["far_apart", "many_places"]
    assert alert["unit"] == {"issuance": world.number("zhang.issuance"), "index": 7}
    assert (alert["batch"], alert["grade"], alert["rule_version"]) == (world.number("zhang.released"), 2, 1)
    assert (alert["units"], alert["checks"], alert["places"], alert["closed_at"]) == (1, 9, 4, None)
    told = json.dumps(alert, ensure_ascii=False)
    assert "广东" not in told
    assert "张" not in told


@pytest.mark.parametrize(("who", "is_told"), [("lin", True), ("li", True), ("chen", False)])
def test_that_a_unit_was_reported_is_told_to_officials_and_not_to_the_holder_of_the_title(client, world, who, is_told):
    alert = Alert.objects.get(number=world.number("zhang.alert"))
    Alert.objects.filter(pk=alert.pk).update(reasons=[*alert.reasons, Reason.REPORTED])
    (told,) = listed(client, world, who, batch=world.number("zhang.released"))
    assert ("reported" in [reason["code"] for reason in told["reasons"]]) is is_told


def test_alerts_are_narrowed_by_kind_batch_and_whether_they_are_open(client, world):
    lot = world.number("feng.released")
    assert [alert["batch"] for alert in listed(client, world, "lin", batch=lot)] == [lot]
    assert listed(client, world, "lin", kind="odd_batch") == []
    assert len(listed(client, world, "lin", is_open="true")) == 2
    assert listed(client, world, "lin", is_open="false") == []


@pytest.mark.parametrize("asked", [{"kind": "invented"}, {"batch": "\x00"}, {"is_open": "perhaps"}, {"page": "2"}])
def test_a_filter_that_is_none_is_refused(client, world, asked):
    answer = client.get(URL, asked, headers=world.headers("lin"))
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
