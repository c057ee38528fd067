"""Harvests and processing at the producers' desk: by forms alone, with what they leave said before they are sent."""

from decimal import Decimal

import pytest
from django.urls import reverse

from products.rules.seasons import QuotaState
from tests.build_quota import a_ceiling, left, the_books
from tests.cast import NOW
from tests.pages.test_quota_pages import hidden, page_of, sent
from trace import actions
from trace.models import Entitlement, LedgerTransaction
from trace.rules.ledger import PostingKind

pytestmark = pytest.mark.django_db
SPOKEN = {
    "portal-new-harvest": ("申报采收", "Report a harvest"),
    "portal-new-processing": ("申报加工", "Report processing"),
}


@pytest.fixture
def books(goods):
    """Two litres of must give one of vinegar."""
    return the_books(goods, a_ceiling(), yield_raw=Decimal(2), yield_goods=Decimal(1))


def page(name: str, row: Entitlement) -> str:
    return reverse(name, args=[row.number])


def posted(kind: PostingKind) -> int:
    return LedgerTransaction.objects.filter(kind=kind.value).count()


def test_a_harvest_is_looked_at_with_what_it_leaves_and_entered_under_a_number(books, cast, as_person):
    zhang, path = as_person(cast.zhang), page("portal-new-harvest", books.row)
    assert path in zhang.get(page_of(books.row)).content.decode()
    looked = zhang.post(path, {"quantity": "１，２００.5", "reason": "磅单 17"}).content.decode()
    assert posted(PostingKind.HARVEST) == 0
    assert "<b>1,200.5 升</b>" in looked
    assert '3,000 升</span> → <b class="num">1,799.5 升' in looked
    assert '0 升</span> → <b class="num">1,200.5 升' in looked
    place = sent(zhang, path, {"quantity": "1200.5", "reason": "磅单 17"})
    posting = LedgerTransaction.objects.get(kind=PostingKind.HARVEST)
    assert place == reverse("portal-posting", args=[books.row.number, posting.number])
    told = zhang.get(place).content.decode()
    assert f"{posting.number[:5]} {posting.number[5:]}" in told
    assert "−1,200.5 升" in told
    assert "现有 1,799.5 升" in told
    assert left(books.row)["raw"] == Decimal(1_200_500)


def test_a_second_press_posts_nothing_new(books, cast, as_person):
    zhang, path = as_person(cast.zhang), page("portal-new-harvest", books.row)
    asked = hidden(zhang.get(path).content.decode())
    answers = hidden(zhang.post(path, {**asked, "quantity": "10"}).content.decode())
    places = {zhang.post(path, {**answers, "send": "1"})["Location"] for _ in range(2)}
    assert (len(places), posted(PostingKind.HARVEST)) == (1, 1)


def test_processing_takes_what_is_in_hand_and_gives_no_more_than_the_conversion(books, cast, as_person):
    actions.declare_harvest(row=books.row, quantity=Decimal(500), actor=books.maker, now=NOW)
    zhang, path = as_person(cast.zhang), page("portal-new-processing", books.row)
    over = zhang.post(path, {"raw": "400", "goods": "200.001"})
    assert (over.status_code, "这些原料最多可加工 200 升，不能登记 200.001 升" in over.content.decode()) == (400, True)
    short = zhang.post(path, {"raw": "500.5", "goods": "200"})
    assert "剩余 500 升，需要 500.5 升，差 0.5 升" in short.content.decode()
    sent(zhang, path, {"raw": "400", "goods": "200"})
    assert (left(books.row)["raw"], left(books.row)["processed"]) == (Decimal(100_000), Decimal(200_000))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("3000.001", "剩余 3,000 升，需要 3,000.001 升，差 0.001 升"),
        ("", "请填写这一项"),
        ("0", "大于零"),
        ("-1", "大于零"),
        ("1.0005", "最多三位小数"),
        ("1e400", "数字过大"),
        ("NaN", "请只填数字"),
        ("一百", "请只填数字"),
        ("1\x00", "请只填数字"),
    ],
)
@pytest.mark.parametrize("press", ["", "1"])
def test_a_harvest_that_cannot_be_is_told_beside_what_was_typed(books, cast, as_person, typed, said, press):
    told = {"quantity": typed, "reason": "磅单 17", **({"send": press} if press else {})}
    answer = as_person(cast.zhang).post(page("portal-new-harvest", books.row), told)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert 'value="磅单 17"' in answer.content.decode()
    assert posted(PostingKind.HARVEST) == 0


@pytest.mark.parametrize("name", SPOKEN)
def test_only_the_producer_reports_and_others_do_not_find_the_page(books, cast, as_person, name):
    path = page(name, books.row)
    for person, status in ((cast.chen, 403), (cast.li, 403), (cast.feng, 404), (cast.ma, 404)):
        client = as_person(person)
        for answer in (client.get(path), client.post(path, {"quantity": "1", "raw": "1", "goods": "1", "send": "1"})):
            assert answer.status_code == status
    assert not LedgerTransaction.objects.filter(kind__in=[PostingKind.HARVEST, PostingKind.PROCESSING]).exists()
    assert as_person(None).get(path).status_code == 302


def test_a_posting_is_read_by_those_who_see_the_season_and_by_nobody_else(books, cast, as_person):
    made = actions.declare_harvest(row=books.row, quantity=Decimal(5), actor=books.maker, now=NOW)
    path = reverse("portal-posting", args=[books.row.number, made.number])
    for person, status in ((cast.zhang, 200), (cast.chen, 200), (cast.li, 200), (cast.feng, 404), (cast.ma, 404)):
        assert as_person(person).get(path).status_code == status
    cap = reverse("portal-posting", args=[books.row.number, "0000000000"])
    assert as_person(cast.zhang).get(cap).status_code == 404


@pytest.mark.parametrize("name", SPOKEN)
def test_a_closed_season_asks_nothing_and_says_why(books, cast, as_person, name):
    actions.close_season(quota=books.quota, explained=[], actor=cast.chen.actor, now=NOW)
    books.quota.refresh_from_db()
    assert books.quota.state == QuotaState.CLOSED
    told = as_person(cast.zhang).get(page(name, books.row)).content.decode()
    assert "没有执行中的配额" in told
    assert 'name="reason"' not in told


@pytest.mark.parametrize("language", ["zh", "en"])
def test_both_languages_are_spoken(books, cast, as_person, language):
    made = actions.declare_harvest(row=books.row, quantity=Decimal(5), actor=books.maker, now=NOW)
    zhang = as_person(cast.zhang)
    for name, words in SPOKEN.items():
        answer = zhang.get(page(name, books.row), {"lang": language}).content.decode()
        assert words[language == "en"] in answer
    told = zhang.get(reverse("portal-posting", args=[books.row.number, made.number]), {"lang": language})
    assert ("记账编号", "Number of the posting")[language == "en"] in told.content.decode()
