"""The check of a code over HTTP: one shape for every verdict, one statement, and nothing private in it."""

import pytest
from django.db import OperationalError, connection

from gi_registry.accounts.rules import OrganisationKind
from gi_registry.lib.ids import new_number
from tests.build_products import a_producer, a_site, an_authorisation
from tests.build_trace import a_check
from tests.cast import NOW
from trace import actions
from trace.rules.batches import BatchState
from trace.rules.verdicts import Verdict
from trace.serializers import CheckOut

URL = "/api/v1/trace/check"
UNIT = "1D9TH0QM13JJ3CWHNDTQ"

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods(goods):
    actions.make_partitions(today=NOW.date())
    return goods


def check(client, code, **more):
    return client.get(URL, {"code": code, **more})


def test_the_answer_names_product_producer_region_and_titles(goods, client):
    batch = goods.batch()
    told = check(client, batch.number).json()
    assert told["verdict"] == "registered"
    assert told["statement"]["zh"].startswith("此码由登记系统签发")
    assert told["product"]["name"] == "五年陈酿醋"
    assert told["product"]["net_content"] == "500"
    assert told["producer"]["name"] == "清徐张记醋厂"
    assert told["producer"]["uscc"] == goods.register.zhang.organisation.uscc
    assert told["producer"]["county"]["name"] == "清徐县"
    assert told["region"]["name"] == "清徐陈醋产地范围"
    assert told["indication"]["slug"] == goods.register.indication.slug
    (title,) = told["indication"]["titles"]
    assert (title["announcement_number"], title["status"], title["is_ground"]) == (
        "2004年第104号公告",
        "recognised",
        True,
    )
    assert told["specification"]["number"] == goods.register.specification.number
    assert told["checks"] == {"count": 0, "first_on": None, "first_province": None}
    assert (told["grade"], told["kind"], told["lot"], told["code"]) == (0, "batch", batch.number, None)


@pytest.mark.parametrize(
    "form",
    [
        "{lot}",
        "{low} ",
        "http://testserver/c/{lot}",
        "/c/{lot}/",
        "http://testserver/01/{gtin}/10/{lot}",
        "批号：{lot}",
    ],
)
def test_a_code_is_taken_in_every_form(goods, client, form):
    batch = goods.batch()
    typed = form.format(lot=batch.number, low=batch.number.lower(), gtin=goods.form.gtin)
    told = check(client, typed).json()
    assert (told["verdict"], told["lot"], told["notes"]) == ("registered", batch.number, [])


def test_a_link_to_another_host_is_answered_with_a_warning(goods, client):
    told = check(client, f"https://gi-check.example/c/{goods.batch().number}").json()
    assert told["verdict"] == "registered"
    assert [note["code"] for note in told["notes"]] == ["foreign_host"]
    assert "gi-check.example" in told["notes"][0]["zh"]


def test_a_link_with_anothers_gtin_was_never_issued(goods, client):
    told = check(client, f"/01/06901234567892/10/{goods.batch().number}").json()
    assert (told["verdict"], told["producer"]) == ("not_issued", None)


def test_a_typing_error_is_told_from_a_code_never_issued(goods, client):
    number = goods.batch().number
    swapped = number[1] + number[0] + number[2:] if number[0] != number[1] else "7K3QX9PA29"
    assert check(client, swapped).json()["verdict"] == "mistyped"
    assert check(client, new_number()).json()["verdict"] == "not_issued"


def test_every_verdict_has_the_same_keys_and_those_of_the_documented_shape(goods, client):
    codes = [goods.batch(state).number for state in BatchState]
    codes += ["7K3QX9PA29", "7K3QX9PA28", "醋", UNIT]
    answers = [check(client, code).json() for code in codes]
    documented = set(CheckOut().fields)
    assert {frozenset(told) for told in answers} == {frozenset(documented)}
    full = next(told for told in answers if told["verdict"] == "registered")
    for name in ("indication", "producer", "product", "batch", "region", "authorisation", "specification", "checks"):
        assert set(full[name]) == set(CheckOut().fields[name].fields), name
    assert {told["verdict"] for told in answers} == {
        "not_issued",
        "not_activated",
        "registered",
        "on_hold",
        "recalled",
        "voided",
        "mistyped",
    }


def test_the_reason_of_a_hold_is_told_and_other_reasons_are_not(goods, client):
    held, closed = goods.batch(BatchState.ON_HOLD), goods.batch(BatchState.CLOSED)
    assert check(client, held.number).json()["batch"]["state_reason"] == "到暂停"
    assert check(client, closed.number).json()["batch"]["state_reason"] is None


def test_nothing_private_is_in_the_answer(goods, client):
    text = check(client, goods.batch().number).content.decode()
    register = goods.register
    for private in (
        register.field.number,
        register.works.number,
        register.field.name,
        "2400",
        "1200",
        "pack_count",
        "112.0",
    ):
        assert private not in text


def test_a_household_is_told_by_the_body_that_vouches_for_it(goods, cast, client):
    register = goods.register
    household = a_producer(cast.ma.organisation)
    assert household.organisation.kind == OrganisationKind.HOUSEHOLD
    site = a_site(household, register.indication, box=(112.052, 37.45, 112.053, 37.451), name="马家地")
    authorisation = an_authorisation(household, register.title, [site])
    form = actions.create_form(
        producer=household,
        indication=register.indication,
        content=actions.FormContent("散装醋", goods.form.net_content, goods.form.net_content_unit),
        actor=cast.zhang.actor,
        now=NOW,
    )
    content = goods.content(form=form, authorisation=authorisation, sites=(site,))
    batch = actions.draft_batch(content=content, actor=cast.zhang.actor, now=NOW, register=True)
    answer = check(client, batch.number)
    told = answer.json()["producer"]
    assert (told["name"], told["uscc"]) == ("清徐张记醋厂", cast.zhang.organisation.uscc)
    assert (told["number"], told["is_household"]) == (None, True)
    assert "马家" not in answer.content.decode()


def test_looking_never_counts(goods, client):
    batch = goods.batch()
    for _ in range(3):
        check(client, batch.number)
        client.get(f"/c/{batch.number}")
    assert check(client, batch.number).json()["checks"]["count"] == 0
    a_check(batch)
    assert check(client, batch.number).json()["checks"]["count"] == 1


def test_a_check_costs_one_statement_and_asks_for_nobody(goods, cast, as_machine, django_assert_num_queries):
    number, zhang = goods.batch().number, as_machine(cast.zhang)
    assert check(zhang, new_number()).status_code == 200  # takes this process's share of the limits, for many looks
    for code in (number, new_number(), "7K3QX9PA29", "%00"):
        with django_assert_num_queries(1):
            assert check(zhang, code).status_code == 200


@pytest.mark.parametrize("query", ["", "?code=", "?code=%20%20", "?code=" + "7" * 2_049])
def test_only_a_missing_or_endless_code_is_a_problem(client, query):
    answer = client.get(URL + query)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/code"]


def test_a_register_that_cannot_be_asked_is_not_the_fault_of_the_goods(client):
    """The connection is there but the question fails, as when the server is told to stop."""

    def refuse(execute, sql, params, many, context):
        raise OperationalError("the server closed the connection")

    with connection.execute_wrapper(refuse):
        answer = check(client, "7K3QX9PA28")
        page = client.get("/c/7K3QX9PA28", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.json()["verdict"]) == (503, Verdict.UNAVAILABLE)
    assert page.status_code == 503
    assert "这是我们的故障" in page.content.decode()
