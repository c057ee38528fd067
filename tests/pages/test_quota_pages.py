"""The season's right at the desk: what is left, labels ordered and accounted for, goods handed over. By forms alone, without script."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from products.actions import move_authorisation
from products.models import Authorisation
from products.rules.authorisations import Given
from products.rules.words import AuthorisationState
from tests.build_products import QI_FIELD, a_site, an_authorisation, everybody
from tests.build_quota import an_order, the_books
from tests.cast import NOW
from trace import actions
from trace.models import Entitlement, LabelOrder, Transfer
from trace.rules.label_orders import GoodsKind, LabelMove, OrderState, TransferState

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(goods):
    return the_books(goods)


@pytest.fixture
def feng(books):
    """A firm that may bear the name, and has harvested nothing."""
    register = books.goods.register
    field = a_site(register.feng, register.indication, box=QI_FIELD)
    return an_authorisation(register.feng, register.title, [field]).producer


def page_of(row: Entitlement) -> str:
    return reverse("portal-quota", args=[row.number])


def new_order(row: Entitlement) -> str:
    return reverse("portal-new-order", args=[row.number])


def hidden(page: str) -> dict[str, str]:
    """What the page of the answers would send back."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def sent(client, path: str, told: dict) -> str:
    """Through the answers once more to whatever comes after."""
    looked = client.post(path, told)
    assert looked.status_code == 200, looked.content.decode()
    assert "请核对" in looked.content.decode()
    answer = client.post(path, {**hidden(looked.content.decode()), "send": "1"})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


# --- the meter ---


def test_what_is_granted_used_and_left_is_said_in_words_and_drawn_with_the_same_words(books, cast, as_person):
    actions.declare_harvest(row=books.row, quantity=Decimal(750), actor=books.maker, now=NOW)
    page = as_person(cast.zhang).get(page_of(books.row)).content.decode()
    assert "本产季核定 3,000 升" in page
    assert '<title id="land-bar-said">土地的额度: 已用 750 升 · 还剩 2,250 升</title>' in page
    assert 'x="0" y="0" width="250"' in page
    assert "最多 6,000 枚" in page
    listed = as_person(cast.zhang).get(reverse("portal-quotas")).content.decode()
    assert "还剩 2,250 升" in listed


def test_a_season_is_seen_by_its_own_and_those_who_watch_it_and_by_nobody_else(books, cast, as_person):
    for person, status in ((cast.zhang, 200), (cast.chen, 200), (cast.li, 200), (cast.feng, 404), (cast.ma, 404)):
        assert as_person(person).get(page_of(books.row)).status_code == status
    assert as_person(None).get(page_of(books.row)).status_code == 302
    assert page_of(books.row) not in as_person(cast.feng).get(reverse("portal-quotas")).content.decode()
    for person in (cast.chen, cast.li):
        page = as_person(person).get(page_of(books.row)).content.decode()
        assert new_order(books.row) not in page
        assert as_person(person).get(new_order(books.row)).status_code == 403


# --- label orders ---


def test_labels_are_ordered_looked_at_once_more_and_sent_once(books, cast, as_person):
    zhang = as_person(cast.zhang)
    told = {"form": books.goods.form.number, "count": "１，２００", "reason": "秋季装瓶", "key": "once"}
    looked = zhang.post(new_order(books.row), told).content.decode()
    assert not LabelOrder.objects.exists()
    assert "<b>1,200</b>" in looked
    places = {zhang.post(new_order(books.row), {**told, "send": "1"})["Location"] for _ in range(2)}
    order = LabelOrder.objects.get()
    assert places == {reverse("portal-label-sent", args=[order.number])}
    assert (order.count, order.state, order.reason) == (1_200, OrderState.REQUESTED, "秋季装瓶")
    assert f"{order.number[:5]} {order.number[5:]}" in zhang.get(places.pop()).content.decode()
    zhang.post(new_order(books.row), {**told, "count": "30", "send": "1"})
    assert LabelOrder.objects.count() == 2, "what was changed before it was sent again is another order"


def test_what_was_typed_comes_back_to_be_changed(books, cast, as_person):
    told = {"form": books.goods.form.number, "count": "1200", "reason": "秋季装瓶", "change": "1"}
    page = as_person(cast.zhang).post(new_order(books.row), told).content.decode()
    assert 'value="1200"' in page
    assert 'value="秋季装瓶"' in page
    assert "checked" in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"count": "6001"}, "剩余 3,000 升，需要 3,000.5 升，差 0.5 升"),
        ({"count": "0"}, "至少 1"),
        ({"count": "9" * 40}, "数字过大"),
        ({"count": "33554433"}, "不超过 33,554,432"),
        ({"count": "一百"}, "请填写整数"),
        ({"form": "0000000000"}, "请从列出的选项中选择"),
        ({"reason": "\x00"}, "含有无法保存的字符"),
        ({"reason": "多" * 501}, "内容过长"),
    ],
)
def test_an_order_that_cannot_be_is_told_beside_what_was_typed(books, cast, as_person, change, said):
    told = {"form": books.goods.form.number, "count": "10", "reason": "装瓶", "send": "1", **change}
    answer = as_person(cast.zhang).post(new_order(books.row), told)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not LabelOrder.objects.exists()


def test_an_order_is_approved_and_issued_by_who_may_and_cancelled_by_its_own(books, cast, as_person):
    order = an_order(books, state=OrderState.REQUESTED)
    do = {name: reverse("portal-label-step", args=[order.number, name]) for name in ("approve", "issue", "cancel")}
    assert "等待核准的申领" in as_person(cast.chen).get(reverse("portal-home")).content.decode()
    assert as_person(cast.zhang).post(do["approve"]).status_code == 403
    assert as_person(cast.feng).post(do["approve"]).status_code == 404
    assert as_person(cast.chen).post(do["cancel"], {"reason": "x"}).status_code == 403
    assert as_person(cast.chen).post(do["approve"]).status_code == 302
    assert as_person(cast.li).post(do["issue"]).status_code == 302
    order.refresh_from_db()
    assert order.state == OrderState.ISSUED
    refused = as_person(cast.zhang).post(do["cancel"], {"reason": "不要了"})
    assert (refused.status_code, "不能变为“已取消”" in refused.content.decode()) == (400, True)


def test_labels_are_activated_on_a_batch_and_the_rest_comes_back_and_is_destroyed(books, cast, as_person):
    order, batch = an_order(books), books.batch(30)
    record = {kind: reverse("portal-label-record", args=[order.number, kind]) for kind in LabelMove}
    zhang, chen = as_person(cast.zhang), as_person(cast.chen)
    assert sent(zhang, record["activated"], {"first": "1", "last": "60", "batch": batch.number, "key": "a"}) == reverse(
        "portal-label-order", args=[order.number]
    )
    assert 'value="61"' in zhang.get(record["lost"]).content.decode(), "it goes on after the last"
    over = zhang.post(record["activated"], {"first": "61", "last": "61", "batch": batch.number, "send": "1"})
    assert "已启用 60 枚标识" in over.content.decode()
    assert "原因" in zhang.post(record["lost"], {"first": "61", "last": "70"}).content.decode()
    assert zhang.post(record["returned"], {}).status_code == 403
    sent(chen, record["returned"], {"first": "61", "last": "100", "reason": "产季结束"})
    twice = chen.post(record["returned"], {"first": "70", "last": "80", "reason": "产季结束", "send": "1"})
    assert (twice.status_code, "已有记录" in twice.content.decode()) == (400, True)
    alone = {"first": "61", "last": "100", "witness": "王秀英", "other_witness": "王 秀英", "reason": "监督销毁"}
    assert "两人不同" in chen.post(record["destroyed"], {**alone, "send": "1"}).content.decode()
    sent(chen, record["destroyed"], {**alone, "other_witness": "李建国"})
    order.refresh_from_db()
    assert (order.active, order.destroyed, order.state) == (60, 40, OrderState.CLOSED)
    page = zhang.get(reverse("portal-label-order", args=[order.number])).content.decode()
    assert "已启用 60 · 已销毁 40" in page
    assert "王秀英, 李建国" in page


def test_without_a_batch_of_the_season_labels_wait_and_the_page_says_for_what(books, cast, as_person):
    order = an_order(books)
    path = reverse("portal-label-record", args=[order.number, "activated"])
    page = as_person(cast.zhang).get(path).content.decode()
    assert "请先在本产季登记这种产品的批次" in page
    assert 'name="first"' not in page


@pytest.mark.parametrize("who", ["feng", "ma"])
def test_orders_of_others_are_not_there(books, cast, as_person, who):
    order, client = an_order(books), as_person(getattr(cast, who))
    for name, rest in (
        ("portal-label-order", []),
        ("portal-label-sent", []),
        ("portal-label-step", ["cancel"]),
        ("portal-label-record", ["lost"]),
    ):
        assert client.get(reverse(name, args=[order.number, *rest])).status_code == 404
    assert order.number[:5] not in client.get(reverse("portal-label-orders")).content.decode()


@pytest.mark.parametrize("path", ["do/steal/", "record/sold/", "do/activated/", "record/approve/"])
def test_steps_that_are_none_are_not_there(books, cast, as_person, path):
    order = an_order(books)
    answer = as_person(cast.zhang).get(reverse("portal-label-order", args=[order.number]) + path)
    assert answer.status_code == 404


# --- transfers ---


def offer_of(row: Entitlement) -> str:
    return reverse("portal-new-transfer", args=[row.number])


def test_goods_are_offered_by_number_shown_with_the_name_and_accepted_by_the_other(books, feng, cast, as_person):
    zhang, other = as_person(cast.zhang), as_person(cast.feng)
    typed = f"{feng.number[:5]} {feng.number[5:]}".lower()
    told = {"taker": typed, "kind": GoodsKind.RAW, "quantity": "１２０.5", "reason": "合同 26-11"}
    looked = zhang.post(offer_of(books.row), told).content.decode()
    assert feng.organisation.name_zh in looked
    assert "120.5 升" in looked
    place = sent(zhang, offer_of(books.row), told)
    transfer = Transfer.objects.get()
    assert place == reverse("portal-transfer-sent", args=[transfer.number])
    here = reverse("portal-transfer", args=[transfer.number])
    assert here in other.get(reverse("portal-home")).content.decode(), "it is among the things to do"
    do = reverse("portal-transfer-step", args=[transfer.number, "accept"])
    assert zhang.post(do).status_code == 403
    assert other.post(do).status_code == 302
    transfer.refresh_from_db()
    assert transfer.state == TransferState.ACCEPTED
    assert other.post(do).status_code == 400
    assert "转入" in other.get(page_of(Entitlement.objects.get(producer=feng))).content.decode()


def test_an_offer_is_declined_with_a_reason_or_taken_back(books, feng, cast, as_person):
    given = {"row": books.row, "taker": feng, "kind": GoodsKind.RAW, "quantity": Decimal(1)}
    one, other = (actions.offer_transfer(actor=books.maker, now=NOW, **given) for _ in range(2))
    decline = reverse("portal-transfer-step", args=[one.number, "decline"])
    assert as_person(cast.feng).post(decline).status_code == 400
    assert as_person(cast.feng).post(decline, {"reason": "没有收到货"}).status_code == 302
    assert "没有收到货" in as_person(cast.zhang).get(reverse("portal-transfer", args=[one.number])).content.decode()
    withdraw = reverse("portal-transfer-step", args=[other.number, "withdraw"])
    assert as_person(cast.feng).post(withdraw).status_code == 403
    assert as_person(cast.zhang).post(withdraw).status_code == 302
    assert set(Transfer.objects.values_list("state", flat=True)) == {"declined", "withdrawn"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"taker": "0000000000"}, "没有这个编号的生产者"),
        ({"taker": "own"}, "不能流转给自己"),
        ({"taker": "lapsed"}, "转入方目前没有"),
        ({"quantity": "3000.001"}, "不足"),
        ({"quantity": "-1"}, "大于零"),
        ({"quantity": "1e400"}, "数字过大"),
        ({"kind": "processed"}, "不足"),
        ({"kind": "labels"}, "请从列出的选项中选择"),
        ({"taker": "\x00"}, "含有无法保存的字符"),
    ],
)
def test_an_offer_that_cannot_be_is_told_beside_what_was_typed(books, feng, cast, as_person, change, said):
    if change.get("taker") == "lapsed":
        right, suspended = Authorisation.objects.get(producer=feng), Given(reason="抽检不合格")
        to = AuthorisationState.SUSPENDED
        move_authorisation(authorisation=right, to=to, given=suspended, actor=everybody(), now=NOW)
    known = {"own": books.goods.register.zhang.number, "lapsed": feng.number}
    told = {"taker": feng.number, "kind": GoodsKind.RAW, "quantity": "5", "reason": "合同", "send": "1", **change}
    told["taker"] = known.get(told["taker"], told["taker"])
    answer = as_person(cast.zhang).post(offer_of(books.row), told)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not Transfer.objects.exists()


def test_transfers_of_others_are_not_there(books, feng, cast, as_person):
    given = {"row": books.row, "taker": feng, "kind": GoodsKind.RAW, "quantity": Decimal(1)}
    transfer = actions.offer_transfer(actor=books.maker, now=NOW, **given)
    for name, rest in (("portal-transfer", []), ("portal-transfer-sent", []), ("portal-transfer-step", ["accept"])):
        assert as_person(cast.ma).get(reverse(name, args=[transfer.number, *rest])).status_code == 404
    assert as_person(cast.feng).get(offer_of(books.row)).status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_speaks_both_languages(books, feng, cast, as_person, language):
    order = an_order(books)
    given = {"row": books.row, "taker": feng, "kind": GoodsKind.RAW, "quantity": Decimal(1)}
    transfer = actions.offer_transfer(actor=books.maker, now=NOW, **given)
    zhang = as_person(cast.zhang)
    for path, zh, en in (
        (reverse("portal-quotas"), "产季配额", "Quota of the season"),
        (page_of(books.row), "还剩", "Left"),
        (new_order(books.row), "哪种产品", "Of which product"),
        (reverse("portal-label-orders"), "标识申领", "Label orders"),
        (reverse("portal-label-order", args=[order.number]), "未使用", "Not used yet"),
        (reverse("portal-label-record", args=[order.number, "lost"]), "哪些标识遗失了", "Which labels were lost?"),
        (offer_of(books.row), "对方的生产者编号", "Number of the other producer"),
        (reverse("portal-transfers"), "货品流转", "Transfers of goods"),
        (reverse("portal-transfer", args=[transfer.number]), "转出方", "From"),
        (reverse("portal-transfer-step", args=[transfer.number, "withdraw"]), "撤回", "Withdraw"),
    ):
        page = zhang.get(path, {"lang": language})
        assert page.status_code == 200
        assert (zh if language == "zh" else en) in page.content.decode()
