"""One site on the pages: said what it is, said where, looked at, registered; and what people decide about it."""

import re
from urllib.parse import unquote, urlencode

import pytest

from products.models import Site
from products.rules.words import SiteState
from regions.rules.gcj02 import gcj02_of
from tests.build_products import QINGXU_FIELD, a_producer

pytestmark = pytest.mark.django_db
NEW, PLACE = "/portal/sites/new/", "/portal/sites/new/place/"
FREE, NEAR, OUTSIDE = (
    (112.12, 37.45, 112.121, 37.451),
    (112.1, 37.4001, 112.101, 37.401),
    (112.22, 37.54, 112.221, 37.541),
)
WHAT = {"kind": "field", "name": "村东三号地"}


@pytest.fixture
def zhang(cast, register, as_person):
    return as_person(cast.zhang)


def what(register, **change):
    return {"producer": register.zhang.number, "indication": register.indication.slug, **WHAT, **change}


def lines(box) -> str:
    west, south, east, north = box
    return "\n".join(f"{x}, {y}" for x, y in ((west, south), (east, south), (east, north), (west, north)))


def hidden(response) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', response.content.decode()))


def ask(client, register, corners, crs="CRS84", **change):
    told = what(register, **change)
    return client.post(f"{PLACE}?{urlencode(told)}", {**told, "crs": crs, "corners": corners})


def register_it(client, register, corners, **change):
    looked = ask(client, register, corners, **change)
    assert looked.status_code == 200, looked.content.decode()
    return client.post(f"{PLACE}?{urlencode(what(register))}", {**hidden(looked), "send": "1"})


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_site_is_asked_for_then_looked_at_then_registered_once(zhang, register):
    assert f'value="{register.indication.slug}" selected' in zhang.get(NEW).content.decode()
    page = zhang.get(PLACE, what(register))
    assert "村东三号地" in text_of(page)
    assert "geolocation=(self)" in page.headers["Permissions-Policy"]
    looked = zhang.post(PLACE, {**hidden(page), "crs": "CRS84", "corners": lines(FREE)})
    said = text_of(looked)
    assert "请核对" in said
    assert "4 个点围成" in said
    assert "14.7 亩" in said
    assert "立即有效" in said
    assert '<svg class="sketch__main"' in looked.content.decode()
    assert Site.objects.count() == 2
    twice = [zhang.post(PLACE, {**hidden(looked), "send": "1"})["Location"] for _ in range(2)]
    assert twice[0] == twice[1]
    (site,) = Site.objects.exclude(pk__in=[register.field.pk, register.works.pk])
    assert (site.name, site.kind, site.state, site.producer) == (
        "村东三号地",
        "field",
        SiteState.ACTIVE,
        register.zhang,
    )
    done = text_of(zhang.get(twice[0]))
    assert "场地已登记" in done
    assert site.number[:4] in done


def test_ground_that_was_taken_meanwhile_is_told_and_nothing_typed_is_lost(zhang, register):
    looked = ask(zhang, register, lines(FREE))
    register_it(zhang, register, lines(FREE))
    answer = zhang.post(PLACE, {**hidden(looked), "send": "1"})
    assert answer.status_code == 400
    assert "重叠" in text_of(answer)
    assert "112.12, 37.45" in answer.content.decode()
    assert Site.objects.count() == 3


def test_what_is_near_the_line_waits_for_a_person_and_says_so_before(zhang, register):
    assert "先由县级部门核对" in text_of(ask(zhang, register, lines(NEAR)))
    answer = register_it(zhang, register, lines(NEAR))
    assert "等待县级部门核对" in text_of(zhang.get(answer["Location"]))


def test_coordinates_copied_from_a_chinese_map_are_taken_back_to_where_they_are(zhang, register):
    west, south, east, north = FREE
    shifted = [gcj02_of(x, y) for x, y in ((west, south), (east, south), (east, north), (west, north))]
    register_it(zhang, register, "\n".join(f"{x:.7f}, {y:.7f}" for x, y in shifted), crs="gcj02")
    site = Site.objects.latest("pk")
    assert site.geom.extent == pytest.approx(FREE, abs=2e-6)


@pytest.mark.parametrize(
    ("corners", "change", "said"),
    [
        ("", {}, "请标出场地的位置"),
        ("here", {}, "第 1 行看不懂"),
        (lines(FREE).replace("112.12, 37.45", "37.45, 112.12", 1), {}, "第 1 个点"),
        ("\n".join(f"{y}, {x}" for x, y in ((112.1, 37.4), (112.2, 37.4), (112.2, 37.5))), {}, "纬度写在了前面"),
        (lines(OUTSIDE), {}, "距边界约"),
        (lines(QINGXU_FIELD), {}, "重叠"),
        ("112.12, 37.45", {}, "须为多边形"),
        (lines((112.12, 37.45, 112.120001, 37.450001)), {}, "不会这样小"),
        ("112.1, 37.45\n112.2, 37.46\n112.1, 37.46\n112.2, 37.45", {}, "自相交"),
        (lines((-70.001, 40.1, -70.0, 40.101)), {}, "行政区划"),
    ],
)
def test_a_place_that_cannot_be_is_refused_beside_the_question_and_kept_as_it_was_typed(
    zhang, register, corners, change, said
):
    answer = ask(zhang, register, corners, **change)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert said in page
    assert "field--bad" in page
    assert corners.split("\n")[0] in page
    assert Site.objects.count() == 2


@pytest.mark.parametrize("change", [{"name": ""}, {"kind": "castle"}, {"producer": "0000000000"}, {"indication": "x"}])
def test_what_it_is_has_to_hold_before_where_it_is_asked(zhang, register, change):
    answer = zhang.get(PLACE, what(register, **change))
    assert answer.status_code == 400
    assert "下一步" not in text_of(answer)
    assert ask(zhang, register, lines(FREE), **change).status_code == 400
    assert Site.objects.count() == 2


def test_nobody_registers_a_site_for_another_producer(zhang, register):
    answer = ask(zhang, register, lines(FREE), producer=register.feng.number)
    assert answer.status_code == 400
    assert Site.objects.count() == 2


@pytest.mark.parametrize("who", ["chen", "li", "hu", "lin"])
def test_pages_for_makers_are_for_makers(cast, register, as_person, who):
    for path in (NEW, PLACE):
        assert as_person(getattr(cast, who)).get(path).status_code == 403


def test_a_site_is_seen_by_its_owner_holder_and_authorities_and_by_nobody_else(cast, client, register, as_person):
    path = f"/portal/sites/{register.field.number}/"
    seen = {who: as_person(person).get(path).status_code for who, person in cast.everyone().items()}
    allowed = {
        who
        for who, person in cast.everyone().items()
        if Site.objects.visible_to(person.actor).filter(pk=register.field.pk).exists()
    }
    assert {who for who, status in seen.items() if status == 200} == allowed
    assert {"zhang", "li", "lin", "chen"} <= allowed < set(seen)
    assert set(seen.values()) == {200, 404}
    assert client.get(path).status_code == 302


def test_the_county_decides_about_what_a_machine_could_not_judge(cast, register, as_person, zhang):
    number = register_it(zhang, register, lines(NEAR))["Location"].split("/")[-2]
    path = f"/portal/sites/{number}/review/"
    assert zhang.get(path).status_code == 403
    assert as_person(cast.feng).get(path).status_code == 404
    li = as_person(cast.li)
    assert path in li.get(f"/portal/sites/{number}/").content.decode()
    assert f"/portal/sites/{number}/" in li.get("/portal/").content.decode()
    assert li.post(path, {"decision": "accept", "note": ""}).status_code == 400
    looked = li.post(path, {"decision": "accept", "note": "11 月 20 日到场，在界内。"})
    assert li.post(path, {**hidden(looked), "send": "1"})["Location"] == f"/portal/sites/{number}/"
    assert Site.objects.get(number=number).state == SiteState.ACTIVE
    assert "11 月 20 日到场" in text_of(zhang.get(f"/portal/sites/{number}/"))
    again = li.post(path, {**hidden(li.post(path, {"decision": "refuse", "note": "x"})), "send": "1"})
    assert again.status_code == 400
    assert "不能从“有效”变为“未通过”" in text_of(again)


def test_a_site_is_taken_out_of_use_by_its_own_people(cast, register, as_person, zhang):
    path = f"/portal/sites/{register.field.number}/retire/"
    assert as_person(cast.feng).get(path).status_code == 404
    assert as_person(cast.chen).get(path).status_code == 403
    looked = zhang.post(path, {"reason": "改种玉米"})
    zhang.post(path, {**hidden(looked), "send": "1"})
    register.field.refresh_from_db()
    assert register.field.state == SiteState.RETIRED


def test_what_went_through_may_be_forgotten_by_the_device(zhang, register):
    asked = f"{PLACE}?{urlencode(what(register))}"
    page = zhang.get(asked).content.decode()
    assert 'data-keep="fresh"' in page
    assert 'data-keep="answered"' in ask(zhang, register, "here").content.decode()
    answer = register_it(zhang, register, lines(FREE))
    assert unquote(answer.cookies["gi_went_through"].value) == asked


def test_a_household_s_site_is_registered_by_the_body_that_vouches_for_it(cast, register, zhang):
    ma = a_producer(cast.ma.organisation, is_public=False)
    assert "谁的场地" in zhang.get(NEW).content.decode()
    told = what(register, producer=ma.number)
    looked = zhang.post(PLACE, {**told, "crs": "CRS84", "corners": lines(FREE)})
    assert "马家" in text_of(looked)
    zhang.post(PLACE, {**hidden(looked), "send": "1"})
    assert Site.objects.latest("pk").producer == ma
