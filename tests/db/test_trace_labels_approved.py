"""Who says Yes to an order of labels: somebody else than whoever asks."""

from dataclasses import replace

import pytest

from gi_registry.lib.problems import Forbidden
from tests.build_quota import the_books
from tests.cast import NOW
from trace import actions
from trace.rules.label_orders import OrderState

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(goods):
    books = the_books(goods)
    return lambda: actions.request_labels(quota=books.quota, form=goods.form, count=10, actor=goods.maker, now=NOW)


def approve(order, actor):
    return actions.approve_labels(order=order, actor=actor, now=NOW).state


def test_the_holder_or_the_officials_of_the_place_approve_and_the_producer_does_not(order, cast):
    assert approve(order(), cast.chen.actor) == OrderState.APPROVED
    assert approve(order(), cast.li.actor) == OrderState.APPROVED
    for person in (cast.zhang, cast.feng, cast.zhao):
        with pytest.raises(Forbidden):
            approve(order(), person.actor)


def test_of_a_holder_that_is_the_producer_too_the_officials_decide(order, cast):
    both = replace(cast.chen.actor, roles=(*cast.chen.actor.roles, *cast.zhang.actor.roles))
    with pytest.raises(Forbidden, match="of their own"):
        approve(order(), both)
    assert approve(order(), replace(both, roles=(*both.roles, *cast.li.actor.roles))) == OrderState.APPROVED
