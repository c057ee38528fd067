"""What is unusual about the checks of a batch: found in sums over its units, and told once."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from tests.build_codes import an_issuance
from tests.build_copies import checked
from tests.build_trace import a_check
from tests.cast import NOW, TODAY
from trace import actions
from trace.models import Alert
from trace.rules.batches import BatchState
from trace.rules.verdicts import Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods(goods):
    actions.make_partitions(today=TODAY)
    return goods


def test_codes_next_to_each_other_seen_far_apart_make_one_alert_for_the_batch(goods):
    issuance = an_issuance(goods, goods.batch(), 40)
    for index in range(4):
        checked(issuance, index, 0, "山西")
        checked(issuance, index, 1, "广东")
    (found,) = actions.find_patterns(since=TODAY, until=TODAY, now=NOW)
    assert (found.lot, found.causes) == (issuance.batch.number, ("neighbours_far",))
    alert = Alert.objects.get()
    assert (alert.kind, alert.issuance_id, alert.units, alert.checks, alert.places) == ("odd_batch", None, 4, 8, 2)
    actions.find_patterns(since=TODAY, until=TODAY, now=NOW + timedelta(hours=1))
    assert Alert.objects.count() == 1


def test_a_batch_checked_as_usual_and_one_checked_by_its_lot_alone_are_passed_over(goods):
    issuance = an_issuance(goods, goods.batch(), 40)
    for index in range(0, 40, 4):
        checked(issuance, index)
    a_check(goods.batch())
    assert actions.find_patterns(since=TODAY, until=TODAY, now=NOW) == []
    assert actions.find_patterns(since=TODAY + timedelta(days=1), until=TODAY + timedelta(days=9), now=NOW) == []


def test_looking_at_a_batch_costs_the_same_however_many_units_it_has(goods, django_assert_num_queries):
    issuance = an_issuance(goods, goods.batch(), 40)
    for count in (2, 12):
        for index in range(count):
            checked(issuance, index * 3)
        with django_assert_num_queries(1 + 3 + 2):
            actions.find_patterns(since=TODAY, until=TODAY, now=NOW)


def test_the_command_names_the_batches(goods, capsys):
    issuance = an_issuance(goods, goods.batch(BatchState.REGISTERED), 5)
    checked(issuance, verdict=Verdict.NOT_ACTIVATED)
    call_command("find_patterns", "--since", "2026-11-22", "--until", "2026-11-22")
    assert f"{issuance.batch.number}: before_release" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("find_patterns", "--since", "2026-11-23", "--until", "2026-11-22")
