"""Addresses elsewhere at the desk: proposed by a producer or a holder, answered by an official, and each sees why."""

import re

import pytest

from tests.build_trace import GTIN, a_form
from trace.models import LinkTarget

pytestmark = pytest.mark.django_db
PATH = "/portal/links/"
HREF = "https://www.zhangji-cu.cn/recipes"


@pytest.fixture
def zhang(cast, goods, as_person):
    return as_person(cast.zhang)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def propose(client, about, key="", **told):
    page = client.get(f"{PATH}new/").content.decode()
    key = key or re.search(r'name="key" value="(\w+)"', page)[1]
    asked = {
        "about": about,
        "kind": "recipeInfo",
        "href": HREF,
        "language": "zh",
        "label_zh": "醋的食谱",
        "label_en": "",
    }
    return client.post(f"{PATH}new/", {**asked, "key": key, **told})


def answer(client, target, name, reason=""):
    return client.post(f"{PATH}{target.number}/{name}/", {"reason": reason})


@pytest.fixture
def target(goods, zhang):
    goods.batch()  # the resolver knows articles that are on the market
    assert propose(zhang, f"form.{goods.form.number}").status_code == 302
    return LinkTarget.objects.get()


def led(client):
    return client.get(f"/01/{GTIN}?linkType=gs1:recipeInfo")


@pytest.mark.parametrize(
    ("lang", "heading", "state"), [("zh", "外部链接", "待审核"), ("en", "Addresses elsewhere", "Proposed")]
)
def test_a_producer_proposes_an_address_and_reads_how_it_stands(zhang, target, lang, heading, state):
    page = text_of(zhang.get(PATH, {"lang": lang}))
    for said in (heading, state, "醋的食谱", HREF, GTIN):
        assert said in page
    assert (target.href, target.division_code, target.language) == (HREF, "140121", "zh")


def test_the_holder_of_a_title_proposes_for_its_title(cast, goods, as_person):
    chen = as_person(cast.chen)
    page = chen.get(f"{PATH}new/").content.decode()
    (about,) = re.findall(r'name="about" value="([^"]+)"', page)
    assert about.startswith("title.")
    assert propose(chen, about).status_code == 302
    assert LinkTarget.objects.get().title == goods.register.title


def test_an_official_accepts_and_then_the_resolver_leads_there(cast, target, zhang, as_person, client):
    li = as_person(cast.li)
    assert 'class="tag tag--info">1<' in li.get("/portal/").content.decode()
    assert led(client).status_code == 404
    asked = li.get(f"{PATH}{target.number}/accept/")
    assert HREF in text_of(asked)
    assert led(client).status_code == 404
    for _ in range(2):
        assert answer(li, target, "accept").status_code == 302
    assert led(client)["Location"] == HREF
    assert "已采用" in text_of(zhang.get(PATH))
    assert "accept/" not in li.get(PATH).content.decode()


def test_a_no_owes_its_reason_and_whoever_proposed_reads_it(cast, target, zhang, as_person, client):
    li = as_person(cast.li)
    refused = answer(li, target, "refuse")
    assert (refused.status_code, "请写明原因" in text_of(refused)) == (409, True)
    assert answer(li, target, "refuse", "与产品无关").status_code == 302
    page = text_of(zhang.get(PATH))
    assert "未通过" in page
    assert "原因：与产品无关" in page
    assert "withdraw/" not in zhang.get(PATH).content.decode()
    late = answer(li, target, "accept")
    assert (late.status_code, LinkTarget.objects.get().state) == (409, "refused")


def test_whoever_proposed_it_withdraws_it_and_nobody_is_led_there_any_more(cast, target, zhang, as_person, client):
    answer(as_person(cast.li), target, "accept")
    assert answer(zhang, target, "withdraw", "网站停用").status_code == 302
    assert led(client).status_code == 404
    assert LinkTarget.objects.get().state_reason == "网站停用"


def test_nobody_answers_what_is_not_theirs_to_answer(cast, target, zhang, as_person):
    assert answer(zhang, target, "accept").status_code == 403
    for who in ("feng", "gao", "ma"):
        person = as_person(getattr(cast, who))
        assert answer(person, target, "withdraw", "x").status_code == 404
        assert HREF not in person.get(PATH).content.decode()
    assert answer(zhang, target, "invented").status_code == 404
    assert as_person(None).get(PATH).status_code == 302
    assert as_person(cast.li).get(f"{PATH}new/").status_code == 403
    assert LinkTarget.objects.get().state == "proposed"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"href": "http://www.zhangji-cu.cn/"}, "https://"),
        ({"href": "https://127.0.0.1/"}, "IP"),
        ({"href": "https://testserver/"}, "主机名无效"),
        ({"href": "\x00"}, "无法保存"),
        ({"href": "https://www.zhangji-cu.cn/" + "x" * 600}, "最多 500"),
        ({"label_zh": ""}, "请填写标题"),
        ({"kind": "defaultLink"}, "请从列出的选项中选择"),
        ({"language": "xx"}, "请从列出的选项中选择"),
        ({"about": "form.0000000000"}, "请从列出的选项中选择"),
        ({"about": ""}, "请选择产品"),
    ],
)
def test_a_fault_is_said_beside_its_question_and_nothing_is_kept(goods, zhang, told, said):
    refused = propose(zhang, **{"about": f"form.{goods.form.number}", **told})
    assert refused.status_code == 400
    assert said in text_of(refused)
    assert not LinkTarget.objects.exists()


def test_a_form_sent_twice_proposes_once_and_one_without_a_gtin_says_why_not(goods, zhang):
    bare = a_form(goods.register, goods.maker, gtin="", name_zh="散装老陈醋")
    for _ in range(2):
        assert propose(zhang, f"form.{goods.form.number}", key="one-press").status_code == 302
    assert LinkTarget.objects.count() == 1
    page = zhang.get(f"{PATH}new/").content.decode()
    assert f"form.{bare.number}" not in page
    assert "该产品规格没有商品条码" in page


def menu_of(client, path):
    """What the menu of a page leads to, and which of it is here."""
    menu = re.search(r'<nav class="menu".*?</nav>', client.get(path).content.decode(), re.DOTALL)[0]
    here = re.search(r'href="([^"]+)" aria-current', menu)
    return re.findall(r'href="([^"]+)"', menu), here and here[1]


def test_everybody_sees_the_menu_of_their_own_work(cast, goods, as_person):
    goods_of = ["/portal/", "/portal/batches/", "/portal/recalls/"]
    producers = [*goods_of, "/portal/products/", "/portal/quota/", "/portal/rights/", "/portal/annual-reports/"]
    officials = [*goods_of, "/portal/users/", "/portal/annual-reports/", PATH, "/desk/map/", "/products/"]
    kept = ["/portal/seasons/", "/portal/specifications/"]
    holders = [*goods_of, "/portal/users/", "/portal/annual-reports/", *kept, PATH, "/products/"]
    assert menu_of(as_person(cast.zhang), PATH) == (producers, None)
    assert menu_of(as_person(cast.li), PATH) == (officials, PATH)
    assert menu_of(as_person(cast.chen), PATH) == (holders, PATH)
    assert menu_of(as_person(cast.lin), PATH)[0] == [
        *goods_of,
        "/portal/users/",
        "/portal/annual-reports/",
        *kept,
        PATH,
        "/desk/map/",
        "/products/",
    ]
    assert menu_of(as_person(cast.li), "/portal/") == (officials, "/portal/")
    assert menu_of(as_person(cast.hu), "/portal/")[0] == ["/products/", "/c/", "/#map"]
    for person, doors in ((cast.zhang, producers), (cast.li, officials), (cast.chen, holders)):
        assert {as_person(person).get(door).status_code for door in doors} == {200}
