"""A pack in hand: its own checks lift its grade, its PIN is typed right and wrong, and our own outage is called so."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from playwright.sync_api import Page, expect

from tests.browser import DESK, PHONE, arrive, faults, picture, sideways
from tests.build_codes import an_issuance, code_of
from tests.build_copies import spread
from tests.build_trace import checks_forgotten, the_goods
from trace.codes.sign import pin_at
from trace.models import UnitTally
from trace.rules.copies import OFTEN
from trace.rules.verdicts import Verdict
from trace.rules.wording import UNIT_WORDINGS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# So many families of browsers: each is a device of its own, even behind one address.
PHONES = [
    f"Mozilla/5.0 ({system}) AppleWebKit/537.36 {browser}"
    for system in ("Linux; Android 14", "iPhone; CPU iPhone OS 18_0")
    for browser in ("MicroMessenger/8.0", "Chrome/140.0 Mobile", "UCBrowser/16.0")
]


@pytest.fixture
def issuance(cast: Any) -> Iterator[Any]:
    with checks_forgotten():
        goods = the_goods(cast)
        yield an_issuance(goods, goods.batch(), has_pin=True)


def path_of(issuance: Any, index: int = 0) -> str:
    return f"/c/{issuance.batch.number}/{code_of(issuance, index)}"


def says(page: Page, path: str, verdict: Verdict, has_script: bool = True) -> None:
    """In both languages the page says this verdict of a unit."""
    for locale in ("en", "zh"):
        page.goto(f"{path}?lang={locale}")
        expect(page.locator(".band h1")).to_have_text(getattr(UNIT_WORDINGS[verdict].title, locale))
        if has_script:
            expect(page.locator("#seen form")).to_be_hidden()  # the check is counted


def no_fault(page: Page) -> None:
    assert faults(page) == []
    assert sideways(page) == 0


def test_the_checks_of_a_unit_lift_its_own_grade_and_no_other_ones(issuance, a_phone):
    assert len(PHONES) == OFTEN
    for number, agent in enumerate(PHONES, 1):
        page = a_phone(user_agent=agent)
        page.goto(path_of(issuance))
        expect(page.locator("#seen p")).to_have_text(f"第 {number} 次查询")
    says(page, path_of(issuance), Verdict.CHECKED_OFTEN)
    no_fault(page)
    spread(issuance)
    says(page, path_of(issuance), Verdict.UNDER_REVIEW)
    no_fault(page)
    says(page, path_of(issuance, 1), Verdict.REGISTERED)
    grades = dict(UnitTally.objects.values_list("unit_index", "grade"))
    assert grades == {0: 2, 1: 0}


@pytest.mark.parametrize("has_script", [True, False])
def test_a_pin_is_typed_wrong_and_then_right_and_again(issuance, a_phone, has_script):
    right = pin_at(issuance.unit_keys, 0)
    wrong = f"{(int(right) + 1) % 10**8:08}"
    page = a_phone(user_agent=PHONES[0], java_script_enabled=has_script)
    page.goto(path_of(issuance))
    for typed, said in ((wrong, "还可以再试 4 次"), (right, "第一次输入")):
        page.locator("input[name=pin]").fill(typed)
        arrive(page.locator("form:has(#pin) button"))
        expect(page.locator("[role=status]")).to_contain_text(said)
        if has_script:
            no_fault(page)
    expect(page.locator("input[name=pin]")).to_have_count(0)
    other = a_phone(user_agent=PHONES[1], locale="en-GB")
    other.goto(f"{path_of(issuance)}/pin?lang=en")
    other.locator("input[name=pin]").fill("1234")
    arrive(other.locator("form:has(#pin) button"))
    expect(other.locator("[role=alert]")).to_be_visible()
    other.locator("input[name=pin]").fill(right)
    arrive(other.locator("form:has(#pin) button"))
    expect(other.locator("[role=status]")).to_contain_text("it was given before")
    no_fault(other)
    assert UnitTally.objects.get(unit_index=0).pin_tries == 3
    says(page, path_of(issuance), Verdict.UNDER_REVIEW, has_script)


def test_while_the_database_does_not_answer_the_page_says_that_the_fault_is_ours(
    issuance, a_phone, monkeypatch, tmp_path
):
    """Somebody holds the table of batches, as a careless change of the schema would: the question gives up waiting."""
    paths = (f"/c/{issuance.batch.number}", path_of(issuance))
    page = a_phone(user_agent=PHONES[0])
    options = connection.settings_dict["OPTIONS"]
    monkeypatch.setitem(options, "options", f"{options['options']} -c lock_timeout=200")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE trace_batch IN ACCESS EXCLUSIVE MODE")
        for path in paths:
            for locale in ("zh", "en"):
                for name, size in (("phone", PHONE), ("desk", DESK)):
                    page.set_viewport_size(size)
                    answer = page.goto(f"{path}?lang={locale}")
                    assert answer.status == 503
                    expect(page.locator(".band h1")).to_have_text(
                        getattr(UNIT_WORDINGS[Verdict.UNAVAILABLE].title, locale)
                    )
                    no_fault(page)
                    picture(page, tmp_path / f"unavailable-{locale}-{name}.png", whole=False)
    for path in paths:
        assert page.goto(path).status == 200
