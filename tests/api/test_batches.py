"""Batches over HTTP: the main job, every refusal with its field, and two askers at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from gi_registry.accounts.rules import KeyScope
from tests.build_products import QI_FIELD, a_site
from tests.build_trace import the_goods
from tests.cast import assemble
from trace.models import Batch
from trace.rules.batches import BatchState

URL = "/api/v1/trace/batches/"


@pytest.fixture
def zhang(cast, as_machine):
    return as_machine(cast.zhang)


def send(client, url, body=None, **headers):
    return client.post(url, body if body is not None else {}, content_type="application/json", headers=headers)


def faults(response):
    return {(fault["pointer"], fault["code"]) for fault in response.json()["errors"]}


def step(client, number, name, reason="依法"):
    return send(client, f"{URL}{number}/{name}/", {"reason": reason})


@pytest.mark.django_db
class TestTheMainJob:
    def test_a_producer_registers_and_releases_a_batch_in_two_calls(self, goods, zhang):
        made = send(zhang, URL, goods.body(state="registered"))
        assert made.status_code == 201, made.content
        told = made.json()
        assert told["state"] == "registered"
        assert told["specification"] == goods.register.specification.number
        assert told["url"] == f"http://testserver/c/{told['number']}"
        assert told["digital_link"] == f"http://testserver/01/{goods.form.gtin}/10/{told['number']}"
        assert made.headers["Location"] == f"{URL}{told['number']}/"
        released = step(zhang, told["number"], "release", reason="")
        assert (released.status_code, released.json()["state"]) == (200, "released")
        assert zhang.get(f"/api/v1/trace/check?code={told['number']}").json()["verdict"] == "registered"

    def test_the_authorisation_may_be_left_out_where_there_is_only_one(self, goods, zhang):
        body = goods.body()
        del body["authorisation"]
        made = send(zhang, URL, body)
        assert made.json()["authorisation"] == goods.register.authorisation.number

    def test_numbers_in_a_request_are_forgiven_their_form(self, goods, zhang):
        typed = goods.form.number[:5].lower() + "-" + goods.form.number[5:]
        assert send(zhang, URL, goods.body(form=typed)).status_code == 201

    def test_a_draft_is_changed_with_if_match_and_then_registered(self, goods, zhang):
        made = send(zhang, URL, goods.body())
        url = f"{URL}{made.json()['number']}/"
        read = zhang.get(url)
        unmatched = zhang.patch(url, {"quantity": "900"}, content_type="application/json")
        assert unmatched.status_code == 428
        headers = {"If-Match": read.headers["ETag"]}
        changed = zhang.patch(url, {"quantity": "1300"}, content_type="application/json", headers=headers)
        assert (changed.status_code, changed.json()["quantity"]) == (200, "1300.000")
        assert changed.json()["sites"] == read.json()["sites"]
        stale = zhang.patch(url, {"quantity": "1400"}, content_type="application/json", headers=headers)
        assert stale.status_code == 412
        assert step(zhang, made.json()["number"], "register").json()["state"] == "registered"

    def test_the_list_is_filtered_by_state_indication_producer_and_words(self, goods, zhang):
        goods.batch(BatchState.DRAFT, producer_lot="AAA")
        released = goods.batch(producer_lot="U罐")
        for query, count in (
            ("", 2),
            ("state=released", 1),
            (f"indication={goods.register.indication.slug}", 2),
            ("indication=nothing", 0),
            (f"producer={goods.register.zhang.number}&q=u罐", 1),
            (f"q={released.number[:6].lower()}", 1),
            ("q=陈酿", 2),
        ):
            assert len(zhang.get(f"{URL}?{query}").json()["results"]) == count, query
        assert zhang.get(f"{URL}?colour=red").status_code == 400
        assert zhang.get(f"{URL}?state=lost").status_code == 400

    def test_a_list_costs_the_same_however_long(self, goods, zhang, django_assert_max_num_queries):
        for lot in "abcdef":
            goods.batch(BatchState.DRAFT, producer_lot=lot)
        with django_assert_max_num_queries(7):
            assert len(zhang.get(URL).json()["results"]) == 6

    def test_the_history_tells_who_what_and_why(self, goods, cast, as_machine, zhang):
        batch = goods.batch()
        step(as_machine(cast.li), batch.number, "hold", "抽检待复核")
        told = zhang.get(f"{URL}{batch.number}/history/").json()
        assert told[0]["who"] == "李清徐"
        assert told[0]["why"] == "抽检待复核"
        assert {"field": "state", "before": "released", "after": "on_hold"} in told[0]["changes"]


@pytest.mark.django_db
class TestSteps:
    def test_a_double_release_is_refused_by_name(self, goods, zhang):
        batch = goods.batch()
        again = step(zhang, batch.number, "release")
        assert again.status_code == 409
        assert faults(again) == {("", "already_released")}

    def test_the_life_of_a_batch_step_by_step(self, goods, cast, as_machine, zhang):
        li, number = as_machine(cast.li), goods.batch().number
        for client, name, state in (
            (li, "hold", "on_hold"),
            (li, "resume", "released"),
            (zhang, "close", "closed"),
            (li, "recall", "recalled"),
        ):
            assert step(client, number, name).json()["state"] == state
        assert step(zhang, number, "void").status_code == 409

    def test_a_reason_is_owed_and_missed_by_name(self, goods, cast, as_machine):
        answer = step(as_machine(cast.li), goods.batch().number, "hold", reason=" ")
        assert (answer.status_code, faults(answer)) == (409, {("/reason", "reason_missing")})

    def test_a_review_is_opened_and_closed(self, goods, cast, as_machine):
        li, number = as_machine(cast.li), goods.batch().number
        opened = send(li, f"{URL}{number}/review/", {"is_open": True, "reason": "投诉"})
        assert opened.json()["review_opened_at"]
        again = send(li, f"{URL}{number}/review/", {"is_open": True, "reason": "投诉"})
        assert faults(again) == {("", "already_under_review")}
        assert send(li, f"{URL}{number}/review/", {"is_open": False, "reason": "完"}).json()["review_opened_at"] is None

    def test_a_producer_recalls_its_own_goods(self, goods, zhang):
        assert step(zhang, goods.batch().number, "recall", "自查不合格").json()["state"] == "recalled"


@pytest.mark.django_db
class TestBadInput:
    @pytest.mark.parametrize(
        ("changes", "fault"),
        [
            ({"quantity": "0"}, ("/quantity", "quantity_not_positive")),
            ({"quantity": "-1"}, ("/quantity", "quantity_not_positive")),
            ({"quantity": "99999999"}, ("/quantity", "quantity_absurd")),
            ({"quantity": "many"}, ("/quantity", "invalid")),
            ({"quantity_unit": "percent"}, ("/quantity_unit", "invalid_choice")),
            ({"pack_count": -5}, ("/pack_count", "pack_count_not_positive")),
            ({"produced_on": "2026-13-01"}, ("/produced_on", "invalid")),
            ({"produced_on": "2126-01-01"}, ("/produced_on", "date_in_future")),
            ({"packed_on": "2026-09-09"}, ("/packed_on", "dates_out_of_order")),
            ({"harvested_on": "1925-01-01"}, ("/harvested_on", "date_too_early")),
            ({"produced_on": None}, ("/produced_on", "null")),
            ({"colour": "red"}, ("/colour", "unknown_field")),
            ({"form": "7K3QX9PA29"}, ("/form", "number")),
            ({"form": "7K3QX9PA28"}, ("/form", "unknown_form")),
            ({"authorisation": "7K3QX9PA28"}, ("/authorisation", "unknown_authorisation")),
            ({"season": "7K3QX9PA28"}, ("/season", "unknown_season")),
            ({"sites": ["7K3QX9PA28"]}, ("/sites/0", "unknown_sites")),
            ({"sites": "all"}, ("/sites", "not_a_list")),
            ({"state": "released"}, ("/state", "invalid_choice")),
            ({"producer_lot": "x" * 61}, ("/producer_lot", "max_length")),
        ],
    )
    def test_each_mistake_names_its_field_and_writes_nothing(self, goods, zhang, changes, fault):
        answer = send(zhang, URL, goods.body(**changes))
        assert answer.status_code == 400, answer.content
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert fault in faults(answer)
        assert Batch.objects.count() == 0

    def test_the_reason_is_told_in_the_language_asked_for(self, goods, zhang):
        chinese = send(zhang, URL, goods.body(quantity="0"), **{"Accept-Language": "zh"}).json()
        english = send(zhang, URL, goods.body(quantity="0"), **{"Accept-Language": "en"}).json()
        assert chinese["errors"][0]["detail"] == "数量必须大于零。"
        assert english["errors"][0]["detail"] == "The quantity must be greater than zero."

    def test_another_producers_numbers_read_as_unknown(self, goods, cast, as_machine):
        foreign = a_site(goods.register.feng, goods.register.indication, box=QI_FIELD)
        answer = send(as_machine(cast.zhang), URL, goods.body(sites=[foreign.number]))
        assert faults(answer) == {("/sites/0", "unknown_sites")}
        answer = send(as_machine(cast.feng), URL, goods.body())
        assert faults(answer) == {("/form", "unknown_form")}

    @pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"quantity": NaN}', b'"text"', b"\xff\xfe", b"[" * 5_000])
    def test_bodies_that_are_no_request_are_refused(self, goods, zhang, body):
        answer = zhang.post(URL, body, content_type="application/json")
        assert answer.status_code == 400
        assert answer.headers["Content-Type"] == "application/problem+json"

    def test_other_content_types_are_refused(self, goods, zhang):
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/xml"):
            assert zhang.post(URL, b"form=1", content_type=kind).status_code == 415

    def test_odd_bytes_in_an_address_are_a_404(self, goods, zhang):
        for number in ("%00", "%FF", "a%2Fb", "..", "%F0%9F%8D%8E"):
            assert zhang.get(f"{URL}{number}/").status_code == 404


@pytest.mark.django_db
class TestWho:
    def test_reading_is_for_those_concerned_and_anybody_else_finds_nothing(self, goods, cast, as_machine):
        number = goods.batch().number
        answers = {
            name: as_machine(person).get(f"{URL}{number}/").status_code for name, person in cast.everyone().items()
        }
        concerned = {"lin", "wang", "li", "chen", "zhang", "sun"}
        assert {name for name, status in answers.items() if status == 200} == concerned
        assert {status for name, status in answers.items() if name not in concerned} == {404}
        assert as_machine(None).get(f"{URL}{number}/").status_code == 401
        assert as_machine(None).get(URL).status_code == 401

    @pytest.mark.parametrize("name", ["hold", "resume", "review"])
    def test_control_is_for_the_regulators_of_the_place(self, goods, cast, as_machine, name):
        body = {"is_open": True, "reason": "依法"} if name == "review" else {"reason": "依法"}
        url = f"{URL}{goods.batch(BatchState.REGISTERED).number}/{name}/"
        answers = {who: send(as_machine(person), url, body).status_code for who, person in cast.everyone().items()}
        asked = {who for who, status in answers.items() if status in (200, 409)}
        assert asked == {"lin", "wang", "li"}
        assert {who for who, status in answers.items() if status == 403} == {"chen", "zhang", "sun"}
        assert {who for who, status in answers.items() if status == 404} == {"gao", "zhao", "feng", "ma", "hu"}
        assert send(as_machine(None), url, body).status_code == 401

    def test_only_the_producer_registers_and_releases(self, goods, cast, as_machine):
        number = goods.batch(BatchState.DRAFT).number
        for who in ("lin", "wang", "li", "chen", "sun"):
            assert step(as_machine(getattr(cast, who)), number, "register").status_code == 403
        for who in ("feng", "zhao", "hu"):
            assert step(as_machine(getattr(cast, who)), number, "register").status_code == 404

    def test_a_key_that_only_reads_writes_nothing(self, goods, cast):
        client = Client(
            headers={"Authorization": f"Api-Key {cast.zhang.key(KeyScope.READ)}", "Accept": "application/json"}
        )
        assert client.get(URL).status_code == 200
        answer = send(client, URL, goods.body())
        assert (answer.status_code, faults(answer)) == (403, {("", "read_only_key")})


# --- at once: real connections, real commits ---


def at_once(count, work):
    """Run ``work(n)`` in ``count`` threads that start together, each with a connection of its own."""
    gate = threading.Barrier(count)

    def one(number):
        try:
            gate.wait()
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@pytest.mark.django_db(transaction=True)
def test_64_registrations_with_one_idempotency_key_make_one_batch():
    cast = assemble()
    goods = the_goods(cast)
    headers = {**cast.zhang.headers, "Idempotency-Key": "ERP-0001"}
    body = goods.body(state="registered")

    def register(number):
        answer = send(Client(headers={"Accept": "application/json"}), URL, body, **headers)
        return answer.status_code, answer.json().get("number")

    answers = at_once(64, register)
    assert Batch.objects.count() == 1
    assert set(answers) == {(201, Batch.objects.get().number)}
    other = send(Client(), URL, goods.body(quantity="7"), **headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")


@pytest.mark.django_db(transaction=True)
def test_a_batch_released_twice_at_once_is_released_once():
    cast = assemble()
    goods = the_goods(cast)
    batch = goods.batch(BatchState.REGISTERED)
    headers = cast.zhang.headers
    answers = at_once(8, lambda _: send(Client(), f"{URL}{batch.number}/release/", {}, **headers))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert {fault for answer in answers if answer.status_code == 409 for fault in faults(answer)} == {
        ("", "already_released")
    }
    batch.refresh_from_db()
    assert (batch.state, batch.version) == ("released", 3)
