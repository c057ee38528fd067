"""Rows of a whole world are held against what was logged of them: nothing is named where nobody cheated, and each edit where somebody did."""

import pytest

from gi_registry.openlog.actions import put_in_order
from tests.build_openlog import by_the_owner, named

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_in_order", [False, True])
def test_nothing_is_named_in_a_world_in_which_nobody_cheated(world, is_in_order):
    if is_in_order:
        while put_in_order(published=0):
            pass
    assert named() == []


EDITS = [
    ("UPDATE trace_batch SET produced_on = produced_on - 1 WHERE number = %s", "zhang.released", "batch:{} produced_on"),
    ("UPDATE trace_batch SET quantity = quantity + 1 WHERE number = %s", "zhang.released", "batch:{} quantity"),
    ("UPDATE trace_batch SET pack_count = 7 WHERE number = %s", "zhang.released", "batch:{} packs"),
    ("UPDATE trace_batch SET division_code = '140000' WHERE number = %s", "zhang.released", "batch:{} division"),
    ("UPDATE trace_batch SET state = 'closed' WHERE number = %s", "zhang.released", "batch:{} state"),
    ("DELETE FROM trace_batch WHERE number = %s", "zhang.released", "batch:{}"),
    ("UPDATE trace_issuance SET count = count + 1 WHERE number = %s", "zhang.issuance", "issuance:{} count"),
    ("UPDATE trace_issuance SET root = sha256('x') WHERE number = %s", "zhang.issuance", "issuance:{} root"),
    ("UPDATE products_authorisation SET valid_until = '2099-01-01' WHERE number = %s", "zhang.authorisation", "authorisation:{} valid_until"),
    ("UPDATE products_authorisation SET state = 'revoked' WHERE number = %s", "zhang.authorisation", "authorisation:{} state"),
    ("DELETE FROM products_authorisation WHERE number = %s", "zhang.authorisation", "authorisation:{}"),
    ("UPDATE products_title SET title_number = 'GI-1' WHERE number = %s", "chen.title", "title:{} title_number"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "whose", "where"), EDITS)
def test_each_edit_of_a_row_is_named_by_object_and_fact(world, statement, whose, where):
    number = world.number(whose)
    by_the_owner(statement, number)
    assert where.format(number) in named()
