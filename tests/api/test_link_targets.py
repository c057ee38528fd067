"""Addresses elsewhere by the API: proposed, looked at by an official, served, taken down."""

import pytest
from django.test import Client

from tests.build_products import everybody
from tests.build_trace import GTIN
from tests.cast import NOW
from trace.actions import TargetContent, propose_target
from trace.models import LinkTarget
from trace.rules.link_targets import MAX_OPEN, TargetKind, TargetLanguage

pytestmark = pytest.mark.django_db
PATH = "/api/v1/trace/link-targets/"
RECIPES = {"kind": "recipeInfo", "href": "https://www.zhangji-cu.cn/recipes", "label_zh": "食谱", "language": "zh"}


@pytest.fixture
def send(world, client):
    """``send(who, path, body)`` as that person's machine."""

    def sent(who, path, body):
        return client.post(path, body, content_type="application/json", headers=world.headers(who))

    return sent


@pytest.fixture
def form(world):
    return {"form": world.number("zhang.form")}


def led(kind="recipeInfo", **headers):
    return Client().get(f"/01/{GTIN}?linkType=gs1:{kind}", headers=headers)


def test_nobody_is_led_to_an_address_before_an_official_has_accepted_it(send, form):
    target = send("zhang", PATH, {**RECIPES, **form})
    assert target.status_code == 201
    assert target.json()["host"] == "www.zhangji-cu.cn"
    assert led().status_code == 404
    assert "zhangji" not in Client().get(f"/01/{GTIN}?linkType=linkset").content.decode()
    assert Client().get(f"/links/{target.json()['number']}/").status_code == 404
    number = target.json()["number"]
    assert send("li", f"{PATH}{number}/review/", {"is_accepted": True}).json()["state"] == "accepted"
    assert led()["Location"] == RECIPES["href"]
    page = Client().get(f"/links/{number}/", headers={"Accept": "text/html"}).content.decode()
    assert "<strong" in page
    assert "www.zhangji-cu.cn" in page
    assert send("zhang", f"{PATH}{number}/withdraw/", {"reason": "网站停用"}).json()["state"] == "withdrawn"
    assert led().status_code == 404
    assert Client().get(f"/links/{number}/").status_code == 404


def test_a_refused_address_is_never_served_and_never_reviewed_again(send, form):
    number = send("zhang", PATH, {**RECIPES, **form}).json()["number"]
    assert send("li", f"{PATH}{number}/review/", {"is_accepted": False}).status_code == 409
    refused = send("li", f"{PATH}{number}/review/", {"is_accepted": False, "reason": "与产品无关"}).json()
    assert (refused["state"], refused["state_reason"]) == ("refused", "与产品无关")
    assert led().status_code == 404
    assert send("li", f"{PATH}{number}/review/", {"is_accepted": True}).status_code == 409


def test_who_proposed_it_does_not_review_it(send, form):
    number = send("zhang", PATH, {**RECIPES, **form}).json()["number"]
    for who, status in (("zhang", 403), ("chen", 404), ("zhao", 404), ("gao", 404), ("sun", 403)):
        assert send(who, f"{PATH}{number}/review/", {"is_accepted": True}).status_code == status


def test_the_producers_own_page_stands_before_the_holders_and_before_ours(send, world):
    chen = world.number("chen.target")
    assert led("pip")["Location"].startswith("http://testserver/products/")
    send("li", f"{PATH}{chen}/review/", {"is_accepted": True})
    assert led("pip")["Location"] == "https://www.qingxu-chencu.cn/"
    zhang = world.number("zhang.target")
    send("li", f"{PATH}{zhang}/review/", {"is_accepted": True})
    assert led("pip")["Location"] == "https://www.zhangji-cu.cn/5"
    # The register's own word stays the register's.
    assert led("registryEntry", Accept="text/html")["Location"].startswith("http://testserver/products/")


def test_of_one_type_and_language_one_is_served(send, form):
    first, second = (send("zhang", PATH, {**RECIPES, **form}).json()["number"] for _ in range(2))
    send("li", f"{PATH}{first}/review/", {"is_accepted": True})
    taken = send("li", f"{PATH}{second}/review/", {"is_accepted": True})
    assert taken.status_code == 409
    assert taken.json()["errors"][0]["code"] == "target_taken"
    send("zhang", f"{PATH}{first}/withdraw/", {"reason": "换新"})
    assert send("li", f"{PATH}{second}/review/", {"is_accepted": True}).status_code == 200


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"href": "http://www.zhangji-cu.cn/"}, "href_scheme", "/href"),
        ({"href": "https://192.168.0.1/"}, "href_address", "/href"),
        ({"href": "https://testserver.evil.cn/"}, "href_ours", "/href"),
        ({"href": "https://a.cn/" + "x" * 600}, "max_length", "/href"),
        ({"kind": "certificationInfo"}, "invalid_choice", "/kind"),
        ({"kind": "defaultLink"}, "invalid_choice", "/kind"),
        ({"language": "fr"}, "invalid_choice", "/language"),
        ({"title": "7K3QX9PA28"}, "target_of_what", "/form"),
        ({"form": "7K3QX9PA28"}, "unknown_form", "/form"),
        ({"extra": 1}, "unknown_field", "/extra"),
    ],
)
def test_what_cannot_be_is_refused_by_field_and_reason(send, form, change, code, pointer):
    answer = send("zhang", PATH, {**RECIPES, **form, **change})
    assert answer.status_code == 400
    assert [(fault["code"], fault["pointer"]) for fault in answer.json()["errors"]] == [(code, pointer)]


def test_an_article_without_a_gtin_has_no_links(send, world):
    answer = send("feng", PATH, {**RECIPES, "form": world.number("feng.form")})
    assert answer.status_code == 409
    assert answer.json()["errors"][0]["code"] == "no_gtin"


def test_only_so_many_addresses_wait_for_one_article(send, world, form):
    waiting = LinkTarget.objects.filter(form=world.things["zhang.form"]).count()
    for number in range(MAX_OPEN - waiting):
        assert send("zhang", PATH, {**RECIPES, **form, "href": f"https://a{number}.cn/"}).status_code == 201
    full = send("zhang", PATH, {**RECIPES, **form})
    assert full.status_code == 409
    assert full.json()["errors"][0]["code"] == "too_many_targets"


def test_an_address_of_a_title_is_served_only_where_the_producer_may_use_its_mark(send, world):
    """Zhang may use Chen's; a title of the growers' is nothing to the vinegar."""
    holder = everybody(world.things["growers.holder"].organisation)
    content = TargetContent(
        TargetKind.PIP,
        "https://www.qixian-li.cn/",
        TargetLanguage.ZH,
        label_zh="祁县酥梨",
        title=world.things["growers.title"],
    )
    target = propose_target(content=content, actor=holder, now=NOW)
    assert send("zhao", f"{PATH}{target.number}/review/", {"is_accepted": True}).status_code == 200
    assert led("pip")["Location"].startswith("http://testserver/products/")
    assert send("li", f"{PATH}{world.number('chen.target')}/review/", {"is_accepted": True}).status_code == 200
    assert led("pip")["Location"] == "https://www.qingxu-chencu.cn/"


def test_the_history_tells_who_accepted_it_and_why(send, client, world):
    number = world.number("zhang.target")
    send("li", f"{PATH}{number}/review/", {"is_accepted": True, "reason": "已查看"})
    told = client.get(f"{PATH}{number}/history/", headers=world.headers("zhang")).json()
    assert (told[0]["who"], told[0]["why"]) == ("李清徐", "已查看")


def test_the_list_is_narrowed_by_state(client, world):
    told = client.get(f"{PATH}?state=proposed", headers=world.headers("lin")).json()["results"]
    assert {row["state"] for row in told} == {"proposed"}
    assert client.get(f"{PATH}?state=accepted", headers=world.headers("lin")).json()["results"] == []
    assert client.get(f"{PATH}?state=odd", headers=world.headers("lin")).status_code == 400
