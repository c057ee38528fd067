"""/api/v1/products/holders/: who answers for a title is public; the registrar enters it."""

import pytest

from tests.api.asking import codes, send
from tests.build_products import a_holder

pytestmark = pytest.mark.django_db


def test_a_holder_is_entered_by_the_registrar_and_public(cast, as_machine):
    data = {"name_zh": "清徐县陈醋协会", "organisation": cast.chen.organisation.number}
    answer = send(as_machine(cast.lin), "post", "/api/v1/products/holders/", data)
    assert answer.status_code == 201
    again = send(as_machine(cast.lin), "post", "/api/v1/products/holders/", data)
    assert codes(again) == [("/organisation", "holder_taken")]
    url = answer["Location"]
    assert as_machine(None).get(url).json()["name_zh"] == "清徐县陈醋协会"
    changed = send(as_machine(cast.lin), "patch", url, {"name_en": "Association"}, If_Match='"v1"')
    assert changed.json()["name_en"] == "Association"
    assert as_machine(cast.chen).get(f"{url}history/").status_code == 200
    assert as_machine(cast.zhang).get(f"{url}history/").status_code == 403


def test_an_organisation_that_is_not_there_is_named(cast, as_machine):
    a_holder("别家")
    data = {"name_zh": "某协会", "organisation": "0000000000"}
    answer = send(as_machine(cast.lin), "post", "/api/v1/products/holders/", data)
    assert codes(answer) == [("/organisation", "unknown")]
