"""The builders that other tests lean on make what they say."""

import pytest

from products.models import Authorisation, Site
from tests.build_products import the_register
from tests.cast import TODAY

pytestmark = pytest.mark.django_db


def test_the_small_register_stands(cast):
    register = the_register(cast)
    assert register.title.stands_on(TODAY)
    assert register.specification.status == "in_force"
    assert register.field.state == "active"
    assert 9_000 < register.field.area_m2 < 10_500
    assert register.works.area_m2 is None
    assert Authorisation.objects.get().stands_on(TODAY)
    assert {site.placement for site in Site.objects.all()} == {"inside"}
