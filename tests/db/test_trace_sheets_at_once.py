"""Two files of one producer entered at once, which name two seasons in opposite order: neither waits for the other for ever."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from itertools import count
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection

from tests.build_products import a_season
from tests.build_quota import a_ceiling, a_quota, an_entitlement, left
from tests.build_sheets import checked, fresh
from tests.cast import NOW
from trace import actions
from trace.rules.imports import CHUNK, ImportKind, ImportState

pytestmark = pytest.mark.django_db(transaction=True)
HEADER = ("产季", "数量", "单位", "备注")


def test_files_that_name_seasons_in_opposite_order_are_both_entered(cast, goods):
    zhang, indication = cast.zhang.actor, goods.register.indication
    quotas = [
        a_quota(indication, a_ceiling(5_000), season=season)
        for season in (
            a_season(indication),
            a_season(indication, name="2026 年秋", opens_on=date(2027, 1, 1), closes_on=date(2027, 12, 31)),
        )
    ]
    rows = [an_entitlement(quota, goods.register.zhang) for quota in quotas]
    names = [f"{indication.name_zh} {quota.season.name} [{quota.season.number}]" for quota in quotas]

    def a_file(first: str, then: str, note: str):
        told = [[first, 1, "升", f"{note} {place}"] for place in range(CHUNK)] + [[then, 1, "升", f"{note} 末"]]
        return checked(goods.register.zhang, ImportKind.HARVESTS, zhang, told, HEADER)

    sheets = a_file(*names, "甲"), a_file(*reversed(names), "乙")
    for sheet in sheets:
        actions.commit_import(sheet=sheet, leave_out=False, actor=zhang, now=NOW)
    both_hold_one = Barrier(2)

    def enter(number: str) -> None:
        asked = count(1)

        def tell_time():
            if next(asked) == 3:  # asked twice before the first rows, and then after each five hundred
                with suppress(BrokenBarrierError):  # the other does not come so far: it waits its turn
                    both_hold_one.wait(timeout=2)
            return NOW

        try:
            actions.enter_import(number=number, tell_time=tell_time)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(enter, [sheet.number for sheet in sheets]))
    assert [fresh(sheet).state for sheet in sheets] == [ImportState.DONE.value] * 2
    assert [left(row)["raw"] for row in rows] == [(CHUNK + 1) * 1_000] * 2
