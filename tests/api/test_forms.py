"""Product forms over HTTP."""

import pytest

from tests.build_trace import GTIN
from trace.models import ProductForm
from trace.rules.batches import BatchState

URL = "/api/v1/trace/forms/"
BODY = {
    "name_zh": "三年陈酿醋",
    "name_en": "Vinegar aged three years",
    "net_content": "420",
    "net_content_unit": "millilitre",
    "packing": "玻璃瓶",
    "gtin": "9520012345681",
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhang(cast, as_machine):
    return as_machine(cast.zhang)


def send(client, body):
    return client.post(URL, body, content_type="application/json")


def faults(response):
    return {(fault["pointer"], fault["code"]) for fault in response.json()["errors"]}


def test_a_producer_describes_an_article_and_finds_it_again(goods, zhang):
    made = send(zhang, {**BODY, "indication": goods.register.indication.slug})
    assert made.status_code == 201, made.content
    assert made.json()["gtin"] == "09520012345681"
    assert made.json()["producer"] == goods.register.zhang.number
    read = zhang.get(made.headers["Location"])
    assert read.json() == made.json()
    assert [form["number"] for form in zhang.get(URL).json()["results"]] == [made.json()["number"], goods.form.number]
    assert len(zhang.get(f"{URL}?indication=nothing").json()["results"]) == 0
    assert len(zhang.get(f"{URL}?is_active=true").json()["results"]) == 2


@pytest.mark.parametrize(
    ("changes", "status", "fault"),
    [
        ({"gtin": "9520012345682"}, 400, ("/gtin", "gtin_check")),
        ({"gtin": "123"}, 400, ("/gtin", "gtin_length")),
        ({"gtin": GTIN}, 409, ("/gtin", "gtin_taken")),
        ({"net_content": "0"}, 400, ("/net_content", "quantity_not_positive")),
        ({"net_content": "1000001"}, 400, ("/net_content", "quantity_absurd")),
        ({"net_content_unit": "mu"}, 400, ("/net_content_unit", "invalid_choice")),
        ({"name_zh": " "}, 400, ("/name_zh", "blank")),
        ({"name_zh": "老陈\u202e醋"}, 400, ("/name_zh", "turning_characters")),
        ({"packing": "\u2067glass"}, 400, ("/packing", "turning_characters")),
        ({"indication": "nothing"}, 400, ("/indication", "unknown_indication")),
        ({"producer": "7K3QX9PA28"}, 400, ("/producer", "unknown_producer")),
        ({"colour": "red"}, 400, ("/colour", "unknown_field")),
    ],
)
def test_each_mistake_names_its_field(goods, zhang, changes, status, fault):
    answer = send(zhang, {**BODY, "indication": goods.register.indication.slug, **changes})
    assert (answer.status_code, faults(answer)) == (status, {fault})
    assert ProductForm.objects.count() == 1


def test_a_change_needs_the_version_read_and_keeps_what_is_printed(goods, zhang):
    url = f"{URL}{goods.form.number}/"
    headers = {"If-Match": zhang.get(url).headers["ETag"]}
    renamed = zhang.patch(url, {"packing": "礼盒"}, content_type="application/json", headers=headers)
    assert (renamed.status_code, renamed.json()["packing"], renamed.json()["gtin"]) == (200, "礼盒", GTIN)
    assert zhang.patch(url, {"packing": "x"}, content_type="application/json", headers=headers).status_code == 412
    goods.form.refresh_from_db()
    goods.batch(BatchState.REGISTERED)
    headers = {"If-Match": renamed.headers["ETag"]}
    refused = zhang.patch(url, {"net_content": "450"}, content_type="application/json", headers=headers)
    assert (refused.status_code, faults(refused)) == (409, {("/net_content", "form_in_use")})
    retired = zhang.patch(url, {"is_active": False}, content_type="application/json", headers=headers)
    assert retired.json()["is_active"] is False


def test_forms_are_the_producers_own(goods, cast, as_machine):
    url = f"{URL}{goods.form.number}/"
    seen = {name for name, person in cast.everyone().items() if as_machine(person).get(url).status_code == 200}
    assert seen == {"lin", "wang", "li", "zhang", "sun"}
    assert as_machine(None).get(url).status_code == 401
    body = {**BODY, "indication": goods.register.indication.slug}
    for name in ("lin", "li", "chen", "sun", "hu"):
        assert send(as_machine(getattr(cast, name)), body).status_code == 403
    assert send(as_machine(None), body).status_code == 401
    foreign = send(as_machine(cast.feng), {**body, "producer": goods.register.zhang.number})
    assert faults(foreign) == {("/producer", "unknown_producer")}


def test_a_household_without_a_producer_record_is_told_so(goods, cast, as_machine):
    answer = send(as_machine(cast.ma), {**BODY, "indication": goods.register.indication.slug})
    assert (answer.status_code, faults(answer)) == (400, {("/producer", "no_producer")})
