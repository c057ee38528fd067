"""The keeper's desk of a season: its figures, grants, penalties, reversals and its end. By forms alone; closed to everybody else."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from gi_registry.accounts.rules import OrganisationKind
from gi_registry.lib.access import RoleKind
from products.models import Season, SeasonQuota
from products.rules.seasons import CeilingBasis, QuotaState
from tests.build_products import QI_FIELD, a_holder, a_season, a_site, a_title, an_authorisation, an_indication
from tests.build_quota import a_ceiling, a_draft_quota, an_order, left, the_books
from tests.cast import NOW, a_person, an_organisation
from trace import actions
from trace.models import ClosingNote, Entitlement, LedgerTransaction
from trace.rules.ledger import PostingKind

pytestmark = pytest.mark.django_db
ANOTHER = ("沁县小米协会", "51140430TEXT0177", OrganisationKind.ASSOCIATION, "140430")


@pytest.fixture
def books(goods):
    return the_books(goods, a_ceiling(3_000), cap=Decimal(5_000))


@pytest.fixture
def chen(cast, as_person):
    """Who holds the name."""
    return as_person(cast.chen)


def here(books, name: str = "portal-season", *more: str) -> str:
    return reverse(name, args=[books.quota.season.number, *more])


def of(row: Entitlement, name: str, *more: str) -> str:
    return reverse(name, args=[row.number, *more])


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def sent(client, path: str, told: dict) -> str:
    """Through the answers once more, to whatever comes after."""
    looked = client.post(path, told)
    assert looked.status_code == 200, text_of(looked)
    assert "请核对" in text_of(looked)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', looked.content.decode()))
    answer = client.post(path, {**hidden, "send": "1"})
    assert answer.status_code == 302, text_of(answer)
    return answer["Location"]


def test_the_keeper_sees_what_the_season_allows_and_what_was_granted_of_it(books, chen):
    assert here(books) in chen.get("/portal/seasons/").content.decode()
    told = text_of(chen.get(here(books)))
    for words in ("5,000", "已核定 3,000 升", "还剩 2,000 升", "协会 2026 年第 3 号通知", "每个生产者 3,000 升"):
        assert words in told, words


def test_a_producer_with_the_right_and_no_entitlement_waits_until_it_is_granted(books, goods, chen):
    feng = goods.register.feng
    right = an_authorisation(feng, goods.register.title, [a_site(feng, goods.register.indication, box=QI_FIELD)])
    grant = here(books, "portal-grant", feng.number)
    assert grant in chen.get(here(books)).content.decode()
    looked = chen.post(grant, {"share_0": "1", "reason": ""})
    for words in ("亩", "土地得出 3,000 升", "核定（不超过总量余额） 2,000 升"):
        assert words in text_of(looked), words
    assert not Entitlement.objects.filter(producer=feng).exists(), "looking grants nothing"
    where = sent(chen, grant, {"share_0": "1", "reason": "首次核定"})
    row = Entitlement.objects.get(producer=feng)
    assert where == of(row, "portal-quota")
    assert (row.computed, row.quantity, row.authorisation) == (3_000_000, 2_000_000, right)
    assert grant not in chen.get(here(books)).content.decode()


def test_a_share_of_a_site_is_granted_as_a_share(books, goods, chen):
    books = the_books_by_land(goods)
    where = here(books, "portal-grant", goods.register.zhang.number)
    before = Entitlement.objects.get(quota=books.quota).quantity
    sent(chen, where, {"share_0": "0.5", "share_1": "1", "reason": "一半为新栽"})
    assert 0 < Entitlement.objects.get(quota=books.quota).quantity < before


def the_books_by_land(goods):
    days = {"opens_on": date(2027, 1, 1), "closes_on": date(2027, 12, 31)}
    season = a_season(goods.register.indication, name="2027 年产季", **days)
    return the_books(goods, a_ceiling(100, CeilingBasis.PER_MU), season=season)


@pytest.mark.parametrize("share", ["", "-1", "1.1", "abc", "1e999", "9" * 400, "NaN", "\x00"])
def test_a_share_that_is_none_is_refused_beside_its_site(books, goods, chen, share):
    answer = chen.post(here(books, "portal-grant", goods.register.zhang.number), {"share_0": share, "share_1": "1"})
    assert answer.status_code == 400
    assert "东地" in text_of(answer)
    assert LedgerTransaction.objects.filter(kind=PostingKind.GRANT.value).count() == 1


def test_a_penalty_is_taken_off_with_its_reason_and_reversed_once(books, chen):
    path = of(books.row, "portal-penalty")
    assert chen.post(path, {"quantity": "100", "reason": ""}).status_code == 400
    assert "3,000" in text_of(chen.post(path, {"quantity": "3001", "reason": "超采"}))
    assert left(books.row)["entitlement"] == 3_000_000
    where = sent(chen, path, {"quantity": "100", "reason": "抽查发现外来原料"})
    assert left(books.row)["entitlement"] == 2_900_000
    page = chen.get(where).content.decode()
    posting = LedgerTransaction.objects.get(kind=PostingKind.PENALTY.value)
    back = of(books.row, "portal-reverse", posting.number)
    assert back in page
    assert chen.post(back, {"reason": ""}).status_code == 400
    sent(chen, back, {"reason": "复查无误"})
    assert left(books.row)["entitlement"] == 3_000_000
    assert back not in chen.get(where).content.decode()
    assert "已冲正" in text_of(chen.get(of(books.row, "portal-postings")))
    again = chen.post(back, {"reason": "再来", "send": "1"})
    assert (again.status_code, LedgerTransaction.objects.filter(reversal_of=posting).count()) == (400, 1)


@pytest.mark.parametrize("quantity", ["0", "-5", "1.0005", "9" * 40, "abc", "NaN"])
def test_a_penalty_that_is_no_amount_is_refused(books, chen, quantity):
    answer = chen.post(of(books.row, "portal-penalty"), {"quantity": quantity, "reason": "超采", "send": "1"})
    assert answer.status_code == 400
    assert not LedgerTransaction.objects.filter(kind=PostingKind.PENALTY.value).exists()


def test_one_press_counts_once(books, chen):
    path, told = of(books.row, "portal-penalty"), {"quantity": "5", "reason": "超采", "key": "one-press", "send": "1"}
    assert chen.post(path, told)["Location"] == chen.post(path, told)["Location"]
    assert LedgerTransaction.objects.filter(kind=PostingKind.PENALTY.value).count() == 1


def test_a_season_is_put_in_force_by_its_keeper(goods, chen):
    quota = a_draft_quota(a_season(goods.register.indication), a_ceiling(3_000))
    page = reverse("portal-season", args=[quota.season.number])
    begin = reverse("portal-season-open", args=[quota.season.number])
    assert begin in chen.get(page).content.decode()
    assert sent(chen, begin, {"reason": "理事会决定"}) == page
    assert SeasonQuota.objects.get().state == QuotaState.OPEN
    assert begin not in chen.get(page).content.decode()


def test_a_season_is_closed_with_a_word_on_every_label_that_it_leaves(books, goods, chen):
    path = here(books, "portal-season-close")
    an_order(books, 40)
    page = text_of(chen.get(path))
    assert "40" in page
    refused = chen.post(path, {"every": ""})
    assert (refused.status_code, SeasonQuota.objects.get().state) == (400, QuotaState.OPEN)
    assert "请逐项说明去向" in text_of(refused)
    sent(chen, path, {"every": "封存于协会仓库"})
    assert SeasonQuota.objects.get().state == QuotaState.CLOSED
    assert {note.reason for note in ClosingNote.objects.all()} == {"封存于协会仓库"}
    for closed in (path, of(books.row, "portal-penalty"), here(books, "portal-grant", goods.register.zhang.number)):
        assert "data-keep" not in chen.get(closed).content.decode(), closed


def test_an_open_order_keeps_the_season_open_and_is_told(books, goods, chen):
    actions.request_labels(quota=books.quota, form=goods.form, count=20, actor=books.maker, now=NOW)
    assert "1 份标识申领" in text_of(chen.get(here(books)))
    answer = chen.post(here(books, "portal-season-close"), {"send": "1"})
    assert (answer.status_code, SeasonQuota.objects.get().state) == (400, QuotaState.OPEN)
    assert "标识申领没有办结" in text_of(answer)


def paths(books, goods) -> list[str]:
    posting = LedgerTransaction.objects.filter(kind=PostingKind.GRANT.value).get()
    return [
        here(books),
        here(books, "portal-season-open"),
        here(books, "portal-season-close"),
        here(books, "portal-grant", goods.register.zhang.number),
        of(books.row, "portal-penalty"),
        of(books.row, "portal-reverse", posting.number),
    ]


@pytest.mark.parametrize(
    ("who", "status"),
    [("lin", 200), ("chen", 200), ("zhang", 403), ("feng", 403), ("wang", 403), ("li", 403), ("sun", 403), ("hu", 403)],
)
def test_only_who_keeps_the_season_opens_its_pages(books, goods, cast, as_person, who, status):
    person = as_person(getattr(cast, who))
    for path in paths(books, goods)[:4]:
        assert person.get(path).status_code == status, path
    for path in paths(books, goods)[4:]:
        assert person.get(path).status_code in ({200} if status == 200 else {403, 404}), path
    assert person.get("/portal/seasons/").status_code == status
    assert as_person(None).get(here(books)).status_code == 302


def test_the_holder_of_another_name_finds_nothing_of_this_season(books, goods, as_person):
    stranger = a_person("qian", "钱会长", RoleKind.HOLDER, organisation=an_organisation(*ANOTHER))
    a_title(an_indication("沁州黄小米"), holder=a_holder("沁县小米协会", organisation=stranger.organisation))
    person = as_person(stranger)
    assert here(books) not in person.get("/portal/seasons/").content.decode()
    assert {person.get(path).status_code for path in paths(books, goods)} == {404}


def test_a_producer_of_another_name_is_not_granted_from_here(books, goods, chen):
    assert chen.get(here(books, "portal-grant", goods.register.feng.number)).status_code == 404
    assert chen.get(here(books, "portal-grant", "0000000000")).status_code == 404


def test_the_pages_of_a_season_ask_few_questions_however_many_were_granted(books, chen, django_assert_max_num_queries):
    chen.get(here(books))
    with django_assert_max_num_queries(22):
        chen.get(here(books))


def test_what_a_season_wants_waits_on_the_desk_of_its_keeper(books, goods, chen, cast, as_person):
    def waits(client) -> str:
        found = re.search(r'id="waiting".*?</section>', client.get("/portal/").content.decode(), re.DOTALL)
        return re.sub(r"<[^>]+>", " ", found[0]) if found else ""

    assert "产季" not in waits(chen), "all who may were granted something, and it goes on"
    feng = goods.register.feng
    an_authorisation(feng, goods.register.title, [a_site(feng, goods.register.indication, box=QI_FIELD)])
    assert "等待核定额度" in waits(chen)
    assert "等待核定额度" in waits(as_person(cast.lin))
    assert "等待核定额度" not in waits(as_person(cast.wang))
    Season.objects.update(closes_on=NOW.date() - timedelta(days=1))
    assert "还没有结束" in waits(chen)
    a_draft_quota(a_season(goods.register.indication, name="二季"), a_ceiling(3_000))
    assert "还没有执行" in waits(chen)
