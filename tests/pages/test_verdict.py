"""The verdict page: complete without script, plain in both languages, small, and counted only when asked."""

import base64
import hashlib
import re
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.contrib.staticfiles.finders import find
from django.test import Client

from gi_registry.lib.ids import grouped
from products.models import Season
from tests.build_products import a_season
from tests.build_trace import a_check
from tests.cast import NOW
from trace import actions
from trace.flight import STYLE
from trace.models import Check
from trace.rules.batches import BatchState
from trace.rules.verdicts import Verdict
from trace.rules.wording import WORDINGS

pytestmark = pytest.mark.django_db
PHONE = {
    "Accept": "text/html,*/*",
    "User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile MicroMessenger/8.0",
}
JSON = {"Accept": "application/json", "User-Agent": PHONE["User-Agent"]}
UNIT = "1D9TH0QM13JJ3CWHNDTQ"


@pytest.fixture
def goods(goods):
    for months in (0, 31):
        actions.make_partitions(today=NOW.date() + timedelta(days=months))
    return goods


class Text(HTMLParser):
    """What a person reads of a page, and the tags it is made of."""

    def __init__(self, page):
        super().__init__()
        self.words, self.tags = [], []
        self.feed(page.content.decode())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return re.sub(r"\s+", " ", "".join(self.words))


def show(client, path, **headers):
    return client.get(path, headers={**PHONE, **headers})


def test_the_page_says_all_without_script(goods, client):
    batch = goods.batch()
    page = show(client, f"/c/{batch.number}")
    assert page.status_code == 200
    text = Text(page).text
    for said in (
        "此码由登记系统签发",
        "五年陈酿醋",
        "清徐张记醋厂",
        grouped(batch.number),
        "此前没有人查询过",
        goods.register.zhang.organisation.uscc,
        "2004年第104号公告",
        "清徐县",
        "2026-09-10",
        "ZJ-0910",
        "大字版",
        "12315",
        "testserver",
        WORDINGS[Verdict.REGISTERED].does_not_prove[0].zh,
    ):
        assert said in text, said
    assert '<path class="region" d="M' in page.content.decode()


def test_the_first_things_on_the_page_are_verdict_product_producer_lot_and_count(goods, client):
    batch = goods.batch()
    text = Text(show(client, f"/c/{batch.number}")).text.partition("English")[2]
    places = [
        text.index(said) for said in ("已登记", "五年陈酿醋", "清徐张记醋厂", grouped(batch.number), "此前没有人")
    ]
    assert places == sorted(places)
    assert places[-1] < text.index("这次查询说明什么")


def test_before_the_season_the_page_says_when_it_opens(goods, client):
    season = a_season(goods.register.indication)
    path = f"/c/{goods.batch(season=season).number}"
    Season.objects.update(opens_on=date(2026, 12, 1))
    assert "2026 年产季：2026-12-01 起可以销售" in Text(show(client, path)).text
    assert "sales open on 2026-12-01" in Text(show(client, path, **{"Accept-Language": "en"})).text


def test_english_by_switch_and_by_browser(goods, client):
    path = f"/c/{goods.batch().number}"
    for page in (show(client, f"{path}?lang=en"), show(client, path, **{"Accept-Language": "en"})):
        text = Text(page).text
        assert "This code was issued by the registry" in text
        assert "Vinegar aged five years" in text
        assert "Zhang Vinegar Works" in text
        assert '<html lang="en">' in page.content.decode()


@pytest.mark.parametrize("state", list(BatchState))
def test_every_state_answers_200_with_the_words_of_its_verdict(goods, client, state):
    batch = goods.batch(state)
    page = show(client, f"/c/{batch.number}")
    told = client.get(f"/c/{batch.number}", headers=JSON).json()
    assert page.status_code == 200
    assert WORDINGS[Verdict(told["verdict"])].statement.zh in Text(page).text


@pytest.mark.parametrize("code", ["7K3QX9PA29", "7K3QX9PA28", "醋", "%00", "..%2F..", "x" * 300, f"7K3QX9PA28/{UNIT}"])
def test_wrong_codes_get_the_same_page_and_a_box_to_try_again(client, code):
    page = show(client, f"/c/{code}")
    assert page.status_code == 200
    assert any(tag == "input" and attrs.get("name") == "code" for tag, attrs in Text(page).tags)
    assert not any(tag == "script" for tag, _ in Text(page).tags)


def test_a_recall_shows_its_reason(goods, client):
    assert "到召回" in Text(show(client, f"/c/{goods.batch(BatchState.RECALLED).number}")).text


def test_hostile_text_is_escaped(goods, client):
    batch = goods.batch(producer_lot="<script>alert(1)</script>")
    assert b"<script>alert" not in show(client, f"/c/{batch.number}").content
    assert b"<b>" not in show(client, "/c/%3Cb%3Ebold").content.replace(b"<b>testserver</b>", b"")


def test_both_links_of_a_label_open_the_same_record(goods, client):
    batch = goods.batch()
    for path in (f"/c/{batch.number}", f"/c/{batch.number}/", f"/01/{goods.form.gtin}/10/{batch.number}"):
        page = client.get(path, headers=PHONE, follow=True)
        assert page.status_code == 200
        assert len(page.redirect_chain) == path.startswith("/01/")
        assert "五年陈酿醋" in Text(page).text
    assert client.get(f"/c/{batch.number}/{UNIT}", headers=JSON).json()["verdict"] == "not_issued"


def test_a_slash_that_a_phone_or_a_short_link_added_shows_the_same_page_without_a_redirect(goods, client):
    lot = goods.batch(BatchState.RELEASED).number
    for link in (f"/c/{lot}", f"/c/{lot}/{UNIT}"):
        plain, slashed = (client.get(address, headers=PHONE) for address in (link, f"{link}/"))
        assert slashed.status_code == plain.status_code == 200
        assert Text(slashed).text == Text(plain).text
        as_data = [client.get(address, headers=JSON).json() for address in (link, f"{link}/")]
        assert as_data[0]["verdict"] == as_data[1]["verdict"]
    assert client.get(f"/c/{lot}/{UNIT}/more/", headers=PHONE).status_code == 404


def test_the_typed_form_answers_with_the_verdict(goods, client):
    batch = goods.batch()
    assert "核对批次码" in Text(show(client, "/c/")).text
    assert "五年陈酿醋" in Text(client.get("/c/", {"code": f" {batch.number.lower()} "}, headers=PHONE)).text
    assert "输入有误" in Text(client.get("/c/", {"code": "醋"}, headers=PHONE)).text
    assert client.get("/c/", {"code": "7" * 3_000}, headers=PHONE).status_code == 400


@pytest.mark.parametrize("verdict", list(Verdict))
def test_the_words_of_every_verdict_are_shown_as_an_example(client, verdict):
    page = show(client, f"/c/wording/{verdict.value}/")
    assert page.status_code == 200
    assert "示例页面" in Text(page).text
    assert WORDINGS[verdict].statement.zh in Text(page).text


def test_an_unknown_example_is_not_found(client):
    assert show(client, "/c/wording/perfect/").status_code == 404


# --- counting ---


def test_the_beacon_counts_once_a_device_a_day(goods, client):
    batch = goods.batch()
    url = f"/c/{batch.number}/seen"
    first = client.post(url, headers=JSON).json()
    again = client.post(url, headers=JSON).json()
    assert (first["count"], first["is_new"], again["count"], again["is_new"]) == (1, True, 1, False)
    other = client.post(url, headers=JSON, REMOTE_ADDR="203.0.113.9").json()
    assert (other["count"], other["is_new"]) == (2, True)
    assert "此前已有 2 次查询" in Text(show(client, f"/c/{batch.number}")).text


def test_the_button_counts_without_script_and_says_which_check_it_was(goods, client):
    batch = goods.batch()
    a_check(batch)
    for said in ("第 2 次查询", "共 2 次查询，今天已计过"):
        page = client.post(f"/c/{batch.number}/seen", headers=PHONE)
        told = Text(page)
        assert page.status_code == 200
        assert said in told.text
        assert f'href="/c/{batch.number}?lang=en"' in page.content.decode(), (
            "the answer of a form has no address of its own"
        )
        assert not any(tag == "script" or attrs.get("action", "").endswith("seen") for tag, attrs in told.tags)
    assert Check.objects.filter(lot=batch.number).count() == 2


def test_the_beacon_needs_no_token_and_sets_no_cookie(goods):

    batch = goods.batch()
    answer = Client(enforce_csrf_checks=True).post(f"/c/{batch.number}/seen", headers=JSON)
    assert (answer.status_code, len(answer.cookies)) == (200, 0)
    assert len(show(Client(), f"/c/{batch.number}").cookies) == 0


def test_robots_unknown_lots_and_drafts_are_not_counted(goods, client):
    batch, draft = goods.batch(), goods.batch(BatchState.DRAFT)
    assert (
        client.post(f"/c/{batch.number}/seen", headers={**JSON, "User-Agent": "Baiduspider/2.0"}).json()["count"] == 0
    )
    for lot in ("7K3QX9PA28", "7K3QX9PA29", "%00", draft.number):
        assert client.post(f"/c/{lot}/seen", headers=JSON).json()["is_new"] is False
    assert Check.objects.count() == 0


def test_a_forged_forwarding_header_makes_no_new_device(goods, client, settings):
    url = f"/c/{goods.batch().number}/seen"
    for hop in ("1.2.3.4", "5.6.7.8"):
        told = client.post(url, headers={**JSON, "X-Forwarded-For": hop}).json()
    assert told["count"] == 1
    settings.TRUSTED_PROXIES = 1
    assert client.post(url, headers={**JSON, "X-Forwarded-For": "9.9.9.9, 198.51.100.7"}).json()["count"] == 2
    assert client.post(url, headers={**JSON, "X-Forwarded-For": "8.8.8.8, 198.51.100.7"}).json()["count"] == 2


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_verdict_can_only_be_read(goods, method):
    client = Client(enforce_csrf_checks=True)
    assert getattr(client, method)(f"/c/{goods.batch().number}").status_code == 405


def test_a_get_of_the_beacon_is_refused(goods, client):
    assert show(client, f"/c/{goods.batch().number}/seen").status_code == 405


# --- size ---


def test_the_script_fits_in_two_kilobytes():
    assert Path(find("trace/verdict.js")).stat().st_size <= 2 * 1024


def test_nothing_is_inline_but_the_style_that_the_policy_names(goods, client):
    page = show(client, f"/c/{goods.batch().number}")
    told = Text(page)
    assert all("style" not in attrs and not any(name.startswith("on") for name in attrs) for _, attrs in told.tags)
    assert all(attrs.get("src", "").startswith("/static/") for tag, attrs in told.tags if tag == "script")
    (style,) = re.findall(r"<style>(.*?)</style>", page.content.decode(), re.DOTALL)
    hashed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'self' 'sha256-{hashed}';" in page.headers["Content-Security-Policy"] + ";"
    assert not any(tag == "link" and attrs["rel"] == "stylesheet" for tag, attrs in told.tags)


def test_the_page_is_packed_for_whoever_takes_it(goods, client):
    path = f"/c/{goods.batch().number}"
    packed = show(client, path, **{"Accept-Encoding": "gzip, br"})
    plain = show(client, path)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Content-Encoding" not in plain.headers
    assert len(packed.content) < len(plain.content) / 2


# --- switches ---


@pytest.mark.parametrize("typed", ["醋 & 酒/?", "7K3QX9PA29", "https://other.example/c/7K3QX9PA28?x=1"])
def test_switches_lead_back_to_what_was_typed(client, typed):
    links = [attrs["href"] for tag, attrs in Text(client.get("/c/", {"code": typed}, headers=PHONE)).tags if tag == "a"]
    english = next(link for link in links if "lang=en" in link)
    assert Text(client.get(english, headers=PHONE)).text.count(typed) == 0, "typed text stands in its box alone"
    assert dict(parse_qsl(urlsplit(english).query)) == {"code": typed, "lang": "en"}
    large = next(link for link in links if "type=large" in link)
    assert client.get(large).headers["Location"] == english.replace("&lang=en", "")


def test_large_type_is_remembered_and_can_be_switched_back(goods, client):
    path = f"/c/{goods.batch().number}"
    assert '<html lang="zh-CN">' in show(client, path).content.decode()
    client.get(f"/display/?type=large&next={path}")
    page = show(client, path)
    assert '<html lang="zh-CN" data-type="large">' in page.content.decode()
    assert "标准字号" in Text(page).text


def contrast(one, other):
    """WCAG 2.2 contrast ratio of two hex colours."""

    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tone", ["calm", "care", "stop", "plain"])
def test_every_band_can_be_read(tone):
    back, front = re.search(rf"\.{tone}{{background:(#\w+);color:(#\w+)", STYLE).groups()
    full = [f"#{c[1] * 2}{c[2] * 2}{c[3] * 2}" if len(c) == 4 else c for c in (back, front)]
    assert contrast(*full) >= 4.5
