"""One Idempotency-Key, one piece of work, whoever comes at once: real connections, real commits.

That 64 registrations of a batch with one key make one batch, and that a double release releases once, is in
``tests/api/test_batches.py``; here are the same promise for other verbs and its edges.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from gi_registry.lib.models import AnsweredRequest
from products.models import Site
from tests.build_regions import a_square
from tests.build_trace import the_goods
from tests.cast import assemble
from trace.models import Batch, ProductForm
from trace.rules.batches import BatchState

FREE = (112.08, 37.45, 112.081, 37.451)
BATCHES, FORMS, SITES = "/api/v1/trace/batches/", "/api/v1/trace/forms/", "/api/v1/products/sites/"
FORM = {"name_zh": "十年陈酿醋", "net_content": "500", "net_content_unit": "millilitre"}


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


def post(url, body, person, **headers):
    named = {**person.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Client().post(url, body, content_type="application/json", headers=named)


@pytest.mark.django_db(transaction=True)
def test_two_askers_with_one_key_and_different_bodies_get_one_piece_of_work_and_one_mismatch():
    cast = assemble()
    goods = the_goods(cast)
    body = {**FORM, "indication": goods.register.indication.slug}
    assert cast.zhang.headers
    answers = at_once(
        16, lambda n: post(FORMS, {**body, "packing": "陶瓶" if n % 2 else "玻璃瓶"}, cast.zhang, Idempotency_Key="one")
    )
    made = ProductForm.objects.exclude(pk=goods.form.pk)
    assert made.count() == 1
    by_status = {answer.status_code: answer.json() for answer in answers}
    assert set(by_status) == {201, 422}
    assert by_status[422]["code"] == "idempotency_mismatch"
    assert {answer.json()["number"] for answer in answers if answer.status_code == 201} == {made.get().number}


@pytest.mark.django_db(transaction=True)
def test_the_same_plot_sent_by_sixteen_without_a_key_is_registered_once():
    """No key: the overlap guard under the indication's lock lets one through and names the reason to the rest."""
    cast = assemble()
    register = the_goods(cast).register
    body = {
        "producer": register.zhang.number,
        "indication": register.indication.slug,
        "kind": "field",
        "name": "北地",
        "geometry": a_square(*FREE),
    }
    before = Site.objects.count()
    assert cast.zhang.headers
    answers = at_once(16, lambda _: post(SITES, body, cast.zhang))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 15
    assert {answer.json()["errors"][0]["code"] for answer in answers if answer.status_code == 409} == {"site_overlap"}
    assert Site.objects.count() == before + 1


@pytest.mark.django_db(transaction=True)
def test_release_and_void_at_once_leave_one_of_the_two():
    cast = assemble()
    batch = the_goods(cast).batch(BatchState.REGISTERED)
    assert cast.zhang.headers
    steps = ("release", "void")
    answers = at_once(8, lambda n: post(f"{BATCHES}{batch.number}/{steps[n % 2]}/", {"reason": "试"}, cast.zhang))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    batch.refresh_from_db()
    winner = next(answer for answer in answers if answer.status_code == 200)
    assert winner.json()["state"] == batch.state in ("released", "void")
    assert batch.version == 3


@pytest.mark.django_db
def test_a_refusal_frees_the_key(cast, goods):
    """A mistake is mended and sent again with the same key: only work that was done is kept."""
    wrong = post(BATCHES, goods.body(quantity="0"), cast.zhang, Idempotency_Key="ERP-7")
    assert (wrong.status_code, AnsweredRequest.objects.count()) == (400, 0)
    assert post(BATCHES, goods.body(), cast.zhang, Idempotency_Key="ERP-7").status_code == 201


@pytest.mark.django_db
def test_a_key_is_its_owners_and_of_one_address(cast, goods):
    first = post(BATCHES, goods.body(), cast.zhang, Idempotency_Key="1")
    again = post(BATCHES, goods.body(), cast.zhang, Idempotency_Key="1")
    assert (again.status_code, again.json()) == (201, first.json())
    assert (again["Idempotency-Replayed"], again["Location"]) == ("true", first["Location"])
    assert post(f"{BATCHES}{first.json()['number']}/register/", {}, cast.zhang, Idempotency_Key="1").status_code == 422
    # Another's equal key is another key: nothing of Zhang's answer is shown to Feng.
    assert post(BATCHES, goods.body(), cast.feng, Idempotency_Key="1").json()["code"] == "invalid"
    assert Batch.objects.count() == 1
