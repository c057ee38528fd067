"""Batches on the map and in the admin: for those who may see them, and for looking only."""

import pytest
from django.test import Client

from trace.rules.batches import BatchState

pytestmark = pytest.mark.django_db
URL = "/ogc/collections/batches/items"


def numbers(answer):
    return {feature["id"] for feature in answer.json()["features"]}


def test_a_batch_stands_at_its_first_site_for_those_concerned(cast, goods, as_machine):
    batch, draft = goods.batch(), goods.batch(BatchState.DRAFT)
    for name in ("zhang", "chen", "li", "lin", "sun"):
        assert numbers(as_machine(getattr(cast, name)).get(URL)) == {batch.number}, name
    for name in ("feng", "zhao", "hu"):
        assert numbers(as_machine(getattr(cast, name)).get(URL)) == set(), name
    assert as_machine(None).get(URL).status_code == 401
    (feature,) = as_machine(cast.li).get(f"{URL}?bbox=112,37.4,112.1,37.5&state=released").json()["features"]
    longitude, latitude = feature["geometry"]["coordinates"]
    assert (112.05 <= longitude <= 112.051, 37.45 <= latitude <= 37.451) == (True, True)
    assert draft.number not in str(feature)
    assert numbers(as_machine(cast.li).get(f"{URL}?bbox=113,37.4,113.1,37.5")) == set()


def test_staff_look_at_goods_and_cannot_change_them(cast, goods):
    batch = goods.batch()
    cast.lin.user.is_staff = True
    cast.lin.user.save()
    client = Client()
    client.force_login(cast.lin.user)
    for path in ("batch/", f"batch/?q={batch.number}", f"batch/{batch.pk}/change/", "productform/"):
        page = client.get(f"/admin/trace/{path}")
        assert page.status_code == 200, path
        assert b'name="_save"' not in page.content
    assert client.get("/admin/trace/batch/add/").status_code == 403
    assert client.post(f"/admin/trace/batch/{batch.pk}/delete/", {"post": "yes"}).status_code == 403
